using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>B8, B9 and B11: who took the lots that left, and who brings new ones.</summary>
public class LiquidityTests
{
    private const long Mid2 = 200_001;

    private static readonly Gen<PriceLevel[]> s_bids = Gen.Select(Gen.Long[0, 12], Gen.Long[1, 9]).Array[0, 12]
        .Select(levels => (PriceLevel[])[.. levels.DistinctBy(x => x.Item1).OrderByDescending(x => x.Item1)
            .Select(x => new PriceLevel(1000 - x.Item1, x.Item2))]);

    [Fact]
    public void Difference_is_that_of_two_dictionaries() =>
        Gen.Select(s_bids.Array[2, 8], Gen.Int[1, 14], Gen.Int[0, 6]).Sample((books, levels, feedDepth) =>
        {
            var difference = new BookDifference(levels, feedDepth);
            books = feedDepth == 0 ? books : [.. books.Select(x => x.TakeLast(feedDepth).ToArray())];
            PriceLevel[] Mirrored(PriceLevel[] bids) => [.. bids.Select(x => new PriceLevel(2001 - x.Price, x.Lots))];
            difference.Prime(new BookSide(books[0]), new BookSide(Mirrored(books[0])));
            Assert.Empty(difference.Steps.ToArray());
            for (int i = 1; i < books.Length; i++)
            {
                difference.Step(new BookSide(books[i]), new BookSide(Mirrored(books[i])));
                LevelStep[] bids = SlowDifference(books[i - 1], books[i], levels, feedDepth);
                LevelStep[] asks = [.. bids.Select(x => x with { Side = Side.Ask, Price = 2001 - x.Price })];
                Assert.Equal([.. bids, .. asks], difference.Steps.ToArray());
            }
        });

    [Fact]
    public void Decrease_of_the_worked_example_is_15_traded_and_7_cancelled()
    {
        var attribution = new TradeAttribution(tradesFollow: false);
        Assert.False(attribution.Trade(Side.Bid, 1000, 15, 0, out _));
        Assert.True(attribution.Change(new LevelStep(Side.Bid, 1000, 30, 8), 0, out LevelFlow flow));
        Assert.Equal((15L, 7L, 22L), (flow.Traded, flow.Cancelled, flow.Removed));
    }

    [Fact]
    public void Trades_that_come_after_the_book_are_waited_for()
    {
        var attribution = new TradeAttribution(tradesFollow: true);
        Assert.False(attribution.Change(new LevelStep(Side.Bid, 1000, 30, 8), 0, out _));
        Assert.True(attribution.Trade(Side.Bid, 1000, 15, 20_000_000, out LevelFlow traded));
        Assert.Equal((15L, 0L, 30L), (traded.Traded, traded.Cancelled, traded.Before));
        Assert.False(attribution.TryExpire(50_000_000, out _));
        Assert.True(attribution.TryExpire(50_000_001, out LevelFlow cancelled));
        Assert.Equal((0L, 7L, 8L), (cancelled.Traded, cancelled.Cancelled, cancelled.After));
        Assert.False(attribution.TryExpire(50_000_001, out _));
        Assert.Equal(0, attribution.HiddenLots);
    }

    [Fact]
    public void Trades_against_nothing_shown_are_hidden_lots()
    {
        var attribution = new TradeAttribution(tradesFollow: false, waitNs: 10, capacity: 2);
        attribution.Trade(Side.Ask, 1001, 5, 0, out _);
        Assert.False(attribution.TryExpire(11, out _));
        Assert.Equal(5, attribution.HiddenLots);
        attribution.Trade(Side.Ask, 1001, 1, 20, out _);
        attribution.Trade(Side.Ask, 1002, 1, 20, out _);
        attribution.Trade(Side.Ask, 1003, 1, 20, out _);
        Assert.Equal((1L, 6L), (attribution.Overflows, attribution.HiddenLots));
        attribution.Clear();
        Assert.True(attribution.Change(new LevelStep(Side.Ask, 1001, 9, 4), 21, out LevelFlow flow));
        Assert.Equal(5, flow.Cancelled);
    }

