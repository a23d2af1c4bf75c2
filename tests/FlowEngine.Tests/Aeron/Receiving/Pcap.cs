using System.Buffers.Binary;
using System.Net;
using FlowEngine.Aeron.Driver.Media;

namespace FlowEngine.Tests.Aeron.Receiving;

/// <summary>A captured datagram.</summary>
internal sealed record PcapDatagram(long TimeNs, UdpAddress From, UdpAddress To, byte[] Bytes)
{
    public int Type => BinaryPrimitives.ReadUInt16LittleEndian(Bytes.AsSpan(6));
}

/// <summary>Reads the golden captures: classic pcap with nanoseconds, Ethernet, IPv4, UDP.</summary>
internal static class Pcap
{
    private const uint NanoMagic = 0xa1b23c4d;
    private const int IpOffset = 14;

    public static List<PcapDatagram> Read(string name)
    {
        ReadOnlySpan<byte> file = Golden.Read(name);
        if (BinaryPrimitives.ReadUInt32LittleEndian(file) != NanoMagic)
        {
            throw new InvalidDataException($"{name} is no pcap with nanoseconds");
        }

        var all = new List<PcapDatagram>();
        var startNs = 0L;
        for (var rest = file[24..]; rest.Length >= 16;)
        {
            var timeNs = (BinaryPrimitives.ReadUInt32LittleEndian(rest) * 1_000_000_000L)
                + BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            startNs = all.Count == 0 ? timeNs : startNs;
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest[8..]);
            var ip = rest.Slice(16 + IpOffset, length - IpOffset);
            var udp = ip[((ip[0] & 0xF) * 4)..];
            var udpLength = BinaryPrimitives.ReadUInt16BigEndian(udp[4..]);
            all.Add(new PcapDatagram(
                timeNs - startNs,
                Address(ip.Slice(12, 4), udp),
                Address(ip.Slice(16, 4), udp[2..]),
                udp[8..udpLength].ToArray()));
            rest = rest[(16 + length)..];
        }

        return all;
    }

    private static UdpAddress Address(ReadOnlySpan<byte> ip, ReadOnlySpan<byte> port) => UdpAddress.From(
        new IPEndPoint(new IPAddress(ip), BinaryPrimitives.ReadUInt16BigEndian(port)));
}
