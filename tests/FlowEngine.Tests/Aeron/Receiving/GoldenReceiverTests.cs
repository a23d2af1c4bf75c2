using System.Buffers.Binary;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;
using Xunit;

namespace FlowEngine.Tests.Aeron.Receiving;

/// <summary>
/// What Aeron's C driver was sent is fed to our receiver, at the times it was sent, and ours must answer with the same
/// frames. Receiver ids are masked. Duty cycles run at the times of the captured datagrams, subscribers have read as
/// far as the original's had when it said so (to the end when it said goodbye), and the conductor's timer ticks before
/// the captured goodbye: those are inputs that a capture does not hold. How often a NAK is repeated, and whether for
/// what is left of its gap while the repair arrives, depends on when the original's threads woke up (ours do at each
/// datagram): those count once.
/// </summary>
public sealed class GoldenReceiverTests
{
    private const long TickNs = 1_001_000_000;

    /// <summary>A goodbye follows the tick by a part of the status message interval, 200 ms.</summary>
    private const long GoodbyeLagNs = 50_000_000;

    [Fact]
    public void A_unicast_stream_gets_the_same_status_messages()
    {
        using var replay = new Replay("udp-unicast.pcap", "aeron:udp?endpoint=127.0.0.1:24200");
        replay.Run();
        Assert.Equal(12, replay.Expected(FrameTypes.StatusMessage).Count);
        replay.AssertSame(FrameTypes.StatusMessage, FrameTypes.Nak);
        replay.AssertLogHolds();
    }

    [Fact]
    public void A_gap_is_asked_for_with_the_same_NAK()
    {
        using var replay = new Replay("udp-nak-retransmit.pcap", "aeron:udp?endpoint=127.0.0.1:24200")
        {
            IsLost = Lost([0, 256, 512, 768]),
        };
        replay.Run();
        replay.AssertSame(FrameTypes.StatusMessage, FrameTypes.Nak);
        replay.AssertLogHolds();
        Assert.Equal(1024, replay.LossReported());
    }

    [Fact]
    public void Several_gaps_and_a_lost_padding_are_asked_for_with_the_same_NAKs()
    {
        // What the original's fault layer dropped is what it asked for.
        using var replay = new Replay("udp-nak-multi-gap.pcap", "aeron:udp?endpoint=127.0.0.1:24200")
        {
            IsLost = Lost([7040, 8448, 15488, 16896, 23936, 25344, 64768]),
        };
        replay.Run();
        replay.AssertSame(FrameTypes.StatusMessage, FrameTypes.Nak);
        replay.AssertLogHolds();
        Assert.Equal((3 * 2816) + 768, replay.LossReported());
    }

    [Fact]
    public void A_receiver_that_comes_late_asks_for_a_SETUP_and_joins_where_it_says()
    {
        using var replay = new Replay(
            "udp-late-join.pcap", "aeron:udp?endpoint=127.0.0.1:24200", fromNs: 1_600_000_000);
        replay.Run();
        replay.AssertSame(FrameTypes.StatusMessage, FrameTypes.Nak);
        Assert.Equal(192, replay.House.Images.Single().Image.JoinPosition);
    }

    [Fact]
    public void A_rejected_stream_gets_the_same_error_frames_with_the_group_tag()
    {
        // After 4.3 s the original receiver was gone.
        using var replay = new Replay(
            "udp-reject-err-gtag.pcap", "aeron:udp?endpoint=127.0.0.1:24200|gtag=77", untilNs: 4_300_000_000)
        {
            AtNs = (500_000_000, house => house.Images.Single().Image.Reject("golden: image rejected")),
        };
        replay.Run();
        Assert.NotEmpty(replay.Expected(FrameTypes.Error));
        replay.AssertSame(FrameTypes.StatusMessage, FrameTypes.Error);
    }

    [Fact]
    public void A_dynamic_publication_is_asked_for_its_SETUP_every_second()
    {
        using var replay = new Replay(
            "udp-mdc-dynamic.pcap", "aeron:udp?endpoint=127.0.0.1:24301|control=127.0.0.1:24300");
        replay.Run();
        replay.AssertSame(FrameTypes.StatusMessage);
    }

    [Fact]
    public void A_multicast_stream_gets_its_status_messages_at_the_control_group()
    {
        using var replay = new Replay("udp-multicast-tagged.pcap", "aeron:udp?endpoint=224.20.30.39:24326|gtag=5");
        replay.Run();
        replay.AssertSame(FrameTypes.StatusMessage);
    }

