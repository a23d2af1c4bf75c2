using FlowEngine.Engine;
using FlowEngine.Feeds.Simulation;
using FlowEngine.Market;
using FlowEngine.Testing;
using Xunit;

namespace FlowEngine.Tests.Engine;

public sealed class PipelineTests
{
    private static readonly PacketList s_market = new(new SimulatorOptions { Seed = 99 }, packets: 20_000);

    [Fact]
    public void The_same_packets_give_the_same_digest_and_another_seed_another()
    {
        var other = new PacketList(new SimulatorOptions { Seed = 100 }, packets: 20_000);

        var digest = DigestOf(s_market);
        Assert.Equal(64, digest.Length);
        Assert.Equal(digest, DigestOf(s_market));
        Assert.NotEqual(digest, DigestOf(other));
    }

    [Fact]
    public void How_packets_are_batched_does_not_change_the_digest()
    {
        using var pipeline = Start();
        foreach (var packet in s_market.Packets)
        {
            // The engine thread sleeps until the ring is full: the largest batches there can be.
            while (!pipeline.Ingress.TryAccept(packet))
            {
                pipeline.Engine.DoWork(0);
            }
        }

        pipeline.Engine.OnClose();
        Assert.True(pipeline.Ingress.RingFull > 0);
        Assert.Equal(DigestOf(s_market), pipeline.Digest!.ToHex());
    }

    [Fact]
    public void The_books_are_those_of_the_venue()
    {
        var simulator = new MarketSimulator(new SimulatorOptions { Seed = 5 });
        using var pipeline = Start();
        var buffer = new byte[simulator.MaxPacketLength];
        for (var i = 0; i < 30_000; i++)
        {
            Feed(pipeline, buffer.AsSpan(0, simulator.NextPacket(buffer, out _)));
        }

        Assert.Equal(simulator.InstrumentCount, pipeline.Status.CompleteBooks);
        Assert.Equal(0, pipeline.Status.Gaps);
        Assert.Equal(0, pipeline.Status.CrossedBooks);
        for (var id = 0; id < pipeline.State.Count; id++)
        {
            Assert.Null(BookCheck.Find(pipeline.State.Books[id]));
        }
    }

    [Fact]
    public void Ingress_and_engine_allocate_nothing_once_the_instruments_are_known()
    {
        using var engine = new SteppedEngine(new Quiet());
        foreach (var packet in s_market.Packets.Take(12_000))
        {
            engine.Feed(packet);
        }

        long allocated = 0;
        foreach (var packet in s_market.Packets.Skip(12_000))
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            engine.FeedUnseen(packet);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;
            engine.Settle();
        }

        Assert.Equal(0, allocated);
    }

    [Fact]
    public void A_silent_instrument_is_flagged_stale_once_and_clean_again_with_its_next_event()
    {
        var tape = new SignalTape();
        var options = new EngineOptions { StaleAfterMs = 300, InstrumentCapacity = 128, RingCapacity = 16384 };
        using var engine = new SteppedEngine(new Quiet(), options, tape: tape);
        var slow = new PacketList(
            new SimulatorOptions
            {
                Seed = 3,
                EventsPerSecond = 1,
                TickerInterval = TimeSpan.FromSeconds(5),
                SnapshotInterval = TimeSpan.FromSeconds(5),
            },
            packets: 400);
        foreach (var packet in slow.Packets)
        {
            engine.Feed(packet);
        }

        var touches = tape.Signals.Where(signal => signal.Values.StartsWith("2:", StringComparison.Ordinal));
        foreach (var instrument in touches.GroupBy(signal => signal.InstrumentId))
        {
            var stale = instrument.Select(signal => (signal.Validity & Messages.Signals.Validity.Stale) != 0).ToArray();
            Assert.Contains(true, stale);
            Assert.Contains(false, stale.Skip(Array.IndexOf(stale, true)));
            Assert.DoesNotContain(stale.Zip(stale.Skip(1)), pair => pair is (true, true));
        }
    }

    private static string DigestOf(PacketList market)
    {
        using var pipeline = Start();
        foreach (var packet in market.Packets)
        {
            Feed(pipeline, packet);
        }

        pipeline.Engine.OnClose();
        return pipeline.Digest!.ToHex();
    }

    private static Pipeline Start()
    {
        var pipeline = new Pipeline(
            new EngineOptions { RingCapacity = 16384 }, new EngineIdentity(1, 1), null, withDigest: true);
        pipeline.Engine.OnStart();
        return pipeline;
    }

    private static void Feed(Pipeline pipeline, ReadOnlySpan<byte> packet)
    {
        while (!pipeline.Ingress.TryAccept(packet))
        {
            pipeline.Engine.DoWork(0);
        }

        pipeline.Engine.DoWork(0);
    }
}
