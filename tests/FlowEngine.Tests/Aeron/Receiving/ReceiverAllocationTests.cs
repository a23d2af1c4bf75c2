using System.Runtime.InteropServices;
using FlowEngine.Aeron.Driver;
using Xunit;

namespace FlowEngine.Tests.Aeron.Receiving;

/// <summary>Receiving costs no allocation.</summary>
public sealed class ReceiverAllocationTests
{
    private const int Rounds = 20_000;
    private const int FrameLength = 1024;

    [Fact]
    public void Packets_status_messages_naks_and_round_trips_allocate_nothing()
    {
        using var house = new ReceiverHouse(
            "aeron:udp?endpoint=127.0.0.1:24200|cc=cubic", context => context with { CubicMeasureRtt = true });
        house.Subscribe(Packets.StreamId);
        house.Deliver(Packets.Setup());
        house.Run(0.5, 0.1);
        house.Transport.Records = false;
        var packet = Packets.Data(0, FrameLength - 32);
        var foreign = Packets.Data(0, 8, streamId: 1);
        var junk = new byte[64];
        Pass(house, packet, foreign, junk, 0, 2_000);

        var sent = house.Transport.SentCount;
        var naks = house[SystemCounter.NaksSent];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Pass(house, packet, foreign, junk, 2_000, Rounds);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        Assert.Equal((long)Rounds * FrameLength, house.Images[0].Image.RebuildPosition);
        Assert.True(house.Transport.SentCount - sent > 1_000, "status messages were sent");
        Assert.True(house[SystemCounter.NaksSent] - naks > 1_000, "NAKs were sent");
    }

    /// <summary>Every tenth packet comes after the next one: that is a gap, and a NAK.</summary>
    private static void Pass(ReceiverHouse house, byte[] packet, byte[] foreign, byte[] junk, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var index = i % 10 == 8 ? i + 1 : i % 10 == 9 ? i - 1 : i;
            var position = (long)index * FrameLength;
            MemoryMarshal.Write(packet.AsSpan(8), (int)(position % Packets.TermLength));
            MemoryMarshal.Write(packet.AsSpan(20), Packets.TermId + (int)(position / Packets.TermLength));
            house.Transport.Deliver(packet, ReceiverHouse.Source);
            house.Transport.Deliver(foreign, ReceiverHouse.Source);
            house.Transport.Deliver(junk, ReceiverHouse.Source);
            for (var cycle = 0; cycle < 4; cycle++)
            {
                house.NowNs += 50_000;
                house.Step();
            }
        }

        house.Step();
    }
}
