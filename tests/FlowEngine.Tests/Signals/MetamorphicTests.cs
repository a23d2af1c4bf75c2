using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>What must hold of any run, whatever the right values are (signals.md 5).</summary>
public class MetamorphicTests
{
    private const int Runs = 1_000;

    [Fact]
    public void Replay_gives_the_same_bytes() =>
        Script.Runs.Sample(script => AllSame(Script.Play(script), Script.Play(script)), iter: Runs);

    [Fact]
    public void Reading_changes_nothing() =>
        Script.Runs.Sample(script => AllSame(Script.Play(script), Script.Play(script, readsBetween: 5)), iter: Runs);

    [Fact]
    public void Another_instrument_between_changes_nothing() =>
        Gen.Select(Script.Runs, Script.Runs).Sample(AssertAloneInCompany, iter: Runs);

    private static void AssertAloneInCompany(VenueEvent[] script, VenueEvent[] other)
    {
        List<Published> alone = Script.Play(script);
        InstrumentSignals mine = Start(Script.Options);
        InstrumentSignals others = Start(Script.Options);
        var book = new DictionaryBook();
        var otherBook = new DictionaryBook();
        long timeNs = Script.StartNs;
        for (int i = 0; i < script.Length; i++)
        {
            timeNs += script[i].DtNs;
            Script.Play(others, otherBook, other[i % other.Length], timeNs + i);
            Script.Play(mine, book, script[i], timeNs);
            Assert.True(alone[i].Same(Published.Of(mine)));
        }
    }

    [Fact]
    public void Mirrored_market_gives_mirrored_signals() => Script.Runs.Sample(script =>
    {
        const long Twice = 2 * Script.Centre + 1;
        List<Published> plain = Script.Play(script);
        List<Published> mirrored = Script.Play([.. script.Select(e => e with
        {
            Changes = [.. e.Changes.Select(x => x with { IsBid = !x.IsBid, Price = Twice - x.Price })],
            Trades = [.. e.Trades.Select(x => x with { Price = Twice - x.Price, Side = Opposite(x.Side) })],
        })]);
        for (int i = 0; i < plain.Count; i++)
        {
            AssertMirrored(plain[i], mirrored[i], Twice);
        }
    }, iter: Runs);

    [Theory]
    [InlineData(8)]
    [InlineData(1024)]
    public void Lots_times_k_give_k_times_the_lots_and_the_same_ratios(long k) => Script.Runs.Sample(script =>
    {
        List<Published> plain = Script.Play(script);
        SignalOptions options = Script.Options with { SweepLots = [.. Script.Options.SweepLots!.Select(x => x * k)] };
        List<Published> scaled = Script.Play(
            [.. script.Select(e => e with
            {
                Changes = [.. e.Changes.Select(x => x with { Lots = x.Lots * k })],
                Trades = [.. e.Trades.Select(x => x with { Lots = x.Lots * k })],
            })],
            options);
        for (int i = 0; i < plain.Count; i++)
        {
            AssertScaled(plain[i], scaled[i], k);
        }
    }, iter: Runs);

    [Fact]
    public void Prices_shifted_leave_quanta_and_lots_alone() => Script.Runs.Sample(script =>
    {
        const long Shift = 77_777;
        List<Published> plain = Script.Play(script);
        List<Published> shifted = Script.Play([.. script.Select(e => e with
        {
            Changes = [.. e.Changes.Select(x => x with { Price = x.Price + Shift })],
            Trades = [.. e.Trades.Select(x => x with { Price = x.Price + Shift })],
        })]);
        for (int i = 0; i < plain.Count; i++)
        {
            AssertShifted(plain[i], shifted[i], Shift);
        }
    }, iter: Runs);

    [Fact]
    public void Time_cut_in_two_by_an_idle_evaluation_is_the_same_time() =>
        Gen.Select(Script.CalmRuns, Gen.Double[0, 1]).Sample((script, cut) =>
        {
            List<Published> plain = Script.Play(script);
            List<Published> split = Script.Play([.. script.SelectMany((e, i) =>
            {
                long first = i == 0 ? 0 : (long)(e.DtNs * cut);
                var idle = new VenueEvent(first, [], [], false, ValidityFlags.None);
                return i == 0 ? (VenueEvent[])[e] : [idle, e with { DtNs = e.DtNs - first }];
            })]);
            for (int i = 0; i < plain.Count; i++)
            {
                // Nothing is stored when nothing happens: not almost the same, but the same.
                Assert.True(plain[i].Same(split[2 * i]));
            }
        }, iter: Runs);

