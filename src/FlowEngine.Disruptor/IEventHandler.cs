namespace FlowEngine.Disruptor;

/// <summary>
/// What a consumer does with events. All members run on the consumer's thread. A struct, for which the processor is
/// compiled with direct calls; one that holds an object can pass the calls on to it.
/// </summary>
/// <remarks>
/// What a handler may do beyond that is asked of its type when the loop is compiled, and costs nothing if it does not:
/// <see cref="IBatchHandler{T}"/>, <see cref="ITimeoutHandler{T}"/>. To release a part of a long batch early, give the
/// handler its consumer's <c>Sequence</c> (<c>consumer.Handler.Progress = consumer.Sequence</c>) and release on that
/// what it has done with.
/// </remarks>
public interface IEventHandler<T>
    where T : unmanaged
{
    /// <summary>Whether it gets events as spans.</summary>
    static virtual bool TakesBatches => false;

    /// <summary>Whether it is told that nothing came for a while.</summary>
    static virtual bool TakesTimeouts => false;

    /// <summary>Called before the first event after each start.</summary>
    void OnStart();

    /// <summary>Handles one event in its slot. Do not keep the reference.</summary>
    /// <param name="evt">The event; what is written to it is seen by the consumers behind this one.</param>
    /// <param name="sequence">Its place in the stream.</param>
    /// <param name="endOfBatch">No more events at hand: the moment to flush.</param>
    void OnEvent(ref T evt, long sequence, bool endOfBatch);

    /// <summary>Called after the last event of each run.</summary>
    void OnShutdown();

    /// <summary>See <see cref="IBatchHandler{T}"/>; called if <see cref="TakesBatches"/>.</summary>
    void OnBatch(Span<T> events, long firstSequence, bool endOfBatch)
    {
    }

    /// <summary>See <see cref="ITimeoutHandler{T}"/>; called if <see cref="TakesTimeouts"/>.</summary>
    void OnTimeout(long sequence)
    {
    }
}
