using FlowEngine.Disruptor;
using FlowEngine.Engine;
using FlowEngine.Market;
using FlowEngine.Signals;
using Xunit;

namespace FlowEngine.Tests.Engine;

/// <summary>What the engine thread lets slow work know.</summary>
public sealed class CalibrationSampleTests
{
    private const long Second = CalibrationTape.Second;
    private const long Start = 1_700_000_000L * Second;

    [Fact]
    public void A_touch_is_told_when_it_changes_with_how_long_the_one_before_stood()
    {
        var box = new Box();
        using var ear = new Ear<Sink>(_ => new Sink(box));
        ear.Snapshot();
        ear.Send(EventKind.LevelSet, Side.Ask, 105, 7);
        ear.Send(EventKind.LevelSet, Side.Ask, 105, 8);
        ear.Send(EventKind.MarkPrice, Side.Unknown, 1, 0);
        ear.Send(EventKind.LevelSet, Side.Bid, 100, 20);
        ear.Send(EventKind.Gap, Side.Unknown, 0, 0);
        ear.Send(EventKind.LevelSet, Side.Bid, 100, 99);
        ear.Snapshot();
        Assert.Equal(
            [(true, 10, 0), (false, 20, 2), (true, 10, 0)],
            box.Heard.Where(sample => sample.Kind == SampleKind.Touch)
                .Select(sample => (sample.Prime, sample.Touch.BidLots, sample.Repeats)));
    }

    [Fact]
    public void After_dropped_samples_the_chain_starts_anew()
    {
        var box = new Box();
        using var ear = new Ear<Sink>(_ => new Sink(box));
        ear.Snapshot();
        ear.Send(EventKind.LevelSet, Side.Bid, 100, 11);
        box.HasRoom = false;
        ear.Send(EventKind.LevelSet, Side.Bid, 100, 12);
        ear.Send(EventKind.LevelSet, Side.Bid, 100, 13);
        box.HasRoom = true;
        ear.Send(EventKind.LevelSet, Side.Ask, 105, 7);
        ear.Send(EventKind.LevelSet, Side.Bid, 100, 14);
        Assert.Equal(
            [(true, 10), (false, 11), (true, 13), (false, 14)],
            box.Heard.Where(sample => sample.Kind == SampleKind.Touch)
                .Select(sample => (sample.Prime, sample.Touch.BidLots)));
    }

    [Fact]
    public void Trades_of_one_event_are_one_sample_and_prints_off_the_book_none()
    {
        var box = new Box();
        using var ear = new Ear<Sink>(_ => new Sink(box));
        ear.Snapshot();
        ear.Send(EventKind.Trade, Side.Sell, 100, 3, EventFlags.None);
        ear.Send(EventKind.Trade, Side.Buy, 101, 4, EventFlags.None);
        ear.Send(EventKind.Trade, Side.Buy, 101, 1000, EventFlags.OffBook);
        ear.Send(EventKind.Liquidation, Side.Sell, 100, 5);
        ear.Send(EventKind.Trade, Side.Buy, 101, 1, EventFlags.OffBook | EventFlags.EndOfEvent);
        var trades = Assert.Single(box.Heard, sample => sample.Kind == SampleKind.Trades);
        Assert.Equal((8L, 4L, 0L, Start), (trades.Sold, trades.Bought, trades.Unsigned, trades.TimeNs));
    }

    [Fact]
    public void A_second_with_flow_is_told_once_and_the_boundary_when_its_time_has_come()
    {
        var box = new Box();
        using var ear = new Ear<Sink>(_ => new Sink(box));
        ear.Snapshot();
        ear.Send(EventKind.LevelSet, Side.Bid, 100, 30);
        for (var tick = 0; tick <= 1200; tick++)
        {
            ear.Tick(Start + tick * Second / 10);
        }

        var flows = Assert.Single(box.Heard, sample => sample.Kind == SampleKind.Flows);
        Assert.True(flows.Flows[0] > 0);
        Assert.Equal(0, flows.Flows[1]);
        Assert.Equal(201, flows.Mid2);
        Assert.Equal(
            [1_700_000_040 * Second, 1_700_000_100 * Second],
            box.Heard.Where(sample => sample.Kind == SampleKind.Boundary).Select(sample => sample.TimeNs));
    }

