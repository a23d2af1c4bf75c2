using System.Buffers.Binary;

namespace FlowEngine.Aeron.Protocol;

/// <summary>
/// The first eight bytes of every frame on the wire, little endian as everything else:
/// <c>0 frame length i32 | 4 version i8 (0) | 5 flags u8 | 6 type u16</c>.
/// </summary>
public static class FrameTypes
{
    /// <summary>Bytes every frame starts with.</summary>
    public const int HeaderLength = 8;

    public const ushort Padding = 0;
    public const ushort Data = 1;
    public const ushort Nak = 2;
    public const ushort StatusMessage = 3;
    public const ushort Error = 4;
    public const ushort Setup = 5;
    public const ushort RttMeasurement = 6;
    public const ushort Resolution = 7;
    public const ushort ResponseSetup = 11;

    /// <summary>Frame length at the start of <paramref name="frame"/>, 4 bytes or more.</summary>
    public static int Length(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt32LittleEndian(frame);

    /// <summary>Version of a frame of 8 bytes or more; 0 is the only one there is.</summary>
    public static byte Version(ReadOnlySpan<byte> frame) => frame[4];

    /// <summary>Flags of a frame of 8 bytes or more.</summary>
    public static byte Flags(ReadOnlySpan<byte> frame) => frame[5];

    /// <summary>Type of a frame of 8 bytes or more.</summary>
    public static ushort Type(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadUInt16LittleEndian(frame[6..]);

    internal static void WriteHeader(Span<byte> frame, int length, byte flags, ushort type)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame, length);
        frame[4] = 0;
        frame[5] = flags;
        BinaryPrimitives.WriteUInt16LittleEndian(frame[6..], type);
    }

    /// <summary>Whether a datagram begins with a frame of this type, at least this long, that it holds whole.</summary>
    internal static bool Holds(ReadOnlySpan<byte> datagram, ushort type, int minLength)
    {
        if (datagram.Length < minLength || Version(datagram) != 0 || Type(datagram) != type)
        {
            return false;
        }

        var length = Length(datagram);
        return length >= minLength && length <= datagram.Length;
    }
}
