using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;
using static FlowEngine.Tests.Signals.Fixtures;

namespace FlowEngine.Tests.Signals;

/// <summary>L6's parallel loops and their sum, and M12 beside the book.</summary>
public sealed class LoopTests
{
    [Fact]
    public void Paths_of_a_known_market_are_found_and_add_up_to_the_trend_gain()
    {
        // Takers buy 3 lots a quantum of the last move and 5 a basis point of the last change of the premium, which
        // itself follows the move by half a basis point a quantum; makers are against them by 4 lots a quantum.
        var random = new Random(31);
        var loops = new LoopGroup(new CatalogueOptions { SlopeHalfLifeSeconds = 3_000 });
        var trend = new TrendGain(new HalfLife(3_000).Lost(1));
        long mid2 = 200_000;
        long sum = 0;
        double premium = 0;
        double lastMove = 0;
        double lastChange = 0;
        for (int second = 0; second < 20_000; second++)
        {
            long taken = (long)Math.Round(3 * lastMove + 5 * lastChange + 4 * (2 * random.NextDouble() - 1));
            long made = (long)Math.Round(-4 * lastMove + 4 * (2 * random.NextDouble() - 1));
            loops.Trade(Math.Sign(taken), Math.Abs(taken));
            trend.Trade(Math.Sign(taken), Math.Abs(taken));
            sum += taken + made;
            int step = random.Next(-6, 7);
            mid2 += 2 * step;
            lastChange = 0.5 * step + 2 * (2 * random.NextDouble() - 1);
            premium += lastChange;
            lastMove = step;
            loops.CloseSecond(sum, mid2, premium);
            trend.Close(mid2);
        }

        LoopValues values = default;
        var feedback = default(FeedbackValues);
        (feedback.Fall.LoopGain, feedback.Squeeze.LoopGain) = (0.7, 0.2);
        Assert.Equal(ValidityFlags.None, loops.Read(feedback, 0.02, 0.05, ref values));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"trend {values.Trend}, funding {values.Funding}, makers {values.Makers}");
        Near(0.02 * 3, values.Trend, 0.004);
        Near(0.02 * 5 * 0.5, values.Funding, 0.004);
        Near(0.05 * -4, values.Makers, 0.004);
        Near(0.02 * trend.Fit.Slope, values.Trend + values.Funding, 1e-9);
        Near(0.7 + values.Trend + values.Funding + values.Makers, values.Bid.Total, 1e-12);
        Near(1 / (1 - values.Bid.Total), values.Bid.Amplification, 1e-12);
        Near(0.5, values.Bid.Total - values.Ask.Total, 1e-12);
    }

    [Fact]
    public void Two_paths_at_once_are_those_of_the_textbook() => Gen.Select(
        Gen.Int[-5, 5].Array[40], Gen.Double[-3, 3].Array[40], Gen.Int[-50, 50].Array[40]).Sample(
        (moves, changes, flows) =>
        {
            const double New = 0.05;
            var paths = new FlowPaths(New);
            long mid2 = 20_000;
            double premium = 0;
            for (int i = 0; i < moves.Length; i++)
            {
                mid2 += 2 * moves[i];
                premium += changes[i];
                paths.Trade(Math.Sign(flows[i]), Math.Abs(flows[i]));
                Assert.Equal(flows[i], paths.Close(mid2, premium));
            }

            // The first interval begins nowhere: its move is from 0. Weighted means and products, sample by sample.
            int[] samples = [.. Enumerable.Range(2, moves.Length - 2)];
            double[] w = [.. samples.Select((_, k) =>
                (k == 0 ? 1 : New) * Math.Pow(1 - New, samples.Length - 1 - k))];
            double Mean(Func<int, double> of) => samples.Zip(w, (i, x) => x * of(i)).Sum();
            double Move(int i) => moves[i - 1];
            double Change(int i) => changes[i - 1];
            double Flow(int i) => flows[i];
            double Both(Func<int, double> one, Func<int, double> other) =>
                Mean(i => (one(i) - Mean(one)) * (other(i) - Mean(other)));
            double independent = Both(Move, Move) * Both(Change, Change) - Math.Pow(Both(Move, Change), 2);
            double both = Both(Move, Change);
            double phi = (Both(Change, Change) * Both(Move, Flow) - both * Both(Change, Flow)) / independent;
            double psi = (Both(Move, Move) * Both(Change, Flow) - both * Both(Move, Flow)) / independent;
            paths.Read(0.1, out double trend, out double funding);
            if (independent > 1e-3 * Both(Move, Move) * Both(Change, Change))
            {
                Near(0.1 * phi, trend, 1e-6 * (1 + Math.Abs(phi)));
                Near(0.1 * psi * both / Both(Move, Move), funding, 1e-6 * (1 + Math.Abs(psi)));
            }
        });

    [Fact]
    public void A_market_without_a_premium_has_no_funding_path()
    {
        var paths = new FlowPaths(0.05);
        for (int i = 0; i < 50; i++)
        {
            paths.Trade(i % 3 - 1, i % 5);
            paths.Close(20_000 + i * 7 % 11, 0);
        }

        paths.Read(0.1, out double trend, out double funding);
        Assert.Equal(0, funding);
        Assert.NotEqual(0, trend);
    }

    [Fact]
    public void Nothing_between_two_books_is_a_path()
    {
        var loops = new LoopGroup(new CatalogueOptions());
        LoopValues values = default;
        for (int i = 0; i < 40; i++)
        {
            loops.Trade(1, 5);
            loops.CloseSecond(i * 1_000L, 20_000 + i * 500, i);
            loops.EndEvent(i % 2 == 0 ? BookStep.Frozen : BookStep.Started);
        }

        Assert.Equal(ValidityFlags.LowSamples, loops.Read(default, 1, 1, ref values));
        Assert.Equal((0.0, 0.0, 0.0), (values.Trend, values.Funding, values.Makers));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void Book_and_pool_share_an_order_as_if_each_lot_had_looked_for_the_better_one(int sign) => Gen.Select(
        Gen.Long[1, 30].Array[1, 8], Gen.Int[1, 5].Array[8], Gen.Long[1, 300], Gen.Double[50, 5_000],
        Gen.Double[0, 0.01]).Sample((depth, gaps, lots, held, fee) =>
        {
            long best = sign < 0 ? 10_000 : 10_001;
            PriceLevel[] levels = [.. depth.Select((x, i) =>
                new PriceLevel(best + sign * gaps.Take(i).Sum(), x)).Reverse()];
            var touch = new TouchState(10_000, 5, 10_001, 5);
            var pool = new ConstantProduct(held, held * 10_000.5, fee);
            ValidityFlags flags = PooledSweep.Walk(new BookSide(levels), sign, lots, pool, touch, 100, out var line);
            (long pooled, double paid, long filled) = Slow(levels, sign, lots, pool);
            Assert.Equal(filled < lots ? ValidityFlags.PartialDepth : ValidityFlags.None, flags);

            // Whole lots against the curve's own end: one lot may go either way, at a level's price.
            Assert.InRange(line.PoolLots - pooled, -1, 1);
            double bps = sign * (paid / filled - 10_000.5) / 10_000.5 * 1e4;
            Assert.InRange(line.Bps, bps - 1e-6, bps + 10.0 / filled);
            Assert.True(line.PoolBps == 0 || line.Bps <= line.PoolBps + 10.0 / filled);
        });

    [Fact]
    public void Pool_of_the_worked_example_on_both_sides()
    {
        var pool = new ConstantProduct(1000, 1e6, 0.003);
        Near(9871.580344, pool.Sell(10));

        // Buying back what was sold for takes more by the fee twice.
        var after = new ConstantProduct(1000 + 10 * 0.997, 1e6 - pool.Sell(10), 0.003);
        Near(pool.Sell(10) / 0.997, after.Buy(10 * 0.997), 1e-6);
        Near(1000, after.At(1000).Base, 1e-6);

        // Down and up to a price, the next bit costs it.
        double down = pool.BaseDownTo(950);
        Near(950, (pool.Sell(down + 1e-4) - pool.Sell(down)) / 1e-4, 1e-2);
        double up = pool.BaseUpTo(1100);
        Near(1100, (pool.Buy(up + 1e-4) - pool.Buy(up)) / 1e-4, 1e-2);
        Assert.Equal((0.0, 0.0), (pool.BaseDownTo(998), pool.BaseUpTo(1002)));
    }

    private static (long Pooled, double Paid, long Filled) Slow(
        PriceLevel[] levels, int sign, long lots, ConstantProduct pool)
    {
        var book = new Queue<long>(levels.Reverse().SelectMany(x => Enumerable.Repeat(x.Price, (int)x.Lots)));
        long pooled = 0;
        double paid = 0;
        for (long lot = 0; lot < lots; lot++)
        {
            double next = sign < 0
                ? pool.Sell(pooled + 1) - pool.Sell(pooled)
                : pooled + 1 <= pool.Base - 1 ? pool.Buy(pooled + 1) - pool.Buy(pooled) : double.PositiveInfinity;
            bool isPool = book.Count == 0 || sign * next < sign * book.Peek();
            if (isPool && double.IsInfinity(next))
            {
                return (pooled, paid, lot);
            }

            paid += isPool ? next : book.Dequeue();
            pooled += isPool ? 1 : 0;
        }

        return (pooled, paid, lots);
    }
}