    [Fact]
    public void Cubic_starts_with_the_same_windows_and_measures_the_round_trip_with_the_same_frames()
    {
        using var replay = new Replay(
            "udp-rttm-cubic.pcap",
            "aeron:udp?endpoint=127.0.0.1:24200|cc=cubic",
            configure: context => context with { CubicMeasureRtt = true });
        replay.Run();
        replay.AssertStartsSame(FrameTypes.StatusMessage, 2);

        // Masked: the time and the receiver id in it.
        var expected = replay.Expected(FrameTypes.RttMeasurement)[0];
        var actual = replay.Actual(FrameTypes.RttMeasurement)[0];
        foreach (var frame in new[] { expected, actual })
        {
            frame.AsSpan(16, 8).Clear();
            frame.AsSpan(32, 8).Clear();
        }

        Assert.Equal(expected, actual);
    }

    [Fact]
    public void The_datagram_of_the_golden_image_makes_the_same_log()
    {
        var golden = Golden.Read("udp-image-64k.logbuffer");
        const int TermId = -1121441177;
        using var house = new ReceiverHouse();
        house.Subscribe(4001);
        house.Deliver(Packets.Setup(777, 4001, activeTermId: TermId, initialTermId: TermId));
        house.Run(2);
        house.Deliver(Packets.Data(0, 40, 0x61, TermId, 777, 4001));
        house.Run(300);

        var log = house.Images.Single().Log;
        const int TermsLength = 3 * Packets.TermLength;
        Assert.Equal(golden.AsSpan(0, TermsLength), Bytes(log, 0, TermsLength));
        AssertSameMetadata(golden, log, LogBufferDescriptor.TailsOffset, 28);
        AssertSameMetadata(golden, log, LogBufferDescriptor.EndOfStreamPositionOffset, 16);
        AssertSameMetadata(golden, log, LogBufferDescriptor.IsRevokedOffset, 1);
    }

    private static unsafe ReadOnlySpan<byte> Bytes(LogBuffers log, int offset, int length) =>
        new(log.Terms + offset, length);

    private static void AssertSameMetadata(byte[] golden, LogBuffers log, int offset, int length)
    {
        var at = golden.Length - LogBufferDescriptor.MetadataLength + offset;
        Assert.Equal(golden.AsSpan(at, length), Bytes(log, at, length));
    }

    /// <summary>Drops the first datagram of each of these term offsets.</summary>
    private static Predicate<PcapDatagram> Lost(HashSet<int> offsets) => datagram =>
        datagram.Type is FrameTypes.Data or FrameTypes.Padding
        && BinaryPrimitives.ReadInt32LittleEndian(datagram.Bytes) != 0
        && BinaryPrimitives.ReadInt32LittleEndian(datagram.Bytes.AsSpan(20)) == Packets.TermId
        && offsets.Remove(BinaryPrimitives.ReadInt32LittleEndian(datagram.Bytes.AsSpan(8)));

