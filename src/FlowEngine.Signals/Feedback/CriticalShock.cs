using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// L6's Q*: the smallest shock that sells at least twice its own lots. Exact and without simulating. Bucket j fires
/// once T_j = (lots above it) + 1 are sold; with F_k the whole lots sent after k buckets, it takes a shock of max over
/// k &lt; j of (T_{k+1} - F_k) to fire the first j, and in between only the shock itself grows while what it sets off
/// does not: so only these shocks can be the smallest. (They are not where the first walk alone reaches a bucket: what
/// fired before walks on.)
/// </summary>
public static class CriticalShock
{
    private const double TwiceItself = 2;

    /// <summary>Finds it. O(levels + forced levels).</summary>
    /// <param name="levels">Bids for a fall, asks for a squeeze.</param>
    /// <param name="forced">From the nearest price on.</param>
    /// <param name="sign">-1 for a fall, 1 for a squeeze.</param>
    /// <param name="rules">How it runs; the last fill must be what triggers, and no refill is counted on: Q* is of the
    /// book as it stands.</param>
    /// <param name="lots">Q*; 0 where no shock does.</param>
    /// <returns>LowSamples for an empty side; PartialDepth where buckets lie beyond the levels looked at.</returns>
    [Hot]
    public static ValidityFlags Find(
        BookSide levels, ReadOnlySpan<LiquidationLevel> forced, int sign, in CascadeRules rules, out long lots)
    {
        lots = 0;
        int limit = Math.Min(levels.Count, rules.MaxLevels);
        long depth = Depth(levels, limit, rules.DepthShare);
        if (depth == 0)
        {
            return ValidityFlags.LowSamples;
        }

        ValidityFlags flags = ValidityFlags.None;
        int fired = 0;
        int rank = 0;
        long above = 0;
        long shock = 1;
        double triggered = 0;
        for (; fired < forced.Length; fired++)
        {
            // All levels better than the bucket must go, and one lot of the next.
            while (rank < limit && sign * (levels[rank].Price - forced[fired].Price) < 0)
            {
                above += Real(levels[rank++].Lots, rules.DepthShare);
            }

            if (above >= depth)
            {
                flags = ValidityFlags.PartialDepth;
                break;
            }

            long sent = CascadeProjection.Floor(rules.MarketShare * triggered);
            long needed = above + 1 - sent;
            if (needed > shock)
            {
                // Whatever fired so far is all that a smaller shock would have set off.
                if (IsCritical(shock, sent, depth))
                {
                    lots = shock;
                    return ValidityFlags.None;
                }

                shock = needed;
            }

            triggered += forced[fired].Lots;
        }

        long all = CascadeProjection.Floor(rules.MarketShare * triggered);
        lots = IsCritical(shock, all, depth) ? shock : 0;
        return flags;
    }

    private static bool IsCritical(long shock, long sent, long depth) =>
        Math.Min((double)shock + sent, depth) >= TwiceItself * shock;

    private static long Depth(BookSide levels, int limit, double share)
    {
        long lots = 0;
        for (int rank = 0; rank < limit; rank++)
        {
            lots = Saturating.Add(lots, Real(levels[rank].Lots, share));
        }

        return lots;
    }

    private static long Real(long lots, double share) =>
        share >= 1 ? lots : CascadeProjection.Floor(lots * share);
}
