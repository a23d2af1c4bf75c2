using System.Globalization;
using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Cli.Evaluate;

/// <summary>
/// L1, L2, L3 and L9 over the forced orders of all instruments of a recording, counted in quote currency. What is usual
/// is learnt from the file's start, figures are of the range asked for.
/// </summary>
internal sealed class LiquidationStudy : IMarketListener
{
    private const long NsPerSecond = 1_000_000_000;
    private const long MinuteNs = 60 * NsPerSecond;
    private const long DayNs = 1440 * MinuteNs;
    private const int MostWindows = 1_000_000;

    private readonly EvaluateOptions _options;
    private readonly List<Print> _prints = [];
    private bool _isThrottled;

    /// <summary>Nothing seen.</summary>
    public LiquidationStudy(EvaluateOptions options) => _options = options;

    /// <inheritdoc/>
    public bool Before(in MarketEvent e, Instrument instrument, InstrumentBook book)
    {
        if (e.Kind is not (EventKind.Liquidation or EventKind.Trade) || e.VenueTime <= 0
            || e.VenueTime >= _options.ToNs || (_options.Symbol is not null && instrument.Symbol != _options.Symbol))
        {
            return true;
        }

        var amount = e.Quantity * instrument.Lot.ToDouble() * instrument.ContractMultiplier.ToDouble();
        var worth = instrument.Contract == ContractKind.Inverse
            ? amount
            : amount * e.Price * instrument.PriceQuantum.ToDouble();
        var isForced = e.Kind == EventKind.Liquidation;
        _isThrottled |= isForced && (e.Flags & EventFlags.ThrottledSource) != 0;
        _prints.Add(new Print(e.VenueTime, e.Side == Side.Sell ? -1 : e.Side == Side.Buy ? 1 : 0, worth, isForced));
        return true;
    }

    /// <inheritdoc/>
    public void After(in MarketEvent e, InstrumentBook book, BookChange change)
    {
    }

    /// <summary>The figures; null without a forced order in the range.</summary>
    public LiquidationResult? Read()
    {
        // Two tables of one month come one after the other; the order of what came at one time is kept.
        Print[] prints = [.. _prints.OrderBy(print => print.TimeNs)];
        Print[] forced = [.. prints.Where(print => print.IsForced && print.TimeNs >= _options.FromNs)];
        if (forced.Length == 0)
        {
            return null;
        }

        var startNs = _options.FromNs > 0 ? _options.FromNs : forced[0].TimeNs;
        var endNs = _options.ToNs < long.MaxValue ? _options.ToNs : forced[^1].TimeNs + 1;
        var (dayNs, dayEndNs) = BusiestDay(forced, startNs, endNs);
        var minutes = new LiquidationTimeline(dayNs, dayEndNs).Run(prints);
        double[] seconds = [.. forced.Select(print => (print.TimeNs - startNs) / 1e9)];
        return new LiquidationResult(
            forced.Length,
            forced.Where(print => print.Sign < 0).Sum(print => print.Worth),
            forced.Where(print => print.Sign > 0).Sum(print => print.Worth),
            minutes.MaxBy(minute => minute.Sold + minute.Bought),
            FanoOf(forced, startNs, endNs),
            HawkesFit.Solve(0, seconds, (endNs - startNs) / 1e9) is { } fit
                ? new HawkesResult(
                    fit.Parameters.Base, fit.Parameters.Jump, fit.Parameters.Decay, fit.Parameters.BranchingRatio,
                    fit.KolmogorovP, fit.Events, fit.IsAtBound)
                : null,
            BranchingOf(forced, startNs, endNs, 10),
            BranchingOf(forced, startNs, endNs, 40),
            BranchingOf(forced, startNs, endNs, 160),
            _isThrottled,
            minutes);
    }

    /// <summary>A time as results show it.</summary>
    public static string Text(long timeNs) => DateTime.UnixEpoch.AddTicks(timeNs / 100).ToString(
        "yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    // All of a range up to a day, and of a longer one the day around the minute in which most was forced.
    private static (long StartNs, long EndNs) BusiestDay(Print[] forced, long startNs, long endNs)
    {
        if (endNs - startNs <= DayNs)
        {
            return (startNs, endNs);
        }

        var busiest = forced.GroupBy(print => print.TimeNs / MinuteNs)
            .MaxBy(minute => minute.Sum(print => print.Worth));
        var dayNs = Math.Max(startNs / MinuteNs * MinuteNs, (busiest!.Key * MinuteNs) - (DayNs / 2));
        return (dayNs, Math.Min(endNs, dayNs + DayNs));
    }

    private static double FanoOf(Print[] forced, long startNs, long endNs)
    {
        var counts = Count(forced, startNs, endNs, NsPerSecond);
        _ = counts.ReadFano(out var fano);
        return fano;
    }

    private static double BranchingOf(Print[] forced, long startNs, long endNs, int seconds)
    {
        var counts = Count(forced, startNs, endNs, seconds * NsPerSecond);
        _ = BranchingRatio.Of(counts.Mean, counts.Variance, out var ratio);
        return ratio;
    }

    private static CountWindows Count(Print[] forced, long startNs, long endNs, long windowNs)
    {
        var counts = new CountWindows(windowNs, (int)Math.Clamp((endNs - startNs) / windowNs, 2, MostWindows));
        counts.Pass(startNs);
        foreach (var print in forced)
        {
            counts.Add(1, print.TimeNs);
        }

        counts.Pass(endNs);
        return counts;
    }

    /// <summary>A print, forced or not.</summary>
    /// <param name="TimeNs">Venue time.</param>
    /// <param name="Sign">1 bought, -1 sold.</param>
    /// <param name="Worth">Quote currency.</param>
    /// <param name="IsForced">Whether it was a liquidation.</param>
    internal readonly record struct Print(long TimeNs, int Sign, double Worth, bool IsForced);
}
