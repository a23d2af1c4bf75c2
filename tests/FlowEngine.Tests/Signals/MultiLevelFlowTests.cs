using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>F2 and F3.</summary>
public class MultiLevelFlowTests
{
    private static readonly PriceLevel[] s_bids0 = Levels((997, 40), (999, 50), (1000, 30));
    private static readonly PriceLevel[] s_asks0 = Levels((1004, 30), (1003, 20), (1001, 10));
    private static readonly PriceLevel[] s_bids1 = Levels((997, 40), (999, 35), (1000, 30));
    private static readonly PriceLevel[] s_asks1 = Levels((1003, 20), (1002, 5), (1001, 10));
    private static readonly PriceLevel[] s_bids2 = Levels((996, 80), (997, 40), (999, 35));
    private static readonly PriceLevel[] s_asks2 = Levels((1003, 20), (1002, 5), (1001, 18));

    // Six intervals of the worked example, flows of three levels each.
    private static readonly double[][] s_rows =
    [
        [1.0, 0.8, 0.3], [-0.6, -0.5, -0.4], [0.2, 0.1, 0.3], [-1.2, -0.9, -0.5], [0.7, 0.9, 0.2], [-0.1, -0.4, 0.1],
    ];

    private static readonly Gen<PriceLevel[]> s_bids = Gen.Select(Gen.Long[0, 15], Gen.Long[1, 90]).Array[0, 13]
        .Select(levels => (PriceLevel[])[.. levels.DistinctBy(x => x.Item1).OrderByDescending(x => x.Item1)
            .Select(x => new PriceLevel(1000 - x.Item1, x.Item2))]);

    [Fact]
    public void Levels_of_the_worked_example()
    {
        MultiLevelOfi ofi = default;
        ofi.Prime(new BookSide(s_bids0), new BookSide(s_asks0));
        Assert.Equal([0, 0, 0], First(ofi.Event));
        Assert.Equal(180, ofi.DepthLots);
        ofi.Step(new BookSide(s_bids1), new BookSide(s_asks1));
        Assert.Equal([0, -20, -20], First(ofi.Event));
        ofi.Step(new BookSide(s_bids2), new BookSide(s_asks2));
        Assert.Equal([-38, -35, -40], First(ofi.Event));
        Assert.Equal([-38, -55, -60], First(ofi.Sum));
    }

    [Fact]
    public void Every_level_follows_the_formula_of_the_best() => s_bids.Array[2, 6].Sample(books =>
    {
        PriceLevel[] Asks(PriceLevel[] bids) => [.. bids.Select(x => new PriceLevel(2003 - x.Price, 100 - x.Lots))];
        MultiLevelOfi ofi = default;
        ofi.Prime(new BookSide(books[0]), new BookSide(Asks(books[0])));
        for (int i = 1; i < books.Length; i++)
        {
            ofi.Step(new BookSide(books[i]), new BookSide(Asks(books[i])));
            for (int m = 0; m < OfiLevels.Count; m++)
            {
                long bid = Slow(books[i - 1], books[i], m, 1);
                long ask = Slow(Asks(books[i - 1]), Asks(books[i]), m, -1);
                Assert.Equal(bid - ask, ofi.Event[m]);
            }
        }
    });

    [Fact]
    public void Flow_by_distance_adds_up_to_what_the_sides_gained() =>
        Gen.Select(s_bids, s_bids, Gen.Long[1, 5]).Sample((before, after, bucket) =>
        {
            var difference = new BookDifference(20);
            var none = new BookSide([]);
            difference.Prime(new BookSide(before), none);
            difference.Step(new BookSide(after), none);
            var flow = new DistanceFlow(bucket);
            var touchBefore = TouchState.Of(new BookSide(before), none);
            var touchAfter = TouchState.Of(new BookSide(after), none);
            long best = Math.Max(touchBefore.BidPrice, touchAfter.BidPrice);
            flow.Begin();
            foreach (LevelStep step in difference.Steps)
            {
                flow.Add(step, touchBefore, touchAfter);
            }

            long[] slow = new long[OfiLevels.Count];
            foreach ((PriceLevel[] book, int sign) in new[] { (before, -1), (after, 1) })
            {
                foreach (PriceLevel level in book)
                {
                    slow[Math.Min((best - level.Price) / bucket, 9)] += sign * level.Lots;
                }
            }

            (PerLevelLots newest, PerLevelLots sum) = (flow.Event, flow.Sum);
            Assert.Equal(slow, newest[..].ToArray());
            Assert.Equal(slow, sum[..].ToArray());
        });

