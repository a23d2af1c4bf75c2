namespace FlowEngine.Signals;

/// <summary>Best levels and the newest print: message <c>topOfBook</c>.</summary>
public struct TouchValues
{
    /// <summary>Best bid in quanta, <see cref="Optional.Null"/> when the side is empty.</summary>
    public long BidPrice;

    /// <summary>Lots at the best bid, 0 when the side is empty.</summary>
    public long BidLots;

    /// <summary>Best ask in quanta, <see cref="Optional.Null"/> when the side is empty.</summary>
    public long AskPrice;

    /// <summary>Lots at the best ask, 0 when the side is empty.</summary>
    public long AskLots;

    /// <summary>Weighted mid (B4) in quanta; 0 when a side is empty.</summary>
    public double WeightedMid;

    /// <summary>
    /// Newest print of the continuous market in quanta, <see cref="Optional.Null"/> before the first.
    /// </summary>
    public long LastTradePrice;

    /// <summary>Lots of the newest print, 0 before the first.</summary>
    public long LastTradeLots;
}
