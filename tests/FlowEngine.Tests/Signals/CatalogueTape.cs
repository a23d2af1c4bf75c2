using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Tests.Signals;

/// <summary>What becomes of a published value in a market made of another one.</summary>
/// <param name="LotExponent">Lots times k make it times k to this; NaN: nothing that could be said exactly.</param>
/// <param name="Mirror">What the mirror makes of it.</param>
/// <param name="Shift">Quanta that a shift of the prices by one adds; NaN: nothing that could be said exactly.</param>
internal sealed record CatalogueFigure(double LotExponent = 0, Parity Mirror = Parity.Even, double Shift = 0);

/// <summary>What the mirror makes of a value.</summary>
internal enum Parity
{
    /// <summary>The same, of the other side.</summary>
    Even,

    /// <summary>Its negative.</summary>
    Odd,

    /// <summary>1 less it.</summary>
    Complement,

    /// <summary>The mirror price; 0 stays.</summary>
    Price,

    /// <summary>Twice the mirror price; 0 stays.</summary>
    Mid2,

    /// <summary>Nothing that could be said exactly.</summary>
    Unsaid,
}

/// <summary>Plays scripts to a target, with references, parameters and timers in between.</summary>
internal static class CatalogueTape
{
    private const int PlayedWith = 20;

    /// <summary>Bands that hold all of a script's levels, distances in ticks alone, and short memories.</summary>
    public static readonly SetOptions Options = SetTape.Options with
    {
        Regime = new RegimeOptions
        {
            CascadeScore = 12,
            CascadeShare = 0,
            CascadeBranching = 0,
            PressureScore = 8,
            CalmScore = 5,
            ExhaustedShare = 0.2,
            ExhaustedGain = 50,
        },
        Catalogue = new CatalogueOptions
        {
            HalfDistanceBps = 0,
            DensityTickBps = 0,
            RecoveryLimitNs = Fixtures.Second,
            ImpulseHalfLifeTrades = 20,
            PermanentAfterNs = Fixtures.Second,
            OpenInterestStepNs = 2 * Fixtures.Second,
            AmihudHalfLifeMinutes = 3,
            ScheduleSlices = 4,
            ScheduleAversion = 1e-3,
            Pools = [new AutomatedPool("TEST-PERP", 50, 250_000, 0.003)],
        },
    };

    public static SignalOptions SignalOptionsOf(long lotUnit) => new()
    {
        BandBps = [2_500, 5_000, 7_500, 10_000],
        SweepLots = [3 * lotUnit, 20 * lotUnit, 75 * lotUnit, 300 * lotUnit, 2_000 * lotUnit],
    };

    /// <summary>Plays a script.</summary>
    /// <param name="script">The venue events.</param>
    /// <param name="targets">Fed alike.</param>
    /// <param name="lotUnit">Of open interest.</param>
    /// <param name="basisSign">-1 in the mirror: a premium is a discount.</param>
    /// <param name="after">Called with the number of each event, when all of it was fed.</param>
    public static void Play(
        VenueEvent[] script, ICatalogueTarget[] targets, long lotUnit, int basisSign, Action<int> after)
    {
        var book = new DictionaryBook();
        long now = Script.StartNs;
        for (int i = 0; i < script.Length; i++)
        {
            VenueEvent e = script[i];
            now += e.DtNs;
            PriceLevel[] bidsBefore = book.BidLevels();
            PriceLevel[] asksBefore = book.AskLevels();
            foreach (Change change in e.Changes)
            {
                book.Apply(change);
            }

            PriceLevel[] bids = book.BidLevels();
            PriceLevel[] asks = book.AskLevels();
            foreach (ICatalogueTarget target in targets)
            {
                foreach (Trade trade in e.Trades)
                {
                    target.Trade(
                        Fixtures.Print(trade.Price, trade.Lots, trade.Side, now, trade.Flags, trade.Kind),
                        new BookSide(bidsBefore),
                        new BookSide(asksBefore));
                }

                Feed(target, i, lotUnit, basisSign);
                bool forced = target.Event(new BookSide(bids), new BookSide(asks), e.Book, now, e.Reprime);
                Timers(target, i, forced, bids, asks);
            }

            after(i);
        }
    }