    [Fact]
    public void Sampling_allocates_nothing_queued_or_stepped()
    {
        using var ring = new RingBuffer<CalibrationSample>(1024);
        using var queued = new Ear<QueuedSamples>(state => new QueuedSamples(ring, state.Totals));
        ring.AddGatingSequence(new Sequence());
        Assert.Equal(0, AllocatedBy(queued));
        Assert.Equal(1023, ring.Cursor);
        Assert.True(queued.State.Totals.SamplesDropped > 1000);

        var options = new EngineOptions { InstrumentCapacity = 1 };
        using var stepped = new Ear<SteppedSamples>(
            state => new SteppedSamples(new Calibrator(state.Table, options), state.Totals));
        Assert.Equal(0, AllocatedBy(stepped));
        Assert.Equal(0, stepped.State.Totals.SamplesDropped);
    }

    private static long AllocatedBy<TSink>(Ear<TSink> ear)
        where TSink : struct, ISampleSink
    {
        SampleStage<SignalStage<DefaultSet>, TSink> stage = ear.Stage;
        stage.OnStart();
        ear.Snapshot();
        long before = 0;
        for (var i = 0; i < 4_000; i++)
        {
            before = i == 1_000 ? GC.GetAllocatedBytesForCurrentThread() : before;
            ear.Send(EventKind.LevelSet, i % 2 == 0 ? Side.Bid : Side.Ask, 100 + i % 2, i + 1);
            ear.Send(EventKind.Trade, Side.Sell, 100, 1);
            ear.Tick(Start + i * Second / 10);
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>The stages of the default set, with an ear at their end.</summary>
    private sealed class Ear<TSink> : IDisposable
        where TSink : struct, ISampleSink
    {
        private readonly RingBuffer<MarketEvent> _ring = new(16);
        private readonly FlowEngine.Engine.Egress _egress;
        private BookStage _books;
        private SampleStage<SignalStage<DefaultSet>, TSink> _signals;
        private long _sequence;

        public Ear(Func<EngineState, TSink> sink)
        {
            var options = new EngineOptions { RingCapacity = 16384, InstrumentCapacity = 1 };
            var table = new InstrumentTable(1);
            State = new EngineState(options, table);
            _egress = new FlowEngine.Engine.Egress(
                State,
                options,
                new EngineIdentity(1, 1),
                new SignalOutput(publication: null),
                null,
                new StatusSource(new Ingress(_ring, new InstrumentTable(1)), State));
            _books = new BookStage(State);
            _signals = new SampleStage<SignalStage<DefaultSet>, TSink>(
                State,
                options,
                new SignalStage<DefaultSet>(State, _egress, options.StaleAfterMs),
                sink(State));
            Assert.True(CalibrationTape.Define(table));
            State.Define(0);
            Tick(Start);
        }

        public EngineState State { get; }

        public SampleStage<SignalStage<DefaultSet>, TSink> Stage => _signals;

        public void Snapshot()
        {
            Send(EventKind.SnapshotBegin, Side.Unknown, 0, 0, EventFlags.Snapshot);
            Send(EventKind.SnapshotLevel, Side.Bid, 100, 10, EventFlags.Snapshot);
            Send(EventKind.SnapshotLevel, Side.Ask, 101, 10, EventFlags.Snapshot);
            Send(EventKind.SnapshotEnd, Side.Unknown, 0, 0, EventFlags.Snapshot | EventFlags.EndOfEvent);
        }

        public void Send(
            EventKind kind, Side side, long price, long lots, EventFlags flags = EventFlags.EndOfEvent) =>
            Handle(new MarketEvent
            {
                Kind = kind,
                Side = side,
                Price = price,
                Quantity = lots,
                Flags = flags,
                VenueTime = Start,
                ReceiveTime = Start,
            });

        public void Tick(long nowNs) => Handle(new MarketEvent
        {
            InstrumentId = -1,
            Kind = EventKind.Timer,
            Flags = EventFlags.EndOfEvent,
            VenueTime = nowNs,
            ReceiveTime = nowNs,
        });

        public void Dispose()
        {
            _egress.Dispose();
            State.Dispose();
            _ring.Dispose();
        }

        private void Handle(MarketEvent evt)
        {
            _books.OnEvent(ref evt, ++_sequence, endOfBatch: true);
            _signals.OnEvent(ref evt, _sequence, endOfBatch: true);
        }
    }

    private sealed class Box
    {
        public bool HasRoom { get; set; } = true;

        public List<CalibrationSample> Heard { get; } = [];
    }

    private readonly struct Sink(Box box) : ISampleSink
    {
        public static bool TakesBoundaries => true;

        public bool TryTake(in CalibrationSample sample)
        {
            if (box.HasRoom)
            {
                box.Heard.Add(sample);
            }

            return box.HasRoom;
        }
    }
}
