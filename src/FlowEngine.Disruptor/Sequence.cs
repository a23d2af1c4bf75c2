using System.Runtime.InteropServices;
using FlowEngine.Core;
using FlowEngine.Core.Memory;

namespace FlowEngine.Disruptor;

/// <summary>
/// How far one party has come: a counter with a single writer (the cursor of a multi-producer ring: many) and any number
/// of readers, alone on its cache lines.
/// </summary>
/// <remarks>
/// <code>
///   0 ..127  padding
/// 128 ..135  value
/// 136 ..263  padding
/// </code>
/// </remarks>
public sealed class Sequence
{
    /// <summary>The value before the first event, whose sequence is 0.</summary>
    public const long Initial = -1;

    private PaddedLong _padded;

    /// <summary>Starts at <paramref name="value"/>.</summary>
    public Sequence(long value = Initial)
    {
        _padded.Value = value;
    }

    /// <summary>
    /// Reads the value; whatever its writer wrote before <see cref="Release"/> of it can be read after this.
    /// </summary>
    [Hot]
    public long Acquire() => Volatile.Read(ref _padded.Value); // pairs with Release

    /// <summary>
    /// Moves to <paramref name="value"/> after everything the caller read or wrote before. Writer only.
    /// </summary>
    [Hot]
    public void Release(long value) => Volatile.Write(ref _padded.Value, value); // pairs with Acquire

    /// <summary>Moves on by <paramref name="n"/>, as one of many writers.</summary>
    /// <returns>The new value.</returns>
    [Hot]
    internal long Add(long n) => Interlocked.Add(ref _padded.Value, n); // full fence; two producers never share a claim

    /// <summary>Moves from <paramref name="from"/> to <paramref name="to"/> unless another writer was first.</summary>
    [Hot]
    internal bool TryMove(long from, long to) =>
        Interlocked.CompareExchange(ref _padded.Value, to, from) == from; // pairs with itself and with Add

    /// <summary>
    /// The smallest value of <paramref name="sequences"/>, or <paramref name="ifNone"/> if there is none.
    /// </summary>
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

    // A struct, because the runtime ignores the declared size of a class and would drop the padding behind the value.
    [StructLayout(LayoutKind.Explicit, Size = (2 * CacheLine.Pad) + sizeof(long))]
    private struct PaddedLong
    {
        [FieldOffset(CacheLine.Pad)]
        public long Value;
    }
}
