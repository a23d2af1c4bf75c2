using FlowEngine.Core;
using FlowEngine.Core.Memory;

namespace FlowEngine.Engine;

/// <summary>
/// The questions under way, in the order asked. A case passes from thread to thread, each of which counts how far it
/// got, so that nobody waits for anybody:
/// <code>
///   ingress ── TryTake ──►  engine ── Filled ──►  answerer ── Release ──►  free again
/// </code>
/// </summary>
[Hot]
public sealed class PreTradeCases
{
    private readonly PreTradeCase[] _cases;
    private long _taken;
    private PaddedCount _filled;
    private PaddedCount _released;

    /// <summary>Takes the memory.</summary>
    /// <param name="capacity">Questions that can be under way.</param>
    /// <param name="levels">Levels copied for each.</param>
    public PreTradeCases(int capacity, int levels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        _cases = new PreTradeCase[capacity];
        for (var i = 0; i < capacity; i++)
        {
            _cases[i] = new PreTradeCase(levels);
        }
    }

    /// <summary>Questions that can be under way.</summary>
    public int Capacity => _cases.Length;

    /// <summary>A free case for the next question. Ingress thread only.</summary>
    /// <param name="number">What its event carries.</param>
    /// <returns>Null while all are under way.</returns>
    public PreTradeCase? TryTake(out long number)
    {
        number = _taken;
        // Acquire: pairs with Release, whose thread has read the case to its end.
        if (_taken - Volatile.Read(ref _released.Value) >= _cases.Length)
        {
            return null;
        }

        Volatile.Write(ref _taken, number + 1); // pairs with the read in TryOpen
        return CaseOf(number);
    }

    /// <summary>The case of an event, to be filled. Engine thread only.</summary>
    /// <returns>Null for an event that no question of this engine brought: one of a recording.</returns>
    public PreTradeCase? TryOpen(ulong number) =>
        number == (ulong)_filled.Value && _filled.Value < Volatile.Read(ref _taken) // pairs with the write in TryTake
            ? CaseOf(_filled.Value)
            : null;

    /// <summary>The case that was opened is filled. Engine thread only.</summary>
    public void Filled() => Volatile.Write(ref _filled.Value, _filled.Value + 1); // pairs with the read in TryNext

    /// <summary>The filled case that waits longest. Answering thread only.</summary>
    public PreTradeCase? TryNext() =>
        Volatile.Read(ref _filled.Value) > _released.Value ? CaseOf(_released.Value) : null; // pairs with Filled

    /// <summary>The case of <see cref="TryNext"/> is answered. Answering thread only.</summary>
    public void Release() => Volatile.Write(ref _released.Value, _released.Value + 1); // pairs with the read in TryTake

    private PreTradeCase CaseOf(long number) => _cases[(int)(number % _cases.Length)];

    [System.Runtime.InteropServices.StructLayout(
        System.Runtime.InteropServices.LayoutKind.Explicit, Size = 2 * CacheLine.Length)]
    private struct PaddedCount
    {
        [System.Runtime.InteropServices.FieldOffset(CacheLine.Length)]
        public long Value;
    }
}
