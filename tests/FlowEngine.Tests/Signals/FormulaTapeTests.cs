using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;

namespace FlowEngine.Tests.Signals;

/// <summary>What must hold of every formula, whatever the right values are (signals.md 5), and that none
/// allocates.</summary>
public class FormulaTapeTests
{
    private const int Runs = 300;
    private const long Twice = 2 * Script.Centre + 1;

    [Fact]
    public void Replay_and_reading_in_between_give_the_same_figures() => Script.CalmRuns.Sample(script =>
        AssertSame(Play(script), Play(script, readsBetween: 3)), iter: Runs);

    [Fact]
    public void Mirrored_market_gives_mirrored_figures() => Script.CalmRuns.Sample(script =>
    {
        List<double[]> plain = Play(script);
        List<double[]> mirrored = Play([.. script.Select(e => e with
        {
            Changes = [.. e.Changes.Select(x => x with { IsBid = !x.IsBid, Price = Twice - x.Price })],
            Trades = [.. e.Trades.Select(x => x with { Price = Twice - x.Price, Side = Opposite(x.Side) })],
        })]);
        Compare(plain, mirrored, (figure, index) => (
            figure.Mirrors ? MirrorOf(index) : -1,
            figure.IsOdd ? -1 : 1));
    }, iter: Runs);

    [Fact]
    public void Lots_times_16_scale_each_figure_by_its_power() => Script.CalmRuns.Sample(script =>
    {
        List<double[]> plain = Play(script);
        List<double[]> scaled = Play(
            [.. script.Select(e => e with
            {
                Changes = [.. e.Changes.Select(x => x with { Lots = x.Lots * 16 })],
                Trades = [.. e.Trades.Select(x => x with { Lots = x.Lots * 16 })],
            })],
            lotUnit: 16);
        Compare(plain, scaled, (figure, index) => (index, Math.Pow(16, figure.LotExponent)));
    }, iter: Runs);

    [Fact]
    public void Shifted_prices_leave_the_figures_alone() => Script.CalmRuns.Sample(script =>
    {
        const long Shift = 1_234;
        List<double[]> plain = Play(script);
        List<double[]> shifted = Play([.. script.Select(e => e with
        {
            Changes = [.. e.Changes.Select(x => x with { Price = x.Price + Shift })],
            Trades = [.. e.Trades.Select(x => x with { Price = x.Price + Shift })],
        })]);
        Compare(plain, shifted, (figure, index) => (figure.Shifts ? index : -1, 1));
    }, iter: Runs);

    [Fact]
    public void Every_figure_moves_in_some_run()
    {
        var moved = new bool[FormulaTape.Figures.Length];
        Script.CalmRuns.Sample(script =>
        {
            foreach (double[] values in Play(script))
            {
                for (int j = 0; j < values.Length; j++)
                {
                    moved[j] |= values[j] != 0;
                }
            }
        }, iter: Runs);
        Assert.Empty(FormulaTape.Figures.Where((_, j) => !moved[j]).Select(figure => figure.Name));
    }

