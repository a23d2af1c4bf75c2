using FlowEngine.Client;
using FlowEngine.Core.Time;
using FlowEngine.Disruptor;
using FlowEngine.Engine;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Simulation;
using FlowEngine.Market;
using FlowEngine.Messages.Signals;
using FlowEngine.Signals;
using FlowEngine.Testing;
using Xunit;

namespace FlowEngine.Tests.Engine;

/// <summary>Zero bytes allocated, stage by stage: a leak names its stage.</summary>
public sealed class HotStagesTests
{
    private static readonly EngineOptions s_options = new() { RingCapacity = 16384, InstrumentCapacity = 64 };
    private static readonly EngineOptions s_full = s_options with { SignalSet = SignalSets.Full };
    private static readonly EngineIdentity s_identity = new(1, 1);

    [Fact]
    public void The_fused_stages_allocate_nothing_per_event() => AssertNothingAllocated<DefaultSet>(s_options);

    [Fact]
    public void The_fused_stages_of_the_full_set_allocate_nothing_per_event() =>
        AssertNothingAllocated<FullSet>(s_full);

    private static void AssertNothingAllocated<TSet>(EngineOptions options)
        where TSet : struct, ISignalSet
    {
        using var parts = new Parts(options);
        var stages = new Then<MarketEvent, BookStage, Then<MarketEvent, TickerCheck, SignalStage<TSet>>>(
            new BookStage(parts.State),
            new Then<MarketEvent, TickerCheck, SignalStage<TSet>>(
                new TickerCheck(parts.State, options.InstrumentCapacity, new TickerTotals()),
                new SignalStage<TSet>(parts.State, parts.Egress, options.StaleAfterMs)));
        var events = parts.Events;
        long sequence = 0;
        for (; sequence < events.Count / 2; sequence++)
        {
            var evt = events[(int)sequence];
            stages.OnEvent(ref evt, sequence, endOfBatch: true);
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (; sequence < events.Count; sequence++)
        {
            var evt = events[(int)sequence];
            stages.OnEvent(ref evt, sequence, endOfBatch: true);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(parts.State.Totals.Evaluated > 10_000);
    }

    [Fact]
    public void Encoding_stamping_and_waiting_allocate_nothing()
    {
        using var parts = new Parts(s_full);
        parts.RunAll<FullSet>();
        using var slots = new SignalSlots(s_options.InstrumentCapacity, SignalSlots.MostKinds);
        var encoder = new SignalEncoder(parts.State, s_identity);
        var backlog = new Backlog(s_options.InstrumentCapacity);
        var output = new SignalOutput(publication: null);

        long before = 0;
        for (var round = 0; round < 200; round++)
        {
            before = round == 100 ? GC.GetAllocatedBytesForCurrentThread() : before;
            for (var id = 0; id < parts.State.Count; id++)
            {
                encoder.TopOfBook(slots[id, SignalMessage.TopOfBook], id, timed: false);
                encoder.Pressure(slots[id, SignalMessage.Pressure], id, timed: false);
                encoder.Impact(slots[id, SignalMessage.Impact], id);
                encoder.Liquidity(slots[id, SignalMessage.Liquidity], id);
                encoder.Cascade(slots[id, SignalMessage.Cascade], id);
                encoder.DepthFlow(slots[id, SignalMessage.DepthFlow], id);
                encoder.SellPressure(slots[id, SignalMessage.SellPressure], id, timed: true);
                encoder.Feedback(slots[id, SignalMessage.Feedback], id, timed: true);
                encoder.Estimates(slots[id, SignalMessage.Estimates], id);
                encoder.FairValue(slots[id, SignalMessage.FairValue], id);
                encoder.BookShape(slots[id, SignalMessage.BookShape], id);
                encoder.Resilience(slots[id, SignalMessage.Resilience], id);
                encoder.Excitation(slots[id, SignalMessage.Excitation], id, timed: true);
                encoder.Activity(slots[id, SignalMessage.Activity], id);
                encoder.PriceImpact(slots[id, SignalMessage.PriceImpact], id);
                encoder.Leverage(slots[id, SignalMessage.Leverage], id);
                encoder.LoopGains(slots[id, SignalMessage.LoopGains], id);
                encoder.Execution(slots[id, SignalMessage.Execution], id);
                for (var kind = 0; kind < slots.Kinds; kind++)
                {
                    var slot = slots[id, (SignalMessage)kind];
                    ProvenanceLayout.StampStored(slot, 1, 2);
                    ProvenanceLayout.StampSent(slot, 3, 4);
                    backlog.Add(id, (SignalMessage)kind);
                    _ = output.TryClaim(slot.Length, out _);
                }
            }

            while (backlog.TryPeek(out var waiting))
            {
                for (var kind = 0; kind < slots.Kinds; kind++)
                {
                    backlog.Sent(waiting, (SignalMessage)kind);
                }
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.True(backlog.IsEmpty);
        Assert.True(TopOfBookReader.TryWrap(slots[0, SignalMessage.TopOfBook], out var touch));
        Assert.Equal(1ul, touch.Provenance.Epoch);
        Assert.Equal(FullSet.Version, touch.Provenance.SignalSet);
    }

    [Fact]
    public void Polling_Aeron_and_handling_the_ring_allocate_nothing()
    {
        using var aeron = new SteppedAeron();
        using var feed = aeron.Client.AddExclusivePublication("aeron:ipc?term-length=1m", 7);
        using var feedIn = aeron.Client.AddSubscription("aeron:ipc", 7);
        using var pipeline = new Pipeline(s_options, s_identity, publication: null, withDigest: true);
        EngineAgent engine = pipeline.Engine;
        IngressAgent ingress = new(pipeline.Ingress, feedIn, idleTimers: true);
        aeron.StepUntil(() => feed.IsConnected && feedIn.IsConnected);
        ingress.OnStart();
        engine.OnStart();

        var packets = new PacketList(new SimulatorOptions { Seed = 8 }, packets: 20_000).Packets;
        long allocated = 0;
        for (var i = 0; i < packets.Length; i++)
        {
            while (feed.Offer(packets[i]) < 0)
            {
                aeron.Step();
            }

            var now = SystemClock.Nanos();
            var before = GC.GetAllocatedBytesForCurrentThread();
            ingress.DoWork(now);
            engine.DoWork(now);
            allocated += i < packets.Length / 2 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.Equal(packets.Length, pipeline.Status.Packets);
        Assert.True(pipeline.Status.Evaluated > packets.Length);
    }

    [Fact]
    public void Subscribing_allocates_nothing_once_the_instruments_are_known()
    {
        using var engine = new SteppedEngine(new Quiet());
        SignalSubscription signals = engine.Signals;
        SequenceTracker tracker = new(4);
        StateTracker states = new(4);
        var packets = new PacketList(new SimulatorOptions { Seed = 8 }, packets: 10_000).Packets;
        long allocated = 0;
        for (var i = 0; i < packets.Length; i++)
        {
            engine.FeedUnseen(packets[i]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            while (signals.Poll(100) > 0)
            {
                tracker.TryAdvance(1, (ulong)i + 1, 0, out _);
                states.Update(1, i % 2 == 0 ? Validity.Gap : Validity.None);
                states.TryMove(1, (Messages.Signals.Regime)(i % 4), i % 3 - 1, out _);
            }

            allocated += i < packets.Length / 2 ? 0 : GC.GetAllocatedBytesForCurrentThread() - before;
            engine.Settle();
        }

        Assert.Equal(0, allocated);
        Assert.True(signals.Received > packets.Length);
    }

    /// <summary>State and egress without a pipeline around them, and the events of a simulated market.</summary>
    private sealed class Parts : IDisposable
    {
        public Parts(EngineOptions options)
        {
            var table = new InstrumentTable(options.InstrumentCapacity);
            State = new EngineState(options, table);
            var unused = new RingBuffer<MarketEvent>(16384);
            var ingress = new Ingress(unused, new InstrumentTable(1));
            Egress = new Egress(
                State,
                options,
                s_identity,
                new SignalOutput(publication: null),
                null,
                new StatusSource(ingress, State));
            var decoder = new FeedDecoder(table);
            var sink = new ListSink { Events = Events };
            foreach (var packet in new PacketList(new SimulatorOptions { Seed = 8 }, packets: 15_000).Packets)
            {
                sink.Begin();
                decoder.Decode(packet, 1, ref sink);
                sink.End();
            }
        }

        public EngineState State { get; }

        public Egress Egress { get; }

        public List<MarketEvent> Events { get; } = [];

        public void RunAll<TSet>()
            where TSet : struct, ISignalSet
        {
            var books = new BookStage(State);
            var signals = new SignalStage<TSet>(State, Egress, s_options.StaleAfterMs);
            for (var i = 0; i < Events.Count; i++)
            {
                var evt = Events[i];
                books.OnEvent(ref evt, i, endOfBatch: true);
                signals.OnEvent(ref evt, i, endOfBatch: true);
            }
        }

        public void Dispose()
        {
            Egress.Dispose();
            State.Dispose();
        }
    }

    /// <summary>A sink whose slots stay writable until the packet ends, as a ring's do.</summary>
    private struct ListSink : IEventSink
    {
        private MarketEvent[] _slots;
        private int _count;

        public List<MarketEvent> Events { get; init; }

        public void Begin()
        {
            _slots ??= new MarketEvent[FeedLimits.MaxEventsPerPacket];
            _count = 0;
        }

        public ref MarketEvent Next()
        {
            _slots[_count] = default;
            return ref _slots[_count++];
        }

        public readonly void End() => Events.AddRange(_slots.AsSpan(0, _count));
    }
}