    [Fact]
    public void No_lot_is_lost_or_counted_twice_whichever_comes_first() => Gen.Select(
        Gen.Bool,
        Gen.Select(Gen.Bool, Gen.Long[995, 1000], Gen.Long[1, 20], Gen.Long[0, 30])
            .Array[1, 60]).Sample((after, script) =>
    {
        var attribution = new TradeAttribution(after, waitNs: 100);
        long removed = 0;
        long traded = 0;
        long told = 0;
        long tradesTold = 0;
        long now = 0;
        void Tell(bool any, LevelFlow flow)
        {
            told += any ? flow.Removed : 0;
            tradesTold += any ? flow.Traded : 0;
        }

        foreach ((bool isTrade, long price, long lots, long dt) in script)
        {
            now += dt;
            if (isTrade)
            {
                Tell(attribution.Trade(Side.Bid, price, lots, now, out LevelFlow flow), flow);
                traded += lots;
            }
            else
            {
                Tell(attribution.Change(new LevelStep(Side.Bid, price, 50, 50 - lots), now, out LevelFlow flow), flow);
                removed += lots;
            }

            while (attribution.TryExpire(now, out LevelFlow late))
            {
                Tell(true, late);
            }
        }

        now += 1000;
        while (attribution.TryExpire(now, out LevelFlow late))
        {
            Tell(true, late);
        }

        Assert.Equal((removed, traded), (told, tradesTold + attribution.HiddenLots));
    });

    [Fact]
    public void Refill_of_the_worked_example_is_1_242241()
    {
        var refill = new RefillRatio(new HalfLife(2 * HalfLifeOfTauSecondNs), 5);
        LevelFlow Flow(long added, long traded) => new(Side.Bid, 1000, added, traded, 0, 0, 0);
        refill.Add(Flow(0, 30), 1000, 0);
        refill.Add(Flow(12, 0), 1000, Second / 2);
        refill.Add(Flow(0, 10), 1000, Second);
        refill.Add(Flow(20, 0), 1000, Second * 3 / 2);
        refill.Add(Flow(1000, 0) with { Price = 994 }, 1000, Second * 3 / 2);
        refill.Add(Flow(1000, 0) with { Side = Side.Ask }, 1000, Second * 3 / 2);
        Assert.Equal(ValidityFlags.None, refill.Read(Side.Bid, 2 * Second, out RefillLine line));
        Near(17.101690, line.TakenLots);
        Near(21.244414, line.AddedLots);
        Near(1.242241, line.Ratio);
        Assert.Equal(ValidityFlags.LowSamples, refill.Read(Side.Ask, 2 * Second, out line));
        Assert.Equal(0, line.Ratio);
    }

    [Fact]
    public void Recovery_of_the_worked_example_has_a_half_life_of_1_134706_s()
    {
        var recovery = new RecoverySpeed(30 * Second, new HalfLife(3600 * Second));
        recovery.Prime(60);
        recovery.Set(30, 0);
        Assert.True(recovery.IsOpen);
        recovery.Set(40, Second);
        recovery.Set(48, Second * 3 / 2);
        Assert.False(recovery.IsOpen);
        Near(0.610860, recovery.LastRate);
        Near(1.134706, recovery.LastHalfLifeSeconds);
        Assert.Equal(ValidityFlags.LowSamples, recovery.ReadHalfLife(out double median));
        Assert.InRange(median, 1.0, 1.3);
    }

    [Fact]
    public void Deeper_depletion_restarts_the_clock_and_a_lasting_one_is_censored()
    {
        var recovery = new RecoverySpeed(30 * Second, new HalfLife(3600 * Second));
        recovery.Set(100, 0);
        recovery.Set(40, Second);
        recovery.Set(10, 2 * Second);
        recovery.Set(55, 3 * Second);
        Near(1, recovery.LastHalfLifeSeconds, 1e-9);
        Assert.Equal((1L, 0L), (recovery.Recovered, recovery.Censored));

        recovery.Set(20, 4 * Second);
        recovery.Set(21, 33 * Second);
        Assert.True(recovery.IsOpen);
        recovery.Set(21, 34 * Second);
        Assert.Equal((1L, 1L, false), (recovery.Recovered, recovery.Censored, recovery.IsOpen));

        recovery.Set(10, 35 * Second);
        recovery.Set(21, 35 * Second);
        Near(1e-6 / 6, recovery.LastHalfLifeSeconds, 1e-12);
    }

