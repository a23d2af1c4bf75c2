using System.Text.Json.Serialization;

namespace FlowEngine.Cli.Cost;

/// <summary>What taking one size from the book now costs (M1).</summary>
/// <param name="Size">Asked for, the venue's unit.</param>
/// <param name="Filled">What the book can fill.</param>
/// <param name="Unfilled">What it cannot.</param>
/// <param name="Vwap">Average price.</param>
/// <param name="Worst">Worst price touched.</param>
/// <param name="SlippageTicks">Against the mid, + is worse.</param>
/// <param name="SlippageBps">The same.</param>
/// <param name="Levels">Levels touched.</param>
internal sealed record SweepResult(
    decimal Size,
    decimal Filled,
    decimal Unfilled,
    double Vwap,
    double Worst,
    double SlippageTicks,
    double SlippageBps,
    int Levels);

/// <summary>A schedule (M10).</summary>
/// <param name="Slices">Sizes, one after the other.</param>
/// <param name="ExpectedBps">Expected cost by the model, against the mid.</param>
/// <param name="DeviationBps">Its standard deviation.</param>
/// <param name="LiveBps">The same slices on the book as it stands, if it refills, with what is left of impact.</param>
/// <param name="Unfilled">What the book could not fill of them.</param>
internal sealed record ScheduleResult(
    IReadOnlyList<decimal> Slices, double ExpectedBps, double DeviationBps, double? LiveBps, decimal Unfilled);

/// <summary>What the estimates rest on, all from events up to the moment.</summary>
/// <param name="VolatilityBps">Deviation of the mid over the horizon (F11).</param>
/// <param name="VolumePerHour">Size traded in an hour so far.</param>
/// <param name="LambdaTicks">Kyle's λ over seconds (M3), ticks for one venue unit; null where not known.</param>
/// <param name="ImpactTicks">Move of the mid with a trade for the root of its size, ticks; M8's scale.</param>
/// <param name="Trades">Trades so far.</param>
internal sealed record CostInputs(
    double? VolatilityBps, double VolumePerHour, double? LambdaTicks, double? ImpactTicks, int Trades);

/// <summary>The shock that sells twice itself (L6).</summary>
/// <param name="Size">Q*, the venue's unit; null where none is known.</param>
/// <param name="IsReached">Whether the order is as large.</param>
/// <param name="Why">What it rests on, or why there is none.</param>
internal sealed record CriticalResult(decimal? Size, bool IsReached, string Why);

/// <summary>What <c>cost</c> prints.</summary>
/// <param name="Symbol">Instrument.</param>
/// <param name="Time">Venue time of the newest event in it.</param>
/// <param name="TimeNs">The same, nanoseconds since epoch.</param>
/// <param name="Sequence">Venue sequence of the book.</param>
/// <param name="Side">buy or sell.</param>
/// <param name="Size">The order, the venue's unit.</param>
/// <param name="HorizonSeconds">How long it may take.</param>
/// <param name="Mid">Mid.</param>
/// <param name="SpreadBps">Spread.</param>
/// <param name="Sweep">Sizes around the order's: a tenth, a quarter, a half, all, twice.</param>
/// <param name="TransientTicks">What past trades still do to the price, + is up (M8).</param>
/// <param name="TransientAtHorizonTicks">What will be left of it.</param>
/// <param name="SquareRootBps">M7 with Y = 1; null without trades or moves.</param>
/// <param name="Optimal">Almgren and Chriss; null where volatility is not known.</param>
/// <param name="Straight">Equal slices.</param>
/// <param name="Critical">Q*.</param>
/// <param name="Inputs">What it rests on.</param>
internal sealed record CostResult(
    string Symbol,
    string Time,
    long TimeNs,
    ulong Sequence,
    string Side,
    decimal Size,
    double HorizonSeconds,
    double Mid,
    double SpreadBps,
    IReadOnlyList<SweepResult> Sweep,
    double? TransientTicks,
    double? TransientAtHorizonTicks,
    double? SquareRootBps,
    ScheduleResult? Optimal,
    ScheduleResult? Straight,
    CriticalResult Critical,
    CostInputs Inputs);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CostResult))]
internal sealed partial class CostJson : JsonSerializerContext;
