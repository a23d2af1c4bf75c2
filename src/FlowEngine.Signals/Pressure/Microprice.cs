using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// B5: fair value = mid + G*(imbalance, spread), looked up in a <see cref="MicropriceTable"/>; where the table knows
/// nothing, the weighted mid (B4). Quanta. O(1). Stoikov (2018).
/// </summary>
public static class Microprice
{
    private const double Half = 0.5;

    /// <summary>The microprice of a touch.</summary>
    /// <param name="touch">Both sides, or there is none.</param>
    /// <param name="table">The fitted table, or none yet.</param>
    /// <param name="price">Quanta; 0 when a side is empty.</param>
    /// <returns>LowSamples where B4 stood in, or a side is empty.</returns>
    [Hot]
    public static ValidityFlags Read(in TouchState touch, MicropriceTable? table, out double price)
    {
        double lots = (double)touch.BidLots + touch.AskLots;
        if (!touch.HasBoth || !(lots > 0))
        {
            price = 0;
            return ValidityFlags.LowSamples;
        }

        if (table is null || !table.TryLookUp(touch, out double adjustment))
        {
            price = WeightedMid.Of(touch);
            return ValidityFlags.LowSamples;
        }

        price = touch.Mid2 * Half + adjustment;
        return ValidityFlags.None;
    }
}
