using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using FlowEngine.Aeron.Driver.Sending;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;
using Xunit;

namespace FlowEngine.Tests.Aeron.Sending;

/// <summary>
/// Captures of Aeron's own drivers: our sender is given the same offers at the same times, and what the receiver
/// answered; it must send the same datagrams, byte for byte.
/// </summary>
/// <remarks>
/// What was sent for the first time and what was sent again are compared apart: whether a NAK is read before or after
/// more data goes out is a matter of microseconds.
/// </remarks>
public sealed partial class GoldenSendingTests
{
    private const string Unicast = "aeron:udp?endpoint=127.0.0.1:24200";

    [Fact]
    public void A_unicast_stream_from_its_setup_to_its_end() =>
        Replay("udp-unicast.pcap", Unicast, Offers("udp-unicast-pub.txt"));

    [Fact]
    public void A_gap_is_sent_again_as_one_datagram() =>
        Replay("udp-nak-retransmit.pcap", Unicast, Offers("udp-nak-pub.txt"), retransmissions: 1);

    [Fact]
    public void Many_gaps_across_a_term_with_its_padding_and_a_full_window() =>
        Replay(
            "udp-nak-multi-gap.pcap",
            Unicast,
            OffersOf("udp-nak-multi-gap.pcap"),
            isSpinning: true,
            retransmissions: 7);

    [Fact]
    public void A_revoked_stream() =>
        Replay("udp-revoke.pcap", Unicast, OffersOf("udp-revoke.pcap"));

    [Fact]
    public void A_stream_to_destinations_learned_from_status_messages() =>
        Replay(
            "udp-mdc-dynamic.pcap",
            "aeron:udp?control=127.0.0.1:24300|control-mode=dynamic|fc=min",
            Offers("udp-unicast-pub.txt"));

    [Fact]
    public void A_receiver_that_comes_late_asks_for_a_setup() =>
        Replay("udp-late-join.pcap", Unicast, OffersOf("udp-late-join.pcap"));

    [Fact]
    public void A_multicast_stream_paced_by_tagged_receivers() =>
        Replay(
            "udp-multicast-tagged.pcap",
            "aeron:udp?endpoint=224.20.30.39:24326|interface=127.0.0.1|fc=tagged,g:5",
            Offers("udp-unicast-pub.txt"));

    [Fact]
    public void A_stream_that_is_rejected()
    {
        using var rig = Replay("udp-reject-err-gtag.pcap", Unicast, OffersOf("udp-reject-err-gtag.pcap"));
        var error = Assert.Single(rig.PublicationErrors);
        Assert.Equal(("golden: image rejected", 13, 77L), (error.Text, error.Code, error.GroupTag!.Value));
        Assert.Equal(
            (7451479569846294381, 24200, -1L), (error.ReceiverId, error.Source.Port, error.DestinationRegistrationId));
        Assert.False(rig.Publication.Parts.Log.IsConnected);
    }

    [Fact]
    public void A_round_trip_that_is_measured() =>
        Replay("udp-rttm-cubic.pcap", Unicast, OffersOf("udp-rttm-cubic.pcap"));

    [Fact]
    public void A_request_stream_of_a_response_channel()
    {
        const string Capture = "udp-response-channel.pcap";
        using var rig = Replay(
            Capture,
            "aeron:udp?endpoint=127.0.0.1:24400",
            OffersOf(Capture, 59528),
            senderPort: 59528,
            change: parts => parts with { ResponseCorrelationId = 4711 });
        Assert.Equal(4711, Assert.Single(rig.ResponsesConnected));
        Assert.Equal((4711, 611420681), rig.ResponseSetups[0]);
    }

    [Fact]
    public void The_stream_that_answers_on_a_response_channel() =>
        Replay(
            "udp-response-channel.pcap",
            "aeron:udp?control=127.0.0.1:24401|control-mode=response",
            OffersOf("udp-response-channel.pcap", 24401),
            senderPort: 24401,
            madeNs: 39_000_000);

    [GeneratedRegex(@"offer len=(\d+) seed=(\d+) -> pos=(\d+)")]
    private static partial Regex OfferLine();

