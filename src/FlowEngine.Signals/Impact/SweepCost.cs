using System.Runtime.CompilerServices;
using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// M1: walks one side of the book once for five sizes. Sell: slippage = mid - vwap over the bids; buy: vwap - mid over
/// the asks. What the book can't fill is told, never extrapolated. Notional is exact; the slippage is
/// (mid2·filled - 2·notional) / (2·filled), one division. O(levels + sizes).
/// </summary>
public static class SweepCost
{
    /// <summary>Walks the side that an order would take from.</summary>
    /// <param name="levels">Bids for a sell, asks for a buy.</param>
    /// <param name="sign">1 to buy from asks, -1 to sell into bids.</param>
    /// <param name="sizes">Lots, ascending, each more than 0.</param>
    /// <param name="touch">Gives the mid; without both sides there is none, and slippage is 0.</param>
    /// <param name="maxLevels">Most levels to walk.</param>
    /// <param name="lines">Receives one result for each size.</param>
    [Hot]
    public static void Walk(
        BookSide levels, int sign, in PerSizeLots sizes, in TouchState touch, int maxLevels, out SweepLines lines)
    {
        Unsafe.SkipInit(out lines);
        int limit = Math.Min(levels.Count, maxLevels);
        int next = 0;
        long filled = 0;
        long worst = 0;
        Int128 notional = 0;
        for (int rank = 0; rank < limit && next < SignalWidths.Sizes; rank++)
        {
            ref readonly PriceLevel level = ref levels[rank];
            worst = level.Price;
            long through = Saturating.Add(filled, level.Lots);
            for (; next < SignalWidths.Sizes && sizes[next] <= through; next++)
            {
                Int128 paid = notional + Math.BigMul(worst, sizes[next] - filled);
                lines[next] = SweepLine.Of(sign, sizes[next], sizes[next], paid, worst, rank + 1, touch);
            }

            notional += Math.BigMul(worst, through - filled);
            filled = through;
        }

        for (; next < SignalWidths.Sizes; next++)
        {
            lines[next] = SweepLine.Of(sign, sizes[next], filled, notional, worst, limit, touch);
        }
    }
}

/// <summary>What sweeping one size costs.</summary>
public struct SweepLine
{
    /// <summary>Notional in quanta × lots of what fills, exactly.</summary>
    public Int128 Notional;

    /// <summary>Lots asked for.</summary>
    public long Size;

    /// <summary>Lots that fill.</summary>
    public long Filled;

    /// <summary>Worst price touched in quanta, 0 when nothing fills.</summary>
    public long Worst;

    /// <summary>Average price in quanta, 0 when nothing fills.</summary>
    public double Vwap;

    /// <summary>Average price against the mid in quanta, + is worse; 0 when nothing fills or there is no mid.</summary>
    public double Slippage;

    /// <summary>The same in basis points of the mid.</summary>
    public double SlippageBps;

    /// <summary>Levels touched.</summary>
    public int Levels;

    /// <summary>Lots that don't fill.</summary>
    public readonly long Unfilled => Size - Filled;

    [Hot]
    internal static SweepLine Of(
        int sign, long size, long filled, Int128 notional, long worst, int levels, in TouchState touch)
    {
        var line = new SweepLine { Size = size, Filled = filled, Notional = notional, Worst = worst, Levels = levels };
        if (filled > 0)
        {
            line.Vwap = (double)notional / filled;
            if (touch.HasBoth)
            {
                Int128 above = notional + notional - Math.BigMul(touch.Mid2, filled);
                line.Slippage = (double)(sign < 0 ? -above : above) / (2.0 * filled);
                line.SlippageBps = Spread.Bps(line.Slippage, touch.Mid2);
            }
        }

        return line;
    }
}

/// <summary>One result for each size, smallest first.</summary>
[InlineArray(SignalWidths.Sizes)]
public struct SweepLines
{
    private SweepLine _first;
}
