namespace FlowEngine.Feeds.Captures;

/// <summary>A captured datagram that a decoder understands. Its payload dies with the next read.</summary>
public readonly ref struct VenueDatagram
{
    internal VenueDatagram(scoped in CapturedPacket packet, ushort venue, FeedFormat format, byte line = 0)
        : this(packet.CaptureTimeNs, packet.DestinationPort, line, venue, format, packet.Payload)
    {
    }

    internal VenueDatagram(
        long captureTimeNs, ushort port, byte line, ushort venue, FeedFormat format, ReadOnlySpan<byte> payload)
    {
        CaptureTimeNs = captureTimeNs;
        Port = port;
        Line = line;
        Payload = payload;
        Venue = venue;
        Format = format;
    }

    /// <summary>When it was captured, nanoseconds since epoch.</summary>
    public long CaptureTimeNs { get; }

    /// <summary>UDP destination port.</summary>
    public ushort Port { get; }

    /// <summary>Redundant line, where the venue's ports name it: 0 is A, 1 is B.</summary>
    public byte Line { get; }

    /// <summary>One of <see cref="FeedVenue"/>.</summary>
    public ushort Venue { get; }

    /// <summary>How the payload is encoded.</summary>
    public FeedFormat Format { get; }

    /// <summary>The datagram's bytes.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Bytes of the whole message with its envelope.</summary>
    public int MessageLength => VenueEnvelope.Overhead + Payload.Length;

    /// <summary>Writes envelope and payload as one message.</summary>
    /// <returns>Bytes written.</returns>
    public int WriteTo(Span<byte> destination) =>
        VenueEnvelope.Write(destination, CaptureTimeNs, Venue, Port, Line, Format, Payload);
}
