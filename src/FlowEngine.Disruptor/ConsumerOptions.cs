namespace FlowEngine.Disruptor;

/// <summary>How one consumer of a <see cref="Graph{T,TWait}"/> runs; all settings may be left out.</summary>
public sealed record ConsumerOptions
{
    /// <summary>Name of the consumer and its thread; the handler's type by default.</summary>
    public string? Name { get; init; }

    /// <summary>Processor that its thread is pinned to, from 0; null lets the system choose.</summary>
    public int? Cpu { get; init; }

    /// <summary>Most events handled before progress is published; 1 or more, unlimited by default.</summary>
    public int MaxBatchSize { get; init; } = int.MaxValue;

    /// <summary>What happens when the handler throws.</summary>
    public FailurePolicy FailurePolicy { get; init; }

    /// <summary>
    /// Told of a handler's exception and its event's sequence, on the consumer's thread. Must not throw.
    /// </summary>
    public Action<Exception, long>? OnFailure { get; init; }
}
