using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

public class InstrumentSignalsTests
{
    private static readonly PriceLevel[] s_thinBids = Levels((999, 50), (1000, 5));
    private static readonly PriceLevel[] s_crossedBids = Levels((999, 50), (1003, 5));

    [Fact]
    public void First_book_is_no_order_flow_and_flags_warmup()
    {
        InstrumentSignals signals = Start();
        signals.Evaluate(RefBids, RefAsks, 1);
        Assert.Equal((0, 0L), (signals.Pressure.OfiEvent, signals.Pressure.OfiSum));
        Assert.True(signals.Validity.HasFlag(ValidityFlags.Warmup));
        signals.Evaluate(s_thinBids, RefAsks, 2);
        Assert.Equal((-25, -25L), (signals.Pressure.OfiEvent, signals.Pressure.OfiSum));
        Assert.False(signals.Validity.HasFlag(ValidityFlags.Warmup));
    }

    [Fact]
    public void Snapshot_is_no_order_flow_and_no_step()
    {
        InstrumentSignals signals = Start();
        signals.Evaluate(RefBids, RefAsks, 1);
        signals.Evaluate(Levels((900, 7)), Levels((901, 8)), 2, reprime: true);
        Assert.Equal(0, signals.Pressure.OfiSum);
        Assert.Equal(0, signals.Liquidity.BidRetreat);
        Assert.True(signals.Validity.HasFlag(ValidityFlags.Warmup));
        signals.Evaluate(Levels((900, 9)), Levels((901, 8)), 3);
        Assert.Equal(2, signals.Pressure.OfiSum);
    }

    [Theory]
    [InlineData(ValidityFlags.Gap)]
    [InlineData(ValidityFlags.Crossed)]
    public void Gap_and_crossed_book_freeze_book_signals_while_trades_go_on(ValidityFlags why)
    {
        InstrumentSignals signals = Start(new SignalOptions { SweepLots = [1, 2, 3, 4, 5] });
        signals.Evaluate(RefBids, RefAsks, 1);
        signals.Evaluate(s_thinBids, RefAsks, 2);
        signals.EvaluateImpact(new BookSide(s_thinBids), new BookSide(RefAsks), ValidityFlags.None);
        Published before = Published.Of(signals);
        signals.Trade(Print(1000, 4, Side.Buy, 3));
        signals.Evaluate(RefBids, RefAsks, 3, why);
        signals.EvaluateImpact(new BookSide(RefBids), new BookSide(RefAsks), why);

        Assert.True(signals.PressureValidity.HasFlag(why));
        Assert.True(signals.ImpactValidity.HasFlag(why));
        Assert.Equal((0, -25L, before.Pressure.OfiDecayed), Flow(signals));
        Assert.Equal(before.Touch.BidLots, signals.Touch.BidLots);
        Assert.Equal(before.Pressure.Imbalance3, signals.Pressure.Imbalance3);
        Assert.Equal(before.Liquidity.Spread, signals.Liquidity.Spread);
        Assert.Equal(before.Impact.SellVwap[4], signals.Impact.SellVwap[4]);
        Assert.Equal((4, 4L), (signals.Pressure.BuyLots, signals.Pressure.CumulativeVolumeDelta));
        Assert.Equal(1000, signals.Touch.LastTradePrice);

        signals.Evaluate(RefBids, RefAsks, 4);
        Assert.True(signals.PressureValidity.HasFlag(ValidityFlags.Warmup));
        Assert.Equal((0, -25L), (signals.Pressure.OfiEvent, signals.Pressure.OfiSum));
        Assert.Equal(30, signals.Touch.BidLots);
        signals.Evaluate(s_thinBids, RefAsks, 5);
        Assert.Equal((-25, -50L), (signals.Pressure.OfiEvent, signals.Pressure.OfiSum));

        static (long, long, double) Flow(InstrumentSignals signals) =>
            (signals.Pressure.OfiEvent, signals.Pressure.OfiSum, signals.Pressure.OfiDecayed);
    }

    [Fact]
    public void Crossed_book_is_seen_even_if_nobody_says_so()
    {
        InstrumentSignals signals = Start();
        signals.Evaluate(s_crossedBids, RefAsks, 1);
        Assert.True(signals.Validity.HasFlag(ValidityFlags.Crossed | ValidityFlags.Warmup));
        Assert.Equal(Optional.Null, signals.Touch.BidPrice);
        Assert.Equal(0, signals.Pressure.Imbalance1);
    }

    [Fact]
    public void Halt_begun_and_over_are_new_starts()
    {
        InstrumentSignals signals = Start();
        signals.Evaluate(RefBids, RefAsks, 1);
        signals.Evaluate(s_thinBids, RefAsks, 2, ValidityFlags.Halted);
        Assert.True(signals.Validity.HasFlag(ValidityFlags.Halted | ValidityFlags.Warmup));
        signals.Evaluate(RefBids, RefAsks, 3, ValidityFlags.Halted);
        Assert.Equal(25, signals.Pressure.OfiSum);
        signals.Evaluate(s_thinBids, RefAsks, 4);
        Assert.True(signals.Validity.HasFlag(ValidityFlags.Warmup));
        Assert.Equal(25, signals.Pressure.OfiSum);
    }

