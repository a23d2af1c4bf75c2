using FlowEngine.Core;
using FlowEngine.Messages.Signals;

namespace FlowEngine.Client;

/// <summary>
/// Remembers of each instrument whether its book has a gap, whether it is silent, and its regime, so that only changes
/// are told. Polling thread only.
/// </summary>
public sealed class StateTracker
{
    private const Validity Told = Validity.Gap | Validity.Stale;

    private State[] _states;

    /// <summary>
    /// Room for the first <paramref name="instrumentCapacity"/> ids; grows when the directory names more.
    /// </summary>
    public StateTracker(int instrumentCapacity) => _states = new State[instrumentCapacity];

    /// <summary>Makes room for an id; set-up work.</summary>
    public void Reserve(int instrumentId)
    {
        if (instrumentId >= _states.Length)
        {
            Array.Resize(ref _states, Math.Max(instrumentId + 1, _states.Length * 2));
        }
    }

    /// <summary>Forgets everything: another epoch.</summary>
    public void Clear() => Array.Clear(_states);

    /// <summary>Takes the flags of a message about the book.</summary>
    /// <returns>Which of Gap and Stale changed; none for an id that no directory entry named.</returns>
    [Hot]
    public Validity Update(uint instrumentId, Validity validity)
    {
        if (instrumentId >= (uint)_states.Length)
        {
            return Validity.None;
        }

        ref State state = ref _states[instrumentId];
        Validity changed = (state.Flags ^ validity) & Told;
        state.Flags = validity & Told;
        return changed;
    }

    /// <summary>Takes a regime.</summary>
    /// <returns>Whether it or its direction changed.</returns>
    [Hot]
    public bool TryMove(uint instrumentId, Regime regime, int direction, out Regime from)
    {
        from = Regime.Calm;
        if (instrumentId >= (uint)_states.Length)
        {
            return false;
        }

        ref State state = ref _states[instrumentId];
        from = state.Regime;
        bool moved = from != regime || state.Direction != direction;
        state.Regime = regime;
        state.Direction = (sbyte)direction;
        return moved;
    }

    private record struct State(Validity Flags, Regime Regime, sbyte Direction);
}
