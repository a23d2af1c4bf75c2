using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// L6's local loop gain, without simulating: g(w) = forced lots / resting lots strictly within w quanta of the best,
/// the best itself left out. From 1 on a band feeds itself.
/// </summary>
public static class LoopGain
{
    /// <summary>Gains are told up to this; a band with nothing resting in it has it.</summary>
    public const double Most = 100;

    /// <summary>No band feeds itself.</summary>
    public const long NoBand = long.MaxValue;

    /// <summary>g of the band of <paramref name="quanta"/> next to the best price. O(levels + forced levels).</summary>
    [Hot]
    public static double Of(BookSide levels, ReadOnlySpan<LiquidationLevel> forced, int sign, long quanta)
    {
        if (!levels.TryBest(out PriceLevel best))
        {
            return 0;
        }

        double lots = 0;
        for (int j = 0; j < forced.Length && sign * (forced[j].Price - best.Price) <= quanta; j++)
        {
            lots += sign * (forced[j].Price - best.Price) > 0 ? forced[j].Lots : 0;
        }

        double depth = 0;
        for (int rank = 1; rank < levels.Count && sign * (levels[rank].Price - best.Price) <= quanta; rank++)
        {
            depth += levels[rank].Lots;
        }

        return Ratio(lots, depth);
    }

    /// <summary>The greatest gain of any band, and the narrowest that feeds itself. O(levels + forced
    /// levels).</summary>
    /// <param name="levels">Bids for a fall, asks for a squeeze.</param>
    /// <param name="forced">From the nearest price on.</param>
    /// <param name="sign">-1 for a fall, 1 for a squeeze.</param>
    /// <param name="maxQuanta">Widest band looked at.</param>
    /// <param name="gain">The greatest, at most 100.</param>
    /// <param name="bandQuanta">Quanta from the best to the end of the narrowest band of 1 or more; <see
    /// cref="NoBand"/> for none.</param>
    /// <returns>LowSamples for an empty side; Clamped where the gain is told as 100.</returns>
    [Hot]
    public static ValidityFlags Scan(
        BookSide levels,
        ReadOnlySpan<LiquidationLevel> forced,
        int sign,
        long maxQuanta,
        out double gain,
        out long bandQuanta)
    {
        (gain, bandQuanta) = (0, NoBand);
        if (!levels.TryBest(out PriceLevel best))
        {
            return ValidityFlags.LowSamples;
        }

        double lots = 0;
        double depth = 0;
        int rank = 1;
        for (int j = 0; j < forced.Length; j++)
        {
            // The gain only rises where forced lots join the band, so its end is always at one of them.
            long distance = sign * (forced[j].Price - best.Price);
            if (distance > maxQuanta)
            {
                break;
            }

            if (distance <= 0)
            {
                continue;
            }

            lots += forced[j].Lots;
            for (; rank < levels.Count && sign * (levels[rank].Price - best.Price) <= distance; rank++)
            {
                depth += levels[rank].Lots;
            }

            double here = Ratio(lots, depth);
            gain = Math.Max(gain, here);
            bandQuanta = here >= 1 && bandQuanta == NoBand ? distance : bandQuanta;
        }

        return gain >= Most ? ValidityFlags.Clamped : ValidityFlags.None;
    }

    private static double Ratio(double lots, double depth) =>
        depth > 0 ? Math.Min(Most, lots / depth) : lots > 0 ? Most : 0;
}