    [Fact]
    public void Trade_cut_in_two_within_one_event_changes_only_counts() => Script.Runs.Sample(script =>
    {
        List<Published> plain = Script.Play(script);
        List<Published> split = Script.Play([.. script.Select(e => e with
        {
            Trades = [.. e.Trades.SelectMany(x => x.Lots < 2
                ? (Trade[])[x]
                : [x with { Lots = 1 }, x with { Lots = x.Lots - 1 }])],
        })]);
        for (int i = 0; i < plain.Count; i++)
        {
            Published one = plain[i];
            Published two = split[i];
            Assert.True(two.Pressure.TradeCount >= one.Pressure.TradeCount);
            two.Pressure.TradeCount = one.Pressure.TradeCount;
            two.Pressure.InferredCount = one.Pressure.InferredCount;
            two.Cascade.Liquidations = one.Cascade.Liquidations;
            two.Touch.LastTradeLots = one.Touch.LastTradeLots;
            Assert.True(one.Same(two));
        }
    }, iter: Runs);

    [Fact]
    public void Adding_and_cancelling_within_one_event_changes_nothing() =>
        Gen.Select(Script.Runs, Gen.Long[1, 12], Gen.Long[1, 500]).Sample((script, away, lots) =>
        {
            // A level that no run uses, put before the event's own changes and taken off after them.
            var add = new Change(true, Script.Centre - 5_000 + away, lots);
            List<Published> plain = Script.Play(script);
            List<Published> stuffed = Script.Play([.. script.Select(e => e with
            {
                Changes = [add, add with { IsBid = false, Price = Script.Centre - away }, .. e.Changes,
                    add with { Lots = 0 }, add with { IsBid = false, Price = Script.Centre - away, Lots = 0 }],
            })]);
            Assert.True(script.Any(e => e.Changes.Any(x => !x.IsBid && x.Price == Script.Centre - away))
                || AllSame(plain, stuffed));
        }, iter: Runs);

    [Fact]
    public void Adding_and_cancelling_in_two_events_sums_to_no_order_flow() =>
        Gen.Select(Script.CalmRuns, Gen.Long[1, 500], Gen.Bool).Sample((script, lots, isBid) =>
        {
            InstrumentSignals signals = Start(Script.Options);
            var book = new DictionaryBook();
            long timeNs = Script.StartNs;
            foreach (VenueEvent e in script)
            {
                timeNs += e.DtNs;
                Script.Play(signals, book, e, timeNs);
            }

            SortedDictionary<long, long> side = isBid ? book.Bids : book.Asks;
            long price = isBid ? Script.Centre - 20 : Script.Centre + 20;
            long resting = side.GetValueOrDefault(price);
            long before = signals.Pressure.OfiSum;
            Idle(new Change(isBid, price, resting + lots));
            Idle(new Change(isBid, price, resting));
            Assert.Equal(before, signals.Pressure.OfiSum);

            void Idle(Change change) =>
                Script.Play(signals, book, new VenueEvent(0, [change], [], false, ValidityFlags.None), ++timeNs);
        }, iter: Runs);

    private static bool AllSame(List<Published> a, List<Published> b) =>
        a.Count == b.Count && a.Zip(b).All(pair => pair.First.Same(pair.Second));

    private static Side Opposite(Side side) => side switch
    {
        Side.Buy => Side.Sell,
        Side.Sell => Side.Buy,
        _ => Side.Unknown,
    };

    private static void AssertMirrored(in Published a, in Published b, long twice)
    {
        PressureValues p = a.Pressure;
        PressureValues q = b.Pressure;
        Assert.Equal((-p.Imbalance1, -p.Imbalance3), (q.Imbalance1, q.Imbalance3));
        Assert.Equal((-p.Imbalance5, -p.Imbalance10), (q.Imbalance5, q.Imbalance10));
        Assert.Equal((-p.OfiEvent, -p.OfiSum, -p.OfiDecayed), (q.OfiEvent, q.OfiSum, q.OfiDecayed));
        Assert.Equal((-p.OfiNormalised, p.AverageDepth), (q.OfiNormalised, q.AverageDepth));
        Assert.Equal((p.BuyLots, p.SellLots, -p.TradeImbalance), (q.SellLots, q.BuyLots, q.TradeImbalance));
        Assert.Equal(-p.CumulativeVolumeDelta, q.CumulativeVolumeDelta);
        Assert.Equal((p.UpTickLots, p.DownTickLots), (q.DownTickLots, q.UpTickLots));
        Near(p.UpTickLots + p.DownTickLots > 0 ? 1 - p.DownTickShare : 0, q.DownTickShare, 1e-15);
        Assert.Equal((p.TradeCount, p.InferredCount, p.SignSource), (q.TradeCount, q.InferredCount, q.SignSource));

        LiquidityValues l = a.Liquidity;
        LiquidityValues m = b.Liquidity;
        Assert.Equal((l.Spread, l.TimeWeightedSpread), (m.Spread, m.TimeWeightedSpread));
        Assert.Equal(-l.DownStepShare, m.DownStepShare);
        Assert.Equal((l.BidRetreat, l.AskAdvance), (m.AskRetreat, m.BidAdvance));
        Assert.Equal((l.BidAdvance, l.AskRetreat), (m.AskAdvance, m.BidRetreat));
        Assert.Equal((l.BidLevels, l.AskLevels), (m.AskLevels, m.BidLevels));
        Assert.Equal(a.Cascade.LiquidatedLongLots, b.Cascade.LiquidatedShortLots);
        Assert.Equal(a.Cascade.LiquidatedShortLots, b.Cascade.LiquidatedLongLots);

        Assert.Equal((a.Touch.BidLots, a.Touch.AskLots), (b.Touch.AskLots, b.Touch.BidLots));
        Near(a.Touch.WeightedMid == 0 ? 0 : twice - a.Touch.WeightedMid, b.Touch.WeightedMid, 1e-9);
        for (int i = 0; i < SignalWidths.Sizes; i++)
        {
            Assert.Equal(a.Impact.SellSlippage[i], b.Impact.BuySlippage[i]);
            Assert.Equal(a.Impact.SellFilled[i], b.Impact.BuyFilled[i]);
            Assert.Equal(a.Impact.BuySlippage[i], b.Impact.SellSlippage[i]);
        }
    }

