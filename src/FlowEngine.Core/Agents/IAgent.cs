namespace FlowEngine.Core.Agents;

/// <summary>
/// A unit of work without a thread of its own: the same agent runs on its own thread, shares one, or is stepped by a
/// test. All members are called by one thread.
/// </summary>
public interface IAgent
{
    /// <summary>Name for the thread and for error reports.</summary>
    string Name { get; }

    /// <summary>Called once before the first duty cycle.</summary>
    void OnStart()
    {
    }

    /// <summary>One duty cycle: does what can be done without waiting.</summary>
    /// <param name="nowNs">Monotonic nanoseconds, read once for the cycle.</param>
    /// <returns>How much was done; 0 lets the idle strategy back off.</returns>
    int DoWork(long nowNs);

    /// <summary>Called once after the last duty cycle.</summary>
    void OnClose()
    {
    }
}
