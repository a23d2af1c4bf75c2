namespace FlowEngine.Aeron.Driver;

/// <summary>How conductor, sender and receiver of a driver share threads.</summary>
public enum ThreadingMode
{
    /// <summary>A thread each.</summary>
    Dedicated,

    /// <summary>Sender and receiver share one, the conductor has its own.</summary>
    SharedNetwork,

    /// <summary>One thread for all three: best where there are few cores.</summary>
    Shared,

    /// <summary>No thread: the caller steps the driver.</summary>
    Invoker,
}