    /// <summary>One capture fed to one receiver.</summary>
    private sealed class Replay(
        string name,
        string channel,
        long fromNs = 0,
        long untilNs = long.MaxValue,
        Func<MediaDriverContext, MediaDriverContext>? configure = null) : IDisposable
    {
        private readonly List<PcapDatagram> _capture = [.. Pcap.Read(name).Where(
            d => d.TimeNs >= fromNs && d.TimeNs < untilNs)];

        public ReceiverHouse House { get; } = new(channel, configure);

        public Predicate<PcapDatagram> IsLost { get; init; } = _ => false;

        public (long TimeNs, Action<ReceiverHouse> Do) AtNs { get; init; } = (long.MaxValue, _ => { });

        public List<byte[]> Expected(params ushort[] types) => Frames(
            _capture.Where(IsFeedback).Select(d => d.Bytes), types);

        public List<byte[]> Actual(params ushort[] types) => Frames(House.Transport.Sent.Select(s => s.Bytes), types);

        public void Run()
        {
            var startNs = House.NowNs;
            var goodbye = _capture.Find(d => d.Type == FrameTypes.StatusMessage && IsFeedback(d)
                && (d.Bytes[5] & StatusFrame.EndOfStreamFlag) != 0);
            var tickNs = goodbye is null ? long.MaxValue : (goodbye.TimeNs - GoodbyeLagNs) % TickNs;
            var isDone = false;
            House.Subscribe(Packets.StreamId);
            foreach (var datagram in _capture)
            {
                for (; tickNs < datagram.TimeNs; tickNs += TickNs)
                {
                    House.NowNs = Math.Max(startNs + tickNs, House.NowNs);
                    ReadToTheEnd();
                    House.Tick();
                }

                if (!isDone && datagram.TimeNs >= AtNs.TimeNs)
                {
                    isDone = true;
                    AtNs.Do(House);
                }

                if (IsFeedback(datagram))
                {
                    ReadAsFarAs(datagram);
                }
                else if (!IsLost(datagram))
                {
                    House.Transport.Deliver(datagram.Bytes, datagram.From);
                }

                House.NowNs = startNs + datagram.TimeNs;
                House.Step(reads: false);
                House.Step(reads: false);
            }
        }

        public void Dispose() => House.Dispose();

        public void AssertSame(params ushort[] types)
        {
            foreach (var type in types)
            {
                Assert.Equal(Texts(Expected(type), type), Texts(Actual(type), type));
            }

            var to = _capture.Where(IsFeedback).Select(d => d.To).Distinct();
            Assert.Equal(to, House.Transport.Sent.Select(s => s.Remote).Distinct());
        }

        public void AssertStartsSame(ushort type, int count) => Assert.Equal(
            Texts(Expected(type), type).Take(count), Texts(Actual(type), type).Take(count));

        /// <summary>
        /// Every data frame of the capture is in the log, but those more than a term behind what was last said to be
        /// consumed: they were cleaned.
        /// </summary>
        public void AssertLogHolds()
        {
            var log = House.Images.Single().Log;
            StatusFrame.TryRead(Actual(FrameTypes.StatusMessage)[^1], out var status);
            var cleanTo = ((long)(status.TermId - Packets.TermId - 1) * Packets.TermLength) + status.TermOffset;
            foreach (var datagram in _capture.Where(d => !IsFeedback(d) && d.Type == FrameTypes.Data))
            {
                var bytes = datagram.Bytes;
                if (BinaryPrimitives.ReadInt32LittleEndian(bytes) != 0)
                {
                    var partition = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(20)) - Packets.TermId;
                    var offset = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(8));
                    var position = (partition * Packets.TermLength) + offset;
                    if (position < cleanTo)
                    {
                        bytes = new byte[Math.Min(bytes.Length, cleanTo - position)];
                    }

                    Assert.Equal(bytes, Bytes(log, position, bytes.Length));
                }
            }

            Assert.Equal(House.Images.Single().Image.RebuildPosition, log.EndOfStreamPosition);
        }

        public long LossReported() =>
            BinaryPrimitives.ReadInt64LittleEndian(File.ReadAllBytes(House.LossReportPath).AsSpan(8));

        private static List<byte[]> Frames(IEnumerable<byte[]> all, ushort[] types) =>
            [.. all.Where(b => types.Contains(FrameTypes.Type(b))).Select(b => b.ToArray())];

        private static List<string> Texts(List<byte[]> frames, ushort type)
        {
            var texts = new List<string>();
            var last = default(NakFrame);
            foreach (var frame in frames)
            {
                var idOffset = type switch
                {
                    FrameTypes.StatusMessage => 28,
                    FrameTypes.Error => 16,
                    _ => -1,
                };
                if (idOffset > 0)
                {
                    frame.AsSpan(idOffset, 8).Clear();
                }

                if (NakFrame.TryRead(frame, out var nak) && IsWithin(nak, last))
                {
                    continue;
                }

                last = nak;
                texts.Add(Convert.ToHexString(frame));
            }

            return texts;
        }

        private static bool IsWithin(in NakFrame nak, in NakFrame last) => nak.TermId == last.TermId
            && nak.TermOffset >= last.TermOffset
            && nak.TermOffset + nak.GapLength == last.TermOffset + last.GapLength;

        private bool IsFeedback(PcapDatagram datagram) => House.Channel.IsMulticast
            ? datagram.To == House.Channel.RemoteControl
            : datagram.From == House.Channel.RemoteData;

        private void ReadToTheEnd()
        {
            foreach (var seat in House.Images.Where(s => s.Image.IsEndOfStream))
            {
                seat.Position.ProposeMax(seat.Image.RebuildPosition);
            }
        }

        private void ReadAsFarAs(PcapDatagram datagram)
        {
            if (House.Images.Count == 1
                && StatusFrame.TryRead(datagram.Bytes, out var status)
                && (status.Flags & StatusFrame.SendSetupFlag) == 0)
            {
                var position = ((long)(status.TermId - Packets.TermId) * Packets.TermLength) + status.TermOffset;
                House.Images[0].Position.ProposeMax(position);
            }
        }
    }
}
