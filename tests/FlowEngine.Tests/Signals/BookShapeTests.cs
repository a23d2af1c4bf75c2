using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>B2, B3, B6, B7, B12: what one look at the book says.</summary>
public class BookShapeTests
{
    private static readonly Gen<PriceLevel[]> s_bids = Gen.Select(Gen.Long[0, 90], Gen.Long[1, 500]).Array[0, 40]
        .Select(levels => (PriceLevel[])[.. levels.DistinctBy(x => x.Item1).OrderByDescending(x => x.Item1)
            .Select(x => new PriceLevel(100_000 - x.Item1, x.Item2))]);

    [Fact]
    public void Decayed_imbalance_of_the_reference_book_is_0_342101()
    {
        var half = new HalfLife(2);
        Assert.Equal(ValidityFlags.None, DecayedImbalance.Weigh(new BookSide(RefBids), half, 100, out double bid));
        Assert.Equal(ValidityFlags.None, DecayedImbalance.Weigh(new BookSide(RefAsks), half, 100, out double ask));
        Near(108.336309, bid);
        Near(53.106602, ask);
        Near(0.342101, DecayedImbalance.Of(bid, ask));
        double nearBid = DecayedImbalance.WeighByDistance(new BookSide(RefBids), 2001, 100);
        double nearAsk = DecayedImbalance.WeighByDistance(new BookSide(RefAsks), 2001, 100);
        Near(135.873016, nearBid);
        Near(64.022409, nearAsk);
        Near(0.359441, DecayedImbalance.Of(nearBid, nearAsk));
    }

    [Fact]
    public void Decayed_weight_is_the_sum_of_powers() => Gen.Select(s_bids, Gen.Int[1, 20]).Sample((bids, half) =>
    {
        ValidityFlags flags = DecayedImbalance.Weigh(new BookSide(bids), new HalfLife(half), 1000, out double weight);
        if (bids.Length == 0)
        {
            Assert.Equal((0, ValidityFlags.LowSamples), (weight, flags));
            return;
        }

        double exact = bids.Sum(x => x.Lots * Math.Pow(2, (x.Price - bids[^1].Price) / (double)half));
        Assert.True(Math.Abs(weight / exact - 1) < 1e-4, $"{weight} {exact}");
        Assert.True(weight <= exact * (1 + 1e-12));
    });

    [Fact]
    public void Decayed_weight_that_was_cut_short_says_so()
    {
        var half = new HalfLife(2);
        Assert.Equal(ValidityFlags.PartialDepth, DecayedImbalance.Weigh(new BookSide(RefBids), half, 3, out _));
        Assert.Equal(0, DecayedImbalance.Of(0, 0));
    }

    [Fact]
    public void Density_of_the_reference_book()
    {
        Assert.Equal(ValidityFlags.None, BookDensity.Measure(new BookSide(RefBids), 1, 8, out SideDensity bid));
        Assert.Equal(ValidityFlags.None, BookDensity.Measure(new BookSide(RefAsks), 1, 8, out SideDensity ask));
        Assert.Equal((0b10011011UL, 5, 0.625, 1L), (bid.Mask, bid.Occupied, bid.Density, bid.FirstGap));
        Assert.Equal((1.75, 3, 37.5), (bid.MeanGap, bid.MaxGap, bid.LotsPerTick));
        Assert.Equal((0b00011101UL, 4, 0.5, 2L), (ask.Mask & 0xFF, ask.Occupied, ask.Density, ask.FirstGap));
        Near(1.333333, ask.MeanGap);
        Assert.Equal((2, 15.0), (ask.MaxGap, ask.LotsPerTick));
        Near((0.625 - 0.5) / 1.125, BookDensity.Relative(bid, ask), 1e-12);
    }

    [Fact]
    public void Density_is_that_of_a_list_of_ticks() =>
        Gen.Select(s_bids, Gen.Int[1, 64], Gen.Long[1, 4]).Sample((bids, window, tick) =>
        {
            ValidityFlags flags = BookDensity.Measure(new BookSide(bids), tick, window, out SideDensity side);
            long[] all = [.. bids.Reverse().Select(x => (bids[^1].Price - x.Price) / tick)];
            long[] near = [.. all.Where(x => x < window).Distinct()];
            long[] gaps = [.. near.Zip(near.Skip(1), (a, b) => b - a)];
            Assert.Equal(near.Length, side.Occupied);
            Assert.Equal(near.Length > 1 ? ValidityFlags.None : ValidityFlags.LowSamples, flags);
            Assert.Equal(all.Distinct().Skip(1).FirstOrDefault(), side.FirstGap);
            Assert.Equal(gaps.DefaultIfEmpty(0).Max(), side.MaxGap);
            Assert.Equal(gaps.DefaultIfEmpty(0).Average(), side.MeanGap, 1e-12);
            Assert.Equal((double)near.Length / window, side.Density);
            long lots = bids.Where(x => (bids[^1].Price - x.Price) / tick < window).Sum(x => x.Lots);
            Assert.Equal((double)lots / window, side.LotsPerTick);
        });

