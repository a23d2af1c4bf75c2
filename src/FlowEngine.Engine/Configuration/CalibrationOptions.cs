namespace FlowEngine.Engine;

/// <summary>When and from how much slow work finds parameters.</summary>
public sealed record CalibrationOptions
{
    /// <summary>Seconds of capture time between two passes, 1 to 86400; 0 is off.</summary>
    public int IntervalSeconds { get; init; } = 60;

    /// <summary>Samples that may wait for the calibrator's thread, 128 bytes each; a power of two, 1024 to
    /// 1048576.</summary>
    public int SampleCapacity { get; init; } = 32768;

    /// <summary>Seconds of flow that weigh as much as all older ones (F3), 10 to 86400.</summary>
    public int FlowSeconds { get; init; } = 300;

    /// <summary>Newest moves of the mid that are kept (B6), 100 to 100000.</summary>
    public int QueueMoves { get; init; } = 2048;

    /// <summary>Newest moments with trades that are kept for each side (L2), 200 to 20000.</summary>
    public int HawkesEvents { get; init; } = 2000;

    /// <summary>Faults of these options, one line each with value and allowed range.</summary>
    public IEnumerable<string> Faults()
    {
        if (IntervalSeconds is < 0 or > 86_400)
        {
            yield return $"calibration.intervalSeconds is {IntervalSeconds}: use 1 to 86400, or 0 for off";
        }

        if (SampleCapacity is < 1024 or > 1_048_576 || (SampleCapacity & (SampleCapacity - 1)) != 0)
        {
            yield return $"calibration.sampleCapacity is {SampleCapacity}: use a power of two from 1024 to 1048576";
        }

        if (FlowSeconds is < 10 or > 86_400)
        {
            yield return $"calibration.flowSeconds is {FlowSeconds}: use 10 to 86400";
        }

        if (QueueMoves is < 100 or > 100_000)
        {
            yield return $"calibration.queueMoves is {QueueMoves}: use 100 to 100000";
        }

        if (HawkesEvents is < 200 or > 20_000)
        {
            yield return $"calibration.hawkesEvents is {HawkesEvents}: use 200 to 20000";
        }
    }
}
