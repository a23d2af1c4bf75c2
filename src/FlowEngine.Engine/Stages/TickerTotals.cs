namespace FlowEngine.Engine;

/// <summary>How the venue's tickers compared with the rebuilt books. Engine thread only until it stopped.</summary>
public sealed class TickerTotals
{
    /// <summary>Tickers equal to the book the moment they came.</summary>
    public long EqualAtOnce;

    /// <summary>Tickers equal once book updates under way had applied.</summary>
    public long EqualLater;

    /// <summary>Tickers the book never equalled.</summary>
    public long Different;
}
