using FlowEngine.Client;
using FlowEngine.Disruptor;
using FlowEngine.Engine;
using FlowEngine.Feeds.Simulation;
using FlowEngine.Market;
using FlowEngine.Signals;
using FlowEngine.Testing;
using Xunit;
using Wire = FlowEngine.Messages.Signals;

namespace FlowEngine.Tests.Engine;

/// <summary>The signal sets through the whole engine.</summary>
public sealed class SignalSetTests
{
    private static readonly int[] s_touch = [2, 3, 4, 5, 6];
    private static readonly int[] s_default = [8, 9, 10, 11];

    private static readonly PacketList s_market = new(
        new SimulatorOptions { Seed = 77, FirstCascade = TimeSpan.FromMilliseconds(200) }, packets: 10_000);

    [Theory]
    [InlineData(SignalSets.Touch)]
    [InlineData(SignalSets.Default)]
    [InlineData(SignalSets.Full)]
    public void The_same_packets_give_the_same_digest_under_each_set(string set)
    {
        var (digest, signals) = Run(set);
        var (again, others) = Run(set);

        Assert.Equal(digest, again);
        Assert.Equal(signals, others);
        Assert.Equal(
            set switch
            {
                SignalSets.Touch => s_touch,
                SignalSets.Default => [.. s_touch, .. s_default],
                _ => [.. s_touch, .. s_default, 12, 13, 14, 15, 16, 17, 18, 19, 20],
            },
            signals.Select(TemplateOf).Distinct().Order());
    }

    [Theory]
    [InlineData(SignalSets.Touch, SignalSets.Default)]
    [InlineData(SignalSets.Default, SignalSets.Full)]
    public void What_a_set_publishes_does_not_depend_on_what_a_greater_one_adds(string lesser, string greater)
    {
        int[] templates = lesser == SignalSets.Touch ? s_touch : [.. s_touch, .. s_default];
        IEnumerable<(uint, string, string)> Told(string set) => Run(set).Signals
            .Where(signal => templates.Contains(TemplateOf(signal)))
            .Select(signal => (signal.InstrumentId, signal.Validity.ToString(), signal.Values));

        Assert.Equal(Told(lesser), Told(greater));
    }

    [Fact]
    public void A_subscriber_is_told_all_of_the_catalogue_at_its_cadence()
    {
        var heard = new Heard();
        var options = new EngineOptions
        {
            RingCapacity = 16384,
            InstrumentCapacity = 128,
            SignalSet = SignalSets.Full,
        };
        using var engine = new SteppedEngine(heard, options, digest: false);
        foreach (var packet in s_market.Packets)
        {
            engine.Feed(packet);
        }

        _ = engine.Finish();
        Assert.Equal(0, engine.Signals.Unreadable);
        Assert.Equal(heard.DepthFlows, heard.FairValues);
        Assert.Equal(heard.Scores, heard.Excitations);
        Assert.Equal(heard.Shapes, heard.Resiliences);
        Assert.True(heard.Shapes is > 0 && heard.Shapes < heard.FairValues);
        Assert.Equal((heard.Estimates, heard.Estimates), (heard.Activities, heard.PriceImpacts));
        Assert.Equal(heard.Estimates, heard.Leverages);
        Assert.Equal((heard.Estimates, heard.Estimates), (heard.LoopGains, heard.Executions));
        Assert.True(heard.Estimates > 0);
    }

    [Fact]
    public void An_unknown_set_is_refused_and_the_set_is_in_the_parameter_hash()
    {
        var options = new EngineOptions();
        Assert.Contains("signalSet is 'all'", string.Join("; ", (options with { SignalSet = "all" }).Faults()));
        Assert.NotEqual(
            EngineConfiguration.Hash(options),
            EngineConfiguration.Hash(options with { SignalSet = SignalSets.Touch }));
        Assert.NotEqual(
            EngineConfiguration.Hash(options),
            EngineConfiguration.Hash(options with { Sets = new SetOptions { RefillTicks = 6 } }));
    }

