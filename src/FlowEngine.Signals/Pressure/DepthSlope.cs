using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// B7: slope = Σ d·C(d) / Σ d², least squares through the origin of the lots C(d) up to a distance d from the mid, over
/// the best levels of a side; lots a quantum. The steeper side absorbs more. Naes &amp; Skjeltorp (2006).
/// </summary>
public static class DepthSlope
{
    private const double Two = 2;

    /// <summary>Measures one side. O(levels).</summary>
    /// <param name="levels">The side.</param>
    /// <param name="mid2">Twice the mid.</param>
    /// <param name="maxLevels">Levels of the fit; 5 by default.</param>
    /// <param name="slope">Lots a quantum; 0 below two levels.</param>
    /// <returns>LowSamples below two levels.</returns>
    [Hot]
    public static ValidityFlags Measure(in BookSide levels, long mid2, int maxLevels, out double slope)
    {
        int limit = Math.Min(levels.Count, maxLevels);
        double products = 0;
        double squares = 0;
        long through = 0;
        for (int rank = 0; rank < limit; rank++)
        {
            ref readonly PriceLevel level = ref levels[rank];
            through = Saturating.Add(through, level.Lots);
            double distance2 = Saturating.Abs(2 * level.Price - mid2);
            products += distance2 * through;
            squares += distance2 * distance2;
        }

        bool known = limit > 1 && squares > 0;
        slope = known ? Two * products / squares : 0;
        return known ? ValidityFlags.None : ValidityFlags.LowSamples;
    }
}
