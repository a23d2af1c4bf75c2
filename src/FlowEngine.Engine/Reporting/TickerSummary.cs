namespace FlowEngine.Engine;

/// <summary>How the venue's tickers with both sides compared with the rebuilt books.</summary>
/// <param name="EqualAtOnce">Equal the moment they came.</param>
/// <param name="EqualLater">Equal once book updates under way had applied.</param>
/// <param name="Different">Never equal.</param>
public sealed record TickerSummary(long EqualAtOnce, long EqualLater, long Different);