    private static List<Offer> Offers(string name) =>
    [
        .. Golden.ReadLines(name)
            .Select(line => OfferLine().Match(line))
            .Where(match => match.Success)
            .Select(match => new Offer(Number(match, 1), Number(match, 2), Number(match, 3))),
    ];

    private static int Number(Match match, int group) =>
        int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    /// <summary>
    /// Offers of whole messages, taken from their first transmission where no list of them was written.
    /// </summary>
    private static List<Offer> OffersOf(string name, int? senderPort = null)
    {
        var packets = GoldenPcap.Read(name);
        var setup = SetupOf(packets, senderPort);
        Assert.True(SetupFrame.TryRead(setup.Bytes, out var stream));
        var offers = new List<Offer>();
        byte[] message = [];
        var position = 0L;
        foreach (var bytes in packets.Where(p => p.SourcePort == setup.SourcePort).Select(p => p.Bytes))
        {
            if (!IsFrames(bytes) || PositionOf(bytes, stream.InitialTermId) < position)
            {
                continue;
            }

            for (var offset = 0; offset < bytes.Length && FrameTypes.Type(bytes) == FrameTypes.Data;)
            {
                var length = FrameTypes.Length(bytes.AsSpan(offset));
                var flags = FrameTypes.Flags(bytes.AsSpan(offset));
                var payload = bytes.AsSpan(offset + DataFrame.HeaderLength, length - DataFrame.HeaderLength);
                message = (flags & DataFrame.BeginFlag) != 0 ? payload.ToArray() : [.. message, .. payload];
                offset += DataFrame.Align(length);
                if ((flags & DataFrame.EndFlag) != 0)
                {
                    offers.Add(new Offer(message, PositionOf(bytes, stream.InitialTermId) + offset));
                }
            }

            position = EndOf(bytes, stream.InitialTermId);
        }

        return offers;
    }

    private static GoldenPacket SetupOf(List<GoldenPacket> packets, int? senderPort) => packets.First(packet =>
        FrameTypes.Type(packet.Bytes) == FrameTypes.Setup && packet.SourcePort == (senderPort ?? packet.SourcePort));

    private static SendingRig Replay(
        string name,
        string channel,
        List<Offer> offers,
        bool isSpinning = false,
        int retransmissions = 0,
        int? senderPort = null,
        long madeNs = 0,
        Func<NetworkPublicationParts, NetworkPublicationParts>? change = null)
    {
        var packets = GoldenPcap.Read(name);
        var first = SetupOf(packets, senderPort);
        Assert.True(SetupFrame.TryRead(first.Bytes, out var setup));
        var rig = new SendingRig(
            channel,
            change: change,
            identity: new SendingRig.StreamIdentity(setup.SessionId, setup.StreamId, setup.InitialTermId));
        var startNs = rig.Clock.NanoTime;
        rig.Step(madeNs);
        var replay = new OfferReplay(rig, offers);
        var golden = packets.Where(p => p.SourcePort == first.SourcePort).ToList();
        var matched = 0;
        foreach (var packet in packets.Where(p => p.TimeNs >= madeNs && p.TimeNs <= golden[^1].TimeNs))
        {
            rig.Clock.NanoTime = Math.Max(rig.Clock.NanoTime, startNs + packet.TimeNs);
            if (packet.SourcePort == first.SourcePort)
            {
                replay.Prepare(packet.Bytes);
                matched++;

                // What was captured was sent a little earlier: intervals of a capture may fall short of the timers'.
                for (var i = 0; i < 20 && rig.Transport.Sent.Count < matched; i++)
                {
                    replay.OfferMore(isSpinning);
                    rig.Step(50_000 * Math.Min(i, 1));
                }
            }
            else if (packet.DestinationPort == first.SourcePort || rig.Channel.IsMulticast)
            {
                rig.Transport.Arrive(packet.Bytes, SendingRig.Address("127.0.0.1", packet.SourcePort));
                do
                {
                    replay.OfferMore(isSpinning);
                    rig.Step(0);
                }
                while (rig.Transport.HasArriving);
            }
        }

        var expected = Split(golden.Select(p => (p.Bytes, p.DestinationPort)), setup.InitialTermId);
        var sent = Split(rig.Transport.Sent.Select(s => (s.Bytes, s.Remote.Port)), setup.InitialTermId);
        Assert.Equal(expected.First, sent.First);
        Assert.Equal(expected.Again, sent.Again);
        Assert.Equal(expected.Echoes, sent.Echoes);
        Assert.Equal(retransmissions, sent.Again.Count);
        Assert.Equal(0, replay.Left);
        Assert.Empty(rig.Errors);
        rig.Dispose();
        return rig;
    }

