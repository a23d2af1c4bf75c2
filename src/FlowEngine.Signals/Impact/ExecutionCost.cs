using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// M10 on the live book: what slices cost against the mid of now, if the book refills between them: slippage of each
/// (M1), plus the permanent drift of the slices before it, plus what transient impact (M8), the market's and their own,
/// still adds to the price at its time.
/// </summary>
public static class ExecutionCost
{
    /// <summary>Estimates a schedule. O(slices × levels).</summary>
    /// <param name="levels">Bids for a sell, asks for a buy.</param>
    /// <param name="touch">Gives the mid; both sides.</param>
    /// <param name="sign">1 buys, -1 sells.</param>
    /// <param name="slices">Lots of each, 0 or more.</param>
    /// <param name="slice">Time between slices and impact a lot.</param>
    /// <param name="market">M8 as it is now.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="cost">The estimate.</param>
    /// <returns>PartialDepth where the book can't fill a slice, LowSamples where there is nothing to price.</returns>
    [Hot]
    public static ValidityFlags Estimate(
        BookSide levels,
        in TouchState touch,
        int sign,
        ReadOnlySpan<long> slices,
        SlicePlan slice,
        in TransientImpact market,
        long nowNs,
        out ExecutionCostLine cost)
    {
        cost = default;
        if (!touch.HasBoth)
        {
            return ValidityFlags.LowSamples;
        }

        TransientImpact path = market;
        double atStart = path.At(nowNs);
        double total = 0;
        double before = 0;
        for (int i = 0; i < slices.Length; i++)
        {
            long lots = slices[i];
            long timeNs = nowNs + i * slice.IntervalNs;
            PerSizeLots sizes = default;
            sizes[..].Fill(lots);
            SweepCost.Walk(levels, sign, sizes, touch, slice.MaxLevels, out SweepLines lines);
            double drift = sign * (path.At(timeNs) - atStart) + slice.PermanentPerLot * before;
            total += lines[0].Filled * (lines[0].Slippage + drift);
            before += lines[0].Filled;
            cost.UnfilledLots = Saturating.Add(cost.UnfilledLots, lines[0].Unfilled);
            path.Trade(sign, lines[0].Filled, timeNs);
        }

        cost.FilledLots = (long)before;
        cost.QuantaPerLot = before > 0 ? total / before : 0;
        cost.Bps = Spread.Bps(cost.QuantaPerLot, touch.Mid2);
        return before <= 0 ? ValidityFlags.LowSamples
            : cost.UnfilledLots > 0 ? ValidityFlags.PartialDepth
            : ValidityFlags.None;
    }
}

/// <summary>How slices follow each other.</summary>
/// <param name="IntervalNs">Time between two.</param>
/// <param name="PermanentPerLot">Quanta the price stays moved for a lot traded.</param>
/// <param name="MaxLevels">Most levels to walk.</param>
public readonly record struct SlicePlan(long IntervalNs, double PermanentPerLot, int MaxLevels);

/// <summary>What a schedule costs.</summary>
public struct ExecutionCostLine
{
    /// <summary>Lots that fill.</summary>
    public long FilledLots;

    /// <summary>Lots that don't.</summary>
    public long UnfilledLots;

    /// <summary>Quanta a lot against the mid of now, + is worse.</summary>
    public double QuantaPerLot;

    /// <summary>The same in basis points of the mid.</summary>
    public double Bps;
}
