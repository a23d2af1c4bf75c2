using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace FlowEngine.Sbe;

/// <summary>Fixed and variable byte strings of a message. Only the <c>ToText</c> pair allocates.</summary>
public static class SbeText
{
    /// <summary>
    /// The bytes of a fixed char array up to its first NUL. The length is a constant where it is called: short arrays
    /// take a few instructions without a call or branch.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> UntilNul(ref byte start, int offset, int length)
    {
        ref var text = ref Unsafe.Add(ref start, offset);
        if (length > 8)
            return UntilNulAny(ref text, length);

        // The lowest byte of 0 sets the lowest bit; bytes behind the array are 0, too, so the end is found like a NUL.
        var bytes = length switch
        {
            8 => LittleEndian.ReadUInt64(ref text, 0),
            > 4 => LittleEndian.ReadUInt32(ref text, 0)
                | ((ulong)LittleEndian.ReadUInt32(ref text, length - 4) << (8 * (length - 4))),
            4 => LittleEndian.ReadUInt32(ref text, 0),
            3 => LittleEndian.ReadUInt16(ref text, 0) | ((ulong)LittleEndian.ReadByte(ref text, 2) << 16),
            2 => LittleEndian.ReadUInt16(ref text, 0),
            _ => LittleEndian.ReadByte(ref text, 0),
        };
        var zeros = (bytes - 0x0101010101010101UL) & ~bytes & 0x8080808080808080UL;
        return MemoryMarshal.CreateReadOnlySpan(ref text, BitOperations.TrailingZeroCount(zeros) >> 3);
    }

    private static ReadOnlySpan<byte> UntilNulAny(ref byte text, int length)
    {
        var all = MemoryMarshal.CreateReadOnlySpan(ref text, length);
        var end = all.IndexOf((byte)0);
        return end < 0 ? all : all[..end];
    }

    /// <summary>All bytes of a fixed array.</summary>
    public static ReadOnlySpan<byte> Bytes(ref byte start, int offset, int length) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref start, offset), length);

    /// <summary>Copies a value into a fixed char array and fills the whole tail with NUL.</summary>
    public static void WriteFixed(ref byte start, int offset, int length, ReadOnlySpan<byte> value, string field)
    {
        if (value.Length > length)
            SbeThrow.ValueTooLong(field, value.Length, length);
        var target = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref start, offset), length);
        value.CopyTo(target);
        target[value.Length..].Clear();
    }

    /// <summary>Decodes bytes with the schema's character encoding; allocates the string.</summary>
    public static string ToText(ReadOnlySpan<byte> bytes, Encoding encoding) => encoding.GetString(bytes);

    /// <summary>
    /// The encoding a schema names, those of .NET's code pages included (GB18030, Shift_JIS); Latin-1, which reads any
    /// byte, for a name nobody knows.
    /// </summary>
    public static Encoding FindEncoding(string name)
    {
        foreach (var known in Encoding.GetEncodings())
        {
            if (string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase))
                return known.GetEncoding();
        }

        return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.Latin1;
    }
}
