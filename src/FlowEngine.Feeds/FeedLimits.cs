namespace FlowEngine.Feeds;

/// <summary>Bounds that hold for every feed.</summary>
public static class FeedLimits
{
    /// <summary>
    /// Most events that one packet decodes to. A payload has at most 65,534 bytes and no message of either format makes
    /// more than one event of 12 bytes, so a packet cannot reach it.
    /// </summary>
    public const int MaxEventsPerPacket = 8192;

    /// <summary>Largest price in quanta, either sign: beyond it doubles no longer tell neighbours apart.</summary>
    public const long MaxPriceQuanta = 1L << 50;

    /// <summary>
    /// Largest quantity in lots: beyond it doubles no longer tell neighbours apart. Coins by the million, counted in
    /// steps of 1e-8, come close.
    /// </summary>
    public const long MaxLots = 1L << 53;

    /// <summary>Largest mark or index price and rate at 1e-9.</summary>
    public const long MaxFixed9 = 1L << 62;

    /// <summary>Instruments that an engine holds unless told otherwise.</summary>
    public const int DefaultInstrumentCapacity = 4096;
}
