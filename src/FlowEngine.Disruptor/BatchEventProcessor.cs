using System.Runtime.CompilerServices;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Checks;

namespace FlowEngine.Disruptor;

/// <summary>
/// A consumer: waits at its barrier, hands every event that is there to its handler, then publishes its own progress
/// with one release store per batch.
/// </summary>
/// <remarks>
/// Runs on a thread of its own (<see cref="Start"/>), on the caller's (<see cref="Run"/>), or step by step
/// (<see cref="DoWork"/>, as an agent). Gate the ring with the <see cref="Sequence"/> of the last consumer of each
/// chain: <c>ring.AddGatingSequence(processor.Sequence)</c>; a <see cref="Graph{T,TWait}"/> does that itself.
/// </remarks>
public sealed unsafe class BatchEventProcessor<T, THandler, TWait> : IAgent, IConsumer
    where T : unmanaged
    where THandler : struct, IEventHandler<T>
    where TWait : struct, IWaitStrategy
{
    private const int Idle = 0;
    private const int Running = 1;

    private const int GoOn = 0;
    private const int Drain = 1;
    private const int HaltNow = 2;

    private readonly Ring<T> _ring;
    private readonly SequenceBarrier<TWait> _barrier;
    private readonly T* _entries;
    private readonly long _mask;
    private readonly int _maxBatchSize = int.MaxValue;
    private AgentThread? _thread;

    // Written by whoever starts and stops.
    private int _state;
    private int _stop;
    private long _drainTo;

    // Written by the consumer.
    private int _halted;
    private long _failures;
    private Exception? _lastFailure;
    private THandler _handler;

    /// <summary>Prepares a consumer that begins after what is published; nothing runs yet.</summary>
    public BatchEventProcessor(Ring<T> ring, SequenceBarrier<TWait> barrier, THandler handler)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentNullException.ThrowIfNull(barrier);
        barrier.Take();
        _ring = ring;
        _barrier = barrier;
        _entries = (T*)ring.Entries;
        _mask = ring.Mask;
        _handler = handler;
        Sequence = new Sequence(ring.Published);
    }

    /// <inheritdoc cref="IConsumer.Name"/>
    public string Name { get; init; } = typeof(THandler).Name;

    /// <summary>Processor that the thread of <see cref="Start"/> is pinned to, from 0; null for any.</summary>
    public int? Cpu { get; init; }

    /// <summary>Most events handled before progress is published; 1 or more, unlimited by default.</summary>
    public int MaxBatchSize
    {
        get => _maxBatchSize;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            _maxBatchSize = value;
        }
    }

    /// <summary>What happens when the handler throws.</summary>
    public FailurePolicy FailurePolicy { get; init; }

    /// <summary>
    /// Told of a handler's exception and its event's sequence, on the consumer's thread. Must not throw.
    /// </summary>
    public Action<Exception, long>? OnFailure { get; init; }

    /// <inheritdoc/>
    public Sequence Sequence { get; }

    /// <inheritdoc/>
    public BatchStatistics Statistics { get; } = new();

    /// <summary>
    /// The handler, for its state. Safe when the consumer is not running, or as the handler's fields allow.
    /// </summary>
    public ref THandler Handler => ref _handler;

    /// <inheritdoc/>
    public bool IsRunning => Volatile.Read(ref _state) == Running; // pairs with the writes in Enter and Loop

    /// <inheritdoc/>
    public bool IsHalted => Volatile.Read(ref _halted) != 0; // pairs with the exchange in SetHalted

    /// <inheritdoc/>
    public Pinning Pinning => _thread?.Pinning ?? Pinning.NotAsked;

    /// <inheritdoc/>
    public long Failures => Volatile.Read(ref _failures); // pairs with the write in Count

    /// <inheritdoc/>
    public Exception? LastFailure => Volatile.Read(ref _lastFailure); // pairs with the write in Count

    /// <summary>What ended the thread, for instance an exception of <c>OnStart</c>, or null.</summary>
    public Exception? Failure => _thread?.Failure;

    /// <inheritdoc/>
    public void Start(string? name = null)
    {
        Enter();
        ClearStop();
        _thread = AgentThread.Start(name ?? Name, Loop, cpu: Cpu);
    }

    /// <summary>Runs on the caller's thread until halted; a halt asked before makes it return at once.</summary>
    /// <exception cref="InvalidOperationException">It is running.</exception>
    public void Run()
    {
        Enter();
        Loop();
    }

    /// <inheritdoc/>
    public void Halt()
    {
        Volatile.Write(ref _stop, HaltNow); // pairs with the reads in HandleUntilStopped; Alert fences it
        _barrier.Alert();
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The consumers before this one in its chain must be running or drained, or it waits for them. Among several
    /// producers, one that has claimed must publish, or it waits for that.
    /// </remarks>
    public void DrainAndHalt()
    {
        Volatile.Write(ref _drainTo, _ring.Cursor); // pairs with the read in MustStop
        Interlocked.CompareExchange(ref _stop, Drain, GoOn); // pairs with the reads in HandleUntilStopped
        _barrier.Alert();
    }

    /// <inheritdoc/>
    public bool Join(TimeSpan timeout) => _thread is null || _thread.Join(timeout);

    /// <summary>
    /// Handles what is there without waiting; for a consumer that is not started. One thread. Does nothing once halted by
    /// an exception.
    /// </summary>
    /// <param name="nowNs">Not used: a consumer knows event time only.</param>
    /// <returns>Events handled.</returns>
    public int DoWork(long nowNs)
    {
        Check.That(!IsRunning);
        var next = Sequence.Acquire() + 1;
        var available = _barrier.Acquire(next);
        return available < next || IsHalted ? 0 : (int)(HandleBatch(next, available) - next);
    }

    /// <inheritdoc/>
    void IAgent.OnStart() => _handler.OnStart();

    /// <inheritdoc/>
    void IAgent.OnClose() => _handler.OnShutdown();

    private void Enter()
    {
        if (Interlocked.CompareExchange(ref _state, Running, Idle) != Idle) // pairs with the write in Loop
        {
            throw new InvalidOperationException($"consumer '{Name}' is running");
        }

        SetHalted(0);
    }

    private void Loop()
    {
        try
        {
            _handler.OnStart();
            try
            {
                HandleUntilStopped();
            }
            finally
            {
                _handler.OnShutdown();
            }
        }
        finally
        {
            ClearStop();
            Volatile.Write(ref _state, Idle); // pairs with the exchange in Enter
        }
    }

    private void HandleUntilStopped()
    {
        var next = Sequence.Acquire() + 1;
        while (true)
        {
            if (Volatile.Read(ref _stop) != GoOn && MustStop(next)) // pairs with Halt and DrainAndHalt
            {
                return;
            }

            var available = _barrier.WaitFor(next);
            if (available >= next)
            {
                next = HandleBatch(next, available);
            }
            else if (THandler.TakesTimeouts && !_barrier.IsAlerted)
            {
                TellTimeout(next - 1);
            }
        }
    }

    private bool MustStop(long next)
    {
        // Cleared so that a drain can wait for consumers before it; a full fence, so that a halt that came before it is
        // seen below, and one that comes after it alerts again.
        _barrier.ClearAlert();
        return Volatile.Read(ref _stop) == HaltNow // pairs with Halt
            || next > Volatile.Read(ref _drainTo); // pairs with DrainAndHalt
    }

    // Returns what is to be handled next.
    private long HandleBatch(long first, long available)
    {
        var last = available - first >= _maxBatchSize ? first + _maxBatchSize - 1 : available;
        var next = first;
        try
        {
            // Slots follow on each other up to the ring's end; the mask keeps the first of a run in bounds.
            while (next <= last)
            {
                var slot = _entries + (next & _mask);
                var runEnd = Math.Min(last, next | _mask);
                if (THandler.TakesBatches)
                {
                    _handler.OnBatch(new Span<T>(slot, (int)(runEnd - next) + 1), next, runEnd == last);
                    next = runEnd + 1;
                    continue;
                }

                for (; next <= runEnd; next++)
                {
                    _handler.OnEvent(ref *slot++, next, next == last);
                }
            }
        }
        catch (Exception exception)
        {
            return FailSlow(exception, next, last);
        }

        Sequence.Release(last); // pairs with the acquires of the producers and of the consumers behind
        Statistics.Add(last - first + 1);
        return last + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long FailSlow(Exception failure, long next, long last)
    {
        // Of a span all is stepped over but what the handler has released early.
        var end = THandler.TakesBatches ? Math.Min(last, next | _mask) : next;
        var failed = Math.Max(next, Sequence.Acquire() + 1);
        var done = FailurePolicy == FailurePolicy.Halt ? failed - 1 : end;
        Sequence.Release(done); // as in HandleBatch
        Count(failure, failed, Math.Max(1, end - failed + 1));
        return done + 1;
    }

    private void TellTimeout(long finished)
    {
        try
        {
            _handler.OnTimeout(finished);
        }
        catch (Exception exception)
        {
            Count(exception, finished, 1);
        }
    }

    private void Count(Exception failure, long sequence, long failures)
    {
        Volatile.Write(ref _failures, _failures + failures); // pairs with the read in Failures
        if (FailurePolicy == FailurePolicy.Ignore)
        {
            return;
        }

        Volatile.Write(ref _lastFailure, failure); // pairs with the read in LastFailure
        if (FailurePolicy == FailurePolicy.Halt)
        {
            SetHalted(1);
            Volatile.Write(ref _stop, HaltNow); // pairs with the read in HandleUntilStopped
        }

        OnFailure?.Invoke(failure, sequence);
    }

    private void SetHalted(int halted)
    {
        var change = halted - Interlocked.Exchange(ref _halted, halted); // pairs with the read in IsHalted
        if (change != 0)
        {
            _ring.CountHalted(change);
        }
    }

    private void ClearStop()
    {
        Volatile.Write(ref _stop, GoOn); // pairs with the reads in HandleUntilStopped
        _barrier.ClearAlert();
    }
}
