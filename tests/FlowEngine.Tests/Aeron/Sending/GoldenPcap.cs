using System.Buffers.Binary;
using System.Net;

namespace FlowEngine.Tests.Aeron.Sending;

/// <summary>A golden capture: nanosecond pcap of Ethernet, IPv4 and UDP.</summary>
internal static class GoldenPcap
{
    private const int FileHeaderLength = 24;
    private const int RecordHeaderLength = 16;
    private const int EthernetLength = 14;
    private const int UdpLength = 8;
    private const int DestinationOffset = 16;

    public static List<GoldenPacket> Read(string name)
    {
        var file = Golden.Read(name);
        var packets = new List<GoldenPacket>();
        long? firstNs = null;
        for (var offset = FileHeaderLength; offset < file.Length;)
        {
            var header = file.AsSpan(offset);
            var timeNs = (BinaryPrimitives.ReadUInt32LittleEndian(header) * 1_000_000_000L)
                + BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
            var captured = BinaryPrimitives.ReadInt32LittleEndian(header[8..]);
            var ip = header.Slice(RecordHeaderLength + EthernetLength, captured - EthernetLength);
            var udp = ip[((ip[0] & 0xF) * 4)..];
            var length = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]) - UdpLength;
            firstNs ??= timeNs;
            packets.Add(new GoldenPacket(
                timeNs - firstNs.Value,
                BinaryPrimitives.ReadUInt16BigEndian(udp),
                BinaryPrimitives.ReadUInt16BigEndian(udp[2..]),
                udp.Slice(UdpLength, length).ToArray())
            {
                Destination = new IPEndPoint(
                    new IPAddress(ip.Slice(DestinationOffset, 4)), BinaryPrimitives.ReadUInt16BigEndian(udp[2..])),
            });
            offset += RecordHeaderLength + captured;
        }

        return packets;
    }
}

/// <summary>One datagram of a capture, and when it was seen after the first.</summary>
internal sealed record GoldenPacket(long TimeNs, int SourcePort, int DestinationPort, byte[] Bytes)
{
    /// <summary>Where it went.</summary>
    public required IPEndPoint Destination { get; init; }
}
