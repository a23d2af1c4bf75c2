namespace FlowEngine.Market;

/// <summary>What a book had to count instead of applying. Written by the book thread.</summary>
public struct LevelCounters
{
    /// <summary>Deletes (and deltas to 0) of levels that were not there.</summary>
    public long UnknownDeletes;

    /// <summary>Changes of 0 or negative lots, of an unknown side, or that overflow.</summary>
    public long Refused;

    /// <summary>Deltas that took more than the level held.</summary>
    public long NegativeResults;

    /// <summary>Levels pushed out at the far end by a better one.</summary>
    public long Evicted;

    /// <summary>Changes at or beyond the depth held, left out.</summary>
    public long BeyondDepth;

    /// <summary>Levels that left a feed of limited depth because a better one came: not cancelled.</summary>
    public long LeftDepth;

    /// <summary>Adds the counts of another book.</summary>
    public void Add(in LevelCounters other)
    {
        UnknownDeletes += other.UnknownDeletes;
        Refused += other.Refused;
        NegativeResults += other.NegativeResults;
        Evicted += other.Evicted;
        BeyondDepth += other.BeyondDepth;
        LeftDepth += other.LeftDepth;
    }
}
