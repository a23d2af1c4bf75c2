using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowEngine.Core;
using FlowEngine.Core.Memory;

namespace FlowEngine.Disruptor;

/// <summary>
/// Any number of threads claim and publish: a claim is one atomic addition, publishing one release store a slot.
/// </summary>
/// <remarks>
/// The cursor is the highest *claimed* sequence and may run ahead of the room there is, since <c>Next</c> claims first
/// and waits then. Consumers find out what is published from <see cref="LapFlags"/>. A claim that is never published
/// stops every consumer in front of it for good: use <see cref="RingBuffer{T,TProducer}.Claim(int)"/>.
/// <code>
///   0 ..127  padding
/// 128 ..143  read and written by all producers
/// 144 ..271  padding
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = ProducerOffset + 16 + CacheLine.Pad)]
public struct MultiProducer : IProducer
{
    internal const int ProducerOffset = CacheLine.Pad;

    // What the slowest consumer had finished when a producer last looked. A late producer may set it back, which costs a
    // look only: any value it ever had is published with all before it, and finished.
    [FieldOffset(ProducerOffset)]
    private long _finished;

    [FieldOffset(ProducerOffset + 8)]
    private long _waits;

    static bool IProducer.HasLaps => true;

    readonly long IProducer.Waits => Volatile.Read(in _waits); // pairs with the increment in WaitForRoomSlow

    void IProducer.Open(in RingState state) => _finished = state.Cursor.Acquire();

    readonly long IProducer.Claimed(ref RingState state) => state.Cursor.Acquire();

    readonly long IProducer.Published(ref RingState state) => Published(in state);

    [Hot]
    long IProducer.Next(ref RingState state, int n)
    {
        var next = state.Cursor.Add(n);
        var wrapped = next - state.Mask - 1;

        // Pairs with the write in FindFinishedSlow: through it, what consumers did with the slots is done for us too.
        if (wrapped > Volatile.Read(in _finished))
        {
            WaitForRoomSlow(ref state, wrapped);
        }

        return next;
    }

    [Hot]
    bool IProducer.TryNext(ref RingState state, int n, out long hi)
    {
        while (true)
        {
            hi = state.Cursor.Acquire();
            if (!HasRoom(ref state, hi, n))
            {
                return false;
            }

            // Whoever else claims moves the cursor: the room that was found is still there if it did not move.
            if (state.Cursor.TryMove(hi, hi + n))
            {
                hi += n;
                return true;
            }
        }
    }

    [Hot]
    bool IProducer.HasRoom(ref RingState state, int n) => HasRoom(ref state, state.Cursor.Acquire(), n);

    [Hot]
    readonly void IProducer.Publish(ref RingState state, long lo, long hi)
    {
        for (var sequence = lo; sequence <= hi; sequence++)
        {
            state.Laps.Publish(sequence);
        }

        if (state.Signal is not null)
        {
            SignalSlow(in state);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SignalSlow(in RingState state) => state.Signal!.SignalAll();

    private bool HasRoom(ref RingState state, long claimed, int n)
    {
        var wrapped = claimed + n - state.Mask - 1;
        return wrapped <= Volatile.Read(in _finished) // pairs with the write in FindFinishedSlow
            || wrapped <= FindFinishedSlow(ref state);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WaitForRoomSlow(ref RingState state, long wrapped)
    {
        if (wrapped <= FindFinishedSlow(ref state))
        {
            return;
        }

        Interlocked.Increment(ref _waits); // pairs with the read in Waits
        var spinner = new SpinWait();
        while (wrapped > FindFinishedSlow(ref state))
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long FindFinishedSlow(ref RingState state)
    {
        // Store-load fence: what this producer has published must be visible before consumer progress is read.
        Interlocked.MemoryBarrier();
        Sequence[] gating;
        long finished;
        do
        {
            gating = Volatile.Read(in state.Gating); // pairs with the exchange in Ring.AddGatingSequence

            // The acquires pair with the consumers' releases. Without a consumer, what is published may be overwritten,
            // but nothing else: a producer a lap behind may still be writing its slot.
            finished = gating.Length == 0 ? Published(in state) : Sequence.Minimum(gating, ifNone: 0);

            // While this thread was looking, other producers may have moved the others past a consumer that joined.
            // Seen unchanged after the look, the array was complete for all that was looked at.
        }
        while (Volatile.Read(in state.Gating) != gating); // pairs with the same exchange; after the acquires above

        Volatile.Write(ref _finished, finished); // pairs with the reads in Next and HasRoom
        return finished;
    }

    private readonly long Published(in RingState state) =>
        state.Laps.HighestPublished(Volatile.Read(in _finished) + 1, state.Cursor.Acquire());
}
