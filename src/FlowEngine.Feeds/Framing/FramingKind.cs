namespace FlowEngine.Feeds.Framing;

/// <summary>How a venue puts SBE messages into a UDP datagram, a TCP stream or a file.</summary>
public enum FramingKind
{
    /// <summary>Messages one behind the other; only decoding one tells where the next begins.</summary>
    Bare,

    /// <summary>Deribit multicast.</summary>
    Deribit,

    /// <summary>CME MDP 3.0 multicast.</summary>
    CmeMdp3,

    /// <summary>CME MDP 3.0 over TCP.</summary>
    CmeTcp,

    /// <summary>CME iLink 3.</summary>
    CmeILink,

    /// <summary>B3 binary UMDF multicast.</summary>
    B3Umdf,

    /// <summary>B3 binary EntryPoint.</summary>
    B3EntryPoint,

    /// <summary>Binance FIX over SBE.</summary>
    BinanceFix,

    /// <summary>The standard's simple open framing header.</summary>
    Sofh,

    /// <summary>MEMX MEMOIR multicast.</summary>
    Memoir,

    /// <summary>Coinbase Derivatives market data.</summary>
    CoinbaseMarketData,

    /// <summary>Coinbase Derivatives order entry.</summary>
    CoinbaseOrders,
}
