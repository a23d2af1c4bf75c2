namespace FlowEngine.Feeds.Captures;

/// <summary>A captured datagram that a decoder understands. Its payload dies with the next read.</summary>
public readonly ref struct VenueDatagram
{
    internal VenueDatagram(scoped in CapturedPacket packet, ushort venue, FeedFormat format)
    {
        CaptureTimeNs = packet.CaptureTimeNs;
        Port = packet.DestinationPort;
        Payload = packet.Payload;
        Venue = venue;
        Format = format;
    }

    /// <summary>When it was captured, nanoseconds since epoch.</summary>
    public long CaptureTimeNs { get; }

    /// <summary>UDP destination port.</summary>
    public ushort Port { get; }

    /// <summary>One of <see cref="FeedVenue"/>.</summary>
    public ushort Venue { get; }

    /// <summary>How the payload is encoded.</summary>
    public FeedFormat Format { get; }

    /// <summary>The datagram's bytes.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Bytes of the whole message with its envelope.</summary>
    public int MessageLength => VenueEnvelope.Overhead + Payload.Length;

    /// <summary>
    /// Writes envelope and payload as one message; the line is always A, since captures do not name lines.
    /// </summary>
    /// <returns>Bytes written.</returns>
    public int WriteTo(Span<byte> destination) =>
        VenueEnvelope.Write(destination, CaptureTimeNs, Venue, Port, line: 0, Format, Payload);
}
