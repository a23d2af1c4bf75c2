namespace FlowEngine.Disruptor;

/// <summary>How a consumer waits for events. A struct type argument of its barrier, so that it costs no call.</summary>
public interface IWaitStrategy
{
    /// <summary>
    /// Whether it sleeps until the ring's <see cref="WaitSignal"/> is rung; such a ring must have one.
    /// </summary>
    static abstract bool IsBlocking { get; }

    /// <summary>Waits until <paramref name="sequence"/> is available or the group is alerted.</summary>
    /// <returns>The highest available sequence; less than asked only if alerted.</returns>
    long WaitFor(long sequence, DependentSequenceGroup sequences);
}
