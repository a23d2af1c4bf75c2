using FlowEngine.Core;

namespace FlowEngine.Disruptor;

/// <summary>
/// What one consumer waits on: what is published, or the sequences of the consumers before it; and its alert.
/// </summary>
public sealed class DependentSequenceGroup
{
    private readonly Sequence _first;
    private readonly Sequence[] _others;
    private readonly bool _scans;
    private readonly LapFlags _laps;
    private readonly Sequence _cursor;
    private int _alerted;

    internal DependentSequenceGroup(in RingState state, ReadOnlySpan<Sequence> dependsOn)
    {
        _cursor = state.Cursor;
        _laps = state.Laps;
        _scans = dependsOn.IsEmpty && state.Laps.Exist; // consumers before this one have finished published events only
        _first = dependsOn.IsEmpty ? state.Cursor : dependsOn[0];
        _others = dependsOn.IsEmpty ? [] : dependsOn[1..].ToArray();
        Signal = state.Signal;
    }

    /// <summary>The ring's signal; null if nobody may block on it.</summary>
    public WaitSignal? Signal { get; }

    /// <summary>Whether the consumer is asked to stop waiting.</summary>
    [Hot]
    public bool IsAlerted => Volatile.Read(ref _alerted) != 0; // pairs with the exchanges in Alert and ClearAlert

    /// <summary>
    /// Highest sequence that may be handled by a consumer that wants <paramref name="sequence"/> next: all dependencies
    /// have finished it, and all before.
    /// </summary>
    /// <returns>Less than <paramref name="sequence"/> if that is not available.</returns>
    [Hot]
    public long Acquire(long sequence)
    {
        var minimum = _first.Acquire(); // pairs with the release in Publish, or of the consumer before
        foreach (var other in _others)
        {
            minimum = Math.Min(minimum, other.Acquire());
        }

        return _scans && minimum >= sequence ? _laps.HighestPublished(sequence, minimum) : minimum;
    }

    /// <summary>
    /// Whether <paramref name="sequence"/> is published, even if consumers before this one have not finished it.
    /// </summary>
    public bool IsPublished(long sequence) =>
        _cursor.Acquire() >= sequence && (!_laps.Exist || _laps.IsPublished(sequence)); // pairs with Publish

    internal void Alert()
    {
        Interlocked.Exchange(ref _alerted, 1); // pairs with IsAlerted; a full fence after whatever explains the alert
        Signal?.SignalAll();
    }

    internal void ClearAlert() => Interlocked.Exchange(ref _alerted, 0); // a full fence before the reason is looked at
}
