using System.Globalization;
using HdrHistogram;

namespace FlowEngine.Cli.Aeron;

/// <summary>What <c>aeron ping</c> measured: round trips in microseconds.</summary>
/// <param name="PingChannel">There.</param>
/// <param name="PongChannel">And back.</param>
/// <param name="Publication">Exclusive or concurrent.</param>
/// <param name="MessageLength">Bytes.</param>
/// <param name="Messages">Measured.</param>
/// <param name="MeanMicros">Mean.</param>
/// <param name="StandardDeviationMicros">Standard deviation.</param>
/// <param name="MinMicros">Shortest.</param>
/// <param name="P50Micros">Median.</param>
/// <param name="P90Micros">90th percentile.</param>
/// <param name="P99Micros">99th percentile.</param>
/// <param name="P999Micros">99.9th percentile.</param>
/// <param name="P9999Micros">99.99th percentile.</param>
/// <param name="MaxMicros">Longest.</param>
/// <param name="ElapsedSeconds">Of the measurement, without warm-up.</param>
internal sealed record PingResult(
    string PingChannel,
    string PongChannel,
    string Publication,
    int MessageLength,
    long Messages,
    double MeanMicros,
    double StandardDeviationMicros,
    double MinMicros,
    double P50Micros,
    double P90Micros,
    double P99Micros,
    double P999Micros,
    double P9999Micros,
    double MaxMicros,
    double ElapsedSeconds)
{
    private const double NanosPerMicro = 1000;

    /// <summary>Reads a histogram of nanoseconds that is not empty.</summary>
    public static PingResult Of(
        HistogramBase nanos,
        (string Ping, string Pong) channels,
        string publication,
        int messageLength,
        double elapsedSeconds) => new(
            channels.Ping,
            channels.Pong,
            publication,
            messageLength,
            nanos.TotalCount,
            Micros(nanos.GetMean()),
            Micros(nanos.GetStdDeviation()),
            Micros(nanos.GetValueAtPercentile(0)),
            Micros(nanos.GetValueAtPercentile(50)),
            Micros(nanos.GetValueAtPercentile(90)),
            Micros(nanos.GetValueAtPercentile(99)),
            Micros(nanos.GetValueAtPercentile(99.9)),
            Micros(nanos.GetValueAtPercentile(99.99)),
            Micros(nanos.GetMaxValue()),
            Math.Round(elapsedSeconds, 3));

    /// <summary>The percentile table that HdrHistogram's tools and plotters read, in microseconds.</summary>
    public static string Distribution(HistogramBase nanos)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        nanos.OutputPercentileDistribution(writer, outputValueUnitScalingRatio: NanosPerMicro);
        return writer.ToString().TrimEnd();
    }

    private static double Micros(double nanos) => Math.Round(nanos / NanosPerMicro, 3);
}

/// <summary>What <c>aeron pong</c> did.</summary>
/// <param name="PingChannel">What it answered.</param>
/// <param name="PongChannel">Where.</param>
/// <param name="Answered">Messages sent back.</param>
/// <param name="Dropped">Messages whose sender had gone before the answer could be sent.</param>
/// <param name="ElapsedSeconds">How long it ran.</param>
internal sealed record PongResult(
    string PingChannel, string PongChannel, long Answered, long Dropped, double ElapsedSeconds);
