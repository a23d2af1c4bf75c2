using System.Numerics;
using FlowEngine.Core;
using FlowEngine.Core.Memory;

namespace FlowEngine.Disruptor;

/// <summary>
/// A ring of preallocated events and whoever consumes them: what does not depend on the number of producers. Made as a
/// <see cref="RingBuffer{T}"/> or a <see cref="RingBuffer{T,TProducer}"/>.
/// </summary>
/// <remarks>
/// Slot of sequence s is <c>s &amp; (Capacity - 1)</c>. Producers are held back by the slowest gating sequence only.
/// Without one, nothing holds them back and they overwrite. Events are not padded: make them a multiple of 64 bytes
/// where latency matters.
/// <code>
/// native block:  128 bytes padding | slot 0 | slot 1 | .. | slot Capacity-1 | 128 bytes padding
/// another:       128 bytes padding | lap of slot 0, 4 bytes | .. | lap of slot Capacity-1 | 128 bytes padding
/// </code>
/// The other block is there with several producers only.
/// Dispose only after all consumers and producers have ended: references into the ring are dead then.
/// </remarks>
public abstract unsafe class Ring<T> : IDisposable
    where T : unmanaged
{
    private readonly NativeBlock _slots;
    private readonly NativeBlock? _laps;
    private RingState _state;

    private protected Ring(int capacity, WaitSignal? signal, long cursor, bool hasLaps)
    {
        if (capacity < 1 || !BitOperations.IsPow2(capacity))
        {
            throw new ArgumentOutOfRangeException(
                nameof(capacity), capacity, "the capacity of a ring must be a power of two, at least 1");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(cursor, Sequence.Initial);
        _slots = new NativeBlock(((long)capacity * sizeof(T)) + (2 * CacheLine.Pad), CacheLine.Pad);
        if (hasLaps)
        {
            _laps = new NativeBlock(((long)capacity * sizeof(int)) + (2 * CacheLine.Pad), CacheLine.Pad);
            _state.Laps = new LapFlags(_laps.Pointer + CacheLine.Pad, capacity, cursor);
        }

        _state.Entries = _slots.Pointer + CacheLine.Pad;
        _state.Mask = capacity - 1;
        _state.Cursor = new Sequence(cursor);
        _state.Signal = signal;
        _state.Gating = [];
    }

    /// <summary>Events in the ring.</summary>
    public int Capacity => (int)_state.Mask + 1;

    /// <summary>
    /// Highest sequence published by one producer; highest claimed by several, published or not. Any thread.
    /// </summary>
    public long Cursor => _state.Cursor.Acquire();

    /// <summary>Consumers that an exception has halted: a gating one holds the producers for good. Any thread.</summary>
    public int HaltedConsumers => Volatile.Read(in _state.Halted); // pairs with the addition in CountHalted

    /// <summary>
    /// Events that could be claimed now: exact on the thread of the only producer, an estimate elsewhere, and negative
    /// while several producers wait for room. Any thread.
    /// </summary>
    public long RemainingCapacity => _state.Mask + 1 - (Claimed - MinimumGating);

    /// <summary>How many claims had to wait for consumers. Any thread.</summary>
    public abstract long ProducerWaits { get; }

    /// <summary>What the slowest gating consumer has finished; what is published if there is none. Any thread.</summary>
    public long MinimumGating =>
        Sequence.Minimum(Volatile.Read(in _state.Gating), ifNone: Published); // pairs with the exchange in Gate

    internal byte* Entries => _state.Entries;

    internal long Mask => _state.Mask;

    // Published, as is all before it.
    internal abstract long Published { get; }

    private protected abstract long Claimed { get; }

    private protected ref RingState State => ref _state;

    /// <summary>
    /// The event at <paramref name="sequence"/>: for its producer between claim and publish, for a consumer between its
    /// barrier and the release of its own sequence. Do not keep the reference longer.
    /// </summary>
    [Hot]
    public ref T this[long sequence] => ref ((T*)_state.Entries)[sequence & _state.Mask]; // the mask keeps it in bounds

    /// <summary>
    /// Lets <paramref name="sequences"/> hold the producers back, and moves them to what is published: their consumers
    /// see what is published from now on. Before the consumers run; the producers may be running.
    /// </summary>
    public void AddGatingSequence(params ReadOnlySpan<Sequence> sequences) => Join(sequences, behind: []);

    /// <summary>
    /// Stops <paramref name="sequence"/> from holding the producers back. After its consumer has ended.
    /// </summary>
    /// <returns>False if it did not.</returns>
    public bool RemoveGatingSequence(Sequence sequence)
    {
        Sequence[] before, after;
        do
        {
            before = Volatile.Read(in _state.Gating); // pairs with the exchange below
            after = Array.FindAll(before, other => !ReferenceEquals(other, sequence));
            if (after.Length == before.Length)
            {
                return false;
            }
        }
        while (Interlocked.CompareExchange(ref _state.Gating, after, before) != before); // pairs with FindRoomSlow

        return true;
    }

    /// <summary>
    /// A barrier for one consumer: behind the producers, or behind <paramref name="dependsOn"/> if given.
    /// </summary>
    /// <exception cref="InvalidOperationException">The wait strategy blocks and the ring has no signal.</exception>
    public SequenceBarrier<TWait> NewBarrier<TWait>(params ReadOnlySpan<Sequence> dependsOn)
        where TWait : struct, IWaitStrategy => NewBarrier(new TWait(), dependsOn);

    /// <summary>The same with a wait strategy that has settings, such as a time limit.</summary>
    public SequenceBarrier<TWait> NewBarrier<TWait>(TWait wait, params ReadOnlySpan<Sequence> dependsOn)
        where TWait : struct, IWaitStrategy
    {
        if (TWait.IsBlocking && _state.Signal is null)
        {
            throw new InvalidOperationException(
                $"{typeof(TWait).Name} blocks: construct the ring with a {nameof(WaitSignal)}, or use a spinning wait");
        }

        return new SequenceBarrier<TWait>(NewGroup(dependsOn), wait);
    }

    /// <summary>A poller that begins after what is published, or behind <paramref name="dependsOn"/> if given.</summary>
    public EventPoller<T> NewPoller(params ReadOnlySpan<Sequence> dependsOn) => new(this, dependsOn);

    /// <summary>Releases the memory.</summary>
    public void Dispose()
    {
        _slots.Dispose();
        _laps?.Dispose();
        GC.SuppressFinalize(this);
    }

    internal DependentSequenceGroup NewGroup(ReadOnlySpan<Sequence> dependsOn) => new(in _state, dependsOn);

    // Lets new consumers gate: at what is published, or at what the consumers they are behind have finished.
    internal void Join(ReadOnlySpan<Sequence> sequences, ReadOnlySpan<Sequence> behind)
    {
        MoveToStart(sequences, behind);
        Gate(sequences);

        // The exchange in Gate is a full fence, as is the one where producers look for room: one that still used the
        // array without these sequences did so before the exchange, and had room up to what was finished, and so
        // published, by then. That is seen here, so its room ends before their slots.
        MoveToStart(sequences, behind);
    }

    // Lets sequences gate that are where they should be.
    internal void Gate(ReadOnlySpan<Sequence> sequences)
    {
        Sequence[] before, after;
        do
        {
            before = Volatile.Read(in _state.Gating); // pairs with the exchange below
            after = [.. before, .. sequences];
        }
        while (Interlocked.CompareExchange(ref _state.Gating, after, before) != before); // pairs with FindRoomSlow
    }

    internal void CountHalted(int change) => Interlocked.Add(ref _state.Halted, change); // pairs with HaltedConsumers

    // One value for all: a consumer that started behind the one that gates for it would not be protected.
    private void MoveToStart(ReadOnlySpan<Sequence> sequences, ReadOnlySpan<Sequence> behind)
    {
        var start = Sequence.Minimum(behind, ifNone: Published);
        foreach (var sequence in sequences)
        {
            sequence.Release(start); // its consumer does not run: still a single writer
        }
    }
}