    [Fact]
    public void One_sided_empty_and_locked_books_give_defined_values()
    {
        InstrumentSignals signals = Start();
        signals.Evaluate(RefBids, [], 1);
        signals.EvaluateImpact(new BookSide(RefBids), default, ValidityFlags.None);
        Assert.True(signals.TouchValidity.HasFlag(ValidityFlags.OneSided));
        Assert.Equal((0, 0), (signals.Touch.WeightedMid, signals.Liquidity.SpreadBps));
        Assert.Equal((0, 1), (signals.Pressure.BandImbalance[3], signals.Pressure.Imbalance1));
        Assert.Equal((Optional.Null, 0), (signals.Touch.AskPrice, signals.Touch.AskLots));
        Assert.True(signals.Impact.SellVwap[0] > 0);
        Assert.Equal((0, 0), (signals.Impact.SellSlippage[0], signals.Impact.BuyFilled[0]));

        signals.Evaluate([], [], 2);
        signals.EvaluateImpact(default, default, ValidityFlags.None);
        Assert.True(signals.TouchValidity.HasFlag(ValidityFlags.Empty));
        Assert.Equal((-30, 0), (signals.Pressure.OfiEvent, signals.Pressure.Imbalance10));

        PriceLevel[] asks = Levels((1001, 9), (1000, 10));
        signals.Evaluate(RefBids, asks, 3);
        Assert.True(signals.TouchValidity.HasFlag(ValidityFlags.Locked));
        Assert.Equal((0, 0, 1000), (signals.Liquidity.Spread, signals.Liquidity.SpreadBps, signals.Touch.WeightedMid));
        Assert.Equal((0.5, 20), (signals.Pressure.Imbalance1, signals.Pressure.OfiEvent));
    }

    [Fact]
    public void Prices_of_0_and_below_give_quanta_but_no_basis_points()
    {
        InstrumentSignals signals = Start(new SignalOptions { SweepLots = [1, 2, 3, 4, 5] });
        PriceLevel[] bids = Levels((-3, 10));
        PriceLevel[] asks = Levels((3, 10));
        signals.Evaluate(bids, asks, 1);
        signals.EvaluateImpact(new BookSide(bids), new BookSide(asks), ValidityFlags.None);
        Assert.Equal((6, 0, 0), (signals.Liquidity.Spread, signals.Liquidity.SpreadBps, signals.Touch.WeightedMid));
        Assert.Equal((3, 0), (signals.Impact.SellSlippage[0], signals.Impact.SellSlippageBps[0]));
        Assert.Equal(0, signals.Liquidity.BidBandLots[3]);
        Assert.True(signals.PressureValidity.HasFlag(ValidityFlags.LowSamples));
        Assert.True(signals.ImpactValidity.HasFlag(ValidityFlags.LowSamples));
    }

    [Fact]
    public void Time_running_backwards_is_clamped_counted_and_flagged_once()
    {
        InstrumentSignals signals = Start();
        signals.Evaluate(RefBids, RefAsks, 10 * Second);
        signals.Trade(Print(1000, 4, Side.Buy, 9 * Second));
        Assert.Equal(1, signals.TimeRegressions);
        signals.Evaluate(RefBids, RefAsks, 10 * Second);
        Assert.True(signals.PressureValidity.HasFlag(ValidityFlags.Clamped));
        Assert.Equal(4, signals.Pressure.BuyLots);
        signals.Evaluate(RefBids, RefAsks, 11 * Second);
        Assert.False(signals.Validity.HasFlag(ValidityFlags.Clamped));
        signals.Evaluate(RefBids, RefAsks, -1);
        Assert.True(signals.Validity.HasFlag(ValidityFlags.Clamped));
        Assert.Equal(2, signals.TimeRegressions);
    }

    [Fact]
    public void Quote_rule_asks_the_book_before_the_event_not_within_it()
    {
        InstrumentSignals signals = Start();
        signals.Evaluate(RefBids, RefAsks, 1);

        // The sale took 1000 off the book before its print came: 1000 lies within the new spread, above its mid.
        signals.OnTrade(Print(1000, 30, Side.Unknown, 2), new BookSide(RefBids.AsSpan(0, 3)), new BookSide(RefAsks));
        signals.Evaluate(RefBids[..3], RefAsks, 2);
        Assert.Equal((30, SignSource.Quote), (signals.Pressure.SellLots, signals.Pressure.SignSource));
        Assert.Equal(1ul, signals.Pressure.InferredCount);
    }

    [Fact]
    public void Before_the_first_boundary_the_quote_rule_asks_the_book_it_is_given()
    {
        InstrumentSignals signals = Start();
        signals.Trade(Print(1001, 3, Side.Unknown, 1));
        signals.Evaluate(RefBids, RefAsks, 1);
        Assert.Equal((3, SignSource.Quote), (signals.Pressure.BuyLots, signals.Pressure.SignSource));
    }

