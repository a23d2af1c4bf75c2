using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>L5 and L6: where positions are closed, and what that sets off.</summary>
public class CascadeTests
{
    private static readonly PriceLevel[] s_bids =
        Levels((990, 300), (993, 100), (996, 80), (997, 40), (999, 50), (1000, 30));

    private static readonly LiquidationLevel[] s_forced =
        [new(998, 25), new(997, 20), new(996, 60), new(994, 50), new(991, 200)];

    private static readonly Gen<PriceLevel[]> s_anyBids = Gen.Select(Gen.Long[0, 25], Gen.Long[1, 40]).Array[1, 10]
        .Select(levels => (PriceLevel[])[.. levels.DistinctBy(x => x.Item1).OrderByDescending(x => x.Item1)
            .Select(x => new PriceLevel(1000 - x.Item1, x.Item2))]);

    private static readonly Gen<LiquidationLevel[]> s_anyForced = Gen.Select(Gen.Long[0, 28], Gen.Long[1, 60])
        .Array[0, 8]
        .Select(levels => (LiquidationLevel[])[.. levels.DistinctBy(x => x.Item1).OrderBy(x => x.Item1)
            .Select(x => new LiquidationLevel(1001 - x.Item1, x.Item2))]);

    private static readonly Gen<double> s_share = Gen.Int[1, 20].Select(x => x / 20.0);

    [Theory]
    [InlineData(5, 804.020101, 1194.029851, 837.5)]
    [InlineData(10, 904.522613, 1094.527363, 913.636364)]
    [InlineData(20, 954.773869, 1044.776119, 957.142857)]
    [InlineData(50, 984.924623, 1014.925373, 985.294118)]
    [InlineData(100, 994.974874, 1004.975124, 995.049505)]
    public void Liquidation_prices_of_the_worked_example(double leverage, double longs, double shorts, double inverse)
    {
        Near(longs, LiquidationPrice.Long(1000, leverage, 0.005));
        Near(shorts, LiquidationPrice.Short(1000, leverage, 0.005));
        Near(inverse, LiquidationPrice.InverseLong(1000, leverage, 0.005));
    }

    [Fact]
    public void Liquidation_prices_are_where_the_margin_meets_its_maintenance() => Gen.Select(
        Gen.Double[10, 1e5], Gen.Double[1.5, 100], Gen.Double[0.001, 0.009]).Sample((entry, leverage, mmr) =>
    {
        double longs = LiquidationPrice.Long(entry, leverage, mmr);
        Near(0, entry / leverage + (longs - entry) - mmr * longs, 1e-9 * entry);
        double shorts = LiquidationPrice.Short(entry, leverage, mmr);
        Near(0, entry / leverage - (shorts - entry) - mmr * shorts, 1e-9 * entry);
        double inverse = LiquidationPrice.InverseLong(entry, leverage, mmr);
        Near(0, 1 / (entry * leverage) + (1 / entry - 1 / inverse) - mmr / inverse, 1e-9 / entry);
        double inverseShort = LiquidationPrice.InverseShort(entry, leverage, mmr);
        Near(0, 1 / (entry * leverage) - (1 / entry - 1 / inverseShort) - mmr / inverseShort, 1e-9 / entry);
        double tiered = LiquidationPrice.Tiered(3 * entry / leverage, 0, 3, entry, mmr);
        Near(longs, tiered, 1e-9 * entry);
        Near(shorts, LiquidationPrice.Tiered(3 * entry / leverage, 0, -3, entry, mmr), 1e-9 * entry);
    });

    [Fact]
    public void Bankruptcy_is_beyond_liquidation()
    {
        Near(950, LiquidationPrice.LongBankruptcy(1000, 20), 1e-9);
        Near(1050, LiquidationPrice.ShortBankruptcy(1000, 20), 1e-9);
        Near((1000 * 0.995) / 0.95, LiquidationPrice.InverseShort(1000, 20, 0.005), 1e-9);
        Assert.Equal(0, LiquidationPrice.InverseShort(1000, 1, 0.005));
    }

