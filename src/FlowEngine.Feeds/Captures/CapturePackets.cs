using FlowEngine.Feeds.Cme;
using FlowEngine.Feeds.Deribit;

namespace FlowEngine.Feeds.Captures;

/// <summary>
/// Tells which captured datagrams are venue packets: by their content, ports being whatever a site chose.
/// </summary>
public static class CapturePackets
{
    /// <summary>Recognises a venue packet.</summary>
    /// <returns>False when no decoder here understands it.</returns>
    public static bool TryRecognise(scoped in CapturedPacket packet, out VenueDatagram datagram)
    {
        datagram = default;
        if (packet.Payload.Length > VenueEnvelope.MaxPayloadLength)
        {
            return false;
        }

        if (DeribitFraming.LooksLikeDatagram(packet.Payload))
        {
            datagram = new VenueDatagram(in packet, FeedVenue.Deribit, FeedFormat.DeribitMulticast);
            return true;
        }

        if (CmeFraming.LooksLikeDatagram(packet.Payload))
        {
            byte line = CmeChannels.LineOf(packet.DestinationPort);
            datagram = new VenueDatagram(in packet, FeedVenue.Cme, FeedFormat.CmeMdp3, line);
            return true;
        }

        return false;
    }
}
