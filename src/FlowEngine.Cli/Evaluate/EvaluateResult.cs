using System.Text.Json.Serialization;

namespace FlowEngine.Cli.Evaluate;

/// <summary>V2 at one horizon: ticks, + is the aggressor right.</summary>
/// <param name="Horizon">How long after the trade.</param>
/// <param name="Trades">Trades whose horizon ended within the session.</param>
/// <param name="Mid">Mean move of the mid from before the trade.</param>
/// <param name="Price">Mean distance of the later mid from the trade's price.</param>
/// <param name="MidByLots">The first, weighted by lots.</param>
/// <param name="HitRate">Share of the moves that went the aggressor's way.</param>
internal sealed record MarkoutResult(
    string Horizon, long Trades, double? Mid, double? Price, double? MidByLots, double? HitRate);

/// <summary>slope = c / depth^λ over windows, least squares of logarithms (Cont, Kukanov &amp; Stoikov 2014).</summary>
/// <param name="C">c; ½ in the stylised book.</param>
/// <param name="Lambda">λ; 1 in the stylised book.</param>
/// <param name="R2">Share of the variance of ln slope.</param>
/// <param name="Windows">Windows with a slope above 0.</param>
internal sealed record DepthLaw(double C, double Lambda, double R2, int Windows);

/// <summary>Order flow imbalance against the mid in one window.</summary>
/// <param name="R2">Same interval.</param>
/// <param name="Slope">Ticks a lot.</param>
/// <param name="PredictiveR2">Next interval; null where it does not vary.</param>
/// <param name="PredictiveSlope">Ticks a lot.</param>
/// <param name="Depth">Mean over changes of the touch of half the lots there.</param>
internal sealed record WindowResult(
    double R2, double Slope, double? PredictiveR2, double? PredictiveSlope, double? Depth);

/// <summary>How well a signal told the move of some intervals to come.</summary>
/// <param name="Seconds">How far ahead.</param>
/// <param name="Pairs">Pairs.</param>
/// <param name="R2">Of the move on the signal; null where one does not vary.</param>
/// <param name="Slope">Ticks for one unit of the signal.</param>
/// <param name="Hits">Signs.</param>
/// <param name="ShuffledR2">The same of the shuffled signal.</param>
/// <param name="ShuffledHitRate">The same.</param>
/// <param name="Regimes">The same by the regime that the interval ended in; null where there was but one.</param>
internal sealed record HorizonResult(
    double Seconds,
    int Pairs,
    double? R2,
    double? Slope,
    HitRate Hits,
    double? ShuffledR2,
    double? ShuffledHitRate,
    IReadOnlyList<RegimeResult>? Regimes);

/// <summary>How well a signal told the move to come while the market stood somewhere (L9).</summary>
/// <param name="Regime">calm, pressured, cascading or exhausted, either way.</param>
/// <param name="Pairs">Pairs.</param>
/// <param name="R2">Of the move on the signal; null where one does not vary.</param>
/// <param name="Slope">Ticks for one unit of the signal.</param>
/// <param name="Hits">Signs.</param>
internal sealed record RegimeResult(string Regime, int Pairs, double? R2, double? Slope, HitRate Hits);

/// <summary>One signal's line of the scorecard.</summary>
/// <param name="Name">Signal.</param>
/// <param name="Pairs">Intervals in which it was known.</param>
/// <param name="R2">Of the same interval's move on it, whole session.</param>
/// <param name="Slope">Ticks for one unit.</param>
/// <param name="ShuffledR2">R² of the shuffled signal.</param>
/// <param name="Horizons">What it told of later moves.</param>
internal sealed record SignalScore(
    string Name, int Pairs, double? R2, double? Slope, double? ShuffledR2, IReadOnlyList<HorizonResult> Horizons);

/// <summary>λ, VPIN and illiquidity over a session.</summary>
/// <param name="Vpin">F7 after the last bucket; null below 50 buckets.</param>
/// <param name="VpinBucketLots">V: a fiftieth of the signed lots of the session.</param>
/// <param name="KyleLambda">M3 over intervals, decayed; ticks a lot.</param>
/// <param name="KyleR2">Its R².</param>
/// <param name="Amihud">M5 over minutes, for 1e9 of notional.</param>
internal sealed record ImpactResult(
    double? Vpin, long VpinBucketLots, double? KyleLambda, double? KyleR2, double? Amihud);

/// <summary>One instrument of one file.</summary>
/// <param name="Symbol">Its name.</param>
/// <param name="Start">Start of the session, UTC.</param>
/// <param name="Intervals">Intervals of the session.</param>
/// <param name="TouchChanges">Changes of the touch in them.</param>
/// <param name="Trades">Prints in them.</param>
/// <param name="OfiTotal">Σ F1, lots.</param>
/// <param name="FirstIntervals">F1 of the first ten intervals.</param>
/// <param name="R2Mean">Plain mean over the windows of the same interval's R².</param>
/// <param name="SlopeMean">Plain mean of the slopes, ticks a lot.</param>
/// <param name="Windows">Windows in these means.</param>
/// <param name="PredictiveR2Mean">Plain mean of the next interval's R².</param>
/// <param name="PredictiveSlopeMean">Plain mean of its slopes.</param>
/// <param name="DepthLaw">Null below three windows.</param>
/// <param name="Impact">λ, VPIN, illiquidity.</param>
/// <param name="Markouts">Null without trades.</param>
/// <param name="Signals">The scorecard.</param>
/// <param name="PerWindow">The windows.</param>
internal sealed record InstrumentResult(
    string Symbol,
    string Start,
    int Intervals,
    long TouchChanges,
    long Trades,
    long OfiTotal,
    IReadOnlyList<long> FirstIntervals,
    double? R2Mean,
    double? SlopeMean,
    int Windows,
    double? PredictiveR2Mean,
    double? PredictiveSlopeMean,
    DepthLaw? DepthLaw,
    ImpactResult Impact,
    IReadOnlyList<MarkoutResult>? Markouts,
    IReadOnlyList<SignalScore> Signals,
    IReadOnlyList<WindowResult> PerWindow);

/// <summary>One file.</summary>
/// <param name="File">As it was named.</param>
/// <param name="Format">How it is written.</param>
/// <param name="Refused">Records refused.</param>
/// <param name="Instruments">Those with book events or trades.</param>
/// <param name="Liquidations">Null without forced orders.</param>
internal sealed record EvaluatedFile(
    string File,
    string Format,
    long Refused,
    IReadOnlyList<InstrumentResult> Instruments,
    LiquidationResult? Liquidations);

/// <summary>What <c>evaluate</c> prints.</summary>
/// <param name="IntervalSeconds">Length of an interval.</param>
/// <param name="WindowSeconds">Length of a window.</param>
/// <param name="Seed">Of the shuffles.</param>
/// <param name="Files">One for each file or pair.</param>
internal sealed record EvaluateResult(
    double IntervalSeconds, double WindowSeconds, long Seed, IReadOnlyList<EvaluatedFile> Files);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EvaluateResult))]
internal sealed partial class EvaluateJson : JsonSerializerContext;
