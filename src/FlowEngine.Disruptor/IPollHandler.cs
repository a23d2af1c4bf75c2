namespace FlowEngine.Disruptor;

/// <summary>What a poller does with events, on the caller's thread. A struct, also one that lives on the stack.</summary>
public interface IPollHandler<T>
    where T : unmanaged
{
    /// <summary>Handles one event in its slot. Do not keep the reference.</summary>
    /// <returns>False to leave the rest for the next poll.</returns>
    bool OnEvent(ref T evt, long sequence, bool endOfBatch);
}
