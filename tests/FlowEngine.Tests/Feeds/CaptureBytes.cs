using System.Buffers.Binary;

namespace FlowEngine.Tests.Feeds;

/// <summary>Captures and frames put together byte by byte, in either byte order.</summary>
internal sealed class CaptureBytes(bool isLittleEndian)
{
    private readonly List<byte> _bytes = [];

    public byte[] Done() => [.. _bytes];

    public CaptureBytes Add(params byte[] bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public CaptureBytes U16(int value)
    {
        byte[] bytes = new byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)value);
        return AddOrdered(bytes);
    }

    public CaptureBytes U32(uint value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return AddOrdered(bytes);
    }

    public CaptureBytes PcapHeader(bool isNano, uint link) =>
        U32(isNano ? 0xa1b23c4d : 0xa1b2c3d4).U16(2).U16(4).U32(0).U32(0).U32(65535).U32(link);

    public CaptureBytes PcapRecord(uint seconds, uint fraction, byte[] frame, uint? original = null) =>
        U32(seconds).U32(fraction).U32((uint)frame.Length).U32(original ?? (uint)frame.Length).Add(frame);

    public CaptureBytes Section() => Block(0x0a0d0d0a, body => body.U32(0x1a2b3c4d).U16(1).U16(0).U32(~0U).U32(~0U));

    public CaptureBytes Interface(ushort link, byte? resolution = null, uint snapLength = 0) => Block(1, body =>
    {
        body.U16(link).U16(0).U32(snapLength);
        if (resolution is { } value)
        {
            // A comment before it, as capture tools write.
            body.U16(1).U16(2).Add(0x68, 0x69, 0, 0).U16(9).U16(1).Add(value, 0, 0, 0).U16(0).U16(0);
        }
    });

    public CaptureBytes Enhanced(uint index, ulong units, byte[] frame, uint? original = null) => Block(6, body =>
        body.U32(index).U32((uint)(units >> 32)).U32((uint)units).U32((uint)frame.Length)
            .U32(original ?? (uint)frame.Length).Add(frame));

    public CaptureBytes Simple(byte[] frame) => Block(3, body => body.U32((uint)frame.Length).Add(frame));

    public CaptureBytes Block(uint type, Action<CaptureBytes> write)
    {
        var body = new CaptureBytes(isLittleEndian);
        write(body);
        int padded = (body._bytes.Count + 3) & ~3;
        uint length = (uint)(padded + 12);
        return U32(type).U32(length).Add(body.Done()).Add(new byte[padded - body._bytes.Count]).U32(length);
    }

    /// <summary>An IPv4 datagram with a UDP payload.</summary>
    public static byte[] Ipv4(byte[] payload, int options = 0, int fragment = 0, byte protocol = 17)
    {
        var bytes = new CaptureBytes(false);
        bytes.Add((byte)(0x45 + options), 0).U16(20 + (options * 4) + 8 + payload.Length).U16(0).U16(fragment)
            .Add(32, protocol, 0, 0, 10, 0, 0, 1, 239, 1, 2, 3).Add(new byte[options * 4]);
        return bytes.Udp(payload).Done();
    }

    /// <summary>An IPv6 datagram with hop-by-hop options before its UDP payload.</summary>
    public static byte[] Ipv6(byte[] payload)
    {
        var bytes = new CaptureBytes(false);
        bytes.U32(0x60000000).U16(8 + 8 + payload.Length).Add(0, 64).Add(new byte[16])
            .Add(0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9).Add(17, 0, 0, 0, 0, 0, 0, 0);
        return bytes.Udp(payload).Done();
    }

    /// <summary>An Ethernet frame, with VLAN tags if any, and the padding of short frames.</summary>
    public static byte[] Ethernet(byte[] packet, params ushort[] tags)
    {
        var bytes = new CaptureBytes(false);
        bytes.Add(new byte[12]);
        foreach (ushort tag in tags)
        {
            bytes.U16(tag).U16(100);
        }

        bytes.U16(packet[0] >> 4 == 6 ? 0x86dd : 0x0800).Add(packet);
        return bytes.Add(new byte[Math.Max(0, 60 - bytes._bytes.Count)]).Done();
    }

    private CaptureBytes Udp(byte[] payload) => U16(1234).U16(6100).U16(8 + payload.Length).U16(0).Add(payload);

    private CaptureBytes AddOrdered(byte[] bytes)
    {
        if (!isLittleEndian)
        {
            Array.Reverse(bytes);
        }

        return Add(bytes);
    }
}
