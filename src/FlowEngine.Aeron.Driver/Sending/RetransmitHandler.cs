using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>
/// Decides which NAKs are answered. What was sent again is left alone for a while: the NAKs of the other receivers of
/// a group, and those already under way, want the same. Sender's thread.
/// </summary>
/// <remarks>A unicast stream has one slot, taken over by a NAK for something else; a group has several.</remarks>
internal sealed class RetransmitHandler
{
    private readonly long _delayNs;
    private readonly long _lingerNs;
    private readonly bool _isGroup;
    private readonly AtomicCounter _overflow;
    private readonly Slot[] _slots;
    private int _activeCount;

    /// <param name="delayNs">How long a NAK waits before it is answered; 0 answers at once.</param>
    /// <param name="lingerNs">How long NAKs of what was sent again are ignored.</param>
    /// <param name="isGroup">Whether the stream has several receivers.</param>
    /// <param name="maxResend">Slots of a group, 1 to 256.</param>
    /// <param name="overflow">Counts NAKs of a group that found no slot.</param>
    public RetransmitHandler(long delayNs, long lingerNs, bool isGroup, int maxResend, AtomicCounter overflow)
    {
        _delayNs = delayNs;
        _lingerNs = lingerNs;
        _isGroup = isGroup;
        _overflow = overflow;
        _slots = new Slot[isGroup ? Math.Clamp(maxResend, 1, 256) : 1];
    }

    /// <summary>A receiver misses something.</summary>
    /// <param name="termId">Term of it.</param>
    /// <param name="termOffset">Where it begins.</param>
    /// <param name="length">How much may be sent again, more than 0.</param>
    /// <param name="nowNs">Time of the duty cycle.</param>
    /// <param name="retransmitter">Sends it.</param>
    public void OnNak(int termId, int termOffset, int length, long nowNs, IRetransmitter retransmitter)
    {
        var index = FindSlot(termId, termOffset);
        if (index < 0)
        {
            return;
        }

        ref var slot = ref _slots[index];
        _activeCount += slot.State == SlotState.Free ? 1 : 0;
        slot.TermId = termId;
        slot.TermOffset = termOffset;
        slot.Length = length;
        if (_delayNs == 0)
        {
            Resend(ref slot, nowNs, retransmitter);
        }
        else
        {
            slot.State = SlotState.Delayed;
            slot.ExpiryNs = nowNs + _delayNs;
        }
    }

    /// <summary>Answers what has waited, and forgets what was answered long enough ago.</summary>
    public void ProcessTimeouts(long nowNs, IRetransmitter retransmitter)
    {
        if (_activeCount == 0)
        {
            return;
        }

        foreach (ref var slot in _slots.AsSpan())
        {
            if (slot.State == SlotState.Free || nowNs - slot.ExpiryNs <= 0)
            {
                continue;
            }

            if (slot.State == SlotState.Delayed)
            {
                Resend(ref slot, nowNs, retransmitter);
            }
            else
            {
                slot.State = SlotState.Free;
                _activeCount--;
            }
        }
    }

    private void Resend(ref Slot slot, long nowNs, IRetransmitter retransmitter)
    {
        retransmitter.Resend(slot.TermId, slot.TermOffset, slot.Length, nowNs);
        slot.State = SlotState.Lingering;
        slot.ExpiryNs = nowNs + _lingerNs;
    }

    /// <summary>Slot for a NAK, or -1 if it is to be ignored.</summary>
    private int FindSlot(int termId, int termOffset)
    {
        var free = -1;
        for (var i = 0; i < _slots.Length; i++)
        {
            ref var slot = ref _slots[i];
            if (slot.State == SlotState.Free)
            {
                free = free < 0 ? i : free;
            }
            else if (slot.Covers(termId, termOffset))
            {
                return -1;
            }
        }

        if (free < 0 && !_isGroup)
        {
            return 0;
        }

        if (free < 0)
        {
            _overflow.Increment();
        }

        return free;
    }

    private enum SlotState
    {
        Free,
        Delayed,
        Lingering,
    }

    private struct Slot
    {
        public SlotState State;
        public int TermId;
        public int TermOffset;
        public int Length;
        public long ExpiryNs;

        public readonly bool Covers(int termId, int termOffset) =>
            termId == TermId && termOffset >= TermOffset && termOffset < (long)TermOffset + Length;
    }
}
