using System.Net;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Core.Time;
using Xunit;

namespace FlowEngine.Tests.Aeron.Media;

/// <summary>Faults are seeded, counted, and leave alone what they do not hit.</summary>
public sealed class FaultyNetworkTests : IDisposable
{
    private const int Count = 20_000;

    private readonly DatagramBatch _batch = new(4);

    public void Dispose() => _batch.Dispose();

    [Fact]
    public void Without_chances_everything_passes_in_order()
    {
        var received = Run(new FaultPlan(), out var counts);

        Assert.Equal(Enumerable.Range(0, Count), received);
        Assert.Equal(2 * Count, counts.Seen);
        Assert.Equal(0, counts.LostSend + counts.LostReceive + counts.Duplicated + counts.Reordered);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Loss_takes_its_share_and_counts_each(bool inSending)
    {
        var plan = inSending ? new FaultPlan { LossSend = 0.2 } : new FaultPlan { LossReceive = 0.2 };

        var received = Run(plan, out var counts);

        var lost = inSending ? counts.LostSend : counts.LostReceive;
        Assert.Equal(Count - lost, received.Count);
        Assert.InRange(lost, Count * 0.18, Count * 0.22);
        Assert.Equal(received.Order(), received);
        Assert.Equal(received.Count, received.Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Duplicates_come_twice_and_nothing_is_lost(bool inSending)
    {
        var plan = inSending ? new FaultPlan { DuplicateSend = 0.1 } : new FaultPlan { DuplicateReceive = 0.1 };

        var received = Run(plan, out var counts);

        Assert.InRange(counts.Duplicated, Count * 0.08, Count * 0.12);
        Assert.Equal(Count + counts.Duplicated, received.Count);
        Assert.Equal(Enumerable.Range(0, Count), received.Distinct());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Reordering_lets_a_few_overtake_and_loses_nothing(bool inSending)
    {
        var plan = inSending ? new FaultPlan { ReorderSend = 0.1 } : new FaultPlan { ReorderReceive = 0.1 };

        var received = Run(plan, out var counts);

        Assert.InRange(counts.Reordered, Count * 0.08, Count * 0.12);
        Assert.Equal(Enumerable.Range(0, Count), received.Order());
        Assert.NotEqual(Enumerable.Range(0, Count), received);
        Assert.All(received.Index(), r => Assert.InRange(r.Item - r.Index, -20, 20));
    }

    [Fact]
    public void The_same_seed_does_the_same_and_another_does_not()
    {
        var plan = new FaultPlan { LossSend = 0.1, LossReceive = 0.1, DuplicateSend = 0.1, ReorderReceive = 0.1 };

        var first = Run(plan with { Seed = 5, Counts = new FaultCounts() }, out _);
        var again = Run(plan with { Seed = 5, Counts = new FaultCounts() }, out _);
        var other = Run(plan with { Seed = 6, Counts = new FaultCounts() }, out _);

        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public void Control_frames_are_spared_where_the_plan_says_so()
    {
        var plan = new FaultPlan { LossSend = 1, MessagesOnly = true };

        Assert.Equal(Count, Run(plan, out _, frameType: 3).Count);
        Assert.Empty(Run(plan, out _, frameType: 1));
    }

    [Fact]
    public void A_chance_beyond_one_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new FaultyNetwork(new SocketNetwork(), new FaultPlan { LossSend = 1.5 }));

    private List<int> Run(FaultPlan plan, out FaultCounts counts, byte frameType = 1)
    {
        var simulated = new SimulatedNetwork(new StillClock());
        var network = new FaultyNetwork(simulated, plan);
        var local = UdpAddress.From(new IPEndPoint(IPAddress.Loopback, 0));
        using var sender = network.Open(new TransportOptions { Bind = local, IsSender = true });
        using var receiver = network.Open(new TransportOptions { Bind = local, IsSender = false });
        var received = new List<int>();
        for (var i = 0; i < Count; i++)
        {
            var frame = new byte[64];
            BitConverter.TryWriteBytes(frame, 64);
            frame[6] = frameType;
            BitConverter.TryWriteBytes(frame.AsSpan(32), i);
            Assert.Equal(1, TransportTests.Send(sender, receiver.LocalAddress, [frame]));
            Take(receiver, received);
        }

        for (var i = 0; i < 100; i++)
        {
            sender.Receive(_batch);
            Take(receiver, received);
        }

        counts = plan.Counts;
        return received;
    }

    private void Take(IUdpTransport receiver, List<int> received)
    {
        receiver.Receive(_batch);
        for (var i = 0; i < _batch.Count; i++)
        {
            received.Add(BitConverter.ToInt32(_batch.Bytes(i)[32..]));
        }
    }

    private sealed class StillClock : IClock
    {
        public long NanoTime => 0;

        public long EpochNanos => 0;
    }
}
