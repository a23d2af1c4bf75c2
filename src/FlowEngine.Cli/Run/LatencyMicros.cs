using HdrHistogram;

namespace FlowEngine.Cli.Run;

/// <summary>Percentiles in microseconds.</summary>
/// <param name="P50">Median.</param>
/// <param name="P90">90th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="P999">99.9th percentile.</param>
/// <param name="Max">Largest value seen.</param>
internal sealed record LatencyMicros(double P50, double P90, double P99, double P999, double Max)
{
    /// <summary>Reads a histogram of nanoseconds.</summary>
    public static LatencyMicros Of(HistogramBase nanos) => new(
        Micros(nanos.GetValueAtPercentile(50)),
        Micros(nanos.GetValueAtPercentile(90)),
        Micros(nanos.GetValueAtPercentile(99)),
        Micros(nanos.GetValueAtPercentile(99.9)),
        Micros(nanos.TotalCount == 0 ? 0 : nanos.GetMaxValue()));

    private static double Micros(long nanos) => Math.Round(nanos / 1e3, 3);
}