    [Fact]
    public void Queue_imbalance_of_one_half_is_0_731059()
    {
        Near(0.5, VolumeImbalance.Of(30, 10));
        Near(0.731059, QueueImbalance.ProbabilityUp(0.5, QueueWeights.Default));
    }

    [Fact]
    public void Queue_imbalance_is_worth_nothing_where_the_spread_is_wide()
    {
        var queue = new QueueImbalance(new HalfLife(10 * Second), 1);
        queue.Set(RefTouch, 0);
        Assert.Equal(ValidityFlags.None, queue.Read(RefTouch, QueueWeights.Default, Second, out double up));
        Near(0.731059, up);
        TouchState wide = RefTouch with { AskPrice = 1003 };
        queue.Set(wide, Second);
        Assert.Equal(ValidityFlags.LowSamples, queue.Read(wide, QueueWeights.Default, 5 * Second, out _));
        TouchState bidless = RefTouch with { BidPrice = TouchState.NoBid, BidLots = 0 };
        Assert.Equal(ValidityFlags.LowSamples, queue.Read(bidless, QueueWeights.Default, 5 * Second, out up));
        Assert.Equal(0.5, up);
    }

    [Fact]
    public void Queue_imbalance_fit_finds_the_slope_that_made_the_moves() => Gen.Select(
        Gen.Int, Gen.Double[-3, 3]).Sample((seed, slope) =>
    {
        var dice = new Random(seed);
        var fit = new QueueImbalanceFit(4_000);
        for (int i = 0; i < 4_000; i++)
        {
            double rho = 2 * dice.NextDouble() - 1;
            fit.Add(rho, dice.NextDouble() < 1 / (1 + Math.Exp(-slope * rho)));
        }

        // Standard error of the slope is about 2 / sqrt(4000 / 3 × P(1 - P) × 4) < 0.08; five of them.
        Assert.True(Math.Abs(fit.Solve(1).Slope - slope) < 0.45, $"{fit.Solve(1).Slope} for {slope}");
    }, iter: 20);

    [Fact]
    public void Queue_imbalance_fit_takes_one_sample_a_move_and_bounds_the_slope()
    {
        var fit = new QueueImbalanceFit(16);
        Assert.Equal(QueueWeights.Default, fit.Solve(3));
        fit.Add(RefTouch);
        fit.Add(RefTouch with { BidLots = 5 });
        fit.Add(new TouchState(1001, 5, 1002, 5));
        Assert.Equal(1, fit.Samples);
        Assert.Equal(new QueueWeights(3, 0, 20), fit.Solve(3));
        fit.Prime();
        fit.Add(RefTouch);
        Assert.Equal(1, fit.Samples);
    }

    [Fact]
    public void Depth_slope_of_the_reference_book()
    {
        Assert.Equal(ValidityFlags.None, DepthSlope.Measure(new BookSide(RefBids), 2001, 5, out double bid));
        Assert.Equal(ValidityFlags.None, DepthSlope.Measure(new BookSide(RefAsks), 2001, 5, out double ask));
        Near(40.602740, bid);
        Near(25.797753, ask);
        Near(0.222965, DecayedImbalance.Of(bid, ask));
    }

    [Fact]
    public void Depth_slope_is_the_one_of_least_squares() => s_bids.Where(x => x.Length > 1).Sample(bids =>
    {
        Assert.Equal(ValidityFlags.None, DepthSlope.Measure(new BookSide(bids), 200_001, 7, out double slope));
        var points = bids.Reverse().Take(7)
            .Select(x => (D: 100_000.5 - x.Price, C: (double)bids.Where(y => y.Price >= x.Price).Sum(y => y.Lots)));
        double Error(double s) => points.Sum(p => (p.C - s * p.D) * (p.C - s * p.D));
        Assert.True(Error(slope) <= Error(slope * 1.001) && Error(slope) <= Error(slope * 0.999));
    });

    [Fact]
    public void Depth_slope_needs_two_levels()
    {
        var single = new BookSide(Levels((999, 5)));
        Assert.Equal(ValidityFlags.LowSamples, DepthSlope.Measure(single, 2001, 5, out double one));
        Assert.Equal(ValidityFlags.LowSamples, DepthSlope.Measure(new BookSide([]), 2001, 5, out double none));
        Assert.Equal((0.0, 0.0), (one, none));
    }

    [Fact]
    public void Absorption_counts_while_the_touch_stands()
    {
        Absorption bid = default;
        Assert.False(bid.Read(0, out double ratio));
        Assert.Equal(0, ratio);
        bid.Set(1000, 10);
        bid.Trade(1000, 6);
        bid.Trade(999, 50);
        bid.Set(1000, 12);
        bid.Trade(1000, 30);
        Assert.True(bid.Read(20, out ratio));
        Assert.Equal((3.0, 36L, 12L), (ratio, bid.AbsorbedLots, bid.MostShownLots));
        Assert.False(bid.Read(37, out _));
        bid.Set(999, 50);
        Assert.False(bid.Read(0, out ratio));
        Assert.Equal(0, ratio);
    }
}