    [Fact]
    public void Off_book_prints_count_but_push_nothing()
    {
        InstrumentSignals signals = Start();
        signals.Evaluate(RefBids, RefAsks, 1);
        signals.Trade(Print(500, 1_000, Side.Sell, 2, EventFlags.OffBook));
        signals.Evaluate(RefBids, RefAsks, 2);
        Assert.Equal((1ul, 0), (signals.Pressure.TradeCount, signals.Pressure.SellLots));
        Assert.Equal(0, signals.Pressure.CumulativeVolumeDelta);
        Assert.Equal(Optional.Null, signals.Touch.LastTradePrice);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    [InlineData(long.MinValue)]
    public void Print_without_lots_is_refused_and_flagged(long lots)
    {
        InstrumentSignals signals = Start();
        signals.Trade(Print(1000, lots, Side.Buy, 1));
        signals.Evaluate(RefBids, RefAsks, 1);
        Assert.Equal((1L, 0ul), (signals.RefusedTrades, signals.Pressure.TradeCount));
        Assert.True(signals.PressureValidity.HasFlag(ValidityFlags.DamagedInput));
        signals.Evaluate(RefBids, RefAsks, 2);
        Assert.False(signals.PressureValidity.HasFlag(ValidityFlags.DamagedInput));
    }

    [Fact]
    public void Throttled_source_is_flagged_from_then_on()
    {
        InstrumentSignals signals = Start();
        signals.Trade(Print(1000, 1, Side.Buy, 1, EventFlags.ThrottledSource));
        signals.Evaluate(RefBids, RefAsks, 1);
        signals.Evaluate(RefBids, RefAsks, 2);
        Assert.True(signals.PressureValidity.HasFlag(ValidityFlags.ThrottledInput));
        Assert.True(signals.CascadeValidity.HasFlag(ValidityFlags.ThrottledInput));
    }

    [Fact]
    public void Window_beyond_the_feeds_depth_is_flagged()
    {
        InstrumentSignals shallow = Start(feedDepthLevels: 5);
        shallow.Evaluate(RefBids, RefAsks, 1);
        Assert.True(shallow.PressureValidity.HasFlag(ValidityFlags.PartialDepth));
        Assert.False(shallow.TouchValidity.HasFlag(ValidityFlags.PartialDepth));

        InstrumentSignals full = Start();
        full.Evaluate(RefBids, RefAsks, 1);
        Assert.False(full.PressureValidity.HasFlag(ValidityFlags.PartialDepth));
    }

    [Fact]
    public void Absurd_but_legal_input_never_gives_NaN_or_infinity()
    {
        InstrumentSignals signals = Start();
        PriceLevel[] bids = Levels((-(1L << 61), long.MaxValue), (1, long.MaxValue));
        PriceLevel[] asks = Levels((1L << 61, long.MaxValue), (2, long.MaxValue));
        for (int i = 0; i < 5; i++)
        {
            long timeNs = long.MaxValue - 5 + i;
            signals.Trade(Print(1L << 61, long.MaxValue, Side.Unknown, timeNs));
            signals.Trade(Print(-(1L << 61), long.MaxValue, Side.Sell, timeNs));
            signals.Evaluate(i % 2 == 0 ? bids : [], asks, timeNs);
            signals.EvaluateImpact(new BookSide(bids), new BookSide(asks), ValidityFlags.None);
            PressureValues pressure = signals.Pressure;
            double[] values =
            [
                pressure.OfiDecayed, pressure.OfiNormalised, pressure.AverageDepth, pressure.Imbalance10,
                pressure.TradeImbalance, pressure.DownTickShare, signals.Touch.WeightedMid,
                .. signals.Impact.SellVwap[..], .. signals.Impact.BuySlippage[..],
                .. signals.Impact.SellSlippageBps[..],
            ];
            foreach (double value in values)
            {
                Assert.True(double.IsFinite(value));
            }
        }
    }

    [Fact]
    public void Nothing_is_allocated_after_the_constructor()
    {
        InstrumentSignals signals = Start();
        PriceLevel[][] books = [RefBids, s_thinBids, s_crossedBids, []];
        Round(0, 20_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Round(20_000, 40_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Round(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                long timeNs = i * 1_000_000L - (i % 50 == 0 ? 5_000_000 : 0);
                var bids = new BookSide(books[i & 3]);
                var asks = new BookSide(RefAsks);
                signals.OnTrade(Print(998 + i % 5, 1 + i % 7, (Side)(i % 3), timeNs), bids, asks);
                signals.OnTrade(Print(999 + i % 3, 1, Side.Unknown, timeNs), bids, asks);
                signals.OnReference(new MarketEvent { Kind = (EventKind)(10 + i % 4), Price = 1 + i, Quantity = i });
                ValidityFlags book = i % 100 == 0 ? ValidityFlags.Gap : ValidityFlags.None;
                signals.Evaluate(bids, asks, book, timeNs, i % 500 == 0);
                signals.EvaluateImpact(bids, asks, ValidityFlags.None);
            }
        }
    }
}
