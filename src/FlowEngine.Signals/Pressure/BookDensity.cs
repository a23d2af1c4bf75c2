using System.Numerics;
using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// B3: which of the 64 ticks from the touch hold lots, one bit a tick, and the gaps between them. Where ticks are tiny
/// give a wider bucket for a tick. Farmer, Gillemot, Lillo, Mike &amp; Sen (2004): gaps are what makes prices jump.
/// </summary>
public static class BookDensity
{
    /// <summary>Ticks that a mask holds.</summary>
    public const int MaskTicks = 64;

    /// <summary>Looks at one side. O(levels within 64 ticks).</summary>
    /// <param name="levels">The side.</param>
    /// <param name="tickQuanta">Quanta of one tick or bucket, more than 0.</param>
    /// <param name="windowTicks">Ticks from the touch that are asked for, 1 to 64.</param>
    /// <param name="side">What was found.</param>
    /// <returns>LowSamples below two occupied ticks: there is no gap.</returns>
    [Hot]
    public static ValidityFlags Measure(in BookSide levels, long tickQuanta, int windowTicks, out SideDensity side)
    {
        side = default;
        if (!levels.TryBest(out PriceLevel best))
        {
            return ValidityFlags.LowSamples;
        }

        long lots = 0;
        int count = levels.Count;
        for (int rank = 0; rank < count; rank++)
        {
            ref readonly PriceLevel level = ref levels[rank];
            long ticks = Saturating.Abs(level.Price - best.Price) / tickQuanta;
            side.FirstGap = side.FirstGap == 0 ? ticks : side.FirstGap;
            if (ticks >= MaskTicks)
            {
                break;
            }

            side.Mask |= 1UL << (int)ticks;
            lots = ticks < windowTicks ? Saturating.Add(lots, level.Lots) : lots;
        }

        ulong window = side.Mask & (ulong.MaxValue >> (MaskTicks - windowTicks));
        side.Occupied = BitOperations.PopCount(window);
        side.Density = (double)side.Occupied / windowTicks;
        side.LotsPerTick = (double)lots / windowTicks;
        MeasureGaps(window, ref side);
        return side.Occupied > 1 ? ValidityFlags.None : ValidityFlags.LowSamples;
    }

    /// <summary>(bid - ask) / (bid + ask) of two densities, -1 to 1; 0 when both are empty.</summary>
    [Hot]
    public static double Relative(in SideDensity bid, in SideDensity ask) =>
        VolumeImbalance.Of(bid.Occupied, ask.Occupied);

    private static void MeasureGaps(ulong window, ref SideDensity side)
    {
        int last = 0;
        for (ulong left = window & ~1UL; left != 0; left &= left - 1)
        {
            int tick = BitOperations.TrailingZeroCount(left);
            side.MaxGap = Math.Max(side.MaxGap, tick - last);
            last = tick;
        }

        side.MeanGap = side.Occupied > 1 ? (double)last / (side.Occupied - 1) : 0;
    }
}

/// <summary>Density of one side. Ticks are those of the measurement.</summary>
public struct SideDensity
{
    /// <summary>Bit n is set where there are lots n ticks from the touch.</summary>
    public ulong Mask;

    /// <summary>Ticks from the best to the next occupied one, wherever that is; 0 when there is none.</summary>
    public long FirstGap;

    /// <summary>Occupied ticks of the window.</summary>
    public int Occupied;

    /// <summary>Widest gap between occupied ticks of the window; 0 below two.</summary>
    public int MaxGap;

    /// <summary>Mean of those gaps; 0 below two occupied ticks.</summary>
    public double MeanGap;

    /// <summary>Occupied ticks over all of the window, 0 to 1.</summary>
    public double Density;

    /// <summary>Lots in the window over its ticks.</summary>
    public double LotsPerTick;
}
