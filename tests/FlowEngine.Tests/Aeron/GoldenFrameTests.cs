using System.Buffers.Binary;
using CsCheck;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;
using FlowEngine.Tests.Aeron.Sending;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>Every frame of every golden capture is read by our codecs and written again, byte for byte.</summary>
public sealed unsafe class GoldenFrameTests
{
    private const int SlotLength = 65536;

    // Counted by the decoder that comes with the captures.
    [Theory]
    [InlineData("udp-late-join.pcap", "DATA 41, SM 19, SETUP 2")]
    [InlineData("udp-mdc-dynamic.pcap", "DATA 37, SM 14, SETUP 1")]
    [InlineData("udp-multicast-tagged.pcap", "DATA 43, SM 12, SETUP 1")]
    [InlineData("udp-nak-multi-gap.pcap", "PAD 2, DATA 86, NAK 17, SM 17, SETUP 1")]
    [InlineData("udp-nak-retransmit.pcap", "DATA 32, NAK 1, SM 12, SETUP 1")]
    [InlineData("udp-reject-err-gtag.pcap", "DATA 49, SM 3, ERR 19, SETUP 1")]
    [InlineData("udp-resolver.pcap", "RES 13")]
    [InlineData("udp-response-channel.pcap", "DATA 53, SM 31, SETUP 3, RSP_SETUP 1")]
    [InlineData("udp-revoke.pcap", "DATA 29, SM 7, SETUP 1")]
    [InlineData("udp-rttm-cubic.pcap", "DATA 7, SM 3, SETUP 1, RTTM 389")]
    [InlineData("udp-unicast.pcap", "DATA 25, SM 12, SETUP 1")]
    public void Frames_are_read_and_written_byte_for_byte(string capture, string expected)
    {
        var counts = new SortedDictionary<ushort, int>();
        foreach (var packet in GoldenPcap.Read(capture))
        {
            var type = FrameTypes.Type(packet.Bytes);
            counts[type] = counts.GetValueOrDefault(type) + 1;
            var written = new byte[SlotLength];
            var length = Rewrite(type, packet.Bytes, written);
            Assert.Equal(packet.Bytes, written[..length]);
        }

        Assert.Equal(expected, string.Join(", ", counts.Select(c => $"{Name(c.Key)} {c.Value}")));
    }

    [Fact]
    public void The_fields_of_the_first_frames_are_those_that_were_asked_for()
    {
        var packets = GoldenPcap.Read("udp-nak-multi-gap.pcap");

        Assert.True(SetupFrame.TryRead(packets[0].Bytes, out var setup));
        Assert.Equal(new SetupFrame(0, 0, 100, 5001, 7, 7, 65536, 1408, 0), setup);
        Assert.True(setup.Receivable);
        Assert.True(StatusFrame.TryRead(packets[1].Bytes, out var status));
        Assert.Equal(new StatusFrame(0, 100, 5001, 7, 0, 32768, -6417805054095882561, null), status);
        Assert.True(NakFrame.TryRead(
            packets.First(p => FrameTypes.Type(p.Bytes) == FrameTypes.Nak).Bytes, out var nak));
        Assert.Equal(new NakFrame(100, 5001, 7, 7040, 2816), nak);
        var error = GoldenPcap.Read("udp-reject-err-gtag.pcap")
            .First(p => FrameTypes.Type(p.Bytes) == FrameTypes.Error).Bytes;
        Assert.True(ErrorFrame.TryRead(error, out var rejection));
        Assert.Equal((100, 5001), (rejection.SessionId, rejection.StreamId));
        Assert.Equal((77L, 13), (rejection.GroupTag, rejection.Code));
        Assert.Equal("golden: image rejected"u8, rejection.Text);
    }

    [Fact]
    public void Cut_or_bent_frames_are_refused_or_read_but_never_out_of_bounds()
    {
        var frames = new[] { "udp-reject-err-gtag.pcap", "udp-response-channel.pcap", "udp-rttm-cubic.pcap" }
            .Append("udp-resolver.pcap").Append("udp-nak-multi-gap.pcap")
            .SelectMany(GoldenPcap.Read).Select(p => p.Bytes).DistinctBy(b => (b.Length, b[6])).ToArray();

        var gen = Gen.Select(Gen.Int[0, frames.Length - 1], Gen.Int[0, 64], Gen.Byte, Gen.Int[0, 64]);
        gen.Sample((index, at, value, cut) =>
        {
            var frame = frames[index];
            var bent = frame.AsSpan(0, Math.Max(FrameTypes.HeaderLength, frame.Length - cut)).ToArray();
            bent[Math.Min(at, bent.Length - 1)] = value;
            ReadAll(bent);
        });
        Gen.Byte.Array[FrameTypes.HeaderLength, 128].Sample(bytes => ReadAll(bytes));
    }

