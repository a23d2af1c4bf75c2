using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// B1: I = (Qb - Qa) / (Qb + Qa), lots over the best k populated levels or within a band around the mid; -1 to 1, + is
/// bid heavy. Integers until the one division. Cao, Hansch &amp; Wang (2009).
/// </summary>
public static class VolumeImbalance
{
    private const int BpsPerUnit = 10_000;

    // Up to here the mid and a band of all of it add up within 64 bits.
    private const long MostMid2 = 1L << 61;

    // Ten numbers of so many bits add up within 63.
    private const int SummableBits = 59;

    /// <summary>The ratio; 0 when both sides are empty.</summary>
    [Hot]
    public static double Of(long bidLots, long askLots)
    {
        // Exact below 2^52 lots, like the integers, and it can't overflow above.
        double sum = (double)bidLots + askLots;
        return sum > 0 ? ((double)bidLots - askLots) / sum : 0;
    }

    /// <summary>Four ratios at once: the same bits, in one division.</summary>
    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Of(Vector256<long> bidLots, Vector256<long> askLots)
    {
        Vector256<double> bids = Vector256.ConvertToDouble(bidLots);
        Vector256<double> asks = Vector256.ConvertToDouble(askLots);
        Vector256<double> sum = bids + asks;
        return (bids - asks) / sum & Vector256.GreaterThan(sum, Vector256<double>.Zero);
    }

    /// <summary>
    /// How far from the mid a band of <paramref name="bps"/> (at most 10000) reaches, in half-quanta: floor(bps × mid2
    /// / 10000), so that |2p - mid2| × 10000 ≤ bps × mid2 exactly where |2p - mid2| ≤ reach. A mid of 0 or less has no
    /// band: -1.
    /// </summary>
    [Hot]
    public static long Reach2(int bps, long mid2) =>
        mid2 <= 0 ? -1 : bps * (mid2 / BpsPerUnit) + bps * (mid2 % BpsPerUnit) / BpsPerUnit;

    /// <summary>
    /// Sums one side. O(10) where the book keeps the bands' sums, else O(10 + levels in the widest band).
    /// </summary>
    /// <param name="levels">The side.</param>
    /// <param name="sign">1 for asks, -1 for bids.</param>
    /// <param name="mid2">Twice the mid.</param>
    /// <param name="reach2">Reach of each band in half-quanta, ascending; -1 in all when there is no mid.</param>
    /// <param name="maxLevels">Most levels to look at where the book keeps no sums.</param>
    /// <param name="depth">Receives the sums.</param>
    [Hot]
    public static void Measure(
        in BookSide levels, int sign, long mid2, in PerBandLots reach2, int maxLevels, out SideDepth depth)
    {
        Unsafe.SkipInit(out depth);
        MeasureTop(levels, ref depth);
        depth.ReachedEnd = false;
        if (reach2[SignalWidths.Bands - 1] < 0)
        {
            depth.Bands = default;
            return;
        }

        // 2p is at most mid2 + reach2 on the asks, at least mid2 - reach2 on the bids.
        Vector256<long> reach = Vector256.LoadUnsafe(in reach2[0]);
        Vector256<long> limits = sign > 0
            ? Vector256.Create(mid2) + reach >> 1
            : Vector256.Create(mid2 + 1) - reach >> 1;
        if (mid2 <= MostMid2 && levels.TryLotsWithin(limits, out Vector256<long> lots))
        {
            lots.StoreUnsafe(ref depth.Bands[0]);
            depth.ReachedEnd = sign * (2 * levels.WorstPrice - mid2) <= reach2[SignalWidths.Bands - 1];
            return;
        }

        depth.Bands = default;
        Walk(levels, sign, mid2, reach2, maxLevels, ref depth);
    }

    private static void Walk(
        in BookSide levels, int sign, long mid2, in PerBandLots reach2, int maxLevels, ref SideDepth depth)
    {
        int limit = Math.Min(levels.Count, maxLevels);
        long total = 0;
        int band = 0;
        for (int rank = 0; rank < limit; rank++)
        {
            ref readonly PriceLevel level = ref levels[rank];
            long distance2 = sign * (2 * level.Price - mid2);
            while (distance2 > reach2[band])
            {
                depth.Bands[band++] = total;
                if (band == SignalWidths.Bands)
                {
                    return;
                }
            }

            total = Saturating.Add(total, level.Lots);
        }

        depth.ReachedEnd = true;
        for (; band < SignalWidths.Bands; band++)
        {
            depth.Bands[band] = total;
        }
    }

    private static void MeasureTop(in BookSide levels, ref SideDepth depth)
    {
        Unsafe.SkipInit(out PerLevelLevel room);
        ReadOnlySpan<PriceLevel> best = levels.Best(room);
        if (best.Length == OfiLevels.Count && TryMeasureTop(best, ref depth))
        {
            return;
        }

        long total = 0;
        int rank = 0;
        depth.Top1 = Sum(best, ref rank, 1, ref total);
        depth.Top3 = Sum(best, ref rank, 3, ref total);
        depth.Top5 = Sum(best, ref rank, 5, ref total);
        depth.Top10 = Sum(best, ref rank, 10, ref total);
    }

    // Ten levels, straight on; false where they might not fit into a sum.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryMeasureTop(ReadOnlySpan<PriceLevel> best, ref SideDepth depth)
    {
        ref readonly PriceLevel first = ref best[0];
        long second = best[9].Lots;
        long all = first.Lots | second;
        for (int rank = 1; rank < 9; rank++)
        {
            all |= best[rank].Lots;
        }

        depth.Top1 = first.Lots;
        depth.Top3 = unchecked(depth.Top1 + best[1].Lots + best[2].Lots);
        depth.Top5 = unchecked(depth.Top3 + best[3].Lots + best[4].Lots);
        depth.Top10 = unchecked(
            depth.Top5 + best[5].Lots + best[6].Lots + (best[7].Lots + best[8].Lots) + second);
        return all >> SummableBits == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Sum(ReadOnlySpan<PriceLevel> best, ref int rank, int levels, ref long total)
    {
        int end = Math.Min(best.Length, levels);
        for (; rank < end; rank++)
        {
            total = Saturating.Add(total, best[rank].Lots);
        }

        return total;
    }
}

/// <summary>Lots of one side in the windows of B1.</summary>
public struct SideDepth
{
    /// <summary>Lots at the best level.</summary>
    public long Top1;

    /// <summary>Lots in the best 3 populated levels.</summary>
    public long Top3;

    /// <summary>Lots in the best 5 populated levels.</summary>
    public long Top5;

    /// <summary>Lots in the best 10 populated levels.</summary>
    public long Top10;

    /// <summary>Lots within each band.</summary>
    public PerBandLots Bands;

    /// <summary>Whether the levels looked at ended before the widest band did.</summary>
    public bool ReachedEnd;
}
