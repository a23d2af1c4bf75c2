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

    /// <summary>The ratio; 0 when both sides are empty.</summary>
    [Hot]
    public static double Of(long bidLots, long askLots)
    {
        // Exact below 2^52 lots, like the integers, and it can't overflow above.
        double sum = (double)bidLots + askLots;
        return sum > 0 ? ((double)bidLots - askLots) / sum : 0;
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
    /// Sums one side. O(10 + levels in the widest band), at most <paramref name="maxLevels"/> a side.
    /// </summary>
    /// <param name="levels">The side.</param>
    /// <param name="sign">1 for asks, -1 for bids.</param>
    /// <param name="mid2">Twice the mid.</param>
    /// <param name="reach2">Reach of each band in half-quanta, ascending; -1 in all when there is no mid.</param>
    /// <param name="maxLevels">Most levels to look at.</param>
    /// <param name="depth">Receives the sums.</param>
    [Hot]
    public static void Measure(
        BookSide levels, int sign, long mid2, in PerBandLots reach2, int maxLevels, out SideDepth depth)
    {
        depth = default;
        MeasureTop(levels, ref depth);
        if (reach2[SignalWidths.Bands - 1] < 0)
        {
            return;
        }

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

    private static void MeasureTop(BookSide levels, ref SideDepth depth)
    {
        int count = Math.Min(levels.Count, 10);
        long total = 0;
        for (int rank = 0; rank < count; rank++)
        {
            total = Saturating.Add(total, levels[rank].Lots);
            depth.Top1 = rank < 1 ? total : depth.Top1;
            depth.Top3 = rank < 3 ? total : depth.Top3;
            depth.Top5 = rank < 5 ? total : depth.Top5;
        }

        depth.Top10 = total;
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
