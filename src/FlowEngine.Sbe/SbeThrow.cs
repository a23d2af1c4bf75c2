using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace FlowEngine.Sbe;

/// <summary>The exceptions of generated code, out of line so that the fast paths stay small.</summary>
[StackTraceHidden]
public static class SbeThrow
{
    /// <summary>A writer needs more room than its buffer has.</summary>
    [DoesNotReturn]
    public static void BufferTooShort(string what, int needed, int available) =>
        throw new ArgumentException($"{what} needs {needed} bytes, the buffer has {available}.");

    /// <summary>A value is longer than the field can hold.</summary>
    [DoesNotReturn]
    public static void ValueTooLong(string field, int length, long maxLength) =>
        throw new ArgumentException($"{field} holds at most {maxLength} bytes, the value has {length}.");

    /// <summary>A group cannot have that many entries.</summary>
    [DoesNotReturn]
    public static void CountOutOfRange(string group, long count, long maxCount) =>
        throw new ArgumentOutOfRangeException(nameof(count), count, $"{group} takes 0 to {maxCount} entries.");

    /// <summary>A value is neither within the schema's limits nor null (checked builds only).</summary>
    [DoesNotReturn]
    public static void ValueOutOfRange(string field, string range) =>
        throw new ArgumentOutOfRangeException(field, $"{field} takes {range}.");

    /// <summary>An array element or group entry that does not exist was asked for.</summary>
    [DoesNotReturn]
    public static void IndexOutOfRange(int index, int count) =>
        throw new ArgumentOutOfRangeException(nameof(index), index, $"The index must be below {count}.");

    /// <summary><c>Next</c> was called more often than the group has entries.</summary>
    [DoesNotReturn]
    public static void NoMoreEntries(string group) =>
        throw new InvalidOperationException($"All announced entries of {group} have been written.");

    /// <summary>Groups and data must be written in schema order, each group completely (checked builds only).</summary>
    [DoesNotReturn]
    public static void OutOfOrder(string what) =>
        throw new InvalidOperationException(
            $"{what} comes out of order: write groups and data in schema order, and every announced entry.");
}
