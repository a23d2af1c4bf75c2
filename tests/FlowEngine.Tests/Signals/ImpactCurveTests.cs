using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>M2, M7, M10, M12: what a size does to a book, a market, a schedule or a pool.</summary>
public class ImpactCurveTests
{
    [Fact]
    public void Shifts_of_the_reference_book()
    {
        PerSizeLots sizes = default;
        (sizes[0], sizes[1], sizes[2], sizes[3], sizes[4]) = (10, 30, 31, 100, 200);
        Assert.Equal(ValidityFlags.None, ImpactCurve.Walk(new BookSide(RefBids), sizes, 100, out PerSizeLots shifts));
        Assert.Equal([0L, 1, 1, 3, 7], shifts[..].ToArray());
        (sizes[3], sizes[4]) = (299, 300);
        Assert.Equal(ValidityFlags.PartialDepth, ImpactCurve.Walk(new BookSide(RefBids), sizes, 100, out shifts));
        Assert.Equal((7L, ImpactCurve.Exhausted), (shifts[3], shifts[4]));
        Assert.Equal(ValidityFlags.PartialDepth, ImpactCurve.Walk(new BookSide([]), sizes, 100, out shifts));
        Assert.Equal(ImpactCurve.Exhausted, shifts[0]);
    }

    [Fact]
    public void Lots_to_move_the_reference_book()
    {
        var bids = new BookSide(RefBids);
        Assert.Equal(30, ImpactCurve.LotsToMove(bids, 1, 100));
        Assert.Equal(80, ImpactCurve.LotsToMove(bids, 3, 100));
        Assert.Equal(120, ImpactCurve.LotsToMove(bids, 4, 100));
        Assert.Equal(0, ImpactCurve.LotsToMove(new BookSide([]), 1, 100));
    }

    [Fact]
    public void Shifts_are_those_of_taking_one_lot_after_another() => Gen.Select(
        Gen.Select(Gen.Long[0, 30], Gen.Long[1, 20]).Array[1, 10], Gen.Long[1, 60].Array[5]).Sample((side, raw) =>
    {
        PriceLevel[] asks = [.. side.DistinctBy(x => x.Item1).OrderByDescending(x => x.Item1)
            .Select(x => new PriceLevel(1001 + x.Item1, x.Item2))];
        PerSizeLots sizes = default;
        raw.Order().ToArray().CopyTo(sizes);
        ImpactCurve.Walk(new BookSide(asks), sizes, 100, out PerSizeLots shifts);
        long[] lots = [.. asks.Reverse().SelectMany(x => Enumerable.Repeat(x.Price, (int)x.Lots))];
        for (int i = 0; i < 5; i++)
        {
            long expected = sizes[i] < lots.Length ? lots[sizes[i]] - lots[0] : ImpactCurve.Exhausted;
            Assert.Equal(expected, shifts[i]);
        }
    });

    [Fact]
    public void Fitted_curve_is_the_law_of_its_points() => Gen.Select(Gen.Long[1, 9], Gen.Int[1, 2]).Sample((a, b) =>
    {
        PerSizeLots sizes = default;
        PerSizeLots shifts2 = default;
        for (int i = 0; i < 5; i++)
        {
            sizes[i] = 10 * (i + 1);
            shifts2[i] = i == 0 ? 0 : 2 * a * (long)Math.Pow(sizes[i], b);
        }

        Assert.Equal(ValidityFlags.None, ImpactCurve.Fit(sizes, shifts2, out PowerLaw law));
        Near(a, law.Factor, 1e-9);
        Near(b, law.Exponent, 1e-10);
        Near(1, law.RSquared, 1e-10);
    });

    [Fact]
    public void Fit_needs_two_sizes_that_moved()
    {
        PerSizeLots sizes = default;
        PerSizeLots shifts2 = default;
        (sizes[0], sizes[1], shifts2[0], shifts2[1]) = (1, 2, 4, ImpactCurve.Exhausted);
        Assert.Equal(ValidityFlags.LowSamples, ImpactCurve.Fit(sizes, shifts2, out PowerLaw law));
        Assert.Equal(default, law);
    }