    [Fact]
    public void New_open_interest_spreads_over_the_mix()
    {
        var map = new LiquidationMap(500, 1, 1000);
        map.AddOpenInterest(100, 0, 1000, LeverageMix.Default);
        var levels = new LiquidationLevel[20];
        Assert.Equal(5, map.ReadLongs(levels));
        Assert.Equal([994L, 984, 954, 904, 804], levels.Take(5).Select(x => x.Price));
        Assert.All(
            levels.Take(5).Zip([10.0, 15, 25, 30, 20]), pair => Near(pair.Second, pair.First.Lots, 1e-9));
        Assert.Equal(5, map.ReadShorts(levels));
        Assert.Equal([1005L, 1015, 1045, 1095, 1195], levels.Take(5).Select(x => x.Price));
        Near(100, levels.Take(5).Sum(x => x.Lots), 1e-9);

        map.AddOpenInterest(-25, 100, 1000, LeverageMix.Default);
        map.ReadLongs(levels);
        Near(7.5, levels[0].Lots, 1e-9);
        map.AddOpenInterest(100, 75, 1000, LeverageMix.Default);
        map.ReadLongs(levels);
        Near(17.5, levels[0].Lots, 1e-9);
    }

    [Fact]
    public void Map_is_that_of_two_dictionaries() => Gen.Select(
        Gen.Int[0, 3], Gen.Long[985, 1015], Gen.Long[1, 99]).Array[1, 60].Sample(script =>
    {
        var map = new LiquidationMap(980, 3, 14);
        var longs = new Dictionary<long, double>();
        var shorts = new Dictionary<long, double>();
        double outside = 0;
        foreach ((int what, long price, long lots) in script)
        {
            if (what == 0)
            {
                map.AddLong(price + 0.25, lots);
                long edge = 980 + (price - 980) / 3 * 3;
                longs[edge] = longs.GetValueOrDefault(edge) + lots;
            }
            else if (what == 1)
            {
                map.AddShort(price, lots);
                map.AddShort(price + 999, lots);
                outside += lots;
                long edge = 980 + (price - 980 + 2) / 3 * 3;
                shorts[edge] = shorts.GetValueOrDefault(edge) + lots;
            }
            else if (what == 2)
            {
                map.AddOpenInterest(-lots, 100, 1000, LeverageMix.Default);
                longs = longs.ToDictionary(x => x.Key, x => x.Value * (1 - lots / 100.0));
                shorts = shorts.ToDictionary(x => x.Key, x => x.Value * (1 - lots / 100.0));
            }
            else
            {
                double gone = longs.Where(x => x.Key >= price).Sum(x => x.Value)
                    + shorts.Where(x => x.Key <= price).Sum(x => x.Value);
                longs = longs.Where(x => x.Key < price).ToDictionary();
                shorts = shorts.Where(x => x.Key > price).ToDictionary();
                Near(gone, map.PassPrice(price, null, 0), 1e-9);
            }

            AssertSame(longs.OrderByDescending(x => x.Key), map.ReadLongs, 1);
            AssertSame(shorts.OrderBy(x => x.Key), map.ReadShorts, 1);
        }

        Assert.Equal(outside, map.OutsideLots);
    });

    [Fact]
    public void Shocks_of_the_worked_example()
    {
        CascadeOutcome small = Run(20);
        Assert.Equal((20L, 1000L, 1.0, false), (small.Sold, small.FinalPrice, small.Amplification, small.IsExhausted));
        CascadeOutcome middle = Run(90);
        Assert.Equal((195L, 996L, 3), (middle.Sold, middle.FinalPrice, middle.Rounds));
        Near(2.166667, middle.Amplification);
        Near(0.5, middle.FirstGain, 1e-12);
        Near(1.333333, middle.MostGain);
        Near(40, middle.DropBps, 1e-9);
        Assert.Equal(250, middle.LotsLeft);
        CascadeOutcome large = Run(140);
        Assert.Equal((295L, 993L), (large.Sold, large.FinalPrice));
        Near(2.107143, large.Amplification);
        Near(0.75, large.FirstGain, 1e-12);
        CascadeOutcome half = Run(90, CascadeRules.Default with { MarketShare = 0.5 });
        Assert.Equal((112L, 997L), (half.Sold, half.FinalPrice));
        foreach ((long shock, double amplification) in
            new[] { (80L, 1.0), (81, 2.296), (100, 2.55), (300, 2.0) })
        {
            Near(amplification, Run(shock).Amplification, 5e-4);
        }
    }

