namespace FlowEngine.Core.Time;

/// <summary>
/// Where an agent takes its time from: the system, or a virtual clock in tests. Read once per duty cycle.
/// </summary>
public interface IClock
{
    /// <summary>Monotonic nanoseconds from an arbitrary origin.</summary>
    long NanoTime { get; }

    /// <summary>Nanoseconds since 1970-01-01 UTC.</summary>
    long EpochNanos { get; }
}
