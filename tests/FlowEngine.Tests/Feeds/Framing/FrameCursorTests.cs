using FlowEngine.Feeds.Framing;
using Xunit;

namespace FlowEngine.Tests.Feeds.Framing;

/// <summary>Where messages lie in datagrams made by hand from the venues' guides, whole and damaged.</summary>
public sealed class FrameCursorTests
{
    private static readonly byte[] s_first = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    private static readonly byte[] s_second = [11, 12, 13, 14, 15, 16, 17, 18];

    /// <summary>Framing, and a packet of it that holds both messages.</summary>
    public static TheoryData<FramingKind, byte[]> Packets => new()
    {
        { FramingKind.CmeMdp3, [9, 0, 0, 0, .. new byte[8], 12, 0, .. s_first, 10, 0, .. s_second] },
        { FramingKind.CmeTcp, [0xfe, 0xca, 9, 0, 0, 0, .. new byte[8], 12, 0, .. s_first, 10, 0, .. s_second] },
        { FramingKind.CmeILink, [14, 0, 0xfe, 0xca, .. s_first, 12, 0, 0xfe, 0xca, .. s_second] },
        { FramingKind.B3Umdf,
            [7, 0, 1, 0, 9, 0, 0, 0, .. new byte[8], 14, 0, 0x50, 0xeb, .. s_first, 12, 0, 0x50, 0xeb, .. s_second] },
        { FramingKind.B3EntryPoint, [14, 0, 0x50, 0xeb, .. s_first, 12, 0, 0x50, 0xeb, .. s_second] },
        { FramingKind.BinanceFix, [16, 0, 0, 0, 0x50, 0xeb, .. s_first, 14, 0, 0, 0, 0x50, 0xeb, .. s_second] },
        { FramingKind.Sofh, [0, 0, 0, 16, 0xeb, 0x50, .. s_first, 0, 0, 0, 14, 0x5b, 0xe0, .. s_second] },
        { FramingKind.Memoir,
            [2, 18, .. new byte[8], 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 0, 10, .. s_first, 0, 8, .. s_second] },
    };

    [Theory]
    [MemberData(nameof(Packets))]
    public void Both_messages_of_a_packet_are_found(FramingKind kind, byte[] packet)
    {
        var frames = Frames(kind, packet, out var step, out _);
        Assert.Equal(FrameStep.End, step);
        Assert.Equal([s_first, s_second], frames.Select(frame => packet.AsSpan(frame.Offset, frame.Length).ToArray()));
        Assert.All(frames, frame => Assert.False(frame.IsRun));
        var numbered = kind is FramingKind.CmeMdp3 or FramingKind.CmeTcp or FramingKind.B3Umdf or FramingKind.Memoir;
        Assert.All(frames, frame => Assert.Equal(numbered ? 9ul : null, frame.Packet.Sequence));
        Assert.All(frames, frame => Assert.Equal(kind == FramingKind.B3Umdf ? 7 : null, frame.Packet.Channel));
    }

    [Theory]
    [MemberData(nameof(Packets))]
    public void A_packet_cut_anywhere_gives_no_message_that_is_not_whole(FramingKind kind, byte[] packet)
    {
        for (var length = 1; length < packet.Length; length++)
        {
            var frames = Frames(kind, packet[..length], out var step, out var reason);
            var isWhole = length == Framings.LayoutOf(kind).PacketHeaderLength
                || (frames.Count > 0 && frames[^1].Offset + frames[^1].Length == length);
            Assert.True(step != FrameStep.End || isWhole, $"cut at {length}");
            Assert.All(frames, frame => Assert.True(frame.Offset + frame.Length <= length));
            Assert.Equal(step != FrameStep.End, reason.Length > 0);
        }
    }

    [Theory]
    [MemberData(nameof(Packets))]
    public void A_stream_cut_into_pieces_anywhere_gives_the_same_messages(FramingKind kind, byte[] packet)
    {
        if (!Framings.IsStream(kind))
            return;
        byte[] stream = [.. packet, .. packet];
        for (var cut = 1; cut < stream.Length; cut++)
        {
            var state = default(StreamState);
            var (taken, found) = (0, new List<byte[]>());
            foreach (var end in new[] { cut, stream.Length })
            {
                var piece = stream.AsSpan(taken, end - taken);
                var cursor = new FrameCursor(kind, piece, state);
                while (cursor.Next(out var frame) == FrameStep.Frame)
                    found.Add(piece.Slice(frame.Offset, frame.Length).ToArray());
                taken += cursor.Position;
                state = cursor.State;
            }

            Assert.Equal([s_first, s_second, s_first, s_second], found);
        }
    }

