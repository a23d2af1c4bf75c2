using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowEngine.Core;
using FlowEngine.Core.Checks;
using FlowEngine.Core.Memory;

namespace FlowEngine.Disruptor;

/// <summary>One thread claims and publishes: a claim is an addition, publishing one release store.</summary>
/// <remarks>
/// <code>
///   0 ..127  padding
/// 128 ..175  read and written by the producer alone, but for looks at its counters
/// 176 ..303  padding
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = ProducerOffset + 48 + CacheLine.Pad)]
public struct SingleProducer : IProducer
{
    internal const int ProducerOffset = CacheLine.Pad;

    // Highest claimed sequence.
    [FieldOffset(ProducerOffset)]
    private long _claimed;

    // Highest sequence there was room for when the producer last looked; never ahead of what there is.
    [FieldOffset(ProducerOffset + 8)]
    private long _limit;

    // Copies, so that a publication touches no line but this one, the slot's and the cursor's.
    [FieldOffset(ProducerOffset + 16)]
    private Sequence _cursor;

    [FieldOffset(ProducerOffset + 24)]
    private WaitSignal? _signal;

    [FieldOffset(ProducerOffset + 32)]
    private long _waits;

    // Thread that claims; 0 before the first claim. Checked builds only.
    [FieldOffset(ProducerOffset + 40)]
    private int _threadId;

    static bool IProducer.HasLaps => false;

    readonly long IProducer.Waits => Volatile.Read(in _waits); // pairs with the write in WaitForRoomSlow

    void IProducer.Open(in RingState state)
    {
        _cursor = state.Cursor;
        _signal = state.Signal;
        _claimed = _limit = state.Cursor.Acquire();
    }

    readonly long IProducer.Claimed(ref RingState state) => Volatile.Read(in _claimed); // an estimate elsewhere

    readonly long IProducer.Published(ref RingState state) => _cursor.Acquire();

    [Hot]
    long IProducer.Next(ref RingState state, int n)
    {
        CheckThread();
        var next = _claimed + n;
        if (next > _limit)
        {
            WaitForRoomSlow(ref state, next);
        }

        _claimed = next;
        return next;
    }

    [Hot]
    bool IProducer.TryNext(ref RingState state, int n, out long hi)
    {
        CheckThread();
        hi = _claimed;
        if (hi + n > _limit && hi + n > FindRoomSlow(ref state))
        {
            return false;
        }

        hi += n;
        _claimed = hi;
        return true;
    }

    [Hot]
    bool IProducer.HasRoom(ref RingState state, int n)
    {
        CheckThread();
        return _claimed + n <= _limit || _claimed + n <= FindRoomSlow(ref state);
    }

    [Hot]
    void IProducer.Publish(ref RingState state, long lo, long hi)
    {
        CheckThread();
        Check.That(hi <= _claimed);
        _cursor.Release(hi); // pairs with Acquire in DependentSequenceGroup: the slots before the cursor
        if (_signal is not null)
        {
            SignalSlow();
        }
    }

    internal void HandOver() => _threadId = 0;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WaitForRoomSlow(ref RingState state, long next)
    {
        if (next <= FindRoomSlow(ref state))
        {
            return;
        }

        // Consumers never pass the cursor: a producer that claims a whole ring beyond it waits for itself.
        Check.Always(next - state.Mask - 1 <= _cursor.Acquire());
        Volatile.Write(ref _waits, _waits + 1); // pairs with the read in Waits
        var spinner = new SpinWait();
        while (next > FindRoomSlow(ref state))
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long FindRoomSlow(ref RingState state)
    {
        // Store-load fence: the cursor published before must be visible before consumer progress is read, or both sides
        // could wait on what they see of each other. Pairs with the exchange in Ring.AddGatingSequence too.
        Interlocked.MemoryBarrier();

        // Pairs with that exchange. The acquires inside pair with the consumers' release of their sequences: they have
        // read the slots before we overwrite them.
        var finished = Sequence.Minimum(Volatile.Read(ref state.Gating), ifNone: _cursor.Acquire());
        return _limit = Math.Min(finished, long.MaxValue - state.Mask - 1) + state.Mask + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private readonly void SignalSlow() => _signal!.SignalAll();

    [Conditional("FLOW_CHECKS")]
    private void CheckThread()
    {
        var thread = Environment.CurrentManagedThreadId;
        if (_threadId == 0)
        {
            _threadId = thread;
        }

        Check.That(_threadId == thread);
    }
}
