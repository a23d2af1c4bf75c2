using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>What an order costs where book and pool share it.</summary>
public struct PooledLine
{
    /// <summary>Lots that the pool takes; the book takes the rest.</summary>
    public long PoolLots;

    /// <summary>Average price against the mid, basis points, + is worse; 0 where nothing fills.</summary>
    public double Bps;

    /// <summary>The same of the whole order in the pool alone; 0 where the pool has not so much.</summary>
    public double PoolBps;
}

/// <summary>
/// M12 beside M1: an order goes level by level to whichever is better, the book or the pool at its marginal price, fee
/// in; the pool in whole lots. The pool's own curve is used as it is, so nothing is cut into levels, and it never
/// becomes part of the book. The pool is in lots and quanta × lots.
/// </summary>
public static class PooledSweep
{
    private const double MostLots = 1L << 53;
    private const double Half = 0.5;

    /// <summary>Sweeps one size. O(levels).</summary>
    /// <param name="levels">Bids for a sell, asks for a buy.</param>
    /// <param name="sign">1 buys, -1 sells.</param>
    /// <param name="lots">More than 0.</param>
    /// <param name="pool">Its state.</param>
    /// <param name="touch">Gives the mid; both sides, above 0.</param>
    /// <param name="maxLevels">Most levels to walk.</param>
    /// <param name="line">The cost.</param>
    /// <returns>PartialDepth where both together have not so much.</returns>
    [Hot]
    public static ValidityFlags Walk(
        BookSide levels,
        int sign,
        long lots,
        in ConstantProduct pool,
        in TouchState touch,
        int maxLevels,
        out PooledLine line)
    {
        line = default;
        long most = MostOf(pool, sign);
        line.PoolBps = lots <= most ? Bps(sign, Paid(pool, sign, lots), lots, touch) : 0;
        int limit = Math.Min(levels.Count, maxLevels);
        long booked = 0;
        double paid = 0;
        for (int rank = 0; rank < limit && booked < lots; rank++)
        {
            ref readonly PriceLevel level = ref levels[rank];
            long left = lots - booked;

            // What the pool does better than this level goes there first.
            line.PoolLots = Math.Min(left, Math.Max(line.PoolLots, Through(pool, sign, level.Price, most)));
            long here = Math.Min(level.Lots, left - line.PoolLots);
            booked += here;
            paid += (double)here * level.Price;
            if (here < level.Lots)
            {
                break;
            }
        }

        // Past the last level the pool is all there is.
        line.PoolLots = Math.Min(lots - booked, most);
        long filled = booked + line.PoolLots;
        paid += Paid(pool, sign, line.PoolLots);
        line.Bps = filled > 0 ? Bps(sign, paid, filled, touch) : 0;
        return filled < lots ? ValidityFlags.PartialDepth : ValidityFlags.None;
    }

    private static double Paid(in ConstantProduct pool, int sign, long lots) =>
        lots == 0 ? 0 : sign < 0 ? pool.Sell(lots) : pool.Buy(lots);

    // A pool can be sold to without end, but not all of it bought.
    private static long MostOf(in ConstantProduct pool, int sign) =>
        (long)Math.Min(MostLots, sign < 0 ? MostLots : Math.Max(0, pool.Base - 1));

    private static long Through(in ConstantProduct pool, int sign, long price, long most)
    {
        double lots = price <= 0 ? 0 : sign < 0 ? pool.BaseDownTo(price) : pool.BaseUpTo(price);
        return (long)Math.Min(lots, most);
    }

    private static double Bps(int sign, double paid, long lots, in TouchState touch) =>
        Spread.Bps(sign * (paid / lots - touch.Mid2 * Half), touch.Mid2);
}