    [Fact]
    public void Book_that_runs_out_says_so()
    {
        CascadeOutcome all = Run(700);
        Assert.Equal((600L, 100L, true, 990L), (all.Sold, all.Unfilled, all.IsExhausted, all.FinalPrice));
        Assert.Equal(
            ValidityFlags.LowSamples,
            CascadeProjection.Run(new BookSide([]), 0, s_forced, -1, 5, CascadeRules.Default, out _));
    }

    [Fact]
    public void Projection_is_that_of_selling_lot_by_lot() => Gen.Select(
        s_anyBids, s_anyForced, Gen.Long[1, 200], s_share, Gen.OneOf(Gen.Const(0L), Gen.Long[1, 40])).Sample(
        (bids, forced, shock, share, refill) =>
    {
        CascadeRules rules = CascadeRules.Default with { MarketShare = share, RefillLots = refill };
        CascadeOutcome outcome = Run(bids, forced, -1, shock, rules);
        (long sold, bool exhausted, double left) = Slow(bids, forced, shock, share, refill);
        Assert.Equal((sold, exhausted), (outcome.Sold, outcome.IsExhausted));
        Near(left, outcome.LotsLeft, 1e-9);
    });

    [Fact]
    public void More_shock_or_more_forced_lots_never_sell_less_and_more_depth_never_more() => Gen.Select(
        s_anyBids,
        s_anyForced,
        Gen.Long[1, 200],
        s_share,
        Gen.Int[0, 7],
        Gen.OneOf(Gen.Const(0L), Gen.Long[1, 40])).Sample(
        (bids, forced, shock, share, pick, refill) =>
    {
        CascadeRules rules = CascadeRules.Default with { MarketShare = share, RefillLots = refill };
        long sold = Run(bids, forced, -1, shock, rules).Sold;
        if (refill == 0)
        {
            // Where makers come back this need not hold: one lot more may make a round more, and so one more refill,
            // which takes more than that lot (seed 9QrGdd6FAp15).
            Assert.True(Run(bids, forced, -1, shock + 1, rules).Sold >= sold);
            LiquidationLevel[] more = [.. forced.Select((x, i) => i == pick ? x with { Lots = x.Lots + 7 } : x)];
            Assert.True(Run(bids, more, -1, shock, rules).Sold >= sold);
        }

        PriceLevel[] deeper = [.. bids.Select((x, i) => i == pick ? x with { Lots = x.Lots + 7 } : x)];
        if (!Run(bids, forced, -1, shock, rules).IsExhausted)
        {
            Assert.True(Run(deeper, forced, -1, shock, rules).Sold <= sold);
            Assert.True(Run(bids, forced, -1, shock, rules with { RefillLots = refill + 3 }).Sold <= sold);
        }
    });

    [Fact]
    public void Makers_that_come_back_between_rounds_stop_the_worked_example_short()
    {
        // The shock of 90 goes to 997 and fires 45. Twenty lots come back: 20 and 25 of the 30 left at 997, and no
        // more. Ten come back: 10, 30 at 997, 5 at 996, which fires 60: 10 and 50 of the 75 left at 996.
        CascadeOutcome twenty = Run(90, CascadeRules.Default with { RefillLots = 20 });
        Assert.Equal((135L, 997L, 2), (twenty.Sold, twenty.FinalPrice, twenty.Rounds));
        Near(1.5, twenty.Amplification, 1e-12);
        CascadeOutcome ten = Run(90, CascadeRules.Default with { RefillLots = 10 });
        Assert.Equal((195L, 996L, 3), (ten.Sold, ten.FinalPrice, ten.Rounds));
    }

