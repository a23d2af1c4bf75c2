using CsCheck;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;

namespace FlowEngine.Tests.Signals;

/// <summary>What set <c>full</c> publishes: held against the formulas driven by hand, and what must hold of every value
/// of it, found by reflection.</summary>
public sealed class CatalogueSignalsTests
{
    private const int Runs = 60;
    private const int LongRuns = 20;

    private static readonly Gen<VenueEvent[]> s_longRuns =
        Script.Runs.Array[8, 12].Select(runs => runs.SelectMany(run => run).ToArray());

    // Distances in basis points too, and ticks of two quanta.
    private static readonly SetOptions s_byHandOptions = CatalogueTape.Options with
    {
        Catalogue = CatalogueTape.Options.Catalogue with { HalfDistanceBps = 2, DensityTickBps = 1 },
    };

    [Theory]
    [InlineData(ContractKind.Linear)]
    [InlineData(ContractKind.Inverse)]
    public void Each_value_is_the_formulas_own_driven_by_hand(ContractKind contract) => s_longRuns.Sample(script =>
    {
        (CatalogueTarget full, CatalogueByHand hand) = Pair(contract);
        Dictionary<string, double> unseen = full.Read();
        CatalogueTape.Play(script, [full, hand], 1, 1, i =>
        {
            Dictionary<string, double> expected = hand.Read();
            foreach ((string name, double value) in full.Read())
            {
                // Nothing is looked at while a book is crossed from its beginning.
                double wanted = expected.GetValueOrDefault(name, unseen[name]);
                double tolerance = ToleranceOf(name) * Math.Max(1, Math.Abs(wanted));
                Assert.True(Math.Abs(wanted - value) <= tolerance, $"{name} at {i}: {wanted:R}, got {value:R}");
            }

            Assert.Equal(SetTape.Read(hand.Set), SetTape.Read(full.Set));
        });
    }, iter: LongRuns);

    [Fact]
    public void Every_value_is_checked_by_hand_and_moves_in_some_run()
    {
        // These have examples of their own below.
        HashSet<string> moved =
            ["PriceImpact.Dropped", "FairValue.BidAbsorption.IsTelling", "FairValue.AskAbsorption.IsTelling"];
        var byHand = new HashSet<string>();

        // Some values need a lucky run: a few more are drawn before it is said that nothing moves one.
        for (var round = 0; round < 20 && CatalogueFigures.All.Keys.Except(moved).Any(); round++)
        {
            s_longRuns.Sample(script =>
            {
                (CatalogueTarget full, CatalogueByHand hand) = Pair(ContractKind.Linear);
                CatalogueTape.Play(script, [full, hand], 1, 1, _ =>
                    moved.UnionWith(full.Read().Where(x => x.Value != 0).Select(x => ValueFields.PathOf(x.Key))));
                byHand.UnionWith(hand.Read().Keys.Select(ValueFields.PathOf));
            }, iter: LongRuns, threads: 1);

            // What one side does the other would: the mirror is a test of its own.
            moved.UnionWith(moved.Select(CatalogueFigures.MirrorOf).ToArray());
        }

        Assert.Equal(CatalogueFigures.All.Keys.Order(), byHand.Order());
        Assert.Empty(CatalogueFigures.All.Keys.Except(moved));
    }

    [Fact]
    public void Each_published_value_says_how_it_scales_mirrors_and_shifts()
    {
        var full = new CatalogueTarget(
            CatalogueTape.Options, CatalogueTape.SignalOptionsOf(1), Fixtures.AnInstrument());
        Assert.Equal(
            CatalogueFigures.All.Keys.Order(), full.Read().Keys.Select(ValueFields.PathOf).Distinct().Order());
    }

    [Fact]
    public void Replay_and_reading_in_between_give_the_same_values() => Script.Runs.Sample(script =>
    {
        List<Dictionary<string, double>> once = CatalogueTape.Play(script);
        Assert.Equal(once, CatalogueTape.Play(script, readsBetween: 2));
        Assert.All(once, values => Assert.All(values, value => Assert.True(double.IsFinite(value.Value), value.Key)));
    }, iter: Runs);

