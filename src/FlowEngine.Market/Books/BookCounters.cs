namespace FlowEngine.Market;

/// <summary>What happened to one book, or to all of a store. Written by the book thread.</summary>
public struct BookCounters
{
    /// <summary>Times a live book was lost (a hole, a crossed book, a snapshot that disagreed or was ahead).</summary>
    public long Gaps;

    /// <summary>Times a lost book became live again.</summary>
    public long Recoveries;

    /// <summary>Books that became live for the first time.</summary>
    public long FirstSnapshots;

    /// <summary>Event boundaries at which a live book was crossed.</summary>
    public long CrossedBoundaries;

    /// <summary>Increments at or below the book's sequence, dropped: duplicates and late ones.</summary>
    public long Old;

    /// <summary>Whole snapshots that a live book had no need of.</summary>
    public long SnapshotsIgnored;

    /// <summary>Snapshots of the live book's own sequence that differed from it.</summary>
    public long SnapshotMismatches;

    /// <summary>
    /// Whole snapshots that did not connect with the buffered increments (too old, or a hole behind them).
    /// </summary>
    public long SnapshotsUnconnected;

    /// <summary>Snapshots left unfinished, damaged, or without their beginning.</summary>
    public long SnapshotsBroken;

    /// <summary>Times the venue was found to have begun its sequence anew.</summary>
    public long SequenceRestarts;

    /// <summary>Buffered increments pushed out by newer ones.</summary>
    public long BufferOverflows;

    /// <summary>Snapshots begun while the book was not live.</summary>
    public long Resyncs;

    /// <summary>Times the feed found the book to differ from the venue's checksum.</summary>
    public long ChecksumMismatches;

    /// <summary>Sessions that the venue began anew.</summary>
    public long SessionResets;

    /// <summary>Book events after the instrument expired.</summary>
    public long AfterExpiry;

    /// <summary>Events of the kind that this book is not told by: orders for levels, levels for orders.</summary>
    public long Unsupported;

    /// <summary>What the levels counted.</summary>
    public LevelCounters Levels;

    /// <summary>What the orders counted.</summary>
    public OrderCounters Orders;

    /// <summary>Adds the counts of another book.</summary>
    public void Add(in BookCounters other)
    {
        Gaps += other.Gaps;
        Recoveries += other.Recoveries;
        FirstSnapshots += other.FirstSnapshots;
        CrossedBoundaries += other.CrossedBoundaries;
        Old += other.Old;
        SnapshotsIgnored += other.SnapshotsIgnored;
        SnapshotMismatches += other.SnapshotMismatches;
        SnapshotsUnconnected += other.SnapshotsUnconnected;
        SnapshotsBroken += other.SnapshotsBroken;
        SequenceRestarts += other.SequenceRestarts;
        BufferOverflows += other.BufferOverflows;
        Unsupported += other.Unsupported;
        Resyncs += other.Resyncs;
        ChecksumMismatches += other.ChecksumMismatches;
        SessionResets += other.SessionResets;
        AfterExpiry += other.AfterExpiry;
        Levels.Add(in other.Levels);
        Orders.Add(in other.Orders);
    }
}