    [Fact]
    public void Squeeze_is_the_mirror_of_a_fall() => Gen.Select(
        s_anyBids, s_anyForced, Gen.Long[1, 200], Gen.Double[0, 1]).Sample((bids, forced, shock, mark) =>
    {
        PriceLevel[] asks = [.. bids.Select(x => x with { Price = 2001 - x.Price })];
        LiquidationLevel[] shorts = [.. forced.Select(x => x with { Price = 2001 - x.Price })];
        CascadeRules rules = CascadeRules.Default with { MarkShare = mark };
        CascadeProjection.Run(new BookSide(bids), 1001, forced, -1, shock, rules, out var fall);
        CascadeProjection.Run(new BookSide(asks), 1000, shorts, 1, shock, rules, out var squeeze);
        Assert.Equal((fall.Sold, fall.Rounds), (squeeze.Sold, squeeze.Rounds));
        Assert.Equal(2001 - fall.FinalPrice, squeeze.FinalPrice);
        CriticalShock.Find(new BookSide(bids), forced, -1, CascadeRules.Default, out long down);
        CriticalShock.Find(new BookSide(asks), shorts, 1, CascadeRules.Default, out long up);
        Assert.Equal(down, up);
        LoopGain.Scan(new BookSide(bids), forced, -1, 99, out double gainDown, out long bandDown);
        LoopGain.Scan(new BookSide(asks), shorts, 1, 99, out double gainUp, out long bandUp);
        Assert.Equal((gainDown, bandDown), (gainUp, bandUp));
    });

    [Fact]
    public void Mark_that_lags_and_depth_that_is_not_there_change_the_outcome()
    {
        // A mark that takes a tenth of the mid's way hardly moves in three rounds: nothing is at or above it.
        CascadeOutcome slow = Run(90, CascadeRules.Default with { MarkShare = 0.1 });
        Assert.Equal((90L, 1), (slow.Sold, slow.Rounds));
        CascadeOutcome thin = Run(90, CascadeRules.Default with { DepthShare = 0.5 });
        Assert.True(thin.Sold > 195);
        Assert.Equal(
            Run([.. s_bids.Select(x => x with { Lots = x.Lots / 2 })], s_forced, -1, 90, CascadeRules.Default).Sold,
            thin.Sold);
    }

    [Fact]
    public void Critical_shock_of_the_worked_example_is_81()
    {
        Assert.Equal(
            ValidityFlags.None,
            CriticalShock.Find(new BookSide(s_bids), s_forced, -1, CascadeRules.Default, out long lots));
        Assert.Equal(81, lots);
    }

    [Fact]
    public void Critical_shock_may_lie_where_the_first_walk_reaches_nothing_new()
    {
        // The first walk reaches buckets at 11 and 111 lots; what 999 sent carries a shock of 106 to 998 as well.
        PriceLevel[] bids = Levels((997, 1000), (998, 500), (999, 100), (1000, 10));
        LiquidationLevel[] forced = [new(999, 5), new(998, 120)];
        Assert.Equal(1.0, Math.Floor(Run(bids, forced, -1, 105, CascadeRules.Default).Amplification));
        Assert.True(Run(bids, forced, -1, 106, CascadeRules.Default).Amplification >= 2);
        CriticalShock.Find(new BookSide(bids), forced, -1, CascadeRules.Default, out long lots);
        Assert.Equal(106, lots);
    }

    [Fact]
    public void Critical_shock_is_the_smallest_that_doubles_itself() =>
        Gen.Select(s_anyBids, s_anyForced, s_share).Sample((bids, forced, share) =>
        {
            CascadeRules rules = CascadeRules.Default with { MarketShare = share };
            long all = bids.Sum(x => x.Lots);
            long expected = 0;
            for (long shock = 1; shock <= all && expected == 0; shock++)
            {
                expected = Run(bids, forced, -1, shock, rules).Amplification >= 2 ? shock : 0;
            }

            CriticalShock.Find(new BookSide(bids), forced, -1, rules, out long found);
            Assert.Equal(expected, found);
        }, iter: 300);

    [Fact]
    public void Loop_gain_of_the_worked_example()
    {
        var bids = new BookSide(s_bids);
        Near(0.911765, LoopGain.Of(bids, s_forced, -1, 6));
        Near(0.622807, LoopGain.Of(bids, s_forced, -1, 10));
    }

    [Fact]
    public void Scan_finds_the_greatest_gain_of_all_bands_and_the_nearest_from_1_on() =>
        Gen.Select(s_anyBids, s_anyForced).Sample((bids, forced) =>
        {
            var side = new BookSide(bids);
            ValidityFlags flags = LoopGain.Scan(side, forced, -1, 40, out double gain, out long band);
            double most = 0;
            long nearest = LoopGain.NoBand;
            for (int w = 1; w <= 40; w++)
            {
                long best = bids[^1].Price;
                double lots = forced.Where(x => x.Price < best && x.Price >= best - w).Sum(x => x.Lots);
                double depth = bids.Where(x => x.Price < best && x.Price >= best - w).Sum(x => x.Lots);
                double g = depth > 0 ? Math.Min(100, lots / depth) : lots > 0 ? 100 : 0;
                Assert.Equal(g, LoopGain.Of(side, forced, -1, w));
                most = Math.Max(most, g);
                nearest = g >= 1 && nearest == LoopGain.NoBand ? w : nearest;
            }

            Assert.Equal((most, nearest), (gain, band));
            Assert.Equal(most >= 100 ? ValidityFlags.Clamped : ValidityFlags.None, flags);
        });

