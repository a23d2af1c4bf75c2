using System.Runtime.InteropServices;
using FlowEngine.Core;
using FlowEngine.Core.Memory;

namespace FlowEngine.Disruptor;

/// <summary>
/// How far one party has come: a counter with a single writer and any number of readers, alone on its cache lines.
/// </summary>
/// <remarks>
/// <code>
///   0 ..127  padding
/// 128 ..135  value
/// 136 ..263  padding
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = (2 * CacheLine.Pad) + sizeof(long))]
public sealed class Sequence
{
    /// <summary>The value before the first event, whose sequence is 0.</summary>
    public const long Initial = -1;

    [FieldOffset(CacheLine.Pad)]
    private long _value;

    /// <summary>Starts at <paramref name="value"/>.</summary>
    public Sequence(long value = Initial)
    {
        _value = value;
    }

    /// <summary>Reads the value; whatever its writer wrote before <see cref="Release"/> of it can be read after this.</summary>
    [Hot]
    public long Acquire() => Volatile.Read(ref _value); // pairs with Release

    /// <summary>Moves to <paramref name="value"/> after everything the caller read or wrote before. Writer only.</summary>
    [Hot]
    public void Release(long value) => Volatile.Write(ref _value, value); // pairs with Acquire

    /// <summary>The smallest value of <paramref name="sequences"/>, or <paramref name="ifNone"/> if there is none.</summary>
    [Hot]
    public static long Minimum(ReadOnlySpan<Sequence> sequences, long ifNone)
    {
        if (sequences.IsEmpty)
        {
            return ifNone;
        }

        var minimum = sequences[0].Acquire();
        for (var i = 1; i < sequences.Length; i++)
        {
            minimum = Math.Min(minimum, sequences[i].Acquire());
        }

        return minimum;
    }

    /// <inheritdoc/>
    public override string ToString() => Acquire().ToString();
}
