using System.Buffers.Binary;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.OnTheFly.Layouts;

/// <summary>Numbers of any primitive in either byte order, read in bounds.</summary>
internal static class WireNumbers
{
    /// <summary>The bits of a number at the start of a span; signed ones are extended to 64 bits.</summary>
    public static ulong ReadBits(ReadOnlySpan<byte> bytes, SbePrimitive primitive, bool isBigEndian) => primitive switch
    {
        SbePrimitive.Char or SbePrimitive.UInt8 => bytes[0],
        SbePrimitive.Int8 => (ulong)(sbyte)bytes[0],
        SbePrimitive.Int16 => (ulong)(isBigEndian
            ? BinaryPrimitives.ReadInt16BigEndian(bytes) : BinaryPrimitives.ReadInt16LittleEndian(bytes)),
        SbePrimitive.UInt16 => isBigEndian
            ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : BinaryPrimitives.ReadUInt16LittleEndian(bytes),
        SbePrimitive.Int32 => (ulong)(isBigEndian
            ? BinaryPrimitives.ReadInt32BigEndian(bytes) : BinaryPrimitives.ReadInt32LittleEndian(bytes)),
        SbePrimitive.UInt32 or SbePrimitive.Float => isBigEndian
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes),
        _ => isBigEndian
            ? BinaryPrimitives.ReadUInt64BigEndian(bytes) : BinaryPrimitives.ReadUInt64LittleEndian(bytes),
    };

    /// <summary>
    /// A length or count at its place behind <paramref name="start"/>; negative when it is impossible. The caller has
    /// checked that it is there.
    /// </summary>
    public static int ReadLength(ReadOnlySpan<byte> start, NumberPlace place, bool isBigEndian)
    {
        var bits = ReadBits(start[place.Offset..], place.Primitive, isBigEndian);
        return place.Primitive switch
        {
            SbePrimitive.Int8 or SbePrimitive.Int16 or SbePrimitive.Int32 => (int)bits,
            _ => SbeWire.ToLength(bits),
        };
    }
}
