namespace FlowEngine.Feeds.Publishing;

/// <summary>How a <see cref="FeedPublisher{TSource}"/> publishes.</summary>
public sealed record FeedPublisherOptions
{
    /// <summary>When packets are due.</summary>
    public FeedPace Pace { get; init; }

    /// <summary>How many times faster than the source, more than 0; for <see cref="FeedPace.Source"/>.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Packets a second, more than 0; for <see cref="FeedPace.Rate"/>.</summary>
    public double PacketsPerSecond { get; init; } = 10_000;

    /// <summary>How long to wait for the first subscriber; zero: for ever.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether the capture time of each packet is replaced by the moment it is due, nanoseconds since epoch: for
    /// measuring latency from when a packet should have been sent.
    /// </summary>
    public bool StampDueTime { get; init; }

    /// <summary>Most packets of one duty cycle, more than 0.</summary>
    public int PacketsPerCycle { get; init; } = 64;

    internal void Validate()
    {
        if (!(Speed > 0 && double.IsFinite(Speed)))
        {
            throw new ArgumentOutOfRangeException(nameof(Speed), Speed, "give a speed of more than 0, such as 1 or 10");
        }

        if (!(PacketsPerSecond > 0 && double.IsFinite(PacketsPerSecond)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(PacketsPerSecond), PacketsPerSecond, "give a rate of more than 0 packets a second");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(PacketsPerCycle, 1);
    }
}
