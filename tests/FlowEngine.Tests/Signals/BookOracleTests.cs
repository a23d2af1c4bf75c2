using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>The worked examples of signals.md 0.5, B1, B4 and B10.</summary>
public class BookOracleTests
{
    [Fact]
    public void Reference_book_has_mid_1000_and_a_half_and_a_spread_of_1()
    {
        TouchState touch = TouchState.Of(new BookSide(RefBids), new BookSide(RefAsks));
        Assert.Equal(RefTouch, touch);
        Assert.Equal(2001, touch.Mid2);
        Assert.Equal(1, touch.Spread);
        Assert.Equal(ValidityFlags.None, touch.Shape());
    }

    [Fact]
    public void B1_imbalance_over_levels()
    {
        Measure(default, out SideDepth bid, out SideDepth ask);
        Assert.Equal((120, 60), (bid.Top3, ask.Top3));
        Assert.Equal(0.5, VolumeImbalance.Of(bid.Top1, ask.Top1));
        Near(0.333333, VolumeImbalance.Of(bid.Top3, ask.Top3));
        Assert.Equal(60, bid.Top5 - ask.Top5);
        Assert.Equal(540, bid.Top5 + ask.Top5);
        Near(0.111111, VolumeImbalance.Of(bid.Top5, ask.Top5));
        Assert.Equal((bid.Top5, ask.Top5), (bid.Top10, ask.Top10));
    }

    [Fact]
    public void B1_imbalance_in_a_band_of_5_ticks()
    {
        PerBandLots reach = default;
        reach[0] = 1;
        reach[1] = 10;
        reach[2] = 11;
        reach[3] = 12;
        Measure(reach, out SideDepth bid, out SideDepth ask);
        Assert.Equal((200, 120), (bid.Bands[1], ask.Bands[1]));
        Assert.Equal(0.25, VolumeImbalance.Of(bid.Bands[1], ask.Bands[1]));
        Assert.Equal((30, 10), (bid.Bands[0], ask.Bands[0]));
        Assert.False(bid.ReachedEnd);
    }

    [Fact]
    public void B1_bands_in_basis_points_of_the_mid()
    {
        // Mid 1000.5: 5, 10, 25, 50 bps are 0.50025, 1.0005, 2.50125, 5.0025 ticks.
        InstrumentSignals signals = Start();
        signals.Evaluate(RefBids, RefAsks, 0);
        Assert.Equal([30, 30, 80, 200], signals.Liquidity.BidBandLots[..].ToArray());
        Assert.Equal([10, 10, 30, 120], signals.Liquidity.AskBandLots[..].ToArray());
        Assert.Equal([0.5, 0.5, 50 / 110.0, 0.25], signals.Pressure.BandImbalance[..].ToArray());
        Assert.Equal(0.5, signals.Pressure.Imbalance1);
        Near(0.333333, signals.Pressure.Imbalance3);
        Near(0.111111, signals.Pressure.Imbalance5);
    }

    [Fact]
    public void Reach_of_a_band_is_exact_at_any_mid()
    {
        Assert.Equal(1, VolumeImbalance.Reach2(5, 2001));
        Assert.Equal(100, VolumeImbalance.Reach2(50, 20_000));
        Assert.Equal(99, VolumeImbalance.Reach2(50, 19_999));
        Assert.Equal(long.MaxValue, VolumeImbalance.Reach2(10_000, long.MaxValue));
        Assert.Equal(-1, VolumeImbalance.Reach2(50, 0));
    }

    [Fact]
    public void B4_weighted_mid()
    {
        Assert.Equal(1000.75, WeightedMid.Of(RefTouch));
        Assert.Equal(0.25, WeightedMid.Of(RefTouch) - RefTouch.Mid2 / 2.0);
        Assert.Equal(0, WeightedMid.Of(RefTouch with { BidPrice = TouchState.NoBid, BidLots = 0 }));
        Assert.Equal(1000, WeightedMid.Of(new TouchState(1000, 3, 1000, 7)));
    }

    [Fact]
    public void B10_spread_of_the_reference_book_in_basis_points() => Near(9.995002, Spread.Bps(RefTouch));

    [Fact]
    public void B10_time_weighted_spread()
    {
        var spread = new TimeWeightedSpread(new HalfLife(10_000_000 * Second));
        spread.Set(new TouchState(1000, 1, 1001, 1), 0);
        spread.Set(new TouchState(999, 1, 1002, 1), 400_000_000);
        spread.Set(new TouchState(999, 1, 1001, 1), 500_000_000);
        Near(1.7, spread.At(Second), 1e-6);
        spread.Set(new TouchState(TouchState.NoBid, 0, 1001, 1), Second);
        Near(1.7, spread.At(99 * Second), 1e-6);
    }

    [Fact]
    public void B10_four_steps_of_the_touch()
    {
        var steps = new QuoteSteps(new HalfLife(Second));
        (long Bid, long Ask)[] path = [(1000, 1001), (999, 1001), (999, 1000), (997, 1000), (998, 1000)];
        steps.Prime(At(path[0]));
        foreach ((long Bid, long Ask) state in path[1..])
        {
            steps.Step(At(state), 0);
        }

        QuoteStepSums sums = steps.At(0);
        Assert.Equal((3, 1, 1, 0), (sums.BidRetreat, sums.AskAdvance, sums.BidAdvance, sums.AskRetreat));
        Near(0.6, sums.DownStepShare, 1e-15);
        Assert.Equal(0.25, sums.NarrowingBySellers);
        Assert.Equal((1, 2), (At(path[0]).Spread, At(path[^1]).Spread));
        Near(1.5, steps.At(Second).BidRetreat, 1e-12);

        static TouchState At((long Bid, long Ask) state) => new(state.Bid, 1, state.Ask, 1);
    }

    [Fact]
    public void A_side_that_empties_or_returns_takes_no_step()
    {
        var steps = new QuoteSteps(new HalfLife(Second));
        steps.Prime(RefTouch);
        steps.Step(RefTouch with { BidPrice = TouchState.NoBid, BidLots = 0 }, 1);
        steps.Step(RefTouch with { BidPrice = 900 }, 2);
        Assert.True(steps.At(2).IsEmpty);
        Assert.Equal(0, steps.At(2).DownStepShare);
        Assert.Equal(0, steps.At(2).NarrowingBySellers);
    }

    private static void Measure(PerBandLots reach, out SideDepth bid, out SideDepth ask)
    {
        VolumeImbalance.Measure(new BookSide(RefBids), -1, 2001, reach, 100, out bid);
        VolumeImbalance.Measure(new BookSide(RefAsks), 1, 2001, reach, 100, out ask);
    }
}
