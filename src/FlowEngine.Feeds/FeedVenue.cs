namespace FlowEngine.Feeds;

/// <summary>Who sent a packet; the numbers of <c>venue</c> in <c>market-data.xml</c>.</summary>
public static class FeedVenue
{
    /// <summary>FlowEngine's simulated venue.</summary>
    public const ushort Simulator = 1;

    /// <summary>Deribit.</summary>
    public const ushort Deribit = 2;

    /// <summary>NASDAQ.</summary>
    public const ushort Nasdaq = 3;

    /// <summary>CME.</summary>
    public const ushort Cme = 4;

    /// <summary>Binance.</summary>
    public const ushort Binance = 5;

    /// <summary>Kraken.</summary>
    public const ushort Kraken = 6;

    /// <summary>OKX.</summary>
    public const ushort Okx = 7;

    /// <summary>BitMEX.</summary>
    public const ushort Bitmex = 8;

    /// <summary>Bitfinex.</summary>
    public const ushort Bitfinex = 9;

    /// <summary>Bitstamp.</summary>
    public const ushort Bitstamp = 10;

    /// <summary>National best quotes and trades of US equities.</summary>
    public const ushort UsConsolidated = 11;

    /// <summary>A venue without a number of its own.</summary>
    public const ushort Other = 12;
}
