using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>The worked examples of signals.md M1, and its default sizes.</summary>
public class ImpactOracleTests
{
    [Fact]
    public void M1_selling_into_the_reference_book()
    {
        SweepLines lines = Sweep(RefBids, -1);
        AssertLine(lines[0], 10, 0, 1000, 0.5, 4.9975, 1000, 1);
        AssertLine(lines[1], 50, 0, 999.6, 0.9, 8.9955, 999, 2);
        AssertLine(lines[2], 100, 0, 998.9, 1.6, 15.9920, 997, 3);
        Assert.Equal(99_890, lines[2].Notional);
        AssertLine(lines[3], 200, 0, 997.55, 2.95, 29.4853, 996, 4);
        AssertLine(lines[4], 300, 100, 996.033333, 4.466667, 44.6443, 993, 5);
    }

    [Fact]
    public void M1_buying_from_the_reference_book()
    {
        SweepLines lines = Sweep(RefAsks, 1);
        AssertLine(lines[0], 10, 0, 1001, 0.5, 4.9975, 1001, 1);
        AssertLine(lines[1], 50, 0, 1003.0, 2.5, 24.9875, 1004, 3);
        AssertLine(lines[2], 100, 0, 1003.9, 3.4, 33.9830, 1005, 4);
        AssertLine(lines[3], 200, 0, 1006.05, 5.55, 55.4723, 1009, 5);
        AssertLine(lines[4], 240, 160, 1006.541667, 6.041667, 60.3865, 1009, 5);
        Assert.Equal(241_570, lines[4].Notional);
    }

    [Fact]
    public void M1_empty_side_fills_nothing()
    {
        SweepLines lines = Sweep([], 1);
        AssertLine(lines[4], 0, 400, 0, 0, 0, 0, 0);
    }

    [Fact]
    public void M1_without_a_mid_there_is_a_price_but_no_slippage()
    {
        TouchState noAsk = RefTouch with { AskPrice = TouchState.NoAsk, AskLots = 0 };
        SweepCost.Walk(new BookSide(RefBids), -1, OracleSizes(), noAsk, 100, out SweepLines lines);
        Assert.Equal(998.9, lines[2].Vwap);
        Assert.Equal((0, 0), (lines[2].Slippage, lines[2].SlippageBps));
    }

    [Fact]
    public void M1_walks_no_further_than_it_may()
    {
        SweepCost.Walk(new BookSide(RefBids), -1, OracleSizes(), RefTouch, 2, out SweepLines lines);
        Assert.Equal((80, 20, 2), (lines[2].Filled, lines[2].Unfilled, lines[2].Levels));
    }

    [Fact]
    public void M1_is_published_for_both_sides()
    {
        InstrumentSignals signals = Start(new SignalOptions { SweepLots = [10, 50, 100, 200, 400] });
        signals.Evaluate(RefBids, RefAsks, 0);
        signals.EvaluateImpact(new BookSide(RefBids), new BookSide(RefAsks), ValidityFlags.None);
        Assert.Equal([10, 50, 100, 200, 400], signals.Impact.Sizes[..].ToArray());
        Assert.Equal([10, 50, 100, 200, 300], signals.Impact.SellFilled[..].ToArray());
        Assert.Equal([10, 50, 100, 200, 240], signals.Impact.BuyFilled[..].ToArray());
        Assert.Equal([1000, 999, 997, 996, 993], signals.Impact.SellWorst[..].ToArray());
        Assert.Equal([1001, 1004, 1005, 1009, 1009], signals.Impact.BuyWorst[..].ToArray());
        Assert.Equal([0.5, 0.9, 1.6, 2.95, 1340 / 300.0], signals.Impact.SellSlippage[..].ToArray());
        Near(55.4723, signals.Impact.BuySlippageBps[3], 5e-5);
        Near(1003.9, signals.Impact.BuyVwap[2]);
        Near(998.9, signals.Impact.SellVwap[2]);
        Near(3.4, signals.Impact.BuySlippage[2]);
        Near(15.9920, signals.Impact.SellSlippageBps[2], 5e-5);
        Assert.Equal(ValidityFlags.None, signals.ImpactValidity);
    }

    [Fact]
    public void Default_sizes_follow_the_touch_until_a_minute_was_watched_and_then_the_minutes_volume()
    {
        InstrumentSignals signals = Start();
        Evaluate(0);
        Assert.Equal([20, 50, 100, 200, 400], signals.Impact.Sizes[..].ToArray());
        Assert.Equal(ValidityFlags.LowSamples, signals.ImpactValidity);

        // 4 lots a second are 240 a minute: however long it was watched, its mean is that.
        for (int second = 1; second <= 300; second++)
        {
            signals.Trade(Print(1000, 4, Side.Buy, second * Second));
            Evaluate(second * Second);
            if (second is 59)
            {
                Assert.Equal(ValidityFlags.LowSamples, signals.ImpactValidity);
            }
            else if (second is 61)
            {
                Assert.Equal([24, 60, 120, 240, 480], signals.Impact.Sizes[..].ToArray());
            }
        }

        Assert.Equal(ValidityFlags.None, signals.ImpactValidity);
        Assert.Equal([24, 60, 120, 240, 480], signals.Impact.Sizes[..].ToArray());

        void Evaluate(long timeNs)
        {
            signals.Evaluate(RefBids, RefAsks, timeNs);
            signals.EvaluateImpact(new BookSide(RefBids), new BookSide(RefAsks), ValidityFlags.None);
        }
    }

    private static PerSizeLots OracleSizes()
    {
        PerSizeLots sizes = default;
        ((long[])[10, 50, 100, 200, 400]).CopyTo(sizes[..]);
        return sizes;
    }

    private static SweepLines Sweep(PriceLevel[] side, int sign)
    {
        SweepCost.Walk(new BookSide(side), sign, OracleSizes(), RefTouch, 100, out SweepLines lines);
        return lines;
    }

    private static void AssertLine(
        SweepLine line, long filled, long unfilled, double vwap, double slippage, double bps, long worst, int levels)
    {
        Assert.Equal((filled, unfilled, worst, levels), (line.Filled, line.Unfilled, line.Worst, line.Levels));
        Near(vwap, line.Vwap);
        Near(slippage, line.Slippage);
        Near(bps, line.SlippageBps, 5e-5);
    }
}
