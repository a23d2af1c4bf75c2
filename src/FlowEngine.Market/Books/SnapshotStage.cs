namespace FlowEngine.Market;

/// <summary>What is done with the snapshot pieces that are coming in.</summary>
internal enum SnapshotStage : byte
{
    /// <summary>No snapshot is under way.</summary>
    None = 0,

    /// <summary>The live book needs no snapshot: its pieces pass by.</summary>
    Ignore = 1,

    /// <summary>The snapshot is of the live book's own sequence: kept aside to be compared.</summary>
    Compare = 2,

    /// <summary>Kept aside to become the book.</summary>
    Load = 3,

    /// <summary>
    /// The live book may be ahead of a venue that restarted its sequence: kept aside to become the book.
    /// </summary>
    Restart = 4,

    /// <summary>A piece was bad or lost: the rest passes by.</summary>
    Broken = 5,
}