    private static void ReadAll(byte[] bytes)
    {
        // Spans throw where a codec reads beyond what is there.
        SetupFrame.TryRead(bytes, out _);
        NakFrame.TryRead(bytes, out _);
        RttFrame.TryRead(bytes, out _);
        ResponseSetupFrame.TryRead(bytes, out _);
        if (StatusFrame.TryRead(bytes, out var status))
        {
            Assert.True(bytes.Length >= (status.GroupTag is null ? StatusFrame.MinLength : StatusFrame.MaxLength));
        }

        if (ErrorFrame.TryRead(bytes, out var error))
        {
            Assert.InRange(error.Text.Length, 0, bytes.Length - ErrorFrame.HeaderLength);
        }

        for (var rest = bytes.AsSpan(FrameTypes.HeaderLength); ResolutionEntry.TryRead(rest, out var entry);)
        {
            Assert.InRange(entry.Length, 16, rest.Length);
            rest = rest[entry.Length..];
        }
    }

    private static int Rewrite(ushort type, byte[] bytes, Span<byte> to) => type switch
    {
        FrameTypes.Data or FrameTypes.Padding => RewriteData(bytes, to),
        FrameTypes.Setup => SetupFrame.TryRead(bytes, out var frame) ? frame.Write(to) : -1,
        FrameTypes.Nak => NakFrame.TryRead(bytes, out var frame) ? frame.Write(to) : -1,
        FrameTypes.StatusMessage => StatusFrame.TryRead(bytes, out var frame) ? frame.Write(to) : -1,
        FrameTypes.Error => ErrorFrame.TryRead(bytes, out var frame) ? frame.Write(to) : -1,
        FrameTypes.RttMeasurement => RttFrame.TryRead(bytes, out var frame) ? frame.Write(to) : -1,
        FrameTypes.ResponseSetup => ResponseSetupFrame.TryRead(bytes, out var frame) ? frame.Write(to) : -1,
        FrameTypes.Resolution => RewriteResolution(bytes, to),
        _ => -1,
    };

    private static int RewriteData(byte[] bytes, Span<byte> to)
    {
        var offset = 0;
        fixed (byte* read = bytes)
        fixed (byte* written = to)
        {
            while (offset < bytes.Length)
            {
                var header = new FragmentHeader(read + offset, position: 0);
                var frameLength = header.FrameLength;
                var writer = new FrameWriter(header.SessionId, header.StreamId, SlotLength);
                var frame = written + offset;
                writer.Begin(frame, frameLength, header.TermId, header.TermOffset, header.Flags, header.Type);
                BinaryPrimitives.WriteInt64LittleEndian(
                    to[(offset + DataFrame.ReservedValueOffset)..], header.ReservedValue);

                // Neither a heartbeat nor a padding frame has its body on the wire.
                var onWire = header.Type == FrameTypes.Padding ? DataFrame.HeaderLength : Math.Max(frameLength, 32);
                bytes.AsSpan(offset + DataFrame.HeaderLength, onWire - DataFrame.HeaderLength)
                    .CopyTo(to[(offset + DataFrame.HeaderLength)..]);
                FrameWriter.Commit(frame, frameLength);
                offset += DataFrame.Align(onWire);
            }
        }

        return offset;
    }

    private static int RewriteResolution(byte[] bytes, Span<byte> to)
    {
        FrameTypes.WriteHeader(to, bytes.Length, 0, FrameTypes.Resolution);
        var offset = FrameTypes.HeaderLength;
        while (offset < bytes.Length && ResolutionEntry.TryRead(bytes.AsSpan(offset), out var entry))
        {
            Assert.Contains(entry.Port, new[] { 24501, 24502 });
            var length = entry.Write(to[offset..]);

            // The original leaves what was there before in the padding behind the name.
            var used = 10 + entry.Address.Length + entry.Name.Length;
            bytes.AsSpan(offset + used, length - used).CopyTo(to[(offset + used)..]);
            offset += length;
        }

        return offset;
    }

    private static string Name(ushort type) => type switch
    {
        FrameTypes.Padding => "PAD",
        FrameTypes.Data => "DATA",
        FrameTypes.Nak => "NAK",
        FrameTypes.StatusMessage => "SM",
        FrameTypes.Error => "ERR",
        FrameTypes.Setup => "SETUP",
        FrameTypes.RttMeasurement => "RTTM",
        FrameTypes.Resolution => "RES",
        FrameTypes.ResponseSetup => "RSP_SETUP",
        _ => $"type {type}",
    };
}
