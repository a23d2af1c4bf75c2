using System.Buffers.Binary;

namespace FlowEngine.Feeds.Captures;

/// <summary>What was found in a captured frame.</summary>
internal enum FrameContent
{
    /// <summary>A UDP datagram, whole.</summary>
    Udp,

    /// <summary>A UDP datagram of which the capture kept only the start.</summary>
    CutUdp,

    /// <summary>A TCP segment, whole.</summary>
    Tcp,

    /// <summary>A TCP segment of which the capture kept only the start.</summary>
    CutTcp,

    /// <summary>Another protocol.</summary>
    Other,

    /// <summary>Part of a fragmented datagram.</summary>
    Fragment,

    /// <summary>A frame that contradicts itself or is cut inside its headers.</summary>
    Malformed,

    /// <summary>A link type this reader does not know.</summary>
    UnknownLink,
}

/// <summary>A UDP datagram or TCP segment inside a frame: link, network and transport headers taken off.</summary>
internal ref struct TransportSegment
{
    private const ushort EtherIpv4 = 0x0800;
    private const ushort EtherIpv6 = 0x86dd;
    private const ushort EtherVlan = 0x8100;
    private const ushort EtherQinQ = 0x88a8;
    private const ushort EtherOldQinQ = 0x9100;
    private const int MaxVlanTags = 4;
    private const int MaxIpv6Extensions = 8;
    private const byte ProtocolTcp = 6;
    private const byte ProtocolUdp = 17;
    private const int TcpHeaderLength = 20;
    private const int UdpHeaderLength = 8;

    /// <summary>4 or 16 bytes.</summary>
    public ReadOnlySpan<byte> SourceAddress { get; private set; }

    /// <summary>Where it came from.</summary>
    public ushort SourcePort { get; private set; }

    /// <summary>4 or 16 bytes.</summary>
    public ReadOnlySpan<byte> DestinationAddress { get; private set; }

    /// <summary>Where it was sent.</summary>
    public ushort DestinationPort { get; private set; }

    /// <summary>TCP: the number of the first byte it carries.</summary>
    public uint Sequence { get; private set; }

    /// <summary>TCP: whether it begins a connection.</summary>
    public bool IsSyn { get; private set; }

    /// <summary>What it carries, as far as captured.</summary>
    public ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary>Takes a frame apart.</summary>
    public static FrameContent Parse(LinkType link, ReadOnlySpan<byte> frame, out TransportSegment segment)
    {
        segment = default;
        switch (link)
        {
            case LinkType.Ethernet:
                return ParseEtherType(frame, 12, ref segment);
            case LinkType.LinuxCooked:
                return ParseEtherType(frame, 14, ref segment);
            case LinkType.LinuxCooked2:
                return frame.Length < 20
                    ? FrameContent.Malformed
                    : ParseTyped(BinaryPrimitives.ReadUInt16BigEndian(frame), frame[20..], ref segment);
            case LinkType.Null or LinkType.Loop:
                return frame.Length < 4 ? FrameContent.Malformed : ParseIp(frame[4..], ref segment);
            case LinkType.Raw or LinkType.RawBsd or LinkType.RawOpenBsd or LinkType.Ipv4 or LinkType.Ipv6:
                return ParseIp(frame, ref segment);
            default:
                return FrameContent.UnknownLink;
        }
    }

    private static FrameContent ParseEtherType(ReadOnlySpan<byte> frame, int offset, ref TransportSegment segment)
    {
        if (frame.Length < offset + 2)
        {
            return FrameContent.Malformed;
        }

        return ParseTyped(BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]), frame[(offset + 2)..], ref segment);
    }

    private static FrameContent ParseTyped(ushort type, ReadOnlySpan<byte> rest, ref TransportSegment segment)
    {
        for (var tags = 0; type is EtherVlan or EtherQinQ or EtherOldQinQ; tags++)
        {
            if (tags == MaxVlanTags || rest.Length < 4)
            {
                return FrameContent.Malformed;
            }

            type = BinaryPrimitives.ReadUInt16BigEndian(rest[2..]);
            rest = rest[4..];
        }

        return type is EtherIpv4 or EtherIpv6 ? ParseIp(rest, ref segment) : FrameContent.Other;
    }

    private static FrameContent ParseIp(ReadOnlySpan<byte> packet, ref TransportSegment segment)
    {
        if (packet.IsEmpty)
        {
            return FrameContent.Malformed;
        }

        return (packet[0] >> 4) switch
        {
            4 => ParseIpv4(packet, ref segment),
            6 => ParseIpv6(packet, ref segment),
            _ => FrameContent.Other,
        };
    }

    private static FrameContent ParseIpv4(ReadOnlySpan<byte> packet, ref TransportSegment segment)
    {
        int headerLength = (packet[0] & 0xf) * 4;
        if (headerLength < 20 || packet.Length < headerLength)
        {
            return FrameContent.Malformed;
        }

        if (packet[9] is not (ProtocolUdp or ProtocolTcp))
        {
            return FrameContent.Other;
        }

        int fragment = BinaryPrimitives.ReadUInt16BigEndian(packet[6..]);
        if ((fragment & 0x3fff) != 0)
        {
            return FrameContent.Fragment;
        }

        int totalLength = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        // A total length of 0 is left by network cards that split large sends: the frame's own end counts.
        if (totalLength != 0 && totalLength < headerLength)
        {
            return FrameContent.Malformed;
        }

        int available = totalLength == 0 ? packet.Length : Math.Min(packet.Length, totalLength);
        segment.SourceAddress = packet.Slice(12, 4);
        segment.DestinationAddress = packet.Slice(16, 4);
        ReadOnlySpan<byte> content = packet[headerLength..available];
        return packet[9] == ProtocolUdp
            ? ParseUdp(content, ref segment)
            : ParseTcp(content, isWhole: totalLength <= packet.Length, ref segment);
    }

    private static FrameContent ParseIpv6(ReadOnlySpan<byte> packet, ref TransportSegment segment)
    {
        if (packet.Length < 40)
        {
            return FrameContent.Malformed;
        }

        int payloadLength = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        byte next = packet[6];
        segment.SourceAddress = packet.Slice(8, 16);
        segment.DestinationAddress = packet.Slice(24, 16);
        ReadOnlySpan<byte> rest = packet[40..];
        bool isWhole = rest.Length >= payloadLength;
        rest = payloadLength == 0 ? rest : rest[..Math.Min(rest.Length, payloadLength)];
        for (var extensions = 0; next is not (ProtocolUdp or ProtocolTcp); extensions++)
        {
            if (next == 44)
            {
                return FrameContent.Fragment;
            }

            // Hop-by-hop, routing and destination options are all: next header, length in 8 bytes beyond the first 8.
            if (next is not (0 or 43 or 60))
            {
                return FrameContent.Other;
            }

            if (extensions == MaxIpv6Extensions || rest.Length < 8 || rest.Length < (rest[1] + 1) * 8)
            {
                return FrameContent.Malformed;
            }

            next = rest[0];
            rest = rest[((rest[1] + 1) * 8)..];
        }

        return next == ProtocolUdp ? ParseUdp(rest, ref segment) : ParseTcp(rest, isWhole, ref segment);
    }

    private static FrameContent ParseTcp(ReadOnlySpan<byte> bytes, bool isWhole, ref TransportSegment segment)
    {
        // Not counted as malformed: who reads UDP does not care.
        if (bytes.Length < TcpHeaderLength)
        {
            return FrameContent.Other;
        }

        int headerLength = (bytes[12] >> 4) * 4;
        if (headerLength < TcpHeaderLength || headerLength > bytes.Length)
        {
            return FrameContent.Other;
        }

        segment.SourcePort = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        segment.DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        segment.Sequence = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        segment.IsSyn = (bytes[13] & 2) != 0;
        segment.Payload = bytes[headerLength..];
        return isWhole ? FrameContent.Tcp : FrameContent.CutTcp;
    }

    private static FrameContent ParseUdp(ReadOnlySpan<byte> bytes, ref TransportSegment segment)
    {
        if (bytes.Length < UdpHeaderLength)
        {
            return FrameContent.Malformed;
        }

        segment.SourcePort = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        segment.DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[4..]);
        if (length == 0)
        {
            length = bytes.Length;
        }

        if (length < UdpHeaderLength)
        {
            return FrameContent.Malformed;
        }

        segment.Payload = bytes[UdpHeaderLength..Math.Min(length, bytes.Length)];
        return length <= bytes.Length ? FrameContent.Udp : FrameContent.CutUdp;
    }
}