    [Fact]
    public void Square_root_of_the_worked_example()
    {
        Near(18.973666, SquareRootImpact.Of(1, 300, 4, 1000));
        Near(0.632456, SquareRootFit.FactorOf(12, 300, 4, 1000));
        Assert.Equal(0, SquareRootImpact.Of(1, 300, 4, 0));
        var fit = new SquareRootFit(50);
        Assert.Equal(ValidityFlags.LowSamples, fit.Read(out double factor));
        Assert.Equal(1, factor);
        for (int i = 0; i < 100; i++)
        {
            fit.Add(0.5 + i % 10 * 0.05);
        }

        Assert.Equal(ValidityFlags.None, fit.Read(out factor));
        Assert.InRange(factor, 0.63, 0.82);
    }

    [Theory]
    [InlineData(6.561e6, 1728e6, 157.0, 19.86, 22.29, 14.71, 8.49, 32.22, 24.64, 18.42)]
    [InlineData(1.929e6, 168e6, 226.0, 21.68, 32.09, 21.17, 12.22, 42.93, 32.01, 23.06)]
    public void Almgrens_published_table(
        double volume, double shares, double bps, double permanent,
        double t1, double t2, double t5, double j1, double j2, double j5)
    {
        AlmgrenImpact impact = AlmgrenImpact.Published;
        Near(permanent, impact.Permanent(bps, 0.1, shares / volume), 5e-3);
        Near(t1, impact.Temporary(bps, 0.1, 0.1), 5e-3);
        Near(t2, impact.Temporary(bps, 0.1, 0.2), 5e-3);
        Near(t5, impact.Temporary(bps, 0.1, 0.5), 5e-3);
        Near(j1, impact.Cost(bps, 0.1, shares / volume, 0.1), 5.1e-3);
        Near(j2, impact.Cost(bps, -0.1, shares / volume, 0.2), 5.1e-3);
        Near(j5, impact.Cost(bps, 0.1, shares / volume, 0.5), 5.1e-3);
    }

    [Fact]
    public void Schedule_of_the_paper()
    {
        AlmgrenChrissMarket market = Paper();
        ExecutionSchedule linear = AlmgrenChriss.Optimal(market, 1e6, 5, 5, 0);
        Near(662_500, linear.ExpectedCost, 1e-2);
        Near(1_040_672.86, linear.Deviation, 1e-2);
        Near(1_745_500, linear.ExpectedCost + 1e-6 * linear.Deviation * linear.Deviation, 1e-2);
        ExecutionSchedule best = AlmgrenChriss.Optimal(market, 1e6, 5, 5, 1e-6);
        Near(0.607076, best.Kappa);
        double[] expected = [458_044.4, 252_101.3, 141_956.7, 85_755.7, 62_141.8];
        for (int i = 0; i < 5; i++)
        {
            Near(expected[i], best.Trades[i], 0.051);
        }

        Near(911_226.99, best.ExpectedCost, 1e-2);
        Near(603_430.67, best.Deviation, 1e-2);
        Near(1_275_355.56, best.ExpectedCost + 1e-6 * best.Deviation * best.Deviation, 1e-2);
    }

    [Fact]
    public void No_neighbour_of_the_schedule_is_better() => Gen.Select(
        Gen.Double[-9, -5], Gen.Int[2, 12], Gen.Double[-1, 1].Array[12]).Sample((aversion, slices, nudges) =>
    {
        AlmgrenChrissMarket market = Paper();
        double lambda = Math.Pow(10, aversion);
        ExecutionSchedule best = AlmgrenChriss.Optimal(market, 1e6, 5, slices, lambda);
        Near(1e6, best.Trades.Sum(), 1e-3);
        double mean = nudges.Take(slices).Average();
        double[] other = [.. best.Trades.Select((x, i) => x + 100 * (nudges[i] - mean))];
        ExecutionSchedule nudged = AlmgrenChriss.Evaluate(market, other, 5);
        double Utility(ExecutionSchedule s) => s.ExpectedCost + lambda * s.Deviation * s.Deviation;
        Assert.True(Utility(best) <= Utility(nudged) * (1 + 1e-12));
    }, iter: 300);

    [Fact]
    public void Schedule_of_nothing_and_of_tiny_aversion()
    {
        Assert.All(AlmgrenChriss.Optimal(Paper(), 0, 5, 5, 1e-6).Trades, x => Assert.Equal(0, x));
        Assert.All(AlmgrenChriss.Optimal(Paper(), 1e6, 5, 5, 1e-30).Trades, x => Near(200_000, x, 1e-3));
        ExecutionSchedule at_once = AlmgrenChriss.Optimal(Paper(), 1e6, 5, 5, 1e9);
        Near(1e6, at_once.Trades[0], 1);
        Assert.Throws<ArgumentException>(() => AlmgrenChriss.Optimal(Paper() with { Temporary = 1e-9 }, 1, 5, 5, 0));
    }

