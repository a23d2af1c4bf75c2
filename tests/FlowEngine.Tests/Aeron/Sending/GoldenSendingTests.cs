using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
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

    /// <summary>Offers of whole messages, taken from their first transmission where no list of them was written.</summary>
    private static List<Offer> OffersOf(string name)
    {
        var packets = GoldenPcap.Read(name);
        var first = packets.First(p => FrameTypes.Type(p.Bytes) == FrameTypes.Setup).SourcePort;
        var offers = new List<Offer>();
        var position = 0L;
        foreach (var packet in packets.Where(p => p.SourcePort == first && PositionOf(p.Bytes) >= position))
        {
            var length = FrameTypes.Length(packet.Bytes);
            if (FrameTypes.Type(packet.Bytes) == FrameTypes.Data && length > 0)
            {
                offers.Add(new Offer(length - 32, packet.Bytes[32], PositionOf(packet.Bytes) + DataFrame.Align(length)));
            }

            position = EndOf(packet.Bytes, position);
        }

        return offers;
    }

    private static void Replay(
        string name, string channel, List<Offer> offers, bool isSpinning = false, int retransmissions = 0)
    {
        var packets = GoldenPcap.Read(name);
        var senderPort = packets.First(p => FrameTypes.Type(p.Bytes) == FrameTypes.Setup).SourcePort;
        var golden = packets.Where(p => p.SourcePort == senderPort).ToList();
        var lastNs = golden[^1].TimeNs;
        using var rig = new SendingRig(channel);
        var startNs = rig.Clock.NanoTime;
        var replay = new OfferReplay(rig, offers);
        var matched = 0;
        foreach (var packet in packets.TakeWhile(p => p.TimeNs <= lastNs))
        {
            rig.Clock.NanoTime = startNs + packet.TimeNs;
            if (packet.SourcePort != senderPort)
            {
                rig.Transport.Arrive(packet.Bytes, SendingRig.Address("127.0.0.1", packet.SourcePort));
                do
                {
                    replay.OfferMore(isSpinning);
                    rig.Step(0);
                }
                while (rig.Transport.HasArriving);
                continue;
            }

            replay.Prepare(packet.Bytes);
            if (matched++ == rig.Transport.Sent.Count)
            {
                replay.OfferMore(isSpinning);
                rig.Step(0);
            }
        }

        var (expectedFirst, expectedAgain) = Split(golden.Select(p => (p.Bytes, p.DestinationPort)));
        var (sentFirst, sentAgain) = Split(rig.Transport.Sent.Select(s => (s.Bytes, s.Remote.Port)));
        Assert.Equal(expectedFirst, sentFirst);
        Assert.Equal(expectedAgain, sentAgain);
        Assert.Equal(retransmissions, sentAgain.Count);
        Assert.Equal(0, replay.Left);
        Assert.Empty(rig.Errors);
    }

    private static (List<string> First, List<string> Again) Split(IEnumerable<(byte[] Bytes, int Port)> datagrams)
    {
        var first = new List<string>();
        var again = new List<string>();
        var position = 0L;
        foreach (var (bytes, port) in datagrams)
        {
            var isAgain = FrameTypes.Type(bytes) != FrameTypes.Setup
                && FrameTypes.Length(bytes) > 0
                && PositionOf(bytes) < position;
            (isAgain ? again : first).Add($"to {port}: {Convert.ToHexString(bytes)}");
            position = isAgain ? position : EndOf(bytes, position);
        }

        return (first, again);
    }

    private static long PositionOf(byte[] frame)
    {
        var isSetup = FrameTypes.Type(frame) == FrameTypes.Setup;
        var termId = BinaryPrimitives.ReadInt32LittleEndian(frame.AsSpan(isSetup ? 24 : DataFrame.TermIdOffset));
        var offset = BinaryPrimitives.ReadInt32LittleEndian(frame.AsSpan(DataFrame.TermOffsetOffset));
        return ((long)(termId - SendingRig.InitialTermId) * SendingRig.TermLength) + offset;
    }

    /// <summary>Position behind the last frame of a datagram.</summary>
    private static long EndOf(byte[] datagram, long position)
    {
        if (FrameTypes.Type(datagram) is not (FrameTypes.Data or FrameTypes.Padding) || FrameTypes.Length(datagram) == 0)
        {
            return position;
        }

        return FrameTypes.Type(datagram) == FrameTypes.Padding
            ? PositionOf(datagram) + FrameTypes.Length(datagram)
            : PositionOf(datagram) + datagram.Length;
    }

    private sealed record Offer(int Length, int Seed, long Position);

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
            if (FrameTypes.Type(datagram) == FrameTypes.Setup)
            {
                return;
            }

            if (FrameTypes.Length(datagram) == 0)
            {
                End(FrameTypes.Flags(datagram));
                return;
            }

            _hasStarted = true;
            while (_next < offers.Count && rig.Publisher.Position < EndOf(datagram, 0) && TryOffer())
            {
            }
        }

        /// <summary>A publisher that offers all the time, from its first message on, as far as its limit lets it.</summary>
        public void OfferMore(bool isSpinning)
        {
            while (isSpinning && _hasStarted && _next < offers.Count && TryOffer())
            {
            }
        }

        private bool TryOffer()
        {
            var result = rig.Offer(offers[_next].Length, offers[_next].Seed);
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
