namespace FlowEngine.Disruptor;

/// <summary>Consumers of a graph that others are put behind.</summary>
public readonly struct Stage<T, TWait>
    where T : unmanaged
    where TWait : struct, IWaitStrategy
{
    private readonly Graph<T, TWait> _graph;
    private readonly IConsumer[] _consumers;

    internal Stage(Graph<T, TWait> graph, IConsumer[] consumers)
    {
        _graph = graph;
        _consumers = consumers;
    }

    /// <summary>The consumers.</summary>
    public IReadOnlyList<IConsumer> Consumers => _consumers;

    /// <summary>Adds a consumer beside these, as <see cref="Graph{T,TWait}.HandleEventsWith{THandler}(THandler, ConsumerOptions)"/> does.</summary>
    /// <returns>These and the new one.</returns>
    public Stage<T, TWait> HandleEventsWith<THandler>(THandler handler, ConsumerOptions? options = null)
        where THandler : struct, IEventHandler<T> => And(_graph.HandleEventsWith(handler, options));

    /// <summary>These and <paramref name="other"/>, of the same graph.</summary>
    public Stage<T, TWait> And(Stage<T, TWait> other) => new(_graph, [.. _consumers, .. other._consumers]);

    /// <summary>Adds a consumer behind all of these: it sees an event when they have finished it.</summary>
    /// <returns>The new one.</returns>
    public Stage<T, TWait> Then<THandler>(THandler handler, ConsumerOptions? options = null)
        where THandler : struct, IEventHandler<T> => Then(handler, out _, options);

    /// <summary>The same, for a caller that wants the consumer.</summary>
    public Stage<T, TWait> Then<THandler>(
        THandler handler, out BatchEventProcessor<T, THandler, TWait> consumer, ConsumerOptions? options = null)
        where THandler : struct, IEventHandler<T> => _graph.Add(handler, _consumers, out consumer, options);
}
