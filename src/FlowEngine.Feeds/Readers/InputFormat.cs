namespace FlowEngine.Feeds.Readers;

/// <summary>How an input file is written, told from its content unless the user says otherwise.</summary>
public enum InputFormat
{
    /// <summary>None that is known here.</summary>
    Unknown = 0,

    /// <summary>A network capture: pcap or pcapng.</summary>
    Capture = 1,

    /// <summary>LOBSTER: message and order book files.</summary>
    Lobster = 2,

    /// <summary>Databento DBN, versions 1 to 3.</summary>
    Dbn = 3,

    /// <summary>Recordings of Binance's websocket streams.</summary>
    Binance = 4,

    /// <summary>Recordings of Kraken's websocket streams.</summary>
    Kraken = 5,

    /// <summary>Recordings of OKX's websocket streams.</summary>
    Okx = 6,

    /// <summary>FlowEngine's own capture file.</summary>
    Flow = 7,

    /// <summary>Tardis CSV of trades, quotes, books, tickers or liquidations.</summary>
    Tardis = 8,

    /// <summary>National best quotes or trades of an US equity as Lean keeps them.</summary>
    Lean = 9,

    /// <summary>Recordings of BitMEX's websocket.</summary>
    Bitmex = 10,

    /// <summary>Recordings of Bitfinex's raw book.</summary>
    Bitfinex = 11,

    /// <summary>Bitstamp's order log.</summary>
    Bitstamp = 12,

    /// <summary>NASDAQ ITCH 5.0: a file of messages, or MoldUDP64 in a network capture.</summary>
    Itch = 13,

    /// <summary>Tables of Binance's forced orders or large trades.</summary>
    BinanceTable = 14,

    /// <summary>Coinglass's tables of open interest, funding and liquidations.</summary>
    Coinglass = 15,
}
