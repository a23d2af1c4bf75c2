using FlowEngine.Core.Time;

namespace FlowEngine.Aeron;

/// <summary>Epoch milliseconds for what processes compare with each other: heartbeats and deadlines.</summary>
public static class EpochClock
{
    /// <summary>The wall clock for the system's clock, the injected time otherwise.</summary>
    public static long EpochMillis(this IClock clock) =>
        clock is SystemClock ? SystemClock.EpochMillisNow() : clock.EpochNanos / 1_000_000;
}
