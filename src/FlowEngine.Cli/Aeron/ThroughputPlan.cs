namespace FlowEngine.Cli.Aeron;

/// <summary>What <c>aeron throughput</c> sends, and which sides of it run here.</summary>
/// <param name="Channel">Channel.</param>
/// <param name="StreamId">Stream.</param>
/// <param name="MessageLength">Bytes of a message, 8 or more.</param>
/// <param name="WarmupMessages">Messages before the measurement.</param>
/// <param name="Messages">Messages to measure; null: until the end is asked for.</param>
/// <param name="UsesClaims">Whether messages are written in place.</param>
/// <param name="Publishes">Whether the publisher runs here.</param>
/// <param name="Subscribes">Whether the subscriber runs here.</param>
internal sealed record ThroughputPlan(
    string Channel,
    int StreamId,
    int MessageLength,
    long WarmupMessages,
    long? Messages,
    bool UsesClaims,
    bool Publishes,
    bool Subscribes)
{
    /// <summary>Messages with the warm-up.</summary>
    public long Total => Messages is { } messages ? WarmupMessages + messages : long.MaxValue;
}
