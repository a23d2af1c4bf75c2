namespace FlowEngine.Engine;

/// <summary>What the stages remember of one instrument between events. Engine thread only.</summary>
public struct InstrumentState
{
    /// <summary>Pipeline clock at the newest venue event, nanoseconds since epoch.</summary>
    public long LastClock;

    /// <summary>Receive time of the newest venue event.</summary>
    public long ReceiveTime;

    /// <summary>Venue time of the newest venue event.</summary>
    public long VenueTime;

    /// <summary>Ring sequence of the newest venue event that was evaluated.</summary>
    public long EventSequence;

    /// <summary>Count of this instrument's signal messages.</summary>
    public ulong Sequence;

    /// <summary>Of these, those that left: sent, or computed while nobody subscribed.</summary>
    public ulong Sent;

    /// <summary>Of these, replaced before they could be sent, as of the newest that left.</summary>
    public uint Conflated;

    /// <summary>The running venue event changed book or trades: evaluate at its end.</summary>
    public bool Touched;

    /// <summary>The next evaluation starts difference signals afresh.</summary>
    public bool Reprime;

    /// <summary>Impact and liquidity changed since they were last sent.</summary>
    public bool DepthChanged;

    /// <summary>Cascade inputs changed since they were last sent.</summary>
    public bool ReferenceChanged;

    /// <summary>The score is behind the newest venue event.</summary>
    public bool ScoreDue;

    /// <summary>Input was damaged since the last evaluation.</summary>
    public bool Damaged;

    /// <summary>Flagged stale at the moment.</summary>
    public bool Stale;

    /// <summary>Lots bought and sold by aggressors.</summary>
    public long BuyLots;

    /// <summary>Lots sold by aggressors.</summary>
    public long SellLots;

    /// <summary>Lots traded without a side.</summary>
    public long UnsignedLots;

    /// <summary>Prints.</summary>
    public long Trades;
}
