namespace FlowEngine.Disruptor;

/// <summary>
/// How a consumer waits for events: one step of it. A struct type argument of its barrier, so that it costs no call; a
/// fresh copy for each wait, so that its fields count the steps.
/// </summary>
public interface IWaitStrategy
{
    /// <summary>
    /// Whether it sleeps until the ring's <see cref="WaitSignal"/> is rung; such a ring must have one.
    /// </summary>
    static abstract bool IsBlocking { get; }

    /// <summary>Called while <paramref name="sequence"/> is not available, to pass a little time.</summary>
    /// <param name="sequence">What the consumer wants next.</param>
    /// <param name="sequences">What it waits on; it is looked at again after each step.</param>
    /// <param name="limitNs">Longest time to pass, as far as the strategy can: more than 0.</param>
    /// <returns>False to give up waiting: the time limit is over.</returns>
    bool Idle(long sequence, DependentSequenceGroup sequences, long limitNs);
}
