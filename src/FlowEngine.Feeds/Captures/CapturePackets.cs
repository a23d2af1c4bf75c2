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
        bool isDeribit = DeribitFraming.LooksLikeDatagram(packet.Payload)
            && packet.Payload.Length <= VenueEnvelope.MaxPayloadLength;
        datagram = isDeribit ? new VenueDatagram(in packet, FeedVenue.Deribit, FeedFormat.DeribitMulticast) : default;
        return isDeribit;
    }
}