    public static List<Dictionary<string, double>> Play(
        VenueEvent[] script, SetOptions? options = null, long lotUnit = 1, int basisSign = 1, int readsBetween = 0)
    {
        var target = new CatalogueTarget(
            options ?? Options, SignalOptionsOf(lotUnit), Fixtures.AnInstrument());
        var all = new List<Dictionary<string, double>>();
        Play(script, [target], lotUnit, basisSign, _ =>
        {
            for (int i = 0; i < readsBetween; i++)
            {
                target.Read();
            }

            all.Add(target.Read());
        });
        return all;
    }

    private static void Feed(ICatalogueTarget target, int i, long lotUnit, int basisSign)
    {
        const long Index = 1_000_000_000_000;
        target.Reference(new MarketEvent
        {
            Kind = EventKind.OpenInterest,
            Quantity = (10_000 + i * 7 % 13 * 50) * lotUnit,
        });
        target.Reference(new MarketEvent { Kind = EventKind.IndexPrice, Price = Index });
        target.Reference(new MarketEvent
        {
            Kind = EventKind.MarkPrice,
            Price = Index + (i * 5 % 11 - 3) * basisSign * 100_000_000L,
        });
        if (i % 9 == 4)
        {
            target.Reference(new MarketEvent { Kind = EventKind.Funding, Price = 100_000 - i * 1_000 });
        }

        if (i % PlayedWith == 7)
        {
            Apply(target.Parameters, 1 + (uint)(i / PlayedWith));
        }
    }

    private static void Timers(ICatalogueTarget target, int i, bool forced, PriceLevel[] bids, PriceLevel[] asks)
    {
        if (forced || i % 2 == 0)
        {
            target.Score(new BookSide(bids), new BookSide(asks));
        }

        if (i % 3 != 1)
        {
            target.Shape(new BookSide(bids), new BookSide(asks));
        }

        if (i % 2 == 1)
        {
            target.Second(new BookSide(bids), new BookSide(asks));
        }
    }

    private static double DecayOf(uint version) => version % 3 == 2 ? HawkesFit.SlowestDecay : 3 + version;

    private static void Apply(SetParameters parameters, uint version)
    {
        const int Buckets = SetParameters.MicropriceBuckets;
        const int States = Buckets * SetParameters.MicropriceSpreads;
        var table = new double[2 * States];
        for (int state = 0; state < States; state++)
        {
            // Antisymmetric, as a fit makes it; one pair of states was seen too seldom.
            int bucket = state % Buckets;
            table[state] = (bucket - (Buckets - 1) / 2.0) * 0.01 * version;
            table[States + state] = bucket is 0 or Buckets - 1 ? 3 : 1_000;
        }

        Xunit.Assert.True(parameters.Apply(ParameterKind.Microprice, version, table));
        Xunit.Assert.True(parameters.Apply(ParameterKind.QueueImbalance, version, [0, 1.5 + version]));
        Xunit.Assert.True(parameters.Apply(ParameterKind.SellHawkes, version, [0.2, 0.5 + version, DecayOf(version)]));
        Xunit.Assert.True(parameters.Apply(ParameterKind.BuyHawkes, version, [0.2, 0.5 + version, DecayOf(version)]));
        foreach (ParameterKind kind in new[] { ParameterKind.RecentSellHawkes, ParameterKind.RecentBuyHawkes })
        {
            // Every other one ends where the grid does.
            double decay = version % 2 == 1 ? HawkesFit.FastestDecay : 7;
            Xunit.Assert.True(parameters.Apply(kind, version, [0.3, 0.25 * version, decay]));
        }

        Xunit.Assert.True(parameters.Apply(
            ParameterKind.ImpactKernel, version, [0.3, 0, 0.15, 0.02 * version, 0, 0.05, 0.1, 0.4]));
        double[] factors = [.. Enumerable.Range(0, SeasonalFactors.Hours).Select(hour => 1 + 0.001 * hour * version)];
        Xunit.Assert.True(parameters.Apply(ParameterKind.VolumeSeason, version, factors));
        Xunit.Assert.True(parameters.Apply(ParameterKind.VolatilitySeason, version, [.. factors.Reverse()]));
    }
}