    [Fact]
    public void Score_counts_forecast_lots_that_were_liquidated_near_and_soon()
    {
        var score = new CascadeScore(2, 10 * Second, new HalfLife(1_000_000 * Second), 8);
        var map = new LiquidationMap(500, 1, 1000);
        map.AddLong(990, 40);
        map.AddLong(980, 60);
        Assert.Equal(ValidityFlags.LowSamples, score.Read(0, out _, out _));
        Near(40, map.PassPrice(985, score, 0), 1e-9);
        score.Liquidated(991, 30, Second);
        score.Liquidated(985, 10, Second);
        Near(60, map.PassPrice(970, score, 20 * Second), 1e-9);
        score.Liquidated(980, 20, 40 * Second);
        Assert.Equal(ValidityFlags.None, score.Read(40 * Second, out double precision, out double recall));
        Near(30.0 / 100, precision, 1e-4);
        Near(30.0 / 60, recall, 1e-4);
        score.Predict(985, 5, 41 * Second);
        score.Liquidated(985, 50, 41 * Second);
        score.Liquidated(985, 50, 41 * Second);
        score.Read(41 * Second, out precision, out recall);
        Near(35.0 / 105, precision, 1e-4);
        Near(35.0 / 160, recall, 1e-4);
    }

    private static CascadeOutcome Run(long shock, CascadeRules? rules = null) =>
        Run(s_bids, s_forced, -1, shock, rules ?? CascadeRules.Default);

    private static CascadeOutcome Run(
        PriceLevel[] bids, LiquidationLevel[] forced, int sign, long shock, CascadeRules rules)
    {
        CascadeProjection.Run(new BookSide(bids), 1001, forced, sign, shock, rules, out CascadeOutcome outcome);
        return outcome;
    }

    private static (long Sold, bool Exhausted, double Left) Slow(
        PriceLevel[] bids, LiquidationLevel[] forced, long shock, double share, long refill)
    {
        long back = 0;
        var lots = new Queue<long>(bids.Reverse().SelectMany(x => Enumerable.Repeat(x.Price, (int)x.Lots)));
        List<LiquidationLevel> waiting = [.. forced];
        decimal sum = 0;
        long sent = 0;
        long pending = shock;
        long sold = 0;
        long price = bids[^1].Price;
        while (pending > 0 && lots.Count + back > 0)
        {
            price = back > 0 ? price : lots.Dequeue();
            back = Math.Max(0, back - 1);
            pending--;
            sold++;
            if (pending == 0 || lots.Count + back == 0)
            {
                sum += waiting.Where(x => x.Price >= price).Sum(x => (decimal)x.Lots);
                waiting.RemoveAll(x => x.Price >= price);
            }

            if (pending == 0)
            {
                long all = (long)Math.Floor(sum * (decimal)share);
                pending = all - sent;
                sent = all;
                back += pending > 0 ? refill : 0;
                if (lots.Count + back == 0)
                {
                    return (sold, pending > 0, waiting.Sum(x => x.Lots));
                }
            }
        }

        return (sold, pending > 0, waiting.Sum(x => x.Lots));
    }

    private delegate int Reader(Span<LiquidationLevel> levels);

    private static void AssertSame(IEnumerable<KeyValuePair<long, double>> expected, Reader read, int _)
    {
        var levels = new LiquidationLevel[20];
        KeyValuePair<long, double>[] full = [.. expected.Where(x => x.Value > 1e-9)];
        Assert.Equal(full.Length, read(levels));
        for (int i = 0; i < full.Length; i++)
        {
            Assert.Equal(full[i].Key, levels[i].Price);
            Near(full[i].Value, levels[i].Lots, 1e-6);
        }
    }
}
