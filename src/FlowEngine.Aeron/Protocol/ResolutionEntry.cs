using System.Buffers.Binary;
using System.Text;

namespace FlowEngine.Aeron.Protocol;

/// <summary>
/// One entry of a RES frame, between drivers that tell each other their names; entries follow the frame header, each
/// a multiple of 8 long. For tools: our driver does not gossip.
/// <code>
/// 0 type u8: 1 IPv4, 2 IPv6 | 1 flags u8 | 2 port u16, little endian | 4 age ms i32 | 8 address, 4 or 16 bytes
/// then name length i16 | name
/// </code>
/// </summary>
public readonly ref struct ResolutionEntry
{
    /// <summary>The sender speaks of itself.</summary>
    public const byte SelfFlag = 0x80;

    private const byte TypeV4 = 1;
    private const byte TypeV6 = 2;
    private const int AddressOffset = 8;
    private const int Alignment = 8;

    public byte Flags { get; init; }

    public int Port { get; init; }

    public int AgeMs { get; init; }

    /// <summary>4 or 16 bytes.</summary>
    public ReadOnlySpan<byte> Address { get; init; }

    public ReadOnlySpan<byte> Name { get; init; }

    /// <summary>Bytes it takes in the frame.</summary>
    public int Length => (AddressOffset + Address.Length + 2 + Name.Length + Alignment - 1) & -Alignment;

    /// <summary>Reads the entry at the start of <paramref name="bytes"/>; address and name are views.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ResolutionEntry entry)
    {
        entry = default;
        var addressLength = bytes.IsEmpty ? 0 : bytes[0] switch { TypeV4 => 4, TypeV6 => 16, _ => 0 };
        var nameOffset = AddressOffset + addressLength + 2;
        if (addressLength == 0 || bytes.Length < nameOffset)
        {
            return false;
        }

        int nameLength = BinaryPrimitives.ReadInt16LittleEndian(bytes[(nameOffset - 2)..]);
        if (nameLength < 0 || nameLength > bytes.Length - nameOffset)
        {
            return false;
        }

        entry = new ResolutionEntry
        {
            Flags = bytes[1],
            Port = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]),
            AgeMs = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
            Address = bytes.Slice(AddressOffset, addressLength),
            Name = bytes.Slice(nameOffset, nameLength),
        };
        return entry.Length <= bytes.Length;
    }

    /// <summary>Writes it with its padding.</summary>
    /// <returns><see cref="Length"/>.</returns>
    public int Write(Span<byte> bytes)
    {
        bytes[..Length].Clear();
        bytes[0] = Address.Length == 4 ? TypeV4 : TypeV6;
        bytes[1] = Flags;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[2..], (ushort)Port);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], AgeMs);
        Address.CopyTo(bytes[AddressOffset..]);
        var name = bytes[(AddressOffset + Address.Length)..];
        BinaryPrimitives.WriteInt16LittleEndian(name, (short)Name.Length);
        Name.CopyTo(name[2..]);
        return Length;
    }

    /// <summary>Name, port and age for people; allocates.</summary>
    public override string ToString() => $"{Encoding.ASCII.GetString(Name)}:{Port} {AgeMs} ms";
}
