using FlowEngine.Core;

namespace FlowEngine.Engine;

/// <summary>When to calibrate: each time the pipeline's clock enters another interval of capture time.</summary>
[Hot]
public struct CalibrationSchedule
{
    private readonly long _intervalNs;
    private long _interval = -1;

    /// <summary>Nothing is due before the second timer.</summary>
    /// <param name="intervalSeconds">1 or more.</param>
    public CalibrationSchedule(int intervalSeconds) => _intervalNs = intervalSeconds * 1_000_000_000L;

    /// <summary>Takes a timer's boundary, never the same twice.</summary>
    /// <returns>Whether it begins another interval.</returns>
    public bool Pass(long boundaryNs)
    {
        var interval = boundaryNs / _intervalNs;
        var isDue = interval != _interval && _interval >= 0;
        _interval = interval;
        return isDue;
    }
}
