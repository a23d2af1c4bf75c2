using System.Diagnostics;

namespace FlowEngine.Core.Time;

/// <summary>
/// The machine's clocks. Epoch time is the wall clock at process start carried on by the monotonic counter, so that
/// differences of two stamps of one process are never bent by a clock adjustment.
/// </summary>
public sealed class SystemClock : IClock
{
    private static readonly long s_ticksAtStart = Stopwatch.GetTimestamp();
    private static readonly long s_epochNanosAtStart = (DateTime.UtcNow - DateTime.UnixEpoch).Ticks * 100;
    private static readonly double s_nanosPerTick = 1e9 / Stopwatch.Frequency;
    private static readonly bool s_ticksAreNanos = Stopwatch.Frequency == 1_000_000_000;

    private SystemClock()
    {
    }

    /// <summary>The one instance.</summary>
    public static SystemClock Instance { get; } = new();

    /// <inheritdoc/>
    public long NanoTime => Nanos();

    /// <inheritdoc/>
    public long EpochNanos => EpochNanosNow();

    /// <summary>Monotonic nanoseconds, without the interface.</summary>
    public static long Nanos() => s_ticksAreNanos
        ? Stopwatch.GetTimestamp()
        : (long)(Stopwatch.GetTimestamp() * s_nanosPerTick);

    /// <summary>Nanoseconds since 1970-01-01 UTC, without the interface.</summary>
    public static long EpochNanosNow() => s_ticksAreNanos
        ? s_epochNanosAtStart + (Stopwatch.GetTimestamp() - s_ticksAtStart)
        : s_epochNanosAtStart + (long)((Stopwatch.GetTimestamp() - s_ticksAtStart) * s_nanosPerTick);

    /// <summary>
    /// Milliseconds since 1970-01-01 UTC, straight from the wall clock: what processes compare between them.
    /// </summary>
    public static long EpochMillisNow() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
}
