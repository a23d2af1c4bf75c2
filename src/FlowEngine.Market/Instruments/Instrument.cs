namespace FlowEngine.Market;

/// <summary>What an instrument's integers are worth. Immutable; kept for the life of the engine.</summary>
public sealed record Instrument
{
    /// <summary>Dense id, the index in the <see cref="InstrumentTable"/>; -1 before it was added.</summary>
    public int Id { get; init; } = -1;

    /// <summary>The venue's number (<c>venue</c> of <c>market-data.xml</c>).</summary>
    public required ushort Venue { get; init; }

    /// <summary>The venue's own instrument id.</summary>
    public required ulong VenueInstrumentId { get; init; }

    /// <summary>The venue's name for it, ASCII, at most 64 characters.</summary>
    public required string Symbol { get; init; }

    /// <summary>What one price quantum is worth in the quote currency.</summary>
    public required DecimalScale PriceQuantum { get; init; }

    /// <summary>Quanta of the smallest price step; usually 1.</summary>
    public int TickQuanta { get; init; } = 1;

    /// <summary>What one lot is in the venue's amount unit.</summary>
    public required DecimalScale Lot { get; init; }

    /// <summary>Contract size in the venue's amount unit.</summary>
    public DecimalScale ContractMultiplier { get; init; } = DecimalScale.One;

    /// <summary>How the contract pays.</summary>
    public ContractKind Contract { get; init; }

    /// <summary>Levels a side that the feed shows; 0 for the full book.</summary>
    public int FeedDepthLevels { get; init; }

    /// <summary>
    /// When a level that leaves a feed of <see cref="FeedDepthLevels"/> leaves the book; no matter for full books.
    /// </summary>
    public DepthRule DepthRule { get; init; }

    /// <summary>Whether the feed tells price levels or single orders.</summary>
    public BookKind Book { get; init; }

    /// <summary>
    /// Whether levels with <see cref="EventFlags.ImpliedLevel"/> make a second book beside the outright one; else they
    /// are levels like others.
    /// </summary>
    public bool HasImpliedBook { get; init; }

    /// <summary>Nanoseconds since epoch; 0 when it does not expire.</summary>
    public long ExpiryTime { get; init; }
}