    [Fact]
    public void A_run_of_messages_is_one_frame()
    {
        byte[] deribit = [18, 0, 3, 0, 9, 0, 0, 0, .. s_first, .. s_second];
        var run = Assert.Single(Frames(FramingKind.Deribit, deribit, out var step, out _));
        Assert.Equal(FrameStep.End, step);
        Assert.Equal(new MessageFrame(8, 18, true, new PacketFacts(3, 9)), run);
        Assert.Equal(
            new MessageFrame(0, 18, true, default),
            Assert.Single(Frames(FramingKind.Bare, [.. s_first, .. s_second], out _, out _)));
    }

    [Theory]
    [InlineData(FramingKind.CmeMdp3, 12, 0, "a message's frame claims 0 bytes")]
    [InlineData(FramingKind.CmeMdp3, 12, 99, "a message's frame claims 99 bytes and 22 are left")]
    [InlineData(FramingKind.CmeTcp, 0, 1, "no cme-tcp packet begins here")]
    [InlineData(FramingKind.CmeILink, 2, 0, "no cme-ilink frame begins here")]
    [InlineData(FramingKind.B3Umdf, 18, 0, "no b3-umdf frame begins here")]
    [InlineData(FramingKind.BinanceFix, 3, 200, "a message's frame claims 3355443216 bytes")]
    [InlineData(FramingKind.Sofh, 4, 0, "no sofh frame begins here")]
    [InlineData(FramingKind.Memoir, 19, 1, "10 bytes follow the last announced message")]
    [InlineData(FramingKind.Memoir, 19, 3, "1 announced messages are missing")]
    [InlineData(FramingKind.Memoir, 1, 19, "no memoir packet begins here")]
    public void Damage_is_told_in_a_clause(FramingKind kind, int at, byte value, string reason)
    {
        var packet = Packets.Single(row => row.Data.Item1 == kind).Data.Item2.ToArray();
        packet[at] = value;
        Frames(kind, packet, out var step, out var told);
        Assert.NotEqual(FrameStep.End, step);
        Assert.Equal(reason, told);
    }

    [Fact]
    public void A_packet_that_claims_less_than_its_header_is_damaged()
    {
        Frames(FramingKind.CoinbaseOrders, [0xf1, 0, 3, 0, .. new byte[20]], out var step, out var reason);
        Assert.Equal(FrameStep.Damaged, step);
        Assert.Equal("a packet claims 3 bytes, its header has 24", reason);
    }

    [Fact]
    public void Every_framing_has_a_name_of_its_own_that_finds_it()
    {
        Assert.Equal(Enum.GetValues<FramingKind>().Order(), Framings.All.Order());
        Assert.Equal(Framings.All.Count, Framings.All.Select(Framings.NameOf).Distinct().Count());
        Assert.All(Framings.All, kind =>
        {
            Assert.True(Framings.TryParse(Framings.NameOf(kind), out var found));
            Assert.Equal(kind, found);
            Assert.NotEmpty(Framings.DescriptionOf(kind));
        });
        Assert.False(Framings.TryParse("none", out _));
    }

    [Fact]
    public void Random_bytes_end_every_cursor()
    {
        const int Seed = 20260823;
        var random = new Random(Seed);
        var bytes = new byte[256];
        for (var round = 0; round < 20_000; round++)
        {
            random.NextBytes(bytes);
            var kind = Framings.All[random.Next(Framings.All.Count)];
            var packet = Packets.FirstOrDefault(row => row.Data.Item1 == kind)?.Data.Item2 ?? [];
            packet.AsSpan(0, random.Next(packet.Length + 1)).CopyTo(bytes);
            var length = random.Next(bytes.Length + 1);
            foreach (var frame in Frames(kind, bytes[..length], out _, out _))
            {
                var isInside = frame.Length > 0 && frame.Offset >= 0 && frame.Offset + frame.Length <= length;
                Assert.True(isInside, $"seed {Seed}, round {round}");
            }
        }
    }

    private static List<MessageFrame> Frames(FramingKind kind, byte[] bytes, out FrameStep step, out string reason)
    {
        var frames = new List<MessageFrame>();
        var cursor = new FrameCursor(kind, bytes);
        while ((step = cursor.Next(out var frame)) == FrameStep.Frame)
        {
            frames.Add(frame);
            Assert.True(frames.Count <= bytes.Length, "the cursor does not end");
        }

        reason = cursor.Reason;
        return frames;
    }
}
