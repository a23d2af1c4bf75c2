using System.Runtime.CompilerServices;
using FlowEngine.Core;
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
/// chain:
/// <c>ring.AddGatingSequence(processor.Sequence)</c>. A handler's exception steps over its event and is counted.
/// </remarks>
public sealed unsafe class BatchEventProcessor<T, THandler, TWait> : IAgent
    where T : unmanaged
    where THandler : struct, IEventHandler<T>
    where TWait : struct, IWaitStrategy
{
    private const int Idle = 0;
    private const int Running = 1;

    private const int GoOn = 0;
    private const int Drain = 1;
    private const int HaltNow = 2;

    private readonly RingBuffer<T> _ring;
    private readonly SequenceBarrier<TWait> _barrier;
    private readonly int _maxBatchSize = int.MaxValue;
    private AgentThread? _thread;

    // Written by whoever starts and stops.
    private int _state;
    private int _stop;
    private long _drainTo;

    // Written by the consumer.
    private long _failures;
    private Exception? _lastFailure;
    private THandler _handler;

    /// <summary>Prepares a consumer that begins after the ring's cursor; nothing runs yet.</summary>
    public BatchEventProcessor(RingBuffer<T> ring, SequenceBarrier<TWait> barrier, THandler handler)
    {
        ArgumentNullException.ThrowIfNull(ring);
        ArgumentNullException.ThrowIfNull(barrier);
        barrier.Take();
        _ring = ring;
        _barrier = barrier;
        _handler = handler;
        Sequence = new Sequence(ring.Cursor);
    }

    /// <inheritdoc/>
    public string Name { get; init; } = typeof(THandler).Name;

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

    /// <summary>
    /// Told of a handler's exception and its event's sequence, on the consumer's thread. Must not throw.
    /// </summary>
    public Action<Exception, long>? OnFailure { get; init; }

    /// <summary>The highest sequence this consumer has finished.</summary>
    public Sequence Sequence { get; }

    /// <summary>
    /// The handler, for its state. Safe when the consumer is not running, or as the handler's fields allow.
    /// </summary>
    public ref THandler Handler => ref _handler;

    /// <summary>Whether it is started and has not ended. Any thread.</summary>
    public bool IsRunning => Volatile.Read(ref _state) == Running; // pairs with the writes in Enter and Loop

    /// <summary>Events stepped over because the handler threw. Any thread.</summary>
    public long Failures => Volatile.Read(ref _failures); // pairs with the write in StepOver

    /// <summary>What the handler threw last, or null. Any thread.</summary>
    public Exception? LastFailure => Volatile.Read(ref _lastFailure); // pairs with the write in StepOver

    /// <summary>What ended the thread, for instance an exception of <c>OnStart</c>, or null.</summary>
    public Exception? Failure => _thread?.Failure;

    /// <summary>Runs on a new thread until halted. Forgets any halt asked before.</summary>
    /// <param name="name">Name of the thread; <see cref="Name"/> by default.</param>
    /// <exception cref="InvalidOperationException">It is running.</exception>
    public void Start(string? name = null)
    {
        Enter();
        ClearStop();
        _thread = AgentThread.Start(name ?? Name, Loop);
    }

    /// <summary>Runs on the caller's thread until halted; a halt asked before makes it return at once.</summary>
    /// <exception cref="InvalidOperationException">It is running.</exception>
    public void Run()
    {
        Enter();
        Loop();
    }

    /// <summary>Stops after the current batch; what is left in the ring waits for the next start. Any thread.</summary>
    public void Halt()
    {
        Volatile.Write(ref _stop, HaltNow); // pairs with the reads in HandleUntilStopped; Alert fences it
        _barrier.Alert();
    }

    /// <summary>Handles everything published so far, then stops. Any thread, one at a time.</summary>
    /// <remarks>The consumers before this one in its chain must be running or drained, or it waits for them.</remarks>
    public void DrainAndHalt()
    {
        Volatile.Write(ref _drainTo, _ring.Cursor); // pairs with the read in MustStop
        Interlocked.CompareExchange(ref _stop, Drain, GoOn); // pairs with the reads in HandleUntilStopped
        _barrier.Alert();
    }

    /// <summary>Waits for the thread of <see cref="Start"/> to end.</summary>
    /// <returns>False if it still runs after <paramref name="timeout"/>.</returns>
    public bool Join(TimeSpan timeout) => _thread is null || _thread.Join(timeout);

    /// <summary>Handles what is there without waiting; for a consumer that is not started. One thread.</summary>
    /// <param name="nowNs">Not used: a consumer knows event time only.</param>
    /// <returns>Events handled.</returns>
    public int DoWork(long nowNs)
    {
        Check.That(!IsRunning);
        var next = Sequence.Acquire() + 1;
        var available = _barrier.Acquire();
        return available < next ? 0 : (int)(HandleBatch(next, available) - next);
    }

    /// <inheritdoc/>
    void IAgent.OnStart() => _handler.OnStart();

    /// <inheritdoc/>
    void IAgent.OnClose() => _handler.OnShutdown();

    [Hot]
    private static void HandleEvents(ref THandler handler, RingBuffer<T> ring, ref long next, long last)
    {
        var entries = (T*)ring.Entries;
        var mask = ring.Mask;
        for (; next <= last; next++)
        {
            handler.OnEvent(ref entries[next & mask], next, next == last);
        }
    }

    private void Enter()
    {
        if (Interlocked.CompareExchange(ref _state, Running, Idle) != Idle) // pairs with the write in Loop
        {
            throw new InvalidOperationException($"consumer '{Name}' is running");
        }
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

    private long HandleBatch(long first, long available)
    {
        var last = available - first >= _maxBatchSize ? first + _maxBatchSize - 1 : available;
        var next = first;
        Exception? failure = null;
        try
        {
            HandleEvents(ref _handler, _ring, ref next, last);
        }
        catch (Exception exception)
        {
            failure = exception;
            last = next;
        }

        Sequence.Release(last); // pairs with the acquires of the producer and of the consumers behind
        if (failure is not null)
        {
            StepOver(failure, last);
        }

        return last + 1;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void StepOver(Exception failure, long sequence)
    {
        Volatile.Write(ref _lastFailure, failure); // pairs with the read in LastFailure
        Volatile.Write(ref _failures, _failures + 1); // pairs with the read in Failures
        OnFailure?.Invoke(failure, sequence);
    }

    private void ClearStop()
    {
        Volatile.Write(ref _stop, GoOn); // pairs with the reads in HandleUntilStopped
        _barrier.ClearAlert();
    }
}
