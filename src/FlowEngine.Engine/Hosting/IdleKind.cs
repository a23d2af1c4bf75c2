using FlowEngine.Core.Agents;
using FlowEngine.Core.Time;

namespace FlowEngine.Engine;

/// <summary>What the ingress and engine threads do while there is nothing to do.</summary>
public enum IdleKind
{
    /// <summary>Give the time slice away: low latency where threads share cores. The default.</summary>
    Yielding,

    /// <summary>Spin: lowest latency, takes a core for each thread.</summary>
    BusySpin,

    /// <summary>Spin, yield, then sleep a millisecond: idle feeds cost little.</summary>
    Backoff,
}

/// <summary>Starts agents with an idle strategy chosen at run time, once, at set-up.</summary>
public static class IdleKinds
{
    /// <summary>Starts <paramref name="agent"/> on its own thread; disposing stops it.</summary>
    public static IDisposable Start<TAgent>(this IdleKind kind, TAgent agent, Action<Exception> onError)
        where TAgent : IAgent => kind switch
        {
            IdleKind.BusySpin =>
                new AgentRunner<TAgent, BusySpinIdle>(agent, default, SystemClock.Instance).Start(onError),
            IdleKind.Backoff =>
                new AgentRunner<TAgent, BackoffIdle>(agent, default, SystemClock.Instance).Start(onError),
            _ => new AgentRunner<TAgent, YieldingIdle>(agent, default, SystemClock.Instance).Start(onError),
        };
}
