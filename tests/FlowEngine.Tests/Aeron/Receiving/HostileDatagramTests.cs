using System.Buffers.Binary;
using CsCheck;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;
using Xunit;

namespace FlowEngine.Tests.Aeron.Receiving;

/// <summary>Bytes of strangers: nothing is believed, nothing crashes, what is no frame is counted.</summary>
public sealed class HostileDatagramTests
{
    private static readonly int[] s_nasty = [0, -1, 1, 31, 32, 33, 64, 65536, int.MaxValue, int.MinValue];

    private static readonly Gen<byte[]> s_valid = Gen.OneOf(
        Gen.Int[0, 2047].Select(cell => Packets.Data(cell * 32, cell % 1376)),
        Gen.Int[0, 2047].Select(cell => Packets.Padding(cell * 32, (2048 - cell) * 32)),
        Gen.Int[0, 2047].Select(cell => Packets.Heartbeat(cell * 32)),
        Gen.Int[0, 5].Select(session => Packets.Setup(sessionId: session)),
        Gen.Const(() => Rtt()),
        Gen.Int[0, 2000].Select(
            cell => (byte[])[.. Packets.Data(cell * 32, 40), .. Packets.Data((cell * 32) + 96, 9)]));

    /// <summary>A frame with some words set to nasty values, perhaps cut or lengthened.</summary>
    private static readonly Gen<byte[]> s_hostile = Gen.OneOf(
        Gen.Byte.Array[0, 200],
        from bytes in s_valid
        from words in Gen.Select(
            Gen.Int[0, 9],
            Gen.OneOf(Gen.Int, Gen.Int[0, s_nasty.Length - 1].Select(i => s_nasty[i]))).Array[0, 3]
        from length in Gen.Int[-40, 40]
        from isResized in Gen.Bool
        select Mutate(bytes, words, isResized ? length : 0));

    [Theory]
    [InlineData("length 7", "00000000000001")]
    [InlineData("negative length", "FFFFFFFF00000100")]
    [InlineData("version 1", "2000000001C00100000000006400000089130000070000000000000000000000")]
    [InlineData("data shorter than its header", "2000000000C0010000000000640000008913000007000000")]
    [InlineData("data not in cells", "2000000000C001000000000064000000891300000700000000000000000000000000")]
    [InlineData("SETUP too short", "2800000000000500")]
    [InlineData("frame longer than datagram", "FF00000000000300")]
    public void What_is_no_frame_is_counted(string what, string hex)
    {
        using var house = Connected();
        house.Deliver(Convert.FromHexString(hex));
        house.Run(1);
        Assert.True(house[SystemCounter.InvalidPackets] == 1, what);
    }

    [Theory]
    [InlineData("term length no power of two", 28, 65537)]
    [InlineData("term length too short", 28, 32768)]
    [InlineData("term offset beyond the term", 8, 65536 + 32)]
    [InlineData("term offset in a cell", 8, 8)]
    [InlineData("mtu too short", 32, 0)]
    [InlineData("mtu too long", 32, 65536)]
    [InlineData("mtu not in cells", 32, 1400)]
    [InlineData("active term before the first", 24, 6)]
    public void A_SETUP_that_makes_no_sense_is_counted(string what, int offset, int value)
    {
        using var house = new ReceiverHouse();
        house.Subscribe(Packets.StreamId);
        var setup = Packets.Setup();
        BinaryPrimitives.WriteInt32LittleEndian(setup.AsSpan(offset), value);
        house.Deliver(setup);
        house.Run(2);
        Assert.Empty(house.Requests);
        Assert.True(house[SystemCounter.InvalidPackets] == 1, what);
    }

    [Fact]
    public void Frames_of_a_datagram_must_follow_each_other_to_its_end()
    {
        using var house = Connected();
        byte[][] invalid =
        [
            [.. Packets.Data(0, 8), .. Packets.Data(128, 8)],
            [.. Packets.Data(0, 8), .. new byte[32]],
            [.. Packets.Data(0, 8), .. Packets.Heartbeat(64)],
            [.. Packets.Padding(0, 64), .. Packets.Data(32, 8)],
            [.. Packets.Data(0, 8), .. WithType(Packets.Data(64, 8), FrameTypes.Nak)],
            Packets.Data(0, 100)[..64],
            Packets.Data(Packets.TermLength - 32, 8),
            Packets.Padding(64, Packets.TermLength),
            Packets.Data(16, 8),
            Packets.Data(-32, 8),
            [.. Packets.Heartbeat(0), .. Packets.Heartbeat(0)],
        ];
        foreach (var bytes in invalid)
        {
            house.Deliver(bytes);
        }

        house.Run(1);
        Assert.Equal(invalid.Length, house[SystemCounter.InvalidPackets]);
        Assert.Equal(0, house.Images[0].HighWaterMark.Get());
        house.Deliver([.. Packets.Data(0, 8), .. Packets.Data(64, 0), .. Packets.Padding(96, 320)]);
        house.Run(2);
        Assert.Equal(416, house.Images[0].Image.RebuildPosition);
    }

    [Fact]
    public void Nothing_a_stranger_sends_breaks_the_receiver() => s_hostile.Array[1, 60].Sample(
        datagrams =>
        {
            using var house = Connected();
            foreach (var bytes in datagrams)
            {
                house.Deliver(bytes);
                house.Run(0.2, 0.1);
            }

            house.Run(1, 0.1);
            foreach (var seat in house.Images)
            {
                var hwm = seat.HighWaterMark.Get();
                Assert.InRange(hwm, 0, long.MaxValue);
                Assert.InRange(seat.Image.RebuildPosition, 0, hwm + Packets.TermLength);
            }

            // An honest stream is served as ever.
            house.Deliver(Packets.Setup(sessionId: 4711));
            house.Run(2, 0.1);
            house.Deliver(Packets.Data(0, 64, sessionId: 4711));
            house.Run(2, 0.1);
            Assert.Equal(96, house.Images[^1].Image.RebuildPosition);
            return true;
        },
        iter: 300,
        threads: 1);

    private static ReceiverHouse Connected()
    {
        var house = new ReceiverHouse(configure: context => context with { StreamSessionLimit = 64 });
        house.Subscribe(Packets.StreamId);
        house.Deliver(Packets.Setup());
        house.Run(0.5, 0.1);
        return house;
    }

    private static byte[] WithType(byte[] frame, ushort type)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(frame.AsSpan(DataFrame.TypeOffset), type);
        return frame;
    }

    private static byte[] Rtt()
    {
        var bytes = new byte[RttFrame.Length];
        new RttFrame(0, Packets.SessionId, Packets.StreamId, 5, 6, ReceiverHouse.ReceiverId).Write(bytes);
        return bytes;
    }

    private static byte[] Mutate(byte[] bytes, (int Word, int Value)[] words, int lengthen)
    {
        var copy = new byte[Math.Max(0, bytes.Length + lengthen)];
        bytes.AsSpan(0, Math.Min(bytes.Length, copy.Length)).CopyTo(copy);
        foreach (var (word, value) in words)
        {
            // No SETUP of gigabytes: a test has no disk for it, and the conductor checks that.
            if ((word * 4) + 4 <= copy.Length && !(word == 7 && FrameTypes.Type(bytes) == FrameTypes.Setup))
            {
                BinaryPrimitives.WriteInt32LittleEndian(copy.AsSpan(word * 4), value);
            }
        }

        return copy;
    }
}
