using FlowEngine.Core;

namespace FlowEngine.Client;

/// <summary>What one message's sequence said about what came before it.</summary>
/// <param name="Conflated">Older values that newer ones replaced unsent.</param>
/// <param name="Lost">Messages lost on the way.</param>
public readonly record struct SequenceStep(long Conflated, long Lost);

/// <summary>
/// Tells conflation from loss, by instrument: of the sequence numbers missing before a message, those that its
/// conflated count grew by were replaced, the rest is lost. Polling thread only.
/// </summary>
public sealed class SequenceTracker
{
    private Position[] _positions;

    /// <summary>
    /// Room for the first <paramref name="instrumentCapacity"/> ids; grows when the directory names more.
    /// </summary>
    public SequenceTracker(int instrumentCapacity) => _positions = new Position[instrumentCapacity];

    /// <summary>Makes room for an id; set-up work.</summary>
    public void Reserve(int instrumentId)
    {
        if (instrumentId >= _positions.Length)
        {
            Array.Resize(ref _positions, Math.Max(instrumentId + 1, _positions.Length * 2));
        }
    }

    /// <summary>Forgets everything: another epoch, or a new image.</summary>
    public void Clear() => Array.Clear(_positions);

    /// <summary>Takes note of a message that is not a repeat. The first of an instrument sets its position.</summary>
    /// <returns>False for an id that no directory entry named: it cannot be tracked.</returns>
    [Hot]
    public bool TryAdvance(uint instrumentId, ulong sequence, uint conflated, out SequenceStep step)
    {
        step = default;
        if (instrumentId >= (uint)_positions.Length)
        {
            return false;
        }

        ref var position = ref _positions[instrumentId];
        if (position.Sequence != 0)
        {
            var missing = (long)(sequence - position.Sequence) - 1;
            var replaced = (long)(conflated - position.Conflated);
            step = new SequenceStep(replaced, missing - replaced);
        }

        position = new Position(sequence, conflated);
        return true;
    }

    private readonly record struct Position(ulong Sequence, uint Conflated);
}