    [Fact]
    public void Live_cost_of_the_worked_example_is_3_6_ticks()
    {
        var none = new TransientImpact(new PropagatorKernel(1, ImpactShape.SquareRoot, [0], [1]));
        var plan = new SlicePlan(Second, 0.02, 100);
        var bids = new BookSide(RefBids);
        ValidityFlags flags = ExecutionCost.Estimate(bids, RefTouch, -1, [100, 100, 100], plan, none, 0, out var cost);
        Assert.Equal(ValidityFlags.None, flags);
        Near(3.6, cost.QuantaPerLot, 1e-12);
        Near(35.982009, cost.Bps);
        ExecutionCost.Estimate(bids, RefTouch, -1, [300], plan, none, 0, out cost);
        Near(4.466667, cost.QuantaPerLot);
        flags = ExecutionCost.Estimate(bids, RefTouch, -1, [400], plan, none, 0, out cost);
        Assert.Equal((ValidityFlags.PartialDepth, 100L), (flags, cost.UnfilledLots));
        TouchState bidless = RefTouch with { BidPrice = TouchState.NoBid };
        Assert.Equal(
            ValidityFlags.LowSamples, ExecutionCost.Estimate(bids, bidless, -1, [4], plan, none, 0, out cost));
    }

    [Fact]
    public void Live_cost_knows_what_past_and_own_trades_still_do()
    {
        var kernel = new PropagatorKernel(1, ImpactShape.SquareRoot, [0.3], [2]);
        var market = new TransientImpact(kernel);
        market.Trade(-1, 16, 0);
        var plan = new SlicePlan(Second, 0, 100);
        ExecutionCost.Estimate(new BookSide(RefBids), RefTouch, -1, [9, 9], plan, market, Second, out var cost);

        // The second slice sells 1 s later: the market's push has faded, its own first slice has not yet.
        double now = -0.3 * 4 * Math.Exp(-0.5);
        double later = -0.3 * (4 * Math.Exp(-1) + 3 * Math.Exp(-0.5));
        Near(0.5 + -(later - now) / 2, cost.QuantaPerLot, 1e-7);
        Near(now, market.At(Second), 1e-7);
    }

    [Fact]
    public void Pool_of_the_worked_example()
    {
        var pool = new ConstantProduct(1000, 1e6, 0.003);
        Near(9871.580344, pool.Sell(10));
        Near(987.158034, pool.Sell(10) / 10);
        Near(980.354287, pool.PriceAfter(10));
        Near(5.037815, pool.BaseToFall(0.01));
    }

    [Fact]
    public void Levels_of_a_pool_pay_what_the_pool_pays() => Gen.Select(
        Gen.Double[10, 1e5], Gen.Double[1e4, 1e7], Gen.Double[0, 0.01]).Sample((x, y, fee) =>
    {
        var pool = new ConstantProduct(x, y, fee);
        double tick = pool.Price / 10_000;
        double lot = x / 1e6;
        var levels = new PriceLevel[300];
        int count = pool.Bids(tick, lot, levels);
        long lots = 0;
        double paid = 0;
        for (int i = 0; i < count; i++)
        {
            Assert.True(levels[i].Lots > 0 && (i == 0 || levels[i].Price < levels[i - 1].Price));
            lots += levels[i].Lots;
            paid += levels[i].Lots * lot * levels[i].Price * tick;
        }

        // Each level pays its lowest price, so at most a tick less than the pool does.
        double exact = pool.Sell(lots * lot);
        Assert.InRange(exact - paid, -1e-9 * exact, lots * lot * tick * 1.01);
    }, iter: 200);

    [Fact]
    public void Thin_pool_has_few_levels_and_an_empty_one_none()
    {
        var levels = new PriceLevel[8];
        Assert.Equal(0, new ConstantProduct(1, 1, 0).Bids(1, 1e6, levels));
        int count = new ConstantProduct(1000, 1e6, 0.003).Bids(1e-7, 1, levels);
        Assert.Equal(8, count);
        Assert.All(levels, level => Assert.Equal(1, level.Lots));
    }

    private static AlmgrenChrissMarket Paper() =>
        new() { Deviation = 0.95, FixedCost = 0.0625, Permanent = 2.5e-7, Temporary = 2.5e-6 };
}