    [Fact]
    public void No_formula_allocates()
    {
        var tape = new FormulaTape(1);
        PriceLevel[][] bids = [Fixtures.RefBids, Fixtures.Levels((995, 9), (999, 50), (1000, 5)), Fixtures.RefBids];
        PriceLevel[][] asks = [Fixtures.RefAsks, Fixtures.RefAsks, Fixtures.Levels((1007, 20), (1003, 9))];
        var map = new LiquidationMap(500, 1, 1000);
        var score = new CascadeScore(2, Fixtures.Second, new HalfLife(Fixtures.Second), 64);
        var fit = new QueueImbalanceFit(64);
        var table = new MicropriceTable(1, 2, 1, 1, [-0.1, 0.1], [500, 500]);
        var mix = LeverageMix.Default;
        SeasonalFactors seasons = new SeasonalFit(0.5).Solve(1);
        var pool = new ConstantProduct(1000, 1e6, 0.003);
        var levels = new PriceLevel[16];
        var forced = new LiquidationLevel[16];
        var values = new double[FormulaTape.Figures.Length];
        double sink = 0;
        void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                long now = (i + 1) * 40_000_000L;
                var bid = new BookSide(bids[i % 3]);
                var ask = new BookSide(asks[i % 3]);
                tape.Trade(i % 2 == 0 ? Side.Buy : Side.Sell, 1000 + i % 3, 1 + i % 40, i % 5 == 0, now);
                tape.Book(bid, ask, now);
                tape.Read(bid, ask, now, values);
                var touch = TouchState.Of(bid, ask);
                fit.Add(touch);
                Microprice.Read(touch, table, out double price);
                map.AddOpenInterest(i % 4 == 0 ? -1 : 5, 10_000, 1000, mix);
                map.PassPrice(1000 - i % 30, score, now);
                score.Liquidated(1000 - i % 30, 3, now);
                score.Read(now, out double precision, out _);
                HasbrouckVar var = new(-0.2, 0.01, 0.004, 4, 0.5);
                var.Limit(out double limit, out _);
                TrendGain.Of(0.05, 8, out double gain, out _);
                sink += price + precision + limit + gain + map.ReadLongs(forced) + pool.Bids(0.1, 0.1, levels)
                    + seasons.At(now) + LiquidationBounds.Of(5, -9, 20).UpperShare + Elementary.Normal(i % 7 - 3)
                    + AlmgrenImpact.Published.Cost(157, 0.1, 200, 0.5) + SquareRootImpact.Of(1, 300, i, 1e6)
                    + LiquidationPrice.Tiered(50, 0, 1, 1000, 0.005) + OpenInterestFlow.Ratio(i, 7, out _).GetHashCode()
                    + BranchingRatio.SpectralRadius(0.4, 0.3, 0.5, 0.2) + Funding.Annualised(-0.03, 8);
            }
        }

        Run(0, 3_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(3_000, 9_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(double.IsFinite(sink));
    }

    private static List<double[]> Play(VenueEvent[] script, long lotUnit = 1, int readsBetween = 0)
    {
        var tape = new FormulaTape(lotUnit);
        var book = new DictionaryBook();
        var figures = new List<double[]>();
        long now = Script.StartNs;
        foreach (VenueEvent e in script)
        {
            now += e.DtNs;
            foreach (Trade trade in e.Trades)
            {
                tape.Trade(trade.Side, trade.Price, trade.Lots, trade.Kind == EventKind.Liquidation, now);
            }

            foreach (Change change in e.Changes)
            {
                book.Apply(change);
            }

            PriceLevel[] bids = book.BidLevels();
            PriceLevel[] asks = book.AskLevels();
            tape.Book(new BookSide(bids), new BookSide(asks), now);
            var values = new double[FormulaTape.Figures.Length];
            for (int i = 0; i <= readsBetween; i++)
            {
                double[] into = i == 0 ? values : new double[values.Length];
                tape.Read(new BookSide(bids), new BookSide(asks), now + i * 1_000_003, into);
            }

            Assert.All(values, value => Assert.True(double.IsFinite(value)));
            figures.Add(values);
        }

        return figures;
    }

    private static void AssertSame(List<double[]> one, List<double[]> other)
    {
        for (int i = 0; i < one.Count; i++)
        {
            Assert.Equal(one[i], other[i]);
        }
    }

    private static void Compare(
        List<double[]> plain, List<double[]> other, Func<Figure, int, (int Index, double Factor)> rule)
    {
        for (int i = 0; i < plain.Count; i++)
        {
            for (int j = 0; j < FormulaTape.Figures.Length; j++)
            {
                Figure figure = FormulaTape.Figures[j];
                (int index, double factor) = rule(figure, j);
                if (index < 0 || plain[i][j] >= ImpactCurve.Exhausted)
                {
                    continue;
                }

                double expected = plain[i][j] * factor;
                double got = other[i][index];
                double tolerance = 1e-8 * Math.Max(1, Math.Max(Math.Abs(expected), Math.Abs(got)));
                Assert.True(Math.Abs(expected - got) <= tolerance, $"{figure.Name} at {i}: {expected:R}, {got:R}");
            }
        }
    }

    private static int MirrorOf(int index)
    {
        string name = FormulaTape.Figures[index].Name;
        string mirrored = name.StartsWith("bid", StringComparison.Ordinal) ? "ask" + name[3..]
            : name.StartsWith("ask", StringComparison.Ordinal) ? "bid" + name[3..]
            : name;
        return Array.FindIndex(FormulaTape.Figures, figure => figure.Name == mirrored);
    }

    private static Side Opposite(Side side) => side switch
    {
        Side.Buy => Side.Sell,
        Side.Sell => Side.Buy,
        _ => side,
    };
}
