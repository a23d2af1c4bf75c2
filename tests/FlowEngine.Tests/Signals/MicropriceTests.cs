using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>B5, estimator and table.</summary>
public class MicropriceTests
{
    private static readonly int[,] s_stay = { { 60, 20, 5 }, { 20, 70, 20 }, { 4, 18, 60 } };
    private static readonly int[,] s_down = { { 0, 4, 6 }, { 1, 4, 2 }, { 0, 1, 1 } };
    private static readonly int[,] s_up = { { 1, 1, 0 }, { 2, 5, 1 }, { 5, 3, 0 } };

    [Fact]
    public void Table_of_the_worked_example()
    {
        MicropriceTable table = WorkedExample().Solve(7, leastVisits: 1)!;
        Assert.Equal([189L, 250L, 189L], table.Visits.ToArray());
        Near(-0.080460, table.Adjustments[0]);
        Near(0, table.Adjustments[1]);
        Near(0.080460, table.Adjustments[2]);
        Assert.Equal(ValidityFlags.None, Microprice.Read(RefTouch, table, out double price));
        Near(1000.580460, price);
        Assert.Equal(7, table.Version);
    }

    [Fact]
    public void Too_few_visits_no_table_and_no_bid_fall_back()
    {
        MicropriceTable table = WorkedExample().Solve(7)!;
        Assert.Equal(ValidityFlags.LowSamples, Microprice.Read(RefTouch, table, out double price));
        Assert.Equal(1000.75, price);
        Assert.Equal(ValidityFlags.LowSamples, Microprice.Read(RefTouch, null, out price));
        Assert.Equal(1000.75, price);
        TouchState bidless = RefTouch with { BidPrice = TouchState.NoBid, BidLots = 0 };
        Assert.Equal(ValidityFlags.LowSamples, Microprice.Read(bidless, table, out price));
        Assert.Equal(0, price);
    }

    [Fact]
    public void Mirrored_touches_lie_in_mirrored_buckets() =>
        Gen.Select(Gen.Long[1, 1000], Gen.Long[1, 1000], Gen.Int[1, 20]).Sample((bid, ask, n) =>
        {
            int bucket = MicropriceTable.BucketOf(bid, ask, n);
            Assert.InRange(bucket, 0, n - 1);
            if (bid != ask)
            {
                Assert.Equal(n - 1 - bucket, MicropriceTable.BucketOf(ask, bid, n));
            }

            // The bucket is the one of the share, edges apart.
            double place = (double)bid * n / (bid + ask);
            Assert.True(place >= bucket - 1e-9 && place <= bucket + 1 + 1e-9, $"{place} in {bucket}");
        });

    [Fact]
    public void Fitted_table_is_antisymmetric_and_equals_the_sum_of_expected_moves() =>
        Gen.Select(Gen.Int[0, 30].Array[27], Gen.Int[1, 3]).Sample((counts, tick) =>
        {
            var fit = new MicropriceFit(3, 1, tick);
            for (int i = 0; i < 27; i++)
            {
                fit.Count(i / 9, i / 3 % 3, i % 3 - 1, counts[i]);
            }

            if (fit.Solve(1, 1) is not { } table)
            {
                return;
            }

            Assert.Equal(-table.Adjustments[2], table.Adjustments[0], 1e-9);
            Assert.Equal(0, table.Adjustments[1], 1e-9);
            double walked = Walk(counts) * tick;
            Assert.True(Math.Abs(walked - table.Adjustments[2]) < 1e-3, $"{walked} {table.Adjustments[2]}");
        }, iter: 200);

    [Fact]
    public void Touches_are_counted_as_their_states_and_moves()
    {
        var byTouch = new MicropriceFit(3, 2, 2);
        byTouch.Add(new TouchState(100, 30, 102, 10));
        byTouch.Add(new TouchState(100, 10, 102, 10));
        byTouch.Add(new TouchState(102, 5, 106, 50));
        byTouch.Add(new TouchState(110, 5, 112, 5));
        byTouch.Prime();
        byTouch.Add(new TouchState(90, 5, 92, 5));
        Assert.Equal(2, byTouch.Clipped);

        var byCount = new MicropriceFit(3, 2, 2);
        byCount.Count(2, 1, 0, 1);
        byCount.Count(1, 3, 3, 1);
        byCount.Count(3, 1, 5, 1);
        Assert.Equal(2, byCount.Clipped);
        var same = new MicropriceFit(3, 2, 2, 3);
        var touches = new MicropriceFit(3, 2, 2, 3);
        same.Count(2, 1, 0, 1);
        same.Count(1, 3, 3, 1);
        touches.Add(new TouchState(100, 30, 102, 10));
        touches.Add(new TouchState(100, 10, 102, 10));
        touches.Add(new TouchState(102, 5, 106, 50));
        Assert.Equal(same.Solve(1)!.Adjustments.ToArray(), touches.Solve(1)!.Adjustments.ToArray());
    }

    [Fact]
    public void States_that_never_saw_a_move_do_not_break_the_fit()
    {
        var fit = new MicropriceFit(10, 3, 1);
        fit.Count(4, 4, 0, 1000);
        MicropriceTable table = fit.Solve(1)!;
        Assert.All(table.Adjustments.ToArray(), value => Assert.True(double.IsFinite(value)));
    }

    private static MicropriceFit WorkedExample()
    {
        var fit = new MicropriceFit(3, 1, 1);
        for (int i = 0; i < 3; i++)
        {
            for (int j = 0; j < 3; j++)
            {
                fit.Count(i, j, 0, s_stay[i, j]);
                fit.Count(i, j, -1, s_down[i, j]);
                fit.Count(i, j, 1, s_up[i, j]);
            }
        }

        return fit;
    }

    // Expected sum of all moves from the topmost bucket on, by carrying the state's probabilities step by step.
    private static double Walk(int[] counts)
    {
        double[] total = new double[3];
        double[,,] symmetric = new double[3, 3, 3];
        for (int i = 0; i < 27; i++)
        {
            (int from, int to, int move) = (i / 9, i / 3 % 3, i % 3);
            symmetric[from, to, move] += counts[i];
            symmetric[2 - from, 2 - to, 2 - move] += counts[i];
        }

        double[] place = [0, 0, 1];
        double sum = 0;
        for (int from = 0; from < 3; from++)
        {
            double moves = 0;
            for (int to = 0; to < 3; to++)
            {
                moves += symmetric[from, to, 0] + symmetric[from, to, 2];
                total[from] += symmetric[from, to, 0] + symmetric[from, to, 1] + symmetric[from, to, 2];
            }

            if (moves == 0)
            {
                symmetric[from, from, 0]++;
                symmetric[from, from, 2]++;
                total[from] += 2;
            }
        }

        for (int step = 0; step < 20_000; step++)
        {
            double[] next = new double[3];
            for (int i = 0; i < 27; i++)
            {
                (int from, int to, int move) = (i / 9, i / 3 % 3, i % 3);
                double chance = place[from] * symmetric[from, to, move] / total[from];
                next[to] += chance;
                sum += chance * (move - 1) / 2.0;
            }

            place = next;
        }

        return sum;
    }
}