    [Fact]
    public void Recovery_that_is_exponential_is_told_right() =>
        Gen.Select(Gen.Double[0.1, 5], Gen.Long[1_000_000, 100_000_000]).Sample((rate, depth) =>
        {
            var recovery = new RecoverySpeed(3_000 * Second, new HalfLife(3600 * Second));
            recovery.Prime(depth);
            recovery.Set(depth / 10, 0);
            for (int i = 1; recovery.IsOpen && i < 1000; i++)
            {
                double seconds = i * 0.05 / rate;
                long deficit = (long)((depth - depth / 10) * Math.Exp(-rate * seconds));
                recovery.Set(depth - deficit, (long)(seconds * Second));
            }

            Assert.True(Math.Abs(recovery.LastRate / rate - 1) < 1e-3, $"{recovery.LastRate} {rate}");
        }, iter: 100);

    [Fact]
    public void Withdrawal_of_the_worked_example()
    {
        var withdrawal = new Withdrawal(new HalfLife(Second), 10);
        withdrawal.Add(new LevelFlow(Side.Bid, 100_000, 40, 0, 0, 0, 40), Mid2, 0);
        withdrawal.Add(new LevelFlow(Side.Bid, 100_000, 0, 9, 70, 79, 0), Mid2, 0);
        withdrawal.Add(new LevelFlow(Side.Ask, 100_001, 50, 0, 0, 0, 50), Mid2, 0);
        withdrawal.Add(new LevelFlow(Side.Ask, 100_001, 0, 0, 20, 50, 30), Mid2, 0);
        withdrawal.Add(new LevelFlow(Side.Ask, 100_102, 0, 0, 999, 999, 0), Mid2, 0);
        Assert.Equal(ValidityFlags.None, withdrawal.Read(0, out WithdrawalLines lines));
        Near(1.75, lines.Bid.CancelRatio);
        Near(0.4, lines.Ask.CancelRatio);
        Near(0.272727, lines.Bid.Balance);
        Near(-0.428571, lines.Ask.Balance);
        Near(0.701299, lines.Direction);
        Near(-0.428571, lines.BothSides);
        Near(30 * Math.Log(2), lines.Bid.NetLotsPerSecond, 1e-9);
        Assert.Equal(ValidityFlags.LowSamples, new Withdrawal(new HalfLife(Second), 10).Read(0, out lines));
        Assert.Equal(0, lines.Direction);
    }

    [Fact]
    public void Withdrawal_is_the_decayed_sum_of_what_came_and_went() => Gen.Select(
        Gen.Bool,
        Gen.Long[99_880, 100_120],
        Gen.Long[0, 9],
        Gen.Long[0, 9],
        Gen.Long[0, 2 * Second]).Array[1, 60].Sample(script =>
    {
        var withdrawal = new Withdrawal(new HalfLife(Second), 10);
        long now = 0;
        var said = new List<(bool Bid, long Added, long Cancelled, long At)>();
        foreach ((bool bid, long price, long added, long cancelled, long dt) in script)
        {
            now += dt;
            withdrawal.Add(new LevelFlow(bid ? Side.Bid : Side.Ask, price, added, 3, cancelled, 0, 0), Mid2, now);
            if (Math.Abs(price - 100_000.5) <= 100.0005)
            {
                said.Add((bid, added, cancelled, now));
            }
        }

        withdrawal.Read(now, out WithdrawalLines lines);
        double Sum(bool bid, bool adds) => said.Where(x => x.Bid == bid)
            .Sum(x => (adds ? x.Added : x.Cancelled) * Math.Pow(2, -(now - x.At) / 1e9));
        Near(Sum(true, true), lines.Bid.AddedLots, 1e-9);
        Near(Sum(true, false), lines.Bid.CancelledLots, 1e-9);
        Near(Sum(false, true), lines.Ask.AddedLots, 1e-9);
        Near(Sum(false, false), lines.Ask.CancelledLots, 1e-9);
    });

