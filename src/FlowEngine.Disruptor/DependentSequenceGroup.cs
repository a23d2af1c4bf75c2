using FlowEngine.Core;

namespace FlowEngine.Disruptor;

/// <summary>
/// What one consumer waits on: the cursor, or the sequences of the consumers before it; and its alert.
/// </summary>
public sealed class DependentSequenceGroup
{
    private readonly Sequence[] _dependents;
    private int _alerted;

    internal DependentSequenceGroup(Sequence cursor, ReadOnlySpan<Sequence> dependsOn, WaitSignal? signal)
    {
        Cursor = cursor;
        Signal = signal;
        _dependents = dependsOn.IsEmpty ? [cursor] : dependsOn.ToArray();
    }

    /// <summary>The producer's sequence.</summary>
    public Sequence Cursor { get; }

    /// <summary>The ring's signal; null if nobody may block on it.</summary>
    public WaitSignal? Signal { get; }

    /// <summary>Whether the consumer is asked to stop waiting.</summary>
    [Hot]
    public bool IsAlerted => Volatile.Read(ref _alerted) != 0; // pairs with the exchanges in Alert and ClearAlert

    /// <summary>Highest sequence that all dependencies have finished: its slot and all before may be read.</summary>
    [Hot]
    public long Acquire()
    {
        var dependents = _dependents;
        var minimum = dependents[0].Acquire(); // pairs with the release in Publish, or of the consumer before
        for (var i = 1; i < dependents.Length; i++)
        {
            minimum = Math.Min(minimum, dependents[i].Acquire());
        }

        return minimum;
    }

    internal void Alert()
    {
        Interlocked.Exchange(ref _alerted, 1); // pairs with IsAlerted; a full fence after whatever explains the alert
        Signal?.SignalAll();
    }

    internal void ClearAlert() => Interlocked.Exchange(ref _alerted, 0); // a full fence before the reason is looked at
}
