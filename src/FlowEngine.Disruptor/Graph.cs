using FlowEngine.Core.Time;

namespace FlowEngine.Disruptor;

/// <summary>
/// The consumers of a ring and who is behind whom. Wires barriers and gating, starts and stops all of them, and lets
/// consumers come and go while the producers run.
/// </summary>
/// <remarks>
/// <c>graph.HandleEventsWith(a).And(graph.HandleEventsWith(b)).Then(c)</c> is a diamond: a and b beside each other, c
/// behind both. Only consumers that none is behind hold the producers back. Any thread; calls exclude each other.
/// </remarks>
/// <typeparam name="T">Event.</typeparam>
/// <typeparam name="TWait">How all of its consumers wait.</typeparam>
public sealed class Graph<T, TWait>
    where T : unmanaged
    where TWait : struct, IWaitStrategy
{
    private readonly Lock _lock = new();
    private readonly Ring<T> _ring;
    private readonly TWait _wait;
    private readonly List<Node> _nodes = []; // a consumer comes after all that it is behind

    /// <summary>A graph without consumers.</summary>
    public Graph(Ring<T> ring)
        : this(ring, new TWait())
    {
    }

    /// <summary>A graph without consumers, whose wait strategy has settings.</summary>
    public Graph(Ring<T> ring, TWait wait)
    {
        ArgumentNullException.ThrowIfNull(ring);
        _ring = ring;
        _wait = wait;
    }

    /// <summary>All consumers; each after those it is behind.</summary>
    public IReadOnlyList<IConsumer> Consumers
    {
        get
        {
            lock (_lock)
            {
                return [.. _nodes.Select(node => node.Consumer)];
            }
        }
    }

    /// <summary>Adds a consumer of its own, beside the others. <see cref="Start"/> starts it.</summary>
    public Stage<T, TWait> HandleEventsWith<THandler>(THandler handler, ConsumerOptions? options = null)
        where THandler : struct, IEventHandler<T> => HandleEventsWith(handler, out _, options);

    /// <summary>The same, for a caller that wants the consumer.</summary>
    public Stage<T, TWait> HandleEventsWith<THandler>(
        THandler handler, out BatchEventProcessor<T, THandler, TWait> consumer, ConsumerOptions? options = null)
        where THandler : struct, IEventHandler<T> => Add(handler, [], out consumer, options);

    /// <summary>Starts every consumer that does not run, those behind first.</summary>
    public void Start()
    {
        lock (_lock)
        {
            foreach (var node in Enumerable.Reverse(_nodes).Where(node => !node.Consumer.IsRunning))
            {
                node.Consumer.Start();
            }
        }
    }

    /// <summary>
    /// Asks every consumer to stop after its batch; what is left in the ring waits for the next <see cref="Start"/>.
    /// </summary>
    public void Halt()
    {
        foreach (var consumer in Consumers)
        {
            consumer.Halt();
        }
    }

    /// <summary>
    /// Lets every consumer handle what is published, then stop. The producers should have stopped.
    /// </summary>
    /// <returns>
    /// False if one still runs after <paramref name="timeout"/>, for instance behind one that an exception has halted, or
    /// for a claim that nobody publishes: <see cref="Halt"/> ends it.
    /// </returns>
    public bool DrainAndHalt(TimeSpan timeout)
    {
        foreach (var consumer in Consumers)
        {
            consumer.DrainAndHalt();
        }

        return Join(timeout);
    }

    /// <summary>Waits until no consumer runs.</summary>
    /// <returns>False if one still runs after <paramref name="timeout"/>.</returns>
    public bool Join(TimeSpan timeout)
    {
        var deadline = SystemClock.Nanos() + (long)timeout.TotalNanoseconds;
        foreach (var consumer in Consumers)
        {
            var left = Math.Max(0, deadline - SystemClock.Nanos());
            if (!consumer.Join(TimeSpan.FromMicroseconds(left / 1000)))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Halts a consumer, waits for its end and takes it out; the producers may be running.</summary>
    /// <returns>False if it still runs after <paramref name="timeout"/>: it is halted, but holds the producers back.</returns>
    /// <exception cref="InvalidOperationException">Others are behind it, or it is not of this graph.</exception>
    public bool Remove(IConsumer consumer, TimeSpan timeout)
    {
        ArgumentNullException.ThrowIfNull(consumer);
        lock (_lock)
        {
            var node = _nodes.Find(node => node.Consumer == consumer)
                ?? throw new InvalidOperationException($"consumer '{consumer.Name}' is not of this graph");
            if (_nodes.Find(other => other.Behind.Contains(consumer)) is { } other)
            {
                throw new InvalidOperationException(
                    $"consumer '{other.Consumer.Name}' is behind '{consumer.Name}': remove it first");
            }

            consumer.Halt();
            if (!consumer.Join(timeout))
            {
                return false;
            }

            // Those it was behind gate again, where they are, before it stops doing so.
            _nodes.Remove(node);
            foreach (var end in node.Behind.Where(IsEnd))
            {
                _ring.Gate([end.Sequence]);
            }

            _ring.RemoveGatingSequence(consumer.Sequence);
            return true;
        }
    }

    internal Stage<T, TWait> Add<THandler>(
        THandler handler,
        IConsumer[] behind,
        out BatchEventProcessor<T, THandler, TWait> consumer,
        ConsumerOptions? options)
        where THandler : struct, IEventHandler<T>
    {
        options ??= new ConsumerOptions();
        lock (_lock)
        {
            if (Array.Find(behind, one => _nodes.TrueForAll(node => node.Consumer != one)) is { } stranger)
            {
                throw new InvalidOperationException($"consumer '{stranger.Name}' is not of this graph");
            }

            Sequence[] dependsOn = [.. behind.Select(one => one.Sequence)];
            consumer = new BatchEventProcessor<T, THandler, TWait>(_ring, _ring.NewBarrier(_wait, dependsOn), handler)
            {
                Name = options.Name ?? typeof(THandler).Name,
                Cpu = options.Cpu,
                MaxBatchSize = options.MaxBatchSize,
                FailurePolicy = options.FailurePolicy,
                OnFailure = options.OnFailure,
            };

            // The new one gates first, never ahead of those it is behind: then it holds the producers for them too.
            _ring.Join([consumer.Sequence], dependsOn);
            foreach (var sequence in dependsOn)
            {
                _ring.RemoveGatingSequence(sequence);
            }

            _nodes.Add(new Node(consumer, behind));
            return new Stage<T, TWait>(this, [consumer]);
        }
    }

    private bool IsEnd(IConsumer consumer) => _nodes.TrueForAll(node => !node.Behind.Contains(consumer));

    private sealed record Node(IConsumer Consumer, IConsumer[] Behind);
}
