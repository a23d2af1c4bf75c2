using System.Globalization;
using FlowEngine.Signals;

namespace FlowEngine.Cli.Evaluate;

/// <summary>What the series of one instrument say, as V1 and the papers have it.</summary>
internal static class Scorecard
{
    private const int FirstIntervals = 10;
    private const int LeastIntervals = 10;
    private const int LeastLawWindows = 3;
    private const int VpinBuckets = 50;

    /// <summary>Everything about one instrument.</summary>
    public static InstrumentResult Of(InstrumentSeries series, SessionPlan plan, EvaluateOptions options)
    {
        var flow = Column(series, 0);
        double[] moves = [.. series.Mids.Skip(1).Zip(series.Mids, (after, before) => after - before)];
        var windows = Windows(series, flow, moves, plan.WindowIntervals);
        return new InstrumentResult(
            series.Instrument.Symbol,
            DateTime.UnixEpoch.AddTicks(plan.OpenNs / 100).ToString(
                "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
            series.Rows.Count,
            series.EventCounts.Sum(),
            series.Trades,
            (long)flow.Sum(),
            [.. flow.Take(FirstIntervals).Select(value => (long)value)],
            Mean(windows.Select(window => (double?)window.R2)),
            Mean(windows.Select(window => (double?)window.Slope)),
            windows.Count,
            Mean(windows.Select(window => window.PredictiveR2)),
            Mean(windows.Select(window => window.PredictiveSlope)),
            LawOf(windows),
            ImpactOf(series),
            series.Trades > 0 ? series.Markouts.Read() : null,
            [.. options.Signals.Select(place => ScoreOf(series, place, moves, options))],
            windows);
    }

    /// <summary>The values of one signal, interval by interval.</summary>
    public static double[] Column(InstrumentSeries series, int place) => [.. series.Rows.Select(row => row[place])];

    /// <summary>slope = c / depth^λ; null below three windows.</summary>
    public static DepthLaw? LawOf(IEnumerable<WindowResult> windows)
    {
        PowerLawFit fit = default;
        var count = 0;
        foreach (var window in windows.Where(window => window is { Slope: > 0, Depth: > 0 }))
        {
            fit.Add(window.Depth!.Value, window.Slope);
            count++;
        }

        return count >= LeastLawWindows && fit.Solve(out var law) == Market.ValidityFlags.None
            ? new DepthLaw(law.Factor, -law.Exponent, law.RSquared, count)
            : null;
    }

    // A last window that is cut short counts from ten intervals on; one in which nothing moved has no R².
    private static List<WindowResult> Windows(InstrumentSeries series, double[] flow, double[] moves, int length)
    {
        var windows = new List<WindowResult>();
        for (var start = 0; start < flow.Length; start += length)
        {
            var end = Math.Min(start + length, flow.Length);
            var same = end - start >= LeastIntervals
                ? LinearFit.OfKnown(flow.AsSpan(start..end), moves.AsSpan(start..end))
                : null;
            if (same is not { } fit)
            {
                continue;
            }

            var next = LinearFit.OfKnown(flow.AsSpan(start..(end - 1)), moves.AsSpan((start + 1)..end));
            var events = series.EventCounts.Skip(start).Take(end - start).Sum();
            windows.Add(new WindowResult(
                fit.RSquared,
                fit.Slope,
                next?.RSquared,
                next?.Slope,
                events > 0 ? series.DepthSums.Skip(start).Take(end - start).Sum() / events : null));
        }

        return windows;
    }

    private static SignalScore ScoreOf(InstrumentSeries series, int place, double[] moves, EvaluateOptions options)
    {
        var (choice, values) = (SignalChoice.All[place], Column(series, place));
        var shuffled = Shuffle.Of(values, options.Seed);
        var same = LinearFit.OfKnown(values, moves);
        var horizons = new List<HorizonResult>();
        foreach (var horizon in options.Horizons.Where(horizon => values.Length > horizon + 1))
        {
            var count = values.Length - horizon;
            double[] later = [.. Enumerable.Range(0, count)
                .Select(i => series.Mids[i + 1 + horizon] - series.Mids[i + 1])];
            var fit = LinearFit.OfKnown(values.AsSpan(0, count), later);
            var control = LinearFit.OfKnown(shuffled.AsSpan(0, count), later);
            var oriented = Oriented(values, count, choice.Sign);
            horizons.Add(new HorizonResult(
                horizon * (options.IntervalNs / 1e9),
                fit?.Count ?? 0,
                fit?.RSquared,
                fit?.Slope,
                HitRate.Of(oriented, later),
                control?.RSquared,
                HitRate.Of(Oriented(shuffled, count, choice.Sign), later).Rate,
                ByRegime(series, values, oriented, later)));
        }

        return new SignalScore(
            choice.Name, same?.Count ?? 0, same?.RSquared, same?.Slope,
            LinearFit.OfKnown(shuffled, moves)?.RSquared, horizons);
    }

    // Of the pairs whose interval ended in each regime; a market that knew only one has nothing to tell apart.
    private static List<RegimeResult>? ByRegime(
        InstrumentSeries series, double[] values, double[] oriented, double[] later)
    {
        var groups = Enumerable.Range(0, later.Length).GroupBy(i => series.Regimes[i]).OrderBy(group => group.Key);
        var results = new List<RegimeResult>();
        foreach (var group in groups)
        {
            int[] places = [.. group];
            double[] moves = [.. places.Select(i => later[i])];
            var fit = LinearFit.OfKnown([.. places.Select(i => values[i])], moves);
            results.Add(new RegimeResult(
                group.Key.ToString().ToLowerInvariant(),
                fit?.Count ?? 0,
                fit?.RSquared,
                fit?.Slope,
                HitRate.Of([.. places.Select(i => oriented[i])], moves)));
        }

        return results.Count > 1 ? results : null;
    }

    private static double[] Oriented(double[] values, int count, int sign) =>
        [.. values.Take(count).Select(value => sign * value)];

    private static ImpactResult ImpactOf(InstrumentSeries series)
    {
        var bucketLots = Math.Max(1, series.SignedLots.Sum(Math.Abs) / VpinBuckets);
        var vpin = new Vpin(VpinBuckets, bucketLots);
        foreach (var lots in series.SignedLots)
        {
            vpin.Trade(Math.Sign(lots), Math.Abs(lots));
        }

        var lambda = series.Lambda;
        var isKnown = lambda.Flags == Market.ValidityFlags.None;
        return new ImpactResult(
            vpin.Read(out var value) == Market.ValidityFlags.None ? value : null,
            bucketLots,
            isKnown ? lambda.Slope / Math.Max(1, series.Instrument.TickQuanta) : null,
            isKnown ? lambda.RSquared : null,
            series.AmihudPerBillion);
    }

    private static double? Mean(IEnumerable<double?> values) => values.Average();
}
