using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace FlowEngine.Sbe;

/// <summary>Fixed and variable byte strings of a message. Only the <c>ToText</c> pair allocates.</summary>
public static class SbeText
{
    /// <summary>The bytes of a fixed char array up to its first NUL.</summary>
    public static ReadOnlySpan<byte> UntilNul(ref byte start, int offset, int length)
    {
        var all = MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref start, offset), length);
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