    [Fact]
    public void Mirrored_market_gives_mirrored_values() => Script.CalmRuns.Sample(script => Compare(
        CatalogueTape.Play(script),
        CatalogueTape.Play(MarketTransforms.Mirrored(script), basisSign: -1),
        CatalogueFigures.MirrorOf,
        Mirror), iter: Runs);

    [Fact]
    public void Lots_times_16_scale_each_value_by_its_power() => Script.CalmRuns.Sample(script => Compare(
        CatalogueTape.Play(script),
        CatalogueTape.Play(MarketTransforms.Scaled(script, 16), lotUnit: 16),
        name => name,
        (figure, value) => value * Math.Pow(16, figure.LotExponent)), iter: Runs);

    [Fact]
    public void Shifted_prices_shift_prices_and_leave_the_other_values_alone() => Script.CalmRuns.Sample(script =>
    {
        const long Shift = 1_234;
        Compare(
            CatalogueTape.Play(script),
            CatalogueTape.Play(MarketTransforms.Shifted(script, Shift)),
            name => name,
            (figure, value) => value == 0 ? value * figure.Shift : value + figure.Shift * Shift);
    }, iter: Runs);

    [Fact]
    public void Trade_time_regression_is_the_slow_solvers() => Gen.Select(
        Gen.Int[-2, 2].Array[60, 300], Gen.Bool.Array[60, 300]).Sample((moves, buys) =>
        {
            var moments = new HasbrouckMoments(0.02);
            long mid2 = 2_000_001;
            for (int i = 0; i < Math.Min(moves.Length, buys.Length); i++)
            {
                mid2 += moves[i];
                moments.Trade(buys[i] ? 1 : -1, mid2);
            }

            HasbrouckVar? slow = HasbrouckFit.Solve(moments);
            Assert.Equal(slow is not null, moments.TrySolve(out HasbrouckVar fast));
            if (slow is { } expected)
            {
                Fixtures.Near(expected.A1, fast.A1, 1e-9);
                Fixtures.Near(expected.B0, fast.B0, 1e-9);
                Fixtures.Near(expected.B1, fast.B1, 1e-9);
                Fixtures.Near(expected.C1, fast.C1, 1e-9);
                Fixtures.Near(expected.D1, fast.D1, 1e-9);
            }
        }, iter: 200);

