using FlowEngine.Client;
using FlowEngine.Feeds.Simulation;
using FlowEngine.Messages.Signals;
using FlowEngine.Testing;
using Xunit;

namespace FlowEngine.Tests.Engine;

public sealed class EgressTests
{
    private const ulong Seed = 41;

    [Fact]
    public void What_a_stalled_subscriber_misses_is_conflated_and_the_newest_value_arrives()
    {
        var newest = new Newest();
        using var engine = new SteppedEngine(newest, termLength: "64k");
        var source = new PacketList(new SimulatorOptions { Seed = Seed }, packets: 6000);

        foreach (var (packet, index) in source.Packets.Select((packet, index) => (packet, index)))
        {
            // The subscriber stalls for 500 packets at a time: the 64 KiB terms fill and Aeron pushes back.
            if (index % 1000 < 500)
            {
                engine.FeedUnseen(packet);
            }
            else
            {
                engine.Feed(packet);
            }
        }

        var report = engine.Finish();
        Assert.True(report.Conflated > 1000, $"only {report.Conflated} conflated: the subscriber never stalled");
        Assert.Equal(0, engine.Signals.Lost);
        Assert.Equal(report.Conflated, engine.Signals.Conflated);
        Assert.Equal(report.Evaluated, engine.Signals.Received + report.Conflated);
        for (var id = 0; id < engine.Pipeline.State.Count; id++)
        {
            ref readonly var touch = ref engine.Pipeline.State.SignalsOf(id).Touch;
            Assert.Equal((touch.BidPrice, touch.BidLots, touch.AskPrice, touch.AskLots), newest.Touch[id]);
        }
    }

    [Fact]
    public void A_late_joiner_gets_directory_and_state_within_a_second_and_counts_no_loss()
    {
        using var engine = new SteppedEngine(new Quiet());
        var source = new PacketList(new SimulatorOptions { Seed = Seed, EventsPerSecond = 2000 }, packets: 12_000);
        foreach (var packet in source.Packets.Take(6000))
        {
            engine.Feed(packet);
        }

        var newest = new Newest();
        var late = engine.Join(newest);
        foreach (var packet in source.Packets.Skip(6000))
        {
            engine.Feed(packet);
        }

        Assert.Equal(engine.Pipeline.State.Count, late.Instruments.Count);
        Assert.True(late.Repeats > 0);
        Assert.Equal(0, late.Lost);
        Assert.Equal(0, late.Conflated);
        Assert.Equal(engine.Pipeline.State.Count, newest.Touch.Count);
        Assert.All(late.Instruments.Values, instrument =>
            Assert.Equal(engine.Pipeline.State.Table[instrument.Id].Symbol, instrument.Symbol));
    }

    [Fact]
    public void Without_any_subscriber_signals_are_counted_as_unsubscribed_not_as_sent()
    {
        var source = new PacketList(new SimulatorOptions { Seed = Seed }, packets: 2000);
        using var pipeline = new FlowEngine.Engine.Pipeline(
            new FlowEngine.Engine.EngineOptions(), new FlowEngine.Engine.EngineIdentity(1, 1), null, withDigest: true);
        pipeline.Engine.OnStart();
        foreach (var packet in source.Packets)
        {
            Assert.True(pipeline.Ingress.TryAccept(packet));
            pipeline.Engine.DoWork(0);
        }

        pipeline.Engine.OnClose();
        Assert.True(pipeline.Status.Evaluated > 2000);
        Assert.Equal(pipeline.Status.Evaluated, pipeline.Status.Unsubscribed);
        Assert.Equal(0, pipeline.Status.Published);
        Assert.Equal(0, pipeline.Status.Conflated);
    }

    private sealed class Newest : SignalHandler
    {
        private readonly Dictionary<uint, ulong> _sequences = [];

        public Dictionary<int, (long BidPrice, long BidLots, long AskPrice, long AskLots)> Touch { get; } = [];

        public override void OnTopOfBook(in TopOfBookReader message)
        {
            var provenance = message.Provenance;
            if ((provenance.Delivery & Delivery.Repeat) == 0)
            {
                Assert.True(provenance.Sequence > _sequences.GetValueOrDefault(provenance.InstrumentId));
                _sequences[provenance.InstrumentId] = provenance.Sequence;
            }

            Touch[(int)provenance.InstrumentId] =
                (message.BidPrice, message.BidLots, message.AskPrice, message.AskLots);
        }
    }
}
