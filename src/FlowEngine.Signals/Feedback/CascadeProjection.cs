using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>How a cascade is thought to run.</summary>
/// <param name="MarketShare">φ: share of forced lots that go to the market; the rest is taken over.</param>
/// <param name="DepthShare">Share of shown lots that are there when hit (B11's consumed share); 1 believes the
/// book.</param>
/// <param name="MarkShare">0: the last fill triggers. Above: mark = (1 - k)·mark + k·mid a round triggers.</param>
/// <param name="MaxLevels">Most levels to walk.</param>
/// <param name="RefillLots">Lots that come back between two rounds, at the price of the last fill: refill a second
/// times the seconds that a forced order takes. They are hit first, and what is not waits for the next round.</param>
public readonly record struct CascadeRules(
    double MarketShare, double DepthShare, double MarkShare, int MaxLevels, long RefillLots = 0)
{
    /// <summary>All to the market, all depth real, the last fill triggers, nothing comes back.</summary>
    public static CascadeRules Default => new(1, 1, 0, 1000);
}

/// <summary>Where a shock ends.</summary>
public struct CascadeOutcome
{
    /// <summary>Rounds of selling, the shock's included.</summary>
    public int Rounds;

    /// <summary>Lots sold in all.</summary>
    public long Sold;

    /// <summary>Lots that found no buyer.</summary>
    public long Unfilled;

    /// <summary>Sold over the shock.</summary>
    public double Amplification;

    /// <summary>Price of the last fill, quanta; the best before any.</summary>
    public long FinalPrice;

    /// <summary>From the best to the last fill, basis points of the best.</summary>
    public double DropBps;

    /// <summary>Greatest of forced over executed lots in a round.</summary>
    public double MostGain;

    /// <summary>The same of the first round.</summary>
    public double FirstGain;

    /// <summary>Whether the book ran out.</summary>
    public bool IsExhausted;

    /// <summary>Forced lots that were not reached.</summary>
    public double LotsLeft;
}

/// <summary>
/// L6: a shock walks the book to some price, forced lots at or above it follow it, and so on until none is left to
/// send: deterministic, and monotone in the shock and the map. Buckets fire once; forced lots are rounded down in sum,
/// not one by one, which keeps φ below 1 monotone. For a squeeze give asks and shorts. Allocates nothing.
/// </summary>
public static class CascadeProjection
{
    private const int MostRounds = 50;
    private const double BpsPerUnit = 10_000;
    private const double Half = 0.5;

    /// <summary>Runs a shock. O(levels + forced levels).</summary>
    /// <param name="levels">Bids for a fall, asks for a squeeze.</param>
    /// <param name="oppositeBest">Best price of the other side, for a mark that follows the mid.</param>
    /// <param name="forced">From the nearest price on: <see cref="LiquidationMap.ReadLongs"/>.</param>
    /// <param name="sign">-1 for a fall, 1 for a squeeze.</param>
    /// <param name="shock">Lots.</param>
    /// <param name="rules">How it runs.</param>
    /// <param name="outcome">Where it ends.</param>
    /// <returns>LowSamples for an empty side; PartialDepth where the book ran out.</returns>
    [Hot]
    public static ValidityFlags Run(
        BookSide levels,
        long oppositeBest,
        ReadOnlySpan<LiquidationLevel> forced,
        int sign,
        long shock,
        in CascadeRules rules,
        out CascadeOutcome outcome)
    {
        outcome = default;
        if (!levels.TryBest(out PriceLevel best) || shock <= 0)
        {
            return ValidityFlags.LowSamples;
        }

        var walk = new BookWalk(rules);
        outcome.FinalPrice = best.Price;

        // As distances beyond the best price: then both directions round alike, and one mirrors the other to the bit.
        double opposite = sign * (oppositeBest - best.Price);
        double mark = Half * opposite;
        double triggered = 0;
        long sent = 0;
        int fired = 0;
        long pending = shock;
        while (pending > 0 && outcome.Rounds < MostRounds && !outcome.IsExhausted)
        {
            long executed = walk.Take(levels, pending, out long last);
            outcome.FinalPrice = executed > 0 ? last : outcome.FinalPrice;
            outcome.Sold += executed;
            outcome.Unfilled = pending - executed;
            outcome.IsExhausted = outcome.Unfilled > 0;

            double mid = Half * (sign * (walk.BestLeft(levels, outcome.FinalPrice) - best.Price)) + Half * opposite;
            mark = (1 - rules.MarkShare) * mark + rules.MarkShare * mid;
            double reach = rules.MarkShare > 0 ? mark : sign * (outcome.FinalPrice - best.Price);
            while (fired < forced.Length && sign * (forced[fired].Price - best.Price) <= reach)
            {
                triggered += forced[fired++].Lots;
            }

            long send = Floor(rules.MarketShare * triggered) - sent;
            sent += send;
            double gain = executed > 0 ? (double)send / executed : 0;
            outcome.FirstGain = outcome.Rounds == 0 ? gain : outcome.FirstGain;
            outcome.MostGain = Math.Max(outcome.MostGain, gain);
            outcome.Rounds++;
            pending = send;
            walk.Refill(rules.RefillLots);
        }

        Close(forced[fired..], best.Price, shock, sign, ref outcome);
        return outcome.IsExhausted ? ValidityFlags.PartialDepth : ValidityFlags.None;
    }

    // Whole lots: what is a billionth short of one because shares were added up is one.
    internal static long Floor(double lots) => (long)Math.Min(lots + 1e-9, long.MaxValue / 2);

    private static void Close(
        ReadOnlySpan<LiquidationLevel> left, long best, long shock, int sign, ref CascadeOutcome outcome)
    {
        foreach (ref readonly LiquidationLevel level in left)
        {
            outcome.LotsLeft += level.Lots;
        }

        outcome.Amplification = (double)outcome.Sold / shock;
        outcome.DropBps = best > 0 ? BpsPerUnit * (sign * (outcome.FinalPrice - best)) / best : 0;
    }

    /// <summary>A place in a side of the book that only moves away from the touch.</summary>
    private struct BookWalk(in CascadeRules rules)
    {
        private readonly double _depthShare = rules.DepthShare;
        private readonly int _maxLevels = rules.MaxLevels;
        private int _rank;
        private long _takenHere;
        private long _refilled;
        private long _lastPrice;

        public void Refill(long lots) => _refilled = Saturating.Add(_refilled, lots);

        public long Take(BookSide levels, long lots, out long last)
        {
            // What came back stands at the price of the last fill, which triggers nothing new.
            long executed = Math.Min(_refilled, lots);
            _refilled -= executed;
            last = executed > 0 ? _lastPrice : 0;
            int limit = Math.Min(levels.Count, _maxLevels);
            while (executed < lots && _rank < limit)
            {
                ref readonly PriceLevel level = ref levels[_rank];
                long here = Real(level.Lots) - _takenHere;
                long part = Math.Min(here, lots - executed);
                last = part > 0 ? level.Price : last;
                executed += part;
                _takenHere += part;
                if (part == here)
                {
                    _rank++;
                    _takenHere = 0;
                }
            }

            _lastPrice = executed > 0 ? last : _lastPrice;
            return executed;
        }

        public readonly long BestLeft(BookSide levels, long otherwise) =>
            _rank < Math.Min(levels.Count, _maxLevels) ? levels[_rank].Price : otherwise;

        private readonly long Real(long lots) => _depthShare >= 1 ? lots : Floor(lots * _depthShare);
    }
}
