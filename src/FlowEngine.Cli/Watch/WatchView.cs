namespace FlowEngine.Cli.Watch;

/// <summary>Everything a frame of the table shows; rendering it needs nothing else.</summary>
/// <param name="Header">What stands above the table.</param>
/// <param name="Rows">Instruments, most active first.</param>
/// <param name="Hidden">Instruments that match but did not fit.</param>
internal sealed record WatchView(WatchHeader Header, IReadOnlyList<WatchRow> Rows, int Hidden);

/// <summary>State of the stream and of the engine behind it.</summary>
internal sealed record WatchHeader
{
    /// <summary>When the view was taken, UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Channel and stream, for whoever waits for the first message.</summary>
    public required string Source { get; init; }

    /// <summary>When the engine started, UTC; null before its first message.</summary>
    public DateTimeOffset? Epoch { get; init; }

    /// <summary>Whether an engine publishes now.</summary>
    public bool IsConnected { get; init; }

    /// <summary>New values a second, lately.</summary>
    public double MessagesPerSecond { get; init; }

    /// <summary>Instruments known.</summary>
    public int Instruments { get; init; }

    /// <summary>New values received.</summary>
    public long Received { get; init; }

    /// <summary>Values that newer ones replaced unsent.</summary>
    public long Conflated { get; init; }

    /// <summary>Messages lost on the way.</summary>
    public long Lost { get; init; }

    /// <summary>Repeats for late joiners.</summary>
    public long Repeats { get; init; }

    /// <summary>What the engine last said of itself; null before it did.</summary>
    public EngineHealth? Engine { get; init; }
}

/// <summary>The parts of an engine status that a trader wants to see.</summary>
/// <param name="Events">Market events handled.</param>
/// <param name="CompleteBooks">Books that are live.</param>
/// <param name="Gaps">Books that lost an update.</param>
/// <param name="Recoveries">Books healed by a snapshot.</param>
/// <param name="CrossedBooks">Event boundaries with a crossed book.</param>
/// <param name="Damaged">Input refused.</param>
/// <param name="RingFull">Times ingress waited.</param>
internal sealed record EngineHealth(
    ulong Events, uint CompleteBooks, ulong Gaps, ulong Recoveries, ulong CrossedBooks, ulong Damaged, ulong RingFull);
