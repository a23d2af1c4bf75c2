using System.Text.Json.Serialization;
using FlowEngine.Cli.Evaluate;
using FlowEngine.Client;
using FlowEngine.Messages.PreTrade;
using Wire = FlowEngine.Messages.PreTrade.Missing;

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
/// <param name="VolumePerHour">Size traded in an hour, as lately; null where not known.</param>
/// <param name="LambdaTicks">Kyle's λ over seconds (M3), ticks for one venue unit; null where not known.</param>
/// <param name="ImpactTicks">Move of the mid over a second for the root of a lot traded in it, ticks; M8's
/// scale.</param>
/// <param name="Trades">Trades so far.</param>
internal sealed record CostInputs(
    double? VolatilityBps, double? VolumePerHour, double? LambdaTicks, double? ImpactTicks, ulong Trades);

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
/// <param name="EventSequence">The engine's number of the newest event in it: <c>--seq</c>.</param>
/// <param name="Validity">What to know of the book before trusting it.</param>
/// <param name="Missing">Parts that could not be known.</param>
/// <param name="ParameterHash">Hash of the engine's configuration.</param>
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
    ulong EventSequence,
    string Validity,
    string Missing,
    string ParameterHash,
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
    CostInputs Inputs)
{
    private const double SecondsPerHour = 3600;
    private const int Sizes = 5;
    private const double Half = 0.5;

    /// <summary>What an answer says, in the venue's units.</summary>
    public static CostResult Of(in CostAnswerReader answer, SignalInstrument instrument)
    {
        var lot = (decimal)instrument.Lot;
        double tick = Math.Max(1, instrument.TickQuanta);
        var missing = answer.Missing;
        var (now, later) = (answer.TransientNow / tick, answer.TransientAtHorizon / tick);
        var horizonSeconds = answer.HorizonNs / 1e9;
        return new CostResult(
            instrument.Symbol,
            LiquidationStudy.Text(answer.Book.VenueTime),
            answer.Book.VenueTime,
            answer.Book.VenueSequence,
            answer.Book.EventSequence,
            answer.Book.Validity.ToString(),
            missing.ToString(),
            answer.Book.ParameterHash.ToString("x16"),
            answer.Side == FlowEngine.Messages.PreTrade.Side.Sell ? "sell" : "buy",
            answer.Lots * lot,
            horizonSeconds,
            Half * (answer.BidPrice + (double)answer.AskPrice) * instrument.PriceQuantum,
            answer.SpreadBps,
            Sweeps(in answer, instrument, lot),
            (missing & Wire.Transient) != 0 ? null : now,
            (missing & Wire.Transient) != 0 ? null : later,
            (missing & Wire.SquareRoot) != 0 ? null : answer.SquareRootBps,
            ScheduleOf(in answer, answer.Optimal, isOptimal: true, lot),
            ScheduleOf(in answer, answer.Straight, isOptimal: false, lot),
            CriticalOf(in answer, lot),
            InputsOf(in answer, lot, tick, horizonSeconds));
    }

    private static List<SweepResult> Sweeps(in CostAnswerReader answer, SignalInstrument instrument, decimal lot)
    {
        var results = new List<SweepResult>();
        for (var i = 0; i < Sizes; i++)
        {
            results.Add(new SweepResult(
                answer.SweepSizes(i) * lot, answer.SweepFilled(i) * lot, answer.SweepUnfilled(i) * lot,
                answer.SweepVwap(i) * instrument.PriceQuantum, answer.SweepWorst(i) * instrument.PriceQuantum,
                answer.SweepSlippage(i) / Math.Max(1, instrument.TickQuanta), answer.SweepSlippageBps(i),
                (int)answer.SweepLevels(i)));
        }

        return results;
    }

    private static ScheduleResult? ScheduleOf(
        in CostAnswerReader answer, ScheduleReader schedule, bool isOptimal, decimal lot)
    {
        if ((answer.Missing & Wire.Schedule) != 0)
        {
            return null;
        }

        var slices = new decimal[answer.Slices];
        for (var i = 0; i < slices.Length; i++)
        {
            slices[i] = lot * (isOptimal ? answer.OptimalSlices(i) : answer.StraightSlices(i));
        }

        return new ScheduleResult(
            slices, schedule.ExpectedBps, schedule.DeviationBps,
            (answer.Missing & Wire.Live) != 0 ? null : schedule.LiveBps, schedule.UnfilledLots * lot);
    }

    private static CriticalResult CriticalOf(in CostAnswerReader answer, decimal lot)
    {
        const string Basis = "of open interest that came since the start, by the configured leverage mix";
        if ((answer.Missing & Wire.SignalSet) != 0)
        {
            return new CriticalResult(null, false, "the engine's signal set has no liquidation map");
        }

        if ((answer.Missing & Wire.Critical) != 0)
        {
            return new CriticalResult(null, false, "no open interest was told, so there is no liquidation map");
        }

        return answer.CriticalShock != CostAnswerReader.CriticalShockNull
            ? new CriticalResult(answer.CriticalShock * lot, answer.ReachesCritical != 0, Basis)
            : new CriticalResult(null, false, (answer.Missing & Wire.BeyondBook) != 0
                ? $"no shock within the book doubles itself, and liquidations {Basis} lie beyond it"
                : $"no shock doubles itself: {answer.ForcedLevels} price buckets {Basis}");
    }

    private static CostInputs InputsOf(in CostAnswerReader answer, decimal lot, double tick, double horizonSeconds) =>
        new(
            answer.SecondDeviationBps > 0 ? answer.SecondDeviationBps * Math.Sqrt(horizonSeconds) : null,
            answer.LotsPerSecond > 0 ? answer.LotsPerSecond * SecondsPerHour * (double)lot : null,
            (answer.Missing & Wire.Lambda) != 0 ? null : answer.Lambda / tick / (double)lot,
            (answer.Missing & Wire.Transient) != 0 ? null : answer.MoveForRoot / tick,
            answer.Trades);
}

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CostResult))]
internal sealed partial class CostJson : JsonSerializerContext;
