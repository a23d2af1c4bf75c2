using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace FlowEngine.Sbe;

/// <summary>
/// Unaligned big-endian reads and writes at an offset from a reference, without bounds checks: the caller (generated
/// code) has checked the range once, when it wrapped the message.
/// One instruction each plus a byte swap on a little-endian machine.
/// </summary>
public static class BigEndian
{
    /// <summary>Reads a <see cref="sbyte"/> of 1 byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static sbyte ReadSByte(ref byte start, int offset) =>
        (sbyte)Unsafe.Add(ref start, offset);

    /// <summary>Reads a <see cref="byte"/> of 1 byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte ReadByte(ref byte start, int offset) =>
        Unsafe.Add(ref start, offset);

    /// <summary>Reads a <see cref="short"/> of 2 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static short ReadInt16(ref byte start, int offset)
    {
        var value = Unsafe.ReadUnaligned<short>(ref Unsafe.Add(ref start, offset));
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    /// <summary>Reads a <see cref="ushort"/> of 2 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort ReadUInt16(ref byte start, int offset)
    {
        var value = Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref start, offset));
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    /// <summary>Reads a <see cref="int"/> of 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ReadInt32(ref byte start, int offset)
    {
        var value = Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref start, offset));
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    /// <summary>Reads a <see cref="uint"/> of 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ReadUInt32(ref byte start, int offset)
    {
        var value = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, offset));
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    /// <summary>Reads a <see cref="long"/> of 8 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ReadInt64(ref byte start, int offset)
    {
        var value = Unsafe.ReadUnaligned<long>(ref Unsafe.Add(ref start, offset));
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    /// <summary>Reads a <see cref="ulong"/> of 8 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ReadUInt64(ref byte start, int offset)
    {
        var value = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref start, offset));
        return BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    /// <summary>Reads a <see cref="float"/> of 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ReadSingle(ref byte start, int offset) =>
        BitConverter.UInt32BitsToSingle(ReadUInt32(ref start, offset));

    /// <summary>Reads a <see cref="double"/> of 8 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ReadDouble(ref byte start, int offset) =>
        BitConverter.UInt64BitsToDouble(ReadUInt64(ref start, offset));

    /// <summary>Writes a <see cref="sbyte"/> of 1 byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteSByte(ref byte start, int offset, sbyte value) =>
        Unsafe.Add(ref start, offset) = (byte)value;

    /// <summary>Writes a <see cref="byte"/> of 1 byte.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteByte(ref byte start, int offset, byte value) => Unsafe.Add(ref start, offset) = value;

    /// <summary>Writes a <see cref="short"/> of 2 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteInt16(ref byte start, int offset, short value) =>
        Unsafe.WriteUnaligned(
            ref Unsafe.Add(ref start, offset),
            BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    /// <summary>Writes a <see cref="ushort"/> of 2 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteUInt16(ref byte start, int offset, ushort value) =>
        Unsafe.WriteUnaligned(
            ref Unsafe.Add(ref start, offset),
            BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    /// <summary>Writes a <see cref="int"/> of 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteInt32(ref byte start, int offset, int value) =>
        Unsafe.WriteUnaligned(
            ref Unsafe.Add(ref start, offset),
            BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    /// <summary>Writes a <see cref="uint"/> of 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteUInt32(ref byte start, int offset, uint value) =>
        Unsafe.WriteUnaligned(
            ref Unsafe.Add(ref start, offset),
            BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    /// <summary>Writes a <see cref="long"/> of 8 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteInt64(ref byte start, int offset, long value) =>
        Unsafe.WriteUnaligned(
            ref Unsafe.Add(ref start, offset),
            BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    /// <summary>Writes a <see cref="ulong"/> of 8 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteUInt64(ref byte start, int offset, ulong value) =>
        Unsafe.WriteUnaligned(
            ref Unsafe.Add(ref start, offset),
            BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value);

    /// <summary>Writes a <see cref="float"/> of 4 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteSingle(ref byte start, int offset, float value) =>
        WriteUInt32(ref start, offset, BitConverter.SingleToUInt32Bits(value));

    /// <summary>Writes a <see cref="double"/> of 8 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void WriteDouble(ref byte start, int offset, double value) =>
        WriteUInt64(ref start, offset, BitConverter.DoubleToUInt64Bits(value));
}
