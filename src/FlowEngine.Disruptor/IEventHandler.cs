namespace FlowEngine.Disruptor;

/// <summary>
/// What a consumer does with events. All members run on the consumer's thread. A struct, for which the processor is
/// compiled with direct calls; one that holds an object can pass the calls on to it.
/// </summary>
public interface IEventHandler<T>
    where T : unmanaged
{
    /// <summary>Called before the first event after each start.</summary>
    void OnStart();

    /// <summary>Handles one event in its slot. Do not keep the reference.</summary>
    /// <param name="evt">The event; what is written to it is seen by the consumers behind this one.</param>
    /// <param name="sequence">Its place in the stream.</param>
    /// <param name="endOfBatch">No more events at hand: the moment to flush.</param>
    void OnEvent(ref T evt, long sequence, bool endOfBatch);

    /// <summary>Called after the last event of each run.</summary>
    void OnShutdown();
}