    [Fact]
    public void Stress_needs_a_wide_spread_and_a_thin_book()
    {
        var stress = new MakerStress(new HalfLife(100 * Second), 0.1, 0.05);
        for (int i = 0; i < 2_000; i++)
        {
            ValidityFlags flags = stress.Sample(1 + i % 2, i % 3 == 0 ? 900 : 1000, i * Second / 10);
            Assert.Equal(i >= 1_000 ? ValidityFlags.None : ValidityFlags.Warmup, flags);
        }

        stress.Sample(9, 1000, 200 * Second);
        Assert.True(stress.SpreadDeviations > 5 && stress.Stress < 1.5);
        stress.Sample(1, 10, 200 * Second);
        Assert.True(stress.DepthDeviations > 5 && stress.Stress == 0);
        stress.Sample(9, 10, 200 * Second);
        Assert.True(stress.Stress > 5);
    }

    [Fact]
    public void Stress_counts_deviations_from_the_weighted_past() => Gen.Double[1, 9].Array[2, 40].Sample(spreads =>
    {
        var stress = new MakerStress(new HalfLife(5 * Second), 1e-9, 1e-9);
        for (int i = 0; i < spreads.Length; i++)
        {
            stress.Sample(spreads[i], spreads[i], i * Second);
        }

        // The mean of the past after a start is its decayed sum over its decayed weights.
        int last = spreads.Length - 1;
        double[] w = [.. Enumerable.Range(1, last - 1).Select(i => Math.Pow(2, -(last - 1 - i) / 5.0))];
        double mean = last == 1 ? spreads[0] : spreads.Skip(1).Take(last - 1).Zip(w, (x, k) => x * k).Sum() / w.Sum();
        Assert.Equal(Math.Sign(spreads[last] - mean), Math.Sign(stress.SpreadDeviations));
    });

    [Fact]
    public void Fate_of_the_worked_example_is_0_475_consumed()
    {
        PerBandLots bands = default;
        (bands[0], bands[1], bands[2], bands[3]) = (5, 10, 25, 50);
        var fate = new LiquidityFate(new HalfLife(Second), bands);
        void Die(long removed, long traded) =>
            fate.Add(new LevelFlow(Side.Bid, 100_000, 0, traded, removed - traded, removed, 0), Mid2, 0);
        Assert.Equal(ValidityFlags.LowSamples, fate.Read(Side.Bid, 0, 0, out double consumed));
        Assert.Equal(1, consumed);
        Die(30, 30);
        Die(50, 5);
        Die(40, 22);
        fate.Add(new LevelFlow(Side.Bid, 100_000, 0, 0, 49, 100, 51), Mid2, 0);
        fate.Add(new LevelFlow(Side.Bid, 99_000, 0, 0, 49, 49, 0), Mid2, 0);
        Assert.Equal(ValidityFlags.None, fate.Read(Side.Bid, 0, 0, out consumed));
        Near(0.475, consumed);
        Near(0.525, 1 - consumed);
        fate.Add(new LevelFlow(Side.Bid, 99_950, 0, 0, 40, 80, 40), Mid2, 0);
        Assert.Equal(ValidityFlags.None, fate.Read(Side.Bid, 1, 0, out consumed));
        Assert.Equal(0, consumed);
        fate.Read(Side.Bid, 0, out consumed);
        Near(57 / 160.0, consumed, 1e-12);
        Assert.Equal(ValidityFlags.LowSamples, fate.Read(Side.Ask, 0, out _));
    }

    private static LevelStep[] SlowDifference(PriceLevel[] before, PriceLevel[] after, int levels, int feedDepth)
    {
        // What lies beyond the worst level that either look was sure of is not known.
        long Reach(PriceLevel[] book) =>
            book.Length > levels || (feedDepth > 0 && book.Length >= feedDepth)
                ? book[^Math.Min(levels, book.Length)].Price
                : long.MinValue;
        long reach = Math.Max(Reach(before), Reach(after));
        Dictionary<long, long> had = before.ToDictionary(x => x.Price, x => x.Lots);
        Dictionary<long, long> has = after.ToDictionary(x => x.Price, x => x.Lots);
        return
        [
            .. had.Keys.Union(has.Keys).Where(p => p >= reach).OrderDescending()
                .Select(p => new LevelStep(Side.Bid, p, had.GetValueOrDefault(p), has.GetValueOrDefault(p)))
                .Where(x => x.Before != x.After),
        ];
    }
}
