namespace FlowEngine.Market;

/// <summary>Whether an instrument trades.</summary>
public enum TradingStatus : byte
{
    /// <summary>Not told.</summary>
    Unknown = 0,

    /// <summary>Continuous trading.</summary>
    Open = 1,

    /// <summary>Halted or not yet open; the book may stand.</summary>
    Halted = 2,

    /// <summary>Closed, settled or expired.</summary>
    Closed = 3,

    /// <summary>Orders are taken before the open, nothing trades: the book may cross.</summary>
    PreOpen = 4,

    /// <summary>An auction collects orders: the book may cross.</summary>
    Auction = 5,

    /// <summary>The instrument is at its end: its book is empty and stays so until a session reset.</summary>
    Expired = 6,
}
