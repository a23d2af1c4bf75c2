using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// B2: W = Σ lots × 2^(-d/h) a side, d its distance from the touch of the same side, so that the spread does not leak
/// in; I = (Wb - Wa) / (Wb + Wa), -1 to 1, + is bid heavy. Or lots over the distance from the mid. Summed afresh from
/// the book, so there is nothing to drift. Cartea, Donnelly &amp; Jaimungal (2018).
/// </summary>
public static class DecayedImbalance
{
    // Beyond twenty half-distances a lot weighs less than a millionth.
    private const int ReachHalfDistances = 20;
    private const double Two = 2;

    /// <summary>W of one side, lots. O(levels within twenty half-distances), at most
    /// <paramref name="maxLevels"/>.</summary>
    /// <param name="levels">The side.</param>
    /// <param name="halfDistance">Quanta in which a lot's weight halves.</param>
    /// <param name="maxLevels">Most levels to look at.</param>
    /// <param name="weight">W; 0 when the side is empty.</param>
    /// <returns>PartialDepth where <paramref name="maxLevels"/> cut it short; LowSamples for an empty side.</returns>
    [Hot]
    public static ValidityFlags Weigh(in BookSide levels, HalfLife halfDistance, int maxLevels, out double weight)
    {
        weight = 0;
        if (!levels.TryBest(out PriceLevel best))
        {
            return ValidityFlags.LowSamples;
        }

        int limit = Math.Min(levels.Count, maxLevels);
        for (int rank = 0; rank < limit; rank++)
        {
            ref readonly PriceLevel level = ref levels[rank];
            long distance = Saturating.Abs(level.Price - best.Price);
            if (distance / ReachHalfDistances >= halfDistance.Ns)
            {
                return ValidityFlags.None;
            }

            weight += level.Lots * halfDistance.Factor(distance);
        }

        return limit < levels.Count ? ValidityFlags.PartialDepth : ValidityFlags.None;
    }

    /// <summary>Σ lots / distance from the mid of the best levels of one side, lots a quantum.</summary>
    /// <param name="levels">The side.</param>
    /// <param name="mid2">Twice the mid; levels at the mid itself (locked) count as half a quantum away.</param>
    /// <param name="maxLevels">Most levels to look at.</param>
    [Hot]
    public static double WeighByDistance(in BookSide levels, long mid2, int maxLevels)
    {
        double weight = 0;
        int limit = Math.Min(levels.Count, maxLevels);
        for (int rank = 0; rank < limit; rank++)
        {
            ref readonly PriceLevel level = ref levels[rank];
            weight += level.Lots * Two / Math.Max(1, Saturating.Abs(2 * level.Price - mid2));
        }

        return weight;
    }

    /// <summary>(bid - ask) / (bid + ask); 0 when both are 0.</summary>
    [Hot]
    public static double Of(double bid, double ask) => bid + ask > 0 ? (bid - ask) / (bid + ask) : 0;
}
