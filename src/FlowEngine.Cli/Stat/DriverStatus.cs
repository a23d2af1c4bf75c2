using System.Text.Json.Serialization;
using FlowEngine.Aeron.Control;
using FlowEngine.Cli.Frame;
using FlowEngine.Core.Counters;
using FlowEngine.Core.Errors;
using FlowEngine.Core.Time;

namespace FlowEngine.Cli.Stat;

/// <summary>One look at a media driver: who it is, how it does, what it counts.</summary>
/// <param name="Directory">Where it runs.</param>
/// <param name="Pid">Its process.</param>
/// <param name="Started">When it started, UTC.</param>
/// <param name="HeartbeatAgeMs">Milliseconds since its last sign of life; null after an orderly stop.</param>
/// <param name="Counters">All counters, by id.</param>
/// <param name="Errors">What it has logged as errors.</param>
internal sealed record DriverStatus(
    string Directory,
    long Pid,
    DateTimeOffset Started,
    long? HeartbeatAgeMs,
    IReadOnlyList<CounterEntry> Counters,
    IReadOnlyList<LoggedError> Errors)
{
    /// <summary>Reads the files of a driver; they stay as they are.</summary>
    public static DriverStatus Read(string directory) => Read(directory, CounterFilter.All);

    /// <summary>Reads the files of a driver, with the counters that a filter shows.</summary>
    public static DriverStatus Read(string directory, CounterFilter filter)
    {
        // Opened for each look: a driver that was started anew has new files.
        using var cnc = CncFile.TryOpen(directory, readOnly: true, out var reason)
            ?? throw new UserError($"no media driver is running in {directory}: {CncFile.FileName} is {reason}");
        return new DriverStatus(
            directory,
            cnc.DriverPid,
            DateTimeOffset.FromUnixTimeMilliseconds(cnc.DriverStartMs),
            cnc.HeartbeatAgeMs(SystemClock.EpochMillisNow()) is { } age ? Math.Max(0, age) : null,
            [.. Shown(cnc.Counters, filter)],
            [.. cnc.ReadErrors().Select(LoggedError.Of)]);
    }

    private static IEnumerable<CounterEntry> Shown(CountersReader counters, CounterFilter filter) => counters.Scan()
        .Where(counter => filter.Shows(counter.TypeId, CounterKey.Read(counter.TypeId, counters.Key(counter.Id))));
}

/// <summary>An error that the driver logged, once for all the times it happened.</summary>
/// <param name="Count">Times.</param>
/// <param name="First">First time, UTC.</param>
/// <param name="Last">Last time, UTC.</param>
/// <param name="Text">What.</param>
internal sealed record LoggedError(int Count, DateTimeOffset First, DateTimeOffset Last, string Text)
{
    /// <summary>From the log's own form.</summary>
    public static LoggedError Of(ErrorObservation observation) => new(
        observation.Count,
        EpochTime.Of(observation.FirstMs),
        EpochTime.Of(observation.LastMs),
        observation.Text);
}

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DriverStatus))]
internal sealed partial class StatJson : JsonSerializerContext;