    [Fact]
    public void Nothing_of_the_catalogue_allocates()
    {
        var full = new CatalogueTarget(
            CatalogueTape.Options,
            CatalogueTape.SignalOptionsOf(1),
            Fixtures.AnInstrument() with { Contract = ContractKind.Inverse });
        CatalogueSignals catalogue = full.Catalogue;
        Assert.True(full.Parameters.Apply(ParameterKind.SellHawkes, 1, [0.2, 1, 2]));
        Assert.True(full.Parameters.Apply(ParameterKind.BuyHawkes, 1, [0.2, 1, 2]));
        PriceLevel[][] bids = [Fixtures.RefBids, Fixtures.Levels((995, 9), (999, 50), (1000, 5)), Fixtures.RefBids];
        PriceLevel[][] asks = [Fixtures.RefAsks, Fixtures.RefAsks, Fixtures.Levels((1007, 20), (1003, 9))];
        void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                long now = (i + 1) * 40_000_000L;
                Side side = i / 3 % 2 == 0 ? Side.Buy : Side.Sell;
                EventKind kind = i % 9 == 0 ? EventKind.Liquidation : EventKind.Trade;
                var bid = new BookSide(bids[i % 3]);
                var ask = new BookSide(asks[i % 3]);
                full.Trade(Fixtures.Print(1000 - i % 3, 1 + i % 30, side, now, kind: kind), bid, ask);
                full.Trade(Fixtures.Print(1001 + i % 3, 1 + i % 30, side, now), bid, ask);
                full.Reference(new MarketEvent { Kind = EventKind.OpenInterest, Quantity = 90_000 + i * 37 % 5_000 });
                full.Reference(new MarketEvent { Kind = EventKind.MarkPrice, Price = 1_000_000 + i % 7 });
                full.Reference(new MarketEvent { Kind = EventKind.IndexPrice, Price = 1_000_000 });
                ValidityFlags book = i % 500 == 0 ? ValidityFlags.Gap : ValidityFlags.None;
                if (full.Event(bid, ask, book, now, reprime: false) || i % 3 == 0)
                {
                    full.Score(bid, ask);
                    full.Shape(bid, ask);
                }

                if (i % 25 == 0)
                {
                    full.Second(bid, ask);
                }
            }
        }

        Run(0, 4_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(4_000, 9_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(catalogue.FairValue.SweepCount > 0);
        Assert.True(catalogue.PriceImpact.EffectiveSpread != 0);
    }

    [Theory]
    [InlineData(ValidityFlags.Gap, false)]
    [InlineData(ValidityFlags.Halted, false)]
    [InlineData(ValidityFlags.None, true)]
    public void Neither_a_gap_nor_a_halt_nor_a_snapshot_is_a_move_or_a_loss(ValidityFlags book, bool reprime)
    {
        var full = new CatalogueTarget(
            CatalogueTape.Options, CatalogueTape.SignalOptionsOf(1), Fixtures.AnInstrument());
        var bid = new BookSide(Fixtures.RefBids);
        var ask = new BookSide(Fixtures.RefAsks);
        for (int second = 1; second <= 40; second++)
        {
            long now = second * Fixtures.Second;
            full.Trade(Fixtures.Print(1000, 5, Side.Sell, now), bid, ask);
            full.Event(bid, ask, ValidityFlags.None, now, reprime: false);
            full.Shape(bid, ask);
            full.Second();
        }

        PriceImpactValues impact = full.Catalogue.PriceImpact;
        ResilienceLine fate = full.Catalogue.Resilience.Bid;
        var otherBid = new BookSide(Fixtures.Levels((499, 3), (500, 9)));
        var otherAsk = new BookSide(Fixtures.Levels((503, 3), (502, 9)));
        long then = 41 * Fixtures.Second;
        full.Trade(Fixtures.Print(500, 900, Side.Sell, then), bid, ask);
        full.Event(otherBid, otherAsk, book, then, reprime);
        full.Event(otherBid, otherAsk, ValidityFlags.None, then, reprime: false);
        full.Shape(otherBid, otherAsk);
        full.Second();
        Assert.Equal(0, full.Catalogue.Activity.OneSecond.Variance);
        Assert.Equal(impact.Response[0], full.Catalogue.PriceImpact.Response[0]);
        Assert.Equal(impact.FlowSlope.EffectiveSamples, full.Catalogue.PriceImpact.FlowSlope.EffectiveSamples);
        Assert.Equal(impact.ImmediateQuanta, full.Catalogue.PriceImpact.ImmediateQuanta);
        Assert.Equal(fate.ConsumedOverall, full.Catalogue.Resilience.Bid.ConsumedOverall);
        Assert.Equal(0, full.Catalogue.Resilience.Bid.Recovered + full.Catalogue.Resilience.Bid.Censored);
    }

    [Fact]
    public void A_touch_that_takes_in_thrice_what_it_shows_is_told_once_no_trade_is_larger()
    {
        var full = new CatalogueTarget(
            CatalogueTape.Options, CatalogueTape.SignalOptionsOf(1), Fixtures.AnInstrument());
        var bid = new BookSide(Fixtures.RefBids);
        var ask = new BookSide(Fixtures.RefAsks);
        full.Event(bid, ask, ValidityFlags.None, Fixtures.Second, reprime: true);
        for (int i = 1; i <= 4; i++)
        {
            full.Trade(Fixtures.Print(1001, 8, Side.Buy, i * Fixtures.Second), bid, ask);
            full.Trade(Fixtures.Print(1000, 8, Side.Sell, i * Fixtures.Second), bid, ask);
            full.Event(bid, ask, ValidityFlags.None, i * Fixtures.Second, reprime: false);
            full.Second();
        }

        // The ask showed 10 and took in 32, the bid showed 30.
        Assert.Equal(3.2, full.Catalogue.FairValue.AskAbsorption.Ratio, 12);
        Assert.True(full.Catalogue.FairValue.AskAbsorption.IsTelling);
        Assert.Equal(32, full.Catalogue.FairValue.BidAbsorption.Lots);
        Assert.False(full.Catalogue.FairValue.BidAbsorption.IsTelling);
    }

    [Fact]
    public void Trades_that_find_no_room_to_wait_are_counted()
    {
        SetOptions options = CatalogueTape.Options with
        {
            Catalogue = CatalogueTape.Options.Catalogue with { MarkoutCapacity = 16 },
        };
        var full = new CatalogueTarget(options, CatalogueTape.SignalOptionsOf(1), Fixtures.AnInstrument());
        var bid = new BookSide(Fixtures.RefBids);
        var ask = new BookSide(Fixtures.RefAsks);
        full.Event(bid, ask, ValidityFlags.None, 0, reprime: true);
        for (int i = 0; i < 20; i++)
        {
            full.Trade(Fixtures.Print(1001, 1, Side.Buy, i), bid, ask);
            full.Event(bid, ask, ValidityFlags.None, i, reprime: false);
        }

        full.Second();
        Assert.Equal(2 * 4, full.Catalogue.PriceImpact.Dropped);
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        var catalogue = new CatalogueOptions
        {
            DensityTicks = 65,
            HorizonsNs = [1, 1, 2, 3],
            Pools = [new AutomatedPool("", 1, 1, 0)],
        };
        var wrong = new SetOptions { Catalogue = catalogue };
        ArgumentException fault = Assert.Throws<ArgumentException>(wrong.Validate);
        Assert.Contains("DensityTicks is 65", fault.Message, StringComparison.Ordinal);
        Assert.Contains("HorizonsNs[1] is 1", fault.Message, StringComparison.Ordinal);
        Assert.Contains("Pools[0] must have a symbol", fault.Message, StringComparison.Ordinal);
    }

    private static (CatalogueTarget Full, CatalogueByHand Hand) Pair(ContractKind contract)
    {
        Instrument instrument = Fixtures.AnInstrument() with
        {
            Contract = contract,
            TickQuanta = 2,
            PriceQuantum = new DecimalScale(5, -1),
            Lot = new DecimalScale(1, -3),
            ContractMultiplier = new DecimalScale(10, 0),
        };
        SignalOptions touch = CatalogueTape.SignalOptionsOf(1);
        return (new(s_byHandOptions, touch, instrument), new(s_byHandOptions, touch, instrument));
    }

    // Other roads to the same number: a general solver, and another order of products. All others are the same bits.
    private static double ToleranceOf(string name) => name switch
    {
        "PriceImpact.PermanentQuanta" or "PriceImpact.FifthQuanta" or "PriceImpact.TradesPerTrade" => 1e-6,
        "PriceImpact.TransientQuanta" or "Execution.Bid.LiveBps" or "Execution.Ask.LiveBps" => 1e-7,
        "Leverage.AnnualFunding" or "PriceImpact.Amihud" => 1e-12,
        _ => name.StartsWith("Execution.", StringComparison.Ordinal) ? 1e-9 : 0,
    };

    private static double Mirror(CatalogueFigure figure, double value) => figure.Mirror switch
    {
        Parity.Even => value,
        Parity.Odd => -value,
        Parity.Complement => 1 - value,
        Parity.Price => value == 0 ? 0 : MarketTransforms.Twice - value,
        Parity.Mid2 => value == 0 ? 0 : 2 * MarketTransforms.Twice - value,
        _ => double.NaN,
    };

    private static void Compare(
        List<Dictionary<string, double>> plain,
        List<Dictionary<string, double>> other,
        Func<string, string> nameOf,
        Func<CatalogueFigure, double, double> expect)
    {
        for (int i = 0; i < plain.Count; i++)
        {
            foreach ((string name, double value) in plain[i])
            {
                double expected = expect(CatalogueFigures.All[ValueFields.PathOf(name)], value);
                double got = other[i][nameOf(name)];
                double tolerance = 1e-7 * Math.Max(1, Math.Max(Math.Abs(expected), Math.Abs(got)));
                Assert.False(Math.Abs(expected - got) > tolerance, $"{name} at {i}: {expected:R}, got {got:R}");
            }
        }
    }
}