    [Fact]
    public void Normalised_flows_of_the_worked_example()
    {
        MultiLevelOfi ofi = default;
        var integrated = new IntegratedOfi(3);
        ofi.Prime(new BookSide(s_bids0), new BookSide(s_asks0));
        foreach ((PriceLevel[] bids, PriceLevel[] asks) in new[] { (s_bids1, s_asks1), (s_bids2, s_asks2) })
        {
            ofi.Step(new BookSide(bids), new BookSide(asks));
            integrated.Add(ofi.Event, new BookSide(bids), new BookSide(asks));
        }

        Assert.Equal(ValidityFlags.None, integrated.Close(OfiWeights.Equal(3)));
        Near(28.166667, integrated.MeanDepth);
        Near(-1.349112, integrated.Normalised[0]);
        Near(-1.952663, integrated.Normalised[1]);
        Near(-2.130178, integrated.Normalised[2]);
        Near((-1.349112 - 1.952663 - 2.130178) / 3, integrated.Integrated, 1e-6);
        Assert.Equal(ValidityFlags.LowSamples, integrated.Close(OfiWeights.Equal(3)));
        Near(28.166667, integrated.MeanDepth);
        Assert.Equal((1L, 1L), (integrated.Intervals, integrated.Skipped));
    }

    [Fact]
    public void Principal_component_of_the_worked_example()
    {
        double[] means = [.. Enumerable.Range(0, 3).Select(j => s_rows.Average(row => row[j]))];
        double[,] c = new double[3, 3];
        for (int i = 0; i < 9; i++)
        {
            c[i / 3, i % 3] = s_rows.Sum(row => (row[i / 3] - means[i / 3]) * (row[i % 3] - means[i % 3])) / 5;
        }

        Near(0.668, c[0, 0]);
        Near(0.574, c[0, 1]);
        Near(0.212, c[1, 2]);
        double[] w = [0.1, -0.2, 0.5];
        double explained = 0;
        for (int i = 0; i < 100; i++)
        {
            (w, explained) = OfiWeightFit.Turn(c, w);
        }

        Near(0.718729, w[0]);
        Near(0.635154, w[1]);
        Near(0.282857, w[2]);
        Near(0.960915, explained);
        double all = w.Sum();
        Near(0.439122, w[0] / all);
        Near(0.388060, w[1] / all);
        Near(0.172817, w[2] / all);
        Near(-0.962610, s_rows[3].Zip(w, (x, y) => x * y / all).Sum());
    }

    [Fact]
    public void Weights_learnt_one_interval_at_a_time_point_where_the_flows_do()
    {
        var fit = new OfiWeightFit(3, 0.01);
        Near(1.0 / 3, fit.Solve(1).Weights[2], 1e-12);
        for (int round = 0; round < 400; round++)
        {
            foreach (double[] row in s_rows)
            {
                PerLevel flows = default;
                row.CopyTo(flows);
                fit.Add(flows);
            }
        }

        // One round of six counts for little: the decayed covariance is the plain one.
        double scale = 0.668 * 5 / 6 / fit.Covariance(0, 0);
        Near(0.574 * 5 / 6, fit.Covariance(0, 1) * scale, 0.02);
        OfiWeights weights = fit.Solve(9);
        Assert.Equal(9, weights.Version);
        Near(0.439122, weights.Weights[0], 0.01);
        Near(0.388060, weights.Weights[1], 0.01);
        Near(0.172817, weights.Weights[2], 0.01);
        Near(0.96, fit.Explained, 0.01);
    }

    [Fact]
    public void Direction_is_signed_and_stands_where_nothing_varies()
    {
        var fit = new OfiWeightFit(2, 0.1);
        PerLevel flows = default;
        fit.Add(flows);
        fit.Add(flows);
        Near(Math.Sqrt(0.5), fit.Direction[0], 1e-12);
        (double[] w, _) = OfiWeightFit.Turn(new double[,] { { 2, 1 }, { 1, 2 } }, [-1, -1]);
        Assert.True(w[0] > 0 && w[1] > 0);
    }

    private static long[] First(PerLevelLots lots) => lots[..3].ToArray();

    private static long Slow(PriceLevel[] before, PriceLevel[] after, int m, int side)
    {
        PriceLevel? old = m < before.Length ? before[^(m + 1)] : null;
        PriceLevel? now = m < after.Length ? after[^(m + 1)] : null;
        bool notWorse = now is { } a && (old is not { } b || side * a.Price >= side * b.Price);
        bool notBetter = old is { } c && (now is not { } d || side * d.Price <= side * c.Price);
        return (notWorse ? now!.Value.Lots : 0) - (notBetter ? old!.Value.Lots : 0);
    }
}
