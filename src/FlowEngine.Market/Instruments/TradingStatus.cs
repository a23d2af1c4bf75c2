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
}
