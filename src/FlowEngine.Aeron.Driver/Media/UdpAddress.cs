using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowEngine.Aeron.Driver.Media;

/// <summary>
/// An IPv4 or IPv6 address with port in the form the kernel has it (sockaddr_in, sockaddr_in6 of Linux), so that it
/// costs nothing per datagram. Port in network order inside, as sockets want it; Aeron's own frames are little endian.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = SizeV6)]
internal struct UdpAddress : IEquatable<UdpAddress>
{
    public const int SizeV4 = 16;
    public const int SizeV6 = 28;

    private const ushort FamilyV4 = 2;
    private const ushort FamilyV6 = 10;

    // family u16 | port u16 big endian | v4: address 4 B, zero 8 B | v6: flow info u32, address 16 B, scope id u32
    private Storage _bytes;

    /// <summary>Whether it holds an address at all.</summary>
    public readonly bool IsSpecified => Family != 0;

    public readonly bool IsIPv6 => Family == FamilyV6;

    /// <summary>Port, 0 to 65535.</summary>
    public int Port
    {
        readonly get => BinaryPrimitives.ReadUInt16BigEndian(Bytes(in this)[2..]);
        set => BinaryPrimitives.WriteUInt16BigEndian(_bytes[2..4], (ushort)value);
    }

    /// <summary>Bytes of it the kernel reads.</summary>
    public readonly int Length => IsIPv6 ? SizeV6 : SizeV4;

    /// <summary>Whether it is a group.</summary>
    public readonly bool IsMulticast =>
        IsIPv6 ? Bytes(in this)[8] == 0xff : IsSpecified && (Bytes(in this)[4] & 0xf0) == 0xe0;

    /// <summary>Whether it is every address of the machine, 0.0.0.0 or ::.</summary>
    public readonly bool IsAny =>
        IsSpecified && !Bytes(in this)[(IsIPv6 ? 8 : 4)..(IsIPv6 ? 24 : 8)].ContainsAnyExcept((byte)0);

    /// <summary>Last byte of the address, the one that tells data from control groups.</summary>
    public readonly byte LastByte => Bytes(in this)[IsIPv6 ? 23 : 7];

    private readonly ushort Family => MemoryMarshal.Read<ushort>(Bytes(in this));

    /// <summary>From .NET's form.</summary>
    public static UdpAddress From(IPEndPoint endPoint)
    {
        var address = default(UdpAddress);
        Span<byte> bytes = address._bytes;
        if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
        {
            MemoryMarshal.Write(bytes, FamilyV6);
            endPoint.Address.TryWriteBytes(bytes[8..24], out _);
            MemoryMarshal.Write(bytes[24..], (uint)endPoint.Address.ScopeId);
        }
        else
        {
            MemoryMarshal.Write(bytes, FamilyV4);
            endPoint.Address.TryWriteBytes(bytes[4..8], out _);
        }

        address.Port = endPoint.Port;
        return address;
    }

    /// <summary>To .NET's form; allocates.</summary>
    public readonly IPEndPoint ToEndPoint()
    {
        var bytes = Bytes(in this);
        return IsIPv6
            ? new IPEndPoint(new IPAddress(bytes[8..24], MemoryMarshal.Read<uint>(bytes[24..])), Port)
            : new IPEndPoint(new IPAddress(bytes[4..8]), Port);
    }

    /// <summary>Takes over .NET's form without allocating; only its family has another number elsewhere.</summary>
    public void CopyFrom(SocketAddress source)
    {
        Span<byte> bytes = _bytes;
        source.Buffer.Span[..Math.Min(source.Size, SizeV6)].CopyTo(bytes);
        MemoryMarshal.Write(bytes, source.Family == AddressFamily.InterNetworkV6 ? FamilyV6 : FamilyV4);
    }

    /// <summary>Fills .NET's form, of the same family, without allocating.</summary>
    public readonly void CopyTo(SocketAddress destination) =>
        Bytes(in this)[2..Length].CopyTo(destination.Buffer.Span[2..]);

    /// <summary>The same address with another port.</summary>
    public readonly UdpAddress WithPort(int port)
    {
        var copy = this;
        copy.Port = port;
        return copy;
    }

    /// <summary>Every address of the machine, of the same family as this, with a port.</summary>
    public readonly UdpAddress AnyWithPort(int port) => From(
        new IPEndPoint(IsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, port));

    /// <summary>The address after this one, with the same port: the control group of a data group.</summary>
    public readonly UdpAddress Next()
    {
        var copy = this;
        copy._bytes[IsIPv6 ? 23 : 7]++;
        return copy;
    }

    /// <summary>The 4 or 16 bytes of the address, in network order.</summary>
    public readonly byte[] AddressBytes() => IsIPv6 ? Bytes(in this)[8..24].ToArray() : Bytes(in this)[4..8].ToArray();

    public readonly bool Equals(UdpAddress other) =>
        Bytes(in this)[..Length].SequenceEqual(Bytes(in other)[..other.Length]);

    public override readonly bool Equals(object? obj) => obj is UdpAddress other && Equals(other);

    public override readonly int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Bytes(in this)[..Length]);
        return hash.ToHashCode();
    }

    /// <summary><c>127.0.0.1:40123</c> or <c>[::1]:40123</c>; allocates.</summary>
    public override readonly string ToString() => IsSpecified ? ToEndPoint().ToString() : "none";

    public static bool operator ==(UdpAddress left, UdpAddress right) => left.Equals(right);

    public static bool operator !=(UdpAddress left, UdpAddress right) => !left.Equals(right);

    private static ReadOnlySpan<byte> Bytes(in UdpAddress address) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.As<UdpAddress, byte>(ref Unsafe.AsRef(in address)), SizeV6);

    [InlineArray(SizeV6)]
    private struct Storage
    {
        private byte _first;
    }
}
