using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;
using FlowEngine.Core;
using FlowEngine.Core.Checks;
using FlowEngine.Core.Memory;

namespace FlowEngine.Disruptor;

/// <summary>
/// A ring of preallocated events with one producer thread and any number of consumers that each see every event.
/// </summary>
/// <remarks>
/// Slot of sequence s is <c>s &amp; (Capacity - 1)</c>. The producer claims (<see cref="Next()"/>), fills the slots in
/// place and publishes; it is held back by the slowest gating sequence only. Without one, nothing holds it back and it
/// overwrites. Events are not padded: make them a multiple of 64 bytes where latency matters.
/// <code>
/// native block:  128 bytes padding | slot 0 | slot 1 | .. | slot Capacity-1 | 128 bytes padding
/// </code>
/// Dispose only after all consumers and the producer have ended: references into the ring are dead then.
/// </remarks>
public sealed unsafe class RingBuffer<T> : IDisposable
    where T : unmanaged
{
    private readonly NativeBlock _block;
    private RingState _state;

    /// <summary>Takes the memory for all events, zeroed.</summary>
    /// <param name="capacity">Events, a power of two from 1.</param>
    /// <param name="signal">Needed if a consumer uses <see cref="BlockingWait"/>; publishing then takes a lock.</param>
    /// <param name="cursor">Sequence before the first event; for resuming a numbered stream.</param>
    public RingBuffer(int capacity, WaitSignal? signal = null, long cursor = Sequence.Initial)
    {
        if (capacity < 1 || !BitOperations.IsPow2(capacity))
        {
            throw new ArgumentOutOfRangeException(
                nameof(capacity), capacity, "the capacity of a ring must be a power of two, at least 1");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(cursor, Sequence.Initial);
        _block = new NativeBlock(((long)capacity * sizeof(T)) + (2 * CacheLine.Pad), CacheLine.Pad);
        _state.Entries = _block.Pointer + CacheLine.Pad;
        _state.Mask = capacity - 1;
        _state.Cursor = new Sequence(cursor);
        _state.Signal = signal;
        _state.Gating = [];
        _state.Claimed = cursor;
        _state.CachedGating = cursor;
    }

    /// <summary>Events in the ring.</summary>
    public int Capacity => (int)_state.Mask + 1;

    /// <summary>Highest published sequence. Any thread.</summary>
    public long Cursor => _state.Cursor.Acquire();

    /// <summary>How many claims had to wait for consumers. Any thread.</summary>
    public long ProducerWaits => Volatile.Read(ref _state.Waits); // pairs with the write in WaitForRoomSlow

    /// <summary>Events that could be claimed now. Exact on the producer's thread, an estimate elsewhere.</summary>
    public long RemainingCapacity
    {
        get
        {
            var claimed = Volatile.Read(ref _state.Claimed);
            return _state.Mask + 1 - (claimed - MinimumGating());
        }
    }

    internal byte* Entries => _state.Entries;

    internal long Mask => _state.Mask;

    internal ref readonly RingState State => ref _state;

    /// <summary>
    /// The event at <paramref name="sequence"/>: for the producer between claim and publish, for a consumer between its
    /// barrier and the release of its own sequence. Do not keep the reference longer.
    /// </summary>
    [Hot]
    public ref T this[long sequence] => ref ((T*)_state.Entries)[sequence & _state.Mask]; // the mask keeps it in bounds

    /// <summary>Claims the next event, waiting for room. Producer only.</summary>
    [Hot]
    public long Next() => Next(1);

    /// <summary>Claims the next <paramref name="n"/> events, waiting for room. Producer only.</summary>
    /// <param name="n">1 to <see cref="Capacity"/>.</param>
    /// <returns>The highest claimed sequence; the lowest is that minus n plus 1.</returns>
    [Hot]
    public long Next(int n)
    {
        CheckProducer();
        if ((uint)(n - 1) > (ulong)_state.Mask)
        {
            ThrowClaim(n);
        }

        var next = _state.Claimed + n;
        var wrapped = next - _state.Mask - 1;
        if (wrapped > _state.CachedGating)
        {
            WaitForRoomSlow(wrapped);
        }

        _state.Claimed = next;
        return next;
    }

    /// <summary>Claims the next <paramref name="n"/> events if there is room now. Producer only.</summary>
    /// <param name="n">1 to <see cref="Capacity"/>.</param>
    /// <param name="hi">The highest claimed sequence, or the highest claimed before if there was no room.</param>
    [Hot]
    public bool TryNext(int n, out long hi)
    {
        hi = _state.Claimed;
        if (!HasAvailableCapacity(n))
        {
            return false;
        }

        hi += n;
        _state.Claimed = hi;
        return true;
    }

    /// <summary>Whether <see cref="Next(int)"/> would not wait. Producer only.</summary>
    /// <param name="n">1 to <see cref="Capacity"/>.</param>
    [Hot]
    public bool HasAvailableCapacity(int n)
    {
        CheckProducer();
        if ((uint)(n - 1) > (ulong)_state.Mask)
        {
            ThrowClaim(n);
        }

        var wrapped = _state.Claimed + n - _state.Mask - 1;
        return wrapped <= _state.CachedGating || wrapped <= RefreshGatingSlow();
    }

    /// <summary>Hands everything up to <paramref name="sequence"/> to the consumers. Producer only.</summary>
    [Hot]
    public void Publish(long sequence)
    {
        CheckProducer();
        Check.That(sequence <= _state.Claimed);
        _state.Cursor.Release(sequence); // pairs with Acquire in DependentSequenceGroup: the slots before the cursor
        if (_state.Signal is not null)
        {
            SignalSlow();
        }
    }

    /// <summary>
    /// Hands the events from <paramref name="lo"/> to <paramref name="hi"/> to the consumers. Producer only.
    /// </summary>
    [Hot]
    public void Publish(long lo, long hi)
    {
        Check.That(lo <= hi);
        Publish(hi);
    }

    /// <summary>
    /// Lets <paramref name="sequences"/> hold the producer back, and moves them to the cursor: a consumer sees what is
    /// published from now on. Before its consumer runs; the producer may be running.
    /// </summary>
    public void AddGatingSequence(params ReadOnlySpan<Sequence> sequences)
    {
        Sequence[] before, after;
        do
        {
            before = Volatile.Read(ref _state.Gating); // pairs with the exchange below
            foreach (var sequence in sequences)
            {
                sequence.Release(Cursor);
            }

            after = [.. before, .. sequences];
        }
        while (Interlocked.CompareExchange(ref _state.Gating, after, before) != before);

        // The exchange is a full fence, as is the one in RefreshGatingSlow: a producer that still used the array
        // without these sequences did so after publishing a cursor that is seen here, so its room ends before their
        // slots.
        foreach (var sequence in sequences)
        {
            sequence.Release(Cursor);
        }
    }

    /// <summary>
    /// Stops <paramref name="sequence"/> from holding the producer back. After its consumer has ended.
    /// </summary>
    /// <returns>False if it did not.</returns>
    public bool RemoveGatingSequence(Sequence sequence)
    {
        Sequence[] before, after;
        do
        {
            before = Volatile.Read(ref _state.Gating); // pairs with the exchange below
            after = Array.FindAll(before, other => !ReferenceEquals(other, sequence));
            if (after.Length == before.Length)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _state.Gating, after, before) != before);

        return true;
    }

    /// <summary>
    /// A barrier for one consumer: behind the producer, or behind <paramref name="dependsOn"/> if given.
    /// </summary>
    /// <exception cref="InvalidOperationException">The wait strategy blocks and the ring has no signal.</exception>
    public SequenceBarrier<TWait> NewBarrier<TWait>(params ReadOnlySpan<Sequence> dependsOn)
        where TWait : struct, IWaitStrategy
    {
        if (TWait.IsBlocking && _state.Signal is null)
        {
            throw new InvalidOperationException(
                $"{typeof(TWait).Name} blocks: construct the ring with a {nameof(WaitSignal)}, or use a spinning wait");
        }

        return new SequenceBarrier<TWait>(new DependentSequenceGroup(_state.Cursor, dependsOn, _state.Signal));
    }

    /// <summary>Lets another thread be the producer from now on; needed by checked builds only.</summary>
    public void HandOverProducer() => _state.ProducerThreadId = 0;

    /// <summary>Releases the memory.</summary>
    public void Dispose() => _block.Dispose();

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void WaitForRoomSlow(long wrapped)
    {
        if (wrapped <= RefreshGatingSlow())
        {
            return;
        }

        // Consumers never pass the cursor: a producer that claims a whole ring beyond it waits for itself.
        Check.Always(wrapped <= _state.Cursor.Acquire());
        Volatile.Write(ref _state.Waits, _state.Waits + 1); // pairs with the read in ProducerWaits
        var spinner = new SpinWait();
        while (wrapped > RefreshGatingSlow())
        {
            spinner.SpinOnce(sleep1Threshold: -1);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long RefreshGatingSlow()
    {
        // Store-load fence: the cursor published before must be visible before consumer progress is read, or both sides
        // could wait on what they see of each other. Pairs with the exchange in AddGatingSequence too.
        Interlocked.MemoryBarrier();
        return _state.CachedGating = MinimumGating();
    }

    // The acquires pair with the consumers' release of their sequences: they have read the slots before we overwrite
    // them.
    private long MinimumGating() =>
        Sequence.Minimum(Volatile.Read(ref _state.Gating), ifNone: _state.Cursor.Acquire());

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void SignalSlow() => _state.Signal!.SignalAll();

    [Conditional("FLOW_CHECKS")]
    private void CheckProducer()
    {
        var thread = Environment.CurrentManagedThreadId;
        if (_state.ProducerThreadId == 0)
        {
            _state.ProducerThreadId = thread;
        }

        Check.That(_state.ProducerThreadId == thread);
    }

    [DoesNotReturn]
    private void ThrowClaim(int n) =>
        throw new ArgumentOutOfRangeException(nameof(n), n, $"a claim is 1 to {Capacity} events, the ring's capacity");
}
