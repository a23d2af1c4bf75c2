using System.Globalization;

namespace FlowEngine.Cli.Aeron;

/// <summary>What <c>aeron throughput</c> measured.</summary>
/// <param name="Channel">Channel.</param>
/// <param name="StreamId">Stream.</param>
/// <param name="Side">Whose figures these are: subscriber or publisher.</param>
/// <param name="Publication">Exclusive or concurrent.</param>
/// <param name="MessageLength">Bytes of a message; the mean of what came where only a subscriber ran.</param>
/// <param name="Messages">Measured, without warm-up.</param>
/// <param name="PayloadBytes">Their bytes.</param>
/// <param name="MessagesPerSecond">Rate.</param>
/// <param name="MegabytesPerSecond">Rate of payloads, millions of bytes.</param>
/// <param name="BackPressureRatio">Attempts that found no room, for each message; null without publisher.</param>
/// <param name="OutOfOrder">Messages that were not the next one; null without publisher or subscriber here.</param>
/// <param name="ElapsedSeconds">Of the measurement.</param>
internal sealed record ThroughputResult(
    string Channel,
    int StreamId,
    string Side,
    string Publication,
    double MessageLength,
    long Messages,
    long PayloadBytes,
    double MessagesPerSecond,
    double MegabytesPerSecond,
    double? BackPressureRatio,
    long? OutOfOrder,
    double ElapsedSeconds)
{
    private const double Million = 1e6;

    /// <summary>Reads a run that has ended.</summary>
    public static ThroughputResult Of(ThroughputRun run, ThroughputPlan plan, string publicationKind, long endNs)
    {
        ref var count = ref run.Measured;
        var isWarm = plan.WarmupMessages > 0 && count.Messages > plan.WarmupMessages;
        var messages = isWarm ? count.Messages - plan.WarmupMessages : count.Messages;
        var meanLength = count.Messages == 0 ? plan.MessageLength : (double)count.Bytes / count.Messages;
        var bytes = (long)(messages * meanLength);
        var seconds = Math.Max(1, (count.EndNs == 0 ? endNs : count.EndNs) - count.StartNs) / 1e9;
        return new ThroughputResult(
            plan.Channel,
            plan.StreamId,
            plan.Subscribes ? "subscriber" : "publisher",
            publicationKind,
            Math.Round(meanLength, 1),
            messages,
            bytes,
            Math.Round(messages / seconds),
            Math.Round(bytes / seconds / Million, 3),
            plan.Publishes ? Math.Round((double)run.Published.Failures / Math.Max(1, run.Published.Messages), 6) : null,
            plan.Publishes && plan.Subscribes ? run.Received.Failures : null,
            Math.Round(seconds, 3));
    }

    /// <summary>The line of one second.</summary>
    public static string Line(double messagesPerSecond, double bytesPerSecond, long messages, long bytes) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{messagesPerSecond:N0} messages/s, {bytesPerSecond / Million:N1} MB/s, total {messages:N0} messages, "
            + $"{bytes / Million:N0} MB of payload");

    /// <summary>For people.</summary>
    public string ToText()
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{Messages:N0} messages, {PayloadBytes / Million:N0} MB in {ElapsedSeconds:F3} s: "
            + $"{MessagesPerSecond:N0} messages/s, {MegabytesPerSecond:N1} MB/s");
        if (BackPressureRatio is { } ratio)
        {
            text += string.Create(CultureInfo.InvariantCulture, $", back-pressure ratio {ratio}");
        }

        return OutOfOrder > 0 ? $"{text}, {OutOfOrder} OUT OF ORDER" : text;
    }
}
