using System.Buffers.Binary;

namespace FlowEngine.Feeds.Captures;

/// <summary>What was found in a captured frame.</summary>
internal enum FrameContent
{
    /// <summary>A UDP datagram, whole.</summary>
    Udp,

    /// <summary>A UDP datagram of which the capture kept only the start.</summary>
    CutUdp,

    /// <summary>Another protocol.</summary>
    Other,

    /// <summary>Part of a fragmented datagram.</summary>
    Fragment,

    /// <summary>A frame that contradicts itself or is cut inside its headers.</summary>
    Malformed,

    /// <summary>A link type this reader does not know.</summary>
    UnknownLink,
}

/// <summary>A UDP datagram inside a frame: link, network and transport headers taken off.</summary>
internal ref struct UdpDatagram
{
    private const ushort EtherIpv4 = 0x0800;
    private const ushort EtherIpv6 = 0x86dd;
    private const ushort EtherVlan = 0x8100;
    private const ushort EtherQinQ = 0x88a8;
    private const ushort EtherOldQinQ = 0x9100;
    private const int MaxVlanTags = 4;
    private const int MaxIpv6Extensions = 8;
    private const byte ProtocolUdp = 17;
    private const int UdpHeaderLength = 8;

    /// <summary>4 or 16 bytes.</summary>
    public ReadOnlySpan<byte> DestinationAddress { get; private set; }

    /// <summary>Where it was sent.</summary>
    public ushort DestinationPort { get; private set; }

    /// <summary>What it carries, as far as captured.</summary>
    public ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary>Takes a frame apart.</summary>
    public static FrameContent Parse(LinkType link, ReadOnlySpan<byte> frame, out UdpDatagram datagram)
    {
        datagram = default;
        switch (link)
        {
            case LinkType.Ethernet:
                return ParseEtherType(frame, 12, ref datagram);
            case LinkType.LinuxCooked:
                return ParseEtherType(frame, 14, ref datagram);
            case LinkType.LinuxCooked2:
                return frame.Length < 20
                    ? FrameContent.Malformed
                    : ParseTyped(BinaryPrimitives.ReadUInt16BigEndian(frame), frame[20..], ref datagram);
            case LinkType.Null or LinkType.Loop:
                return frame.Length < 4 ? FrameContent.Malformed : ParseIp(frame[4..], ref datagram);
            case LinkType.Raw or LinkType.RawBsd or LinkType.RawOpenBsd or LinkType.Ipv4 or LinkType.Ipv6:
                return ParseIp(frame, ref datagram);
            default:
                return FrameContent.UnknownLink;
        }
    }

    private static FrameContent ParseEtherType(ReadOnlySpan<byte> frame, int offset, ref UdpDatagram datagram)
    {
        if (frame.Length < offset + 2)
        {
            return FrameContent.Malformed;
        }

        return ParseTyped(BinaryPrimitives.ReadUInt16BigEndian(frame[offset..]), frame[(offset + 2)..], ref datagram);
    }

    private static FrameContent ParseTyped(ushort type, ReadOnlySpan<byte> rest, ref UdpDatagram datagram)
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

        return type is EtherIpv4 or EtherIpv6 ? ParseIp(rest, ref datagram) : FrameContent.Other;
    }

    private static FrameContent ParseIp(ReadOnlySpan<byte> packet, ref UdpDatagram datagram)
    {
        if (packet.IsEmpty)
        {
            return FrameContent.Malformed;
        }

        return (packet[0] >> 4) switch
        {
            4 => ParseIpv4(packet, ref datagram),
            6 => ParseIpv6(packet, ref datagram),
            _ => FrameContent.Other,
        };
    }

    private static FrameContent ParseIpv4(ReadOnlySpan<byte> packet, ref UdpDatagram datagram)
    {
        int headerLength = (packet[0] & 0xf) * 4;
        if (headerLength < 20 || packet.Length < headerLength)
        {
            return FrameContent.Malformed;
        }

        if (packet[9] != ProtocolUdp)
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
        datagram.DestinationAddress = packet.Slice(16, 4);
        return ParseUdp(packet[headerLength..available], ref datagram);
    }

    private static FrameContent ParseIpv6(ReadOnlySpan<byte> packet, ref UdpDatagram datagram)
    {
        if (packet.Length < 40)
        {
            return FrameContent.Malformed;
        }

        int payloadLength = BinaryPrimitives.ReadUInt16BigEndian(packet[4..]);
        byte next = packet[6];
        datagram.DestinationAddress = packet.Slice(24, 16);
        ReadOnlySpan<byte> rest = packet[40..];
        rest = payloadLength == 0 ? rest : rest[..Math.Min(rest.Length, payloadLength)];
        for (var extensions = 0; next != ProtocolUdp; extensions++)
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

        return ParseUdp(rest, ref datagram);
    }

    private static FrameContent ParseUdp(ReadOnlySpan<byte> segment, ref UdpDatagram datagram)
    {
        if (segment.Length < UdpHeaderLength)
        {
            return FrameContent.Malformed;
        }

        datagram.DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(segment[2..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(segment[4..]);
        if (length == 0)
        {
            length = segment.Length;
        }

        if (length < UdpHeaderLength)
        {
            return FrameContent.Malformed;
        }

        datagram.Payload = segment[UdpHeaderLength..Math.Min(length, segment.Length)];
        return length <= segment.Length ? FrameContent.Udp : FrameContent.CutUdp;
    }
}