    private static void AssertScaled(in Published a, in Published b, long k)
    {
        // k is a power of two: not a bit of a mantissa may change.
        PressureValues p = a.Pressure;
        p.OfiEvent *= k;
        p.OfiSum *= k;
        p.OfiDecayed *= k;
        p.AverageDepth *= k;
        p.BuyLots *= k;
        p.SellLots *= k;
        p.CumulativeVolumeDelta *= k;
        p.UpTickLots *= k;
        p.DownTickLots *= k;
        LiquidityValues l = a.Liquidity;
        ImpactValues m = a.Impact;
        for (int i = 0; i < SignalWidths.Bands; i++)
        {
            l.BidBandLots[i] *= k;
            l.AskBandLots[i] *= k;
        }

        for (int i = 0; i < SignalWidths.Sizes; i++)
        {
            m.Sizes[i] *= k;
            m.SellFilled[i] *= k;
            m.BuyFilled[i] *= k;
        }

        Published scaled = a with { Pressure = p, Liquidity = l, Impact = m };
        scaled.Touch.BidLots *= k;
        scaled.Touch.AskLots *= k;
        scaled.Touch.LastTradeLots *= k;
        scaled.Cascade.LiquidatedLongLots *= k;
        scaled.Cascade.LiquidatedShortLots *= k;
        Assert.True(scaled.Same(b));
    }

    private static void AssertShifted(in Published a, in Published b, long shift)
    {
        // Bands and basis points are relative to the mid; everything else must not know.
        Published moved = a;
        moved.Pressure.BandImbalance = b.Pressure.BandImbalance;
        moved.Liquidity.BidBandLots = b.Liquidity.BidBandLots;
        moved.Liquidity.AskBandLots = b.Liquidity.AskBandLots;
        moved.Liquidity.SpreadBps = b.Liquidity.SpreadBps;
        moved.Impact.SellSlippageBps = b.Impact.SellSlippageBps;
        moved.Impact.BuySlippageBps = b.Impact.BuySlippageBps;
        moved.Pressures = b.Pressures;
        moved.Liquidities = b.Liquidities;
        moved.Touch.BidPrice += a.Touch.BidPrice == Optional.Null ? 0 : shift;
        moved.Touch.AskPrice += a.Touch.AskPrice == Optional.Null ? 0 : shift;
        moved.Touch.LastTradePrice += a.Touch.LastTradePrice == Optional.Null ? 0 : shift;
        Near(a.Touch.WeightedMid == 0 ? 0 : a.Touch.WeightedMid + shift, b.Touch.WeightedMid, 1e-9);
        moved.Touch.WeightedMid = b.Touch.WeightedMid;
        for (int i = 0; i < SignalWidths.Sizes; i++)
        {
            Near(a.Impact.SellFilled[i] > 0 ? a.Impact.SellVwap[i] + shift : 0, b.Impact.SellVwap[i], 1e-9);
            Near(a.Impact.BuyFilled[i] > 0 ? a.Impact.BuyVwap[i] + shift : 0, b.Impact.BuyVwap[i], 1e-9);
            moved.Impact.SellWorst[i] += a.Impact.SellFilled[i] > 0 ? shift : 0;
            moved.Impact.BuyWorst[i] += a.Impact.BuyFilled[i] > 0 ? shift : 0;
        }

        moved.Impact.SellVwap = b.Impact.SellVwap;
        moved.Impact.BuyVwap = b.Impact.BuyVwap;
        Assert.True(moved.Same(b));
    }
}
