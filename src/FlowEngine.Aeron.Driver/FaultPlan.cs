namespace FlowEngine.Aeron.Driver;

/// <summary>
/// Faults put between a driver and its network to show what it survives. Chances are for each datagram, 0 to 1;
/// "send" and "receive" are seen from the socket, so data that a subscription hears is received. Each socket draws its
/// own numbers from the seed, in the order of opening.
/// </summary>
public sealed record FaultPlan
{
    /// <summary>Seed of all chances: the same traffic meets the same faults.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Chance that a datagram that is sent gets lost.</summary>
    public double LossSend { get; init; }

    /// <summary>Chance that a datagram that has arrived gets lost.</summary>
    public double LossReceive { get; init; }

    /// <summary>Chance that a datagram is sent twice.</summary>
    public double DuplicateSend { get; init; }

    /// <summary>Chance that a datagram arrives twice.</summary>
    public double DuplicateReceive { get; init; }

    /// <summary>Chance that a datagram is sent after some of the next four.</summary>
    public double ReorderSend { get; init; }

    /// <summary>Chance that a datagram arrives after some of the next four.</summary>
    public double ReorderReceive { get; init; }

    /// <summary>Spares set-ups, heartbeats and control frames: only frames with a message are hit.</summary>
    public bool MessagesOnly { get; init; }

    /// <summary>What was done; shared by copies of the plan.</summary>
    public FaultCounts Counts { get; init; } = new();

    internal void Validate()
    {
        ReadOnlySpan<double> chances =
            [LossSend, LossReceive, DuplicateSend, DuplicateReceive, ReorderSend, ReorderReceive];
        foreach (var chance in chances)
        {
            if (chance is not (>= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(nameof(FaultPlan), chance, "a chance of a fault must be 0 to 1");
            }
        }
    }
}
