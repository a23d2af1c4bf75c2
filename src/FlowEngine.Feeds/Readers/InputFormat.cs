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

    /// <summary>Tardis CSV of trades or quotes.</summary>
    Tardis = 8,
}