    private static Datagrams Split(IEnumerable<(byte[] Bytes, int Port)> datagrams, int initialTermId)
    {
        var split = new Datagrams([], [], []);
        var position = 0L;
        foreach (var (bytes, port) in datagrams)
        {
            var isAgain = IsFrames(bytes) && PositionOf(bytes, initialTermId) < position;
            var isEcho = FrameTypes.Type(bytes) == FrameTypes.RttMeasurement;
            (isEcho ? split.Echoes : isAgain ? split.Again : split.First).Add(
                $"to {port}: {Convert.ToHexString(bytes)}");
            position = IsFrames(bytes) && !isAgain ? EndOf(bytes, initialTermId) : position;
        }

        return split;
    }

    /// <summary>Whether it holds a part of the stream: no heartbeat, no control frame.</summary>
    private static bool IsFrames(byte[] datagram) =>
        FrameTypes.Type(datagram) is FrameTypes.Data or FrameTypes.Padding && FrameTypes.Length(datagram) > 0;

    /// <summary>Position of the first frame of a datagram.</summary>
    private static long PositionOf(byte[] frames, int initialTermId)
    {
        var termId = BinaryPrimitives.ReadInt32LittleEndian(frames.AsSpan(DataFrame.TermIdOffset));
        var offset = BinaryPrimitives.ReadInt32LittleEndian(frames.AsSpan(DataFrame.TermOffsetOffset));
        return LogBufferDescriptor.Position(termId, offset, 16, initialTermId);
    }

    /// <summary>Position behind the last frame of a datagram.</summary>
    private static long EndOf(byte[] frames, int initialTermId) =>
        PositionOf(frames, initialTermId)
        + (FrameTypes.Type(frames) == FrameTypes.Padding ? FrameTypes.Length(frames) : frames.Length);

    private sealed record Offer(byte[] Payload, long Position)
    {
        public Offer(int length, int seed, long position)
            : this(Golden.Payload(length, seed), position)
        {
        }
    }

    private sealed record Datagrams(List<string> First, List<string> Again, List<string> Echoes);


    /// <summary>The publisher of the capture: what it did by when a datagram of its sender shows it.</summary>
    private sealed class OfferReplay(SendingRig rig, List<Offer> offers)
    {
        private int _next;
        private bool _hasStarted;
        private bool _hasEnded;

        public int Left => offers.Count - _next;

        /// <summary>Offers what a datagram holds, or ends the stream if it says so.</summary>
        public void Prepare(byte[] datagram)
        {
            if (FrameTypes.Type(datagram) == FrameTypes.Data && FrameTypes.Length(datagram) == 0)
            {
                End(FrameTypes.Flags(datagram));
            }
            else if (IsFrames(datagram))
            {
                _hasStarted = true;
                while (_next < offers.Count
                    && rig.Publisher.Position < EndOf(datagram, rig.Identity.InitialTermId)
                    && TryOffer())
                {
                }
            }
        }

        /// <summary>
        /// A publisher that offers all the time, from its first message on, as far as its limit lets it.
        /// </summary>
        public void OfferMore(bool isSpinning)
        {
            while (isSpinning && _hasStarted && _next < offers.Count && TryOffer())
            {
            }
        }

        private bool TryOffer()
        {
            var result = rig.Offer(offers[_next].Payload);
            if (result < 0)
            {
                return false;
            }

            Assert.Equal(offers[_next++].Position, result);
            return true;
        }

        private void End(byte flags)
        {
            if (_hasEnded || (flags & DataFrame.EndOfStreamFlag) == 0)
            {
                return;
            }

            _hasEnded = true;
            rig.Publication.References = 0;
            if ((flags & DataFrame.RevokedFlag) != 0)
            {
                rig.Publication.Revoke(rig.Clock.NanoTime, rig);
            }
            else
            {
                rig.Publication.EnterDraining();
            }
        }
    }
}
