using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FlowEngine.Sbe;

/// <summary>Lengths and counts as they come from the wire, made safe for <see cref="int"/> arithmetic.</summary>
public static class SbeWire
{
    /// <summary>
    /// The most entries a group may have when an entry takes no bytes at all: nothing else bounds the loop a hostile
    /// count could cause.
    /// </summary>
    public const int MaxEmptyEntries = 1024;

    /// <summary>A wire length as an <see cref="int"/>; -1, which no check lets pass, when it does not fit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ToLength(ulong value) => value > int.MaxValue ? -1 : (int)value;

    /// <summary>A wire version as an <see cref="int"/>; anything larger is simply "newer".</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ToVersion(ulong value) => value > int.MaxValue ? int.MaxValue : (int)value;

    /// <summary>
    /// Bytes of a group whose entries have neither groups nor data: dimension + stride * count; -1 when the numbers are
    /// impossible or more than <paramref name="available"/>.
    /// </summary>
    public static int MeasureFixedGroup(int dimensionLength, int stride, int count, int minimumStride, int available)
    {
        if ((stride | count) < 0)
            return -1;
        if (count == 0)
            return dimensionLength;
        if (stride < minimumStride || (stride == 0 && count > MaxEmptyEntries))
            return -1;
        var length = dimensionLength + ((long)stride * count);
        return length <= available ? (int)length : -1;
    }

    /// <summary>
    /// Bytes of a group whose entries have neither groups nor data, where stride and count are known to be possible and
    /// the stride, if there are entries, to be above 0; -1 when that is more than <paramref name="available"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MeasureEntriesWithBytes(int dimensionLength, int stride, int count, int available)
    {
        var length = dimensionLength + ((long)stride * count);
        return length <= available ? (int)length : -1;
    }

    /// <summary>As <see cref="MeasureEntriesWithBytes"/>, of entries that may take no bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MeasureEntries(int dimensionLength, int stride, int count, int available) =>
        stride == 0 && count > MaxEmptyEntries
            ? -1 : MeasureEntriesWithBytes(dimensionLength, stride, count, available);

    /// <summary>Bytes of length prefix plus data; -1 when that is more than <paramref name="available"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MeasureData(int prefixLength, int length, int available) =>
        length >= 0 && length <= available - prefixLength ? prefixLength + length : -1;

    /// <summary>The bytes behind a length prefix; the range was checked when the message was wrapped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Data(ref byte start, int offset, int length) =>
        MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref start, offset), length);
}
