namespace FlowEngine.Cli.Evaluate;

/// <summary>A minute of forced orders.</summary>
/// <param name="Time">Its start, UTC.</param>
/// <param name="Orders">Forced orders.</param>
/// <param name="Sold">Worth of those that sold, quote currency.</param>
/// <param name="Bought">Worth of those that bought.</param>
/// <param name="SoldPerSecond">L1 at its end: forced sells, quote currency a second, decayed over 5 s.</param>
/// <param name="Branching">L3 over five minutes at its end.</param>
/// <param name="Pressure">F9 of trades and liquidations at its end; null where it is not known.</param>
/// <param name="Regime">The gravest L9 state within it.</param>
internal sealed record LiquidationMinute(
    string Time,
    int Orders,
    double Sold,
    double Bought,
    double SoldPerSecond,
    double Branching,
    double? Pressure,
    string Regime);

/// <summary>A Hawkes fit (L2).</summary>
/// <param name="Base">μ, 1/s.</param>
/// <param name="Jump">α, 1/s.</param>
/// <param name="Decay">β, 1/s.</param>
/// <param name="BranchingRatio">α/β.</param>
/// <param name="KolmogorovP">p-value of the fit.</param>
/// <param name="Moments">Distinct times it rests on.</param>
/// <param name="AtBound">β is the least or the greatest that was tried: the best may lie beyond.</param>
internal sealed record HawkesResult(
    double Base, double Jump, double Decay, double BranchingRatio, double KolmogorovP, int Moments, bool AtBound);

/// <summary>The forced orders of a file, of all instruments together.</summary>
/// <param name="Orders">How many.</param>
/// <param name="Sold">Worth of those that sold: longs were closed.</param>
/// <param name="Bought">Worth of those that bought.</param>
/// <param name="BusiestMinute">The minute in which most was forced, by worth.</param>
/// <param name="Fano">Variance over mean of the counts of a second.</param>
/// <param name="Hawkes">Null where nothing could be fitted.</param>
/// <param name="Branching10s">L3 over windows of 10 s.</param>
/// <param name="Branching40s">The same of 40 s.</param>
/// <param name="Branching160s">The same of 160 s.</param>
/// <param name="Throttled">Whether the source shows only some: figures are lower bounds.</param>
/// <param name="Minutes">Minute by minute; of a range beyond a day, the day around the busiest.</param>
internal sealed record LiquidationResult(
    long Orders,
    double Sold,
    double Bought,
    LiquidationMinute? BusiestMinute,
    double Fano,
    HawkesResult? Hawkes,
    double Branching10s,
    double Branching40s,
    double Branching160s,
    bool Throttled,
    IReadOnlyList<LiquidationMinute> Minutes);
