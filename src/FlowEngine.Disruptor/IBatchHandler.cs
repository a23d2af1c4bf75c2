namespace FlowEngine.Disruptor;

/// <summary>A handler that sees all the events at hand as a span of slots.</summary>
public interface IBatchHandler<T> : IEventHandler<T>
    where T : unmanaged
{
    /// <inheritdoc/>
    static bool IEventHandler<T>.TakesBatches => true;

    /// <summary>Handles events in their slots, cut where the ring ends. Do not keep the span.</summary>
    /// <param name="events">One or more events that follow on each other.</param>
    /// <param name="firstSequence">Place of the first in the stream.</param>
    /// <param name="endOfBatch">No more events at hand: the moment to flush.</param>
    abstract void IEventHandler<T>.OnBatch(Span<T> events, long firstSequence, bool endOfBatch);

    /// <summary>Never called.</summary>
    void IEventHandler<T>.OnEvent(ref T evt, long sequence, bool endOfBatch)
    {
    }
}