    [Fact]
    public void A_set_takes_no_memory_for_what_it_lacks()
    {
        static long Bytes(string set)
        {
            var table = new InstrumentTable(4);
            var options = new EngineOptions { SignalSet = set, InstrumentCapacity = 4 };
            using var state = new EngineState(options, table);
            Define(table);
            var before = GC.GetAllocatedBytesForCurrentThread();
            state.Define(0);
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        _ = Bytes(SignalSets.Full);
        Assert.True(Bytes(SignalSets.Touch) + 10_000 < Bytes(SignalSets.Default));
        Assert.True(Bytes(SignalSets.Default) + 50_000 < Bytes(SignalSets.Full));
    }

    [Fact]
    public void The_reference_book_gives_its_worked_values_at_the_far_end()
    {
        using var run = new Reference();
        run.Snapshot();
        ref readonly var pressure = ref run.State.SignalsOf(0).Pressure;
        Assert.Equal(0.5, pressure.Imbalance1);
        Assert.Equal(60.0 / 180, pressure.Imbalance3, 12);
        Assert.Equal(60.0 / 540, pressure.Imbalance5, 12);

        // B9's example: 30 falls to 8 while 15 trade, so 15 traded and 7 were cancelled.
        run.Send(EventKind.Trade, Side.Sell, 1000, 15, EventFlags.None);
        run.Send(EventKind.LevelSet, Side.Bid, 1000, 8, EventFlags.EndOfEvent);
        ref readonly var flow = ref run.State.SetOf(0).DepthFlow;
        Assert.Equal(7, flow.Withdrawal.Bid.CancelledLots);
        Assert.Equal(15, flow.BidRefill.TakenLots);
        Assert.Equal(-22, flow.LevelFlowSums[0]);
        Assert.Equal(0, flow.LevelFlowSums[1]);
        Assert.Equal(1, flow.Withdrawal.Bid.Balance);

        run.Send(EventKind.Timer, Side.Unknown, 0, 0, EventFlags.EndOfEvent);

        // F3: 518 lots are left on ten levels of two sides, so Qbar is 25.9.
        Assert.Equal(-22 / 25.9, run.State.SetOf(0).Estimates.LevelOfi[0], 12);
        Assert.True(run.State.Totals.Evaluated >= 7);
    }

    [Fact]
    public void A_simulated_cascade_is_told_to_the_subscriber_as_a_fall_and_the_score_adds_up()
    {
        var told = new Told();
        var options = new EngineOptions
        {
            RingCapacity = 16384,
            InstrumentCapacity = 128,
            Sets = new SetOptions { ScoreWarmUpNs = 1_000_000, BranchingWindowNs = 500_000_000 },
        };
        using var engine = new SteppedEngine(told, options, digest: false);
        var cascade = new PacketList(
            new SimulatorOptions
            {
                Seed = 7,
                EventsPerSecond = 8_000,
                LiquidationInterval = TimeSpan.Zero,
                FirstCascade = TimeSpan.FromSeconds(8),
            },
            packets: 100_000);
        foreach (var packet in cascade.Packets)
        {
            engine.Feed(packet);
        }

        _ = engine.Finish();
        Assert.True(told.MostScore > 60, $"{told.MostScore}");
        Assert.True(
            told.Regimes.Contains((0, Wire.Regime.Cascading, 1)),
            string.Join(' ', told.Regimes.Where(regime => regime.Id == 0)));
        Assert.True(told.Scores > 100);
    }

    private static int TemplateOf(TapedSignal signal) =>
        int.Parse(signal.Values.Split(':')[0], System.Globalization.CultureInfo.InvariantCulture);

    private static (string Digest, List<TapedSignal> Signals) Run(string set)
    {
        var tape = new SignalTape();
        var options = new EngineOptions { RingCapacity = 16384, InstrumentCapacity = 128, SignalSet = set };
        using var engine = new SteppedEngine(new Quiet(), options, tape: tape);
        foreach (var packet in s_market.Packets)
        {
            engine.Feed(packet);
        }

        var report = engine.Finish();
        Assert.Equal(0, engine.Signals.Lost);
        Assert.Equal(0, engine.Signals.Unreadable);
        return (report.Digest!, tape.Signals);
    }

    private static void Define(InstrumentTable table) => Assert.True(table.TryAdd(
        new Instrument
        {
            Venue = 1,
            VenueInstrumentId = 7,
            Symbol = "REF",
            PriceQuantum = DecimalScale.One,
            Lot = DecimalScale.One,
            Contract = ContractKind.Linear,
        },
        out _));

    /// <summary>A subscriber that counts and holds prices against the book.</summary>
    private sealed class Heard : SignalHandler
    {
        private readonly Dictionary<uint, (long Bid, long Ask)> _touch = [];

        public int DepthFlows { get; private set; }

        public int FairValues { get; private set; }

        public int Scores { get; private set; }

        public int Excitations { get; private set; }

        public int Shapes { get; private set; }

        public int Resiliences { get; private set; }

        public int Estimates { get; private set; }

        public int Activities { get; private set; }

        public int PriceImpacts { get; private set; }

        public int Leverages { get; private set; }

        public int LoopGains { get; private set; }

        public int Executions { get; private set; }

        public override void OnTopOfBook(in Wire.TopOfBookReader message) =>
            _touch[message.Provenance.InstrumentId] = message.BidPriceIsNull || message.AskPriceIsNull
                ? default
                : (message.BidPrice, message.AskPrice);

        public override void OnDepthFlow(in Wire.DepthFlowReader message) => DepthFlows++;

        public override void OnFairValue(in Wire.FairValueReader message)
        {
            FairValues++;
            Assert.Equal(FullSet.Version, message.Provenance.SignalSet);
            var (bid, ask) = _touch[message.Provenance.InstrumentId];
            Assert.True(ask == 0 || (message.Microprice >= bid && message.Microprice <= ask));
            Assert.Equal(0u, message.MicropriceVersion);
        }

        public override void OnSellPressure(in Wire.SellPressureReader message) => Scores++;

        public override void OnExcitation(in Wire.ExcitationReader message) => Excitations++;

        public override void OnBookShape(in Wire.BookShapeReader message)
        {
            Shapes++;
            Assert.InRange(message.DecayedImbalance, -1, 1);
            Assert.Equal((int)message.BidDensity.Occupied / 16.0, message.BidDensity.Density);
        }

        public override void OnResilience(in Wire.ResilienceReader message) => Resiliences++;

        public override void OnEstimates(in Wire.EstimatesReader message) => Estimates++;

        public override void OnActivity(in Wire.ActivityReader message) => Activities++;

        public override void OnPriceImpact(in Wire.PriceImpactReader message) => PriceImpacts++;

        public override void OnLeverage(in Wire.LeverageReader message) => Leverages++;

        public override void OnLoopGains(in Wire.LoopGainsReader message)
        {
            LoopGains++;
            Assert.Equal(
                message.SellForced + message.Trend + message.Funding + message.Makers, message.SellTotal, 9);
        }

        public override void OnExecution(in Wire.ExecutionReader message)
        {
            Executions++;
            Assert.InRange(message.Sell.FirstShare, 0, 1);
            Assert.Equal(0, message.SellPoolLots(4));
        }
    }

    /// <summary>A subscriber that notes regimes and checks every score.</summary>
    private sealed class Told : SignalHandler
    {
        public List<(int Id, Wire.Regime Regime, int Direction)> Regimes { get; } = [];

        public double MostScore { get; private set; }

        public int Scores { get; private set; }

        public override void OnRegime(int instrumentId, Wire.Regime from, Wire.Regime to, int direction) =>
            Regimes.Add((instrumentId, to, direction));

        public override void OnSellPressure(in Wire.SellPressureReader message)
        {
            double sum = 0;
            for (var leg = 0; leg < Wire.SellPressureReader.ContributionsLength; leg++)
            {
                sum += message.Contributions(leg);
            }

            Scores++;
            Assert.Equal(message.Raw, sum, 12);
            Assert.Equal(100 * Math.Tanh(message.Raw / 2), message.Score, 9);
            MostScore = message.Provenance.InstrumentId == 0 ? Math.Max(MostScore, message.Score) : MostScore;
        }
    }

    /// <summary>The stages of the default set on one hand-made instrument.</summary>
    private sealed class Reference : IDisposable
    {
        private static readonly (Side Side, long Price, long Lots)[] s_levels =
        [
            (Side.Bid, 1000, 30), (Side.Bid, 999, 50), (Side.Bid, 997, 40), (Side.Bid, 996, 80), (Side.Bid, 993, 100),
            (Side.Ask, 1001, 10), (Side.Ask, 1003, 20), (Side.Ask, 1004, 30), (Side.Ask, 1005, 60),
            (Side.Ask, 1009, 120),
        ];

        private readonly RingBuffer<MarketEvent> _ring = new(16384);
        private readonly FlowEngine.Engine.Egress _egress;
        private BookStage _books;
        private SignalStage<DefaultSet> _signals;
        private long _sequence;
        private long _timeNs = 1_700_000_000_000_000_000;

        public Reference()
        {
            var options = new EngineOptions { RingCapacity = 16384, InstrumentCapacity = 4 };
            var table = new InstrumentTable(4);
            State = new EngineState(options, table);
            Define(table);
            _egress = new FlowEngine.Engine.Egress(
                State,
                options,
                new EngineIdentity(1, 1),
                new SignalOutput(publication: null),
                null,
                new StatusSource(new Ingress(_ring, new InstrumentTable(1)), State));
            _books = new BookStage(State);
            _signals = new SignalStage<DefaultSet>(State, _egress, options.StaleAfterMs);
            State.Define(0);
            Send(EventKind.Timer, Side.Unknown, 0, 0, EventFlags.EndOfEvent);
        }

        public EngineState State { get; }

        public void Snapshot()
        {
            Send(EventKind.SnapshotBegin, Side.Unknown, 0, 0, EventFlags.Snapshot);
            foreach (var (side, price, lots) in s_levels)
            {
                Send(EventKind.SnapshotLevel, side, price, lots, EventFlags.Snapshot);
            }

            Send(EventKind.SnapshotEnd, Side.Unknown, 0, 0, EventFlags.Snapshot | EventFlags.EndOfEvent);
        }

        public void Send(EventKind kind, Side side, long price, long lots, EventFlags flags)
        {
            var evt = new MarketEvent
            {
                InstrumentId = kind == EventKind.Timer ? -1 : 0,
                Kind = kind,
                Side = side,
                Price = price,
                Quantity = lots,
                Flags = flags,
                VenueTime = _timeNs,
                ReceiveTime = _timeNs,
            };
            _books.OnEvent(ref evt, ++_sequence, endOfBatch: true);
            _signals.OnEvent(ref evt, _sequence, endOfBatch: true);
        }

        public void Dispose()
        {
            _egress.Dispose();
            State.Dispose();
            _ring.Dispose();
        }
    }
}
