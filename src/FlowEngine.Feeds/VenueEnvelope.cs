using FlowEngine.Core;
using FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds;

/// <summary>Writes <c>venuePacket</c> messages: the envelope in which every packet travels stream 1001.</summary>
public static class VenueEnvelope
{
    /// <summary>Bytes that the envelope adds to its payload.</summary>
    public const int Overhead = VenuePacketWriter.HeaderLength + VenuePacketWriter.BlockLength + sizeof(ushort);

    /// <summary>Most bytes of a payload.</summary>
    public const int MaxPayloadLength = ushort.MaxValue - 1;

    /// <summary>Most bytes of a whole message.</summary>
    public const int MaxLength = Overhead + MaxPayloadLength;

    /// <summary>Writes one message.</summary>
    /// <param name="destination">At least <see cref="Overhead"/> and the payload's length.</param>
    /// <param name="captureTimeNs">When the packet was captured or is due, nanoseconds since epoch.</param>
    /// <param name="venue">One of <see cref="FeedVenue"/>.</param>
    /// <param name="port">UDP destination port, 0 where there is none.</param>
    /// <param name="line">Redundant line: 0 is A, 1 is B.</param>
    /// <param name="format">How the payload is encoded.</param>
    /// <param name="payload">The packet's bytes, at most <see cref="MaxPayloadLength"/>.</param>
    /// <returns>Bytes written.</returns>
    [Hot]
    public static int Write(
        Span<byte> destination,
        long captureTimeNs,
        ushort venue,
        ushort port,
        byte line,
        FeedFormat format,
        ReadOnlySpan<byte> payload)
    {
        var writer = new VenuePacketWriter(destination)
        {
            CaptureTime = captureTimeNs,
            Venue = (Venue)venue,
            Port = port,
            Line = line,
            Format = (PayloadFormat)format,
        };
        writer.SetPayload(payload);
        return writer.EncodedLength;
    }
}
