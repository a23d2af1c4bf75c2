using System.Globalization;
using System.Net;
using System.Text;

namespace FlowEngine.Cli.Evaluate;

/// <summary>The plots of an evaluation as one page that needs nothing else: no script, no font, no network.</summary>
internal sealed class HtmlReport
{
    private const int MostInstruments = 10;
    private const int Bins = 20;
    private const double Tall = 340;
    private const double Low = 220;
    private const string Blue = "#2b6cb0";
    private const string Red = "#c53030";
    private const string Green = "#2f855a";
    private const string Grey = "#718096";
    private const int PressurePlace = 10;
    private const int SignedVolumePlace = 3;

    private const string Head = """
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>FlowEngine: evaluation</title><style>
        body { font: 15px/1.5 system-ui, sans-serif; color: #1a202c; max-width: 980px; margin: 2em auto }
        h1 { font-size: 1.5em } h2 { font-size: 1.2em; margin-top: 2em; border-bottom: 1px solid #e2e8f0 }
        svg { width: 100%; height: auto; margin: .6em 0 } table { border-collapse: collapse; margin: 1em 0 }
        td, th { padding: .15em .8em; text-align: right } td:first-child, th:first-child { text-align: left }
        tr:nth-child(even) { background: #f7fafc } p { color: #4a5568 }
        .title { font: 600 14px sans-serif } .mark, .name { font: 11px sans-serif; fill: #4a5568 }
        .grid { stroke: #e2e8f0 } .axis { stroke: #4a5568 }
        </style></head><body><h1>FlowEngine: signals against the market</h1>
        """;

    private readonly StringBuilder _page = new(Head);

    /// <summary>Adds a file while its series are at hand.</summary>
    public void Add(EvaluatedFile file, EvaluateRun run)
    {
        var busiest = run.Series.OrderByDescending(series => series.EventCounts.Sum()).Take(MostInstruments);
        foreach (var series in busiest.Where(series => series.HasBook))
        {
            var result = file.Instruments.First(result => result.Symbol == series.Instrument.Symbol);
            Title($"{result.Symbol}, {Path.GetFileName(file.File)}");
            Say($"From {result.Start}: {result.Intervals:N0} intervals, {result.TouchChanges:N0} changes of the touch, "
                + $"{result.Trades:N0} trades. Mean R² of {result.Windows} windows {Show(result.R2Mean)} in the same "
                + $"interval, {Show(result.PredictiveR2Mean)} in the next, slope {Show(result.SlopeMean)} "
                + "ticks a lot.");
            Prices(series, run.Plan!);
            Regimes(series);
            Regression(series);
            ImpactCurve(series);
            Law(result);
            Markouts(result);
            Scores(result);
        }

        if (file.Liquidations is { } liquidations)
        {
            Title($"Forced orders, {Path.GetFileName(file.File)}");
            Say($"{liquidations.Orders:N0} orders, {liquidations.Sold:N0} sold, {liquidations.Bought:N0} bought; Fano "
                + $"factor {Show(liquidations.Fano)}, Hawkes ratio {Show(liquidations.Hawkes?.BranchingRatio)}, "
                + $"Hardiman and Bouchaud {Show(liquidations.Branching10s)} over windows of 10 s. Shaded: pressured, "
                + "cascading, exhausted.");
            Timeline(liquidations);
        }
    }

    /// <summary>Writes the page.</summary>
    public void Write(string path) => File.WriteAllText(path, _page.Append("</body></html>\n").ToString());

    private void Prices(InstrumentSeries series, SessionPlan plan)
    {
        double[] hours = [.. Enumerable.Range(0, series.Rows.Count)
            .Select(i => (plan.StartNs(i + 1) % 86_400_000_000_000) / 3.6e12)];
        for (var i = 1; i < hours.Length; i++)
        {
            hours[i] += hours[i] < hours[i - 1] ? 24 : 0;
        }

        double[] mids = [.. series.Mids.Skip(1).Select(ticks =>
            ticks * Math.Max(1, series.Instrument.TickQuanta) * series.Instrument.PriceQuantum.ToDouble())];
        double[] pressure = Scorecard.Column(series, PressurePlace);
        var price = new SvgChart("Mid", "UTC", "price", hours, mids, Tall) { MarkX = Clock };
        var below = new SvgChart("Sell pressure (F9)", "UTC", "score", hours, [-100, 100], Low) { MarkX = Clock };
        for (var i = 1; i < hours.Length; i++)
        {
            if (Shade(series.Regimes[i].ToString()) is { } colour)
            {
                price.Band(hours[i - 1], hours[i], colour);
                below.Band(hours[i - 1], hours[i], colour);
            }
        }

        price.Line(hours, mids, Blue);
        below.Line(hours, pressure, Red, 0.7);
        Draw(price);
        Draw(below);
    }

    private void Regimes(InstrumentSeries series) => Say(
        "Regime (L9), shaded where it is not calm (pressured yellow, cascading red, exhausted grey): "
        + string.Join(", ", series.Regimes.CountBy(regime => regime).OrderBy(pair => pair.Key)
            .Select(pair => $"{pair.Key.ToString().ToLowerInvariant()} {(double)pair.Value / series.Regimes.Count:P1}"))
        + " of the intervals.");

    private void Regression(InstrumentSeries series)
    {
        var flow = Scorecard.Column(series, 0);
        double[] moves = Moves(series);
        if (LinearFit.OfKnown(flow, moves) is not { } fit)
        {
            return;
        }

        var chart = new SvgChart(
            $"Order flow imbalance and the move of its interval: R² {Show(fit.RSquared)} over the whole session",
            "order flow imbalance, lots", "move of the mid, ticks", flow, moves, Tall);
        chart.Points(flow, moves, Blue, 2, 0.35);
        double[] ends = [flow.Min(), flow.Max()];
        chart.Line(ends, [.. ends.Select(x => fit.Intercept + (fit.Slope * x))], Red, 1.6);
        Draw(chart);
    }

    private void ImpactCurve(InstrumentSeries series)
    {
        var moves = Moves(series);
        var pairs = Scorecard.Column(series, SignedVolumePlace).Zip(moves)
            .Where(pair => pair.First != 0 && !double.IsNaN(pair.Second))
            .OrderBy(pair => pair.First).ToList();
        if (pairs.Count < 5 * Bins)
        {
            return;
        }

        var bins = pairs.Chunk((pairs.Count + Bins - 1) / Bins).ToList();
        double[] lots = [.. bins.Select(bin => bin.Average(pair => pair.First))];
        double[] means = [.. bins.Select(bin => bin.Average(pair => pair.Second))];
        var chart = new SvgChart(
            $"Impact curve: {bins.Count} groups of equally many intervals by signed volume",
            "bought less sold, lots", "mean move of the mid, ticks", lots, means, Tall);
        chart.Line(lots, means, Blue);
        chart.Points(lots, means, Blue, 4, 1);
        Draw(chart);
    }

    private void Law(InstrumentResult result)
    {
        if (result.DepthLaw is not { } law)
        {
            return;
        }

        var windows = result.PerWindow.Where(window => window is { Slope: > 0, Depth: > 0 }).ToList();
        double[] depths = [.. windows.Select(window => Math.Log10(window.Depth!.Value))];
        double[] slopes = [.. windows.Select(window => Math.Log10(window.Slope))];
        var chart = new SvgChart(
            $"Depth law: slope = {Show(law.C)} / depth^{Show(law.Lambda)}, R² {Show(law.R2)}",
            "log10 of mean depth, lots", "log10 of slope, ticks a lot", depths, slopes, Tall);
        chart.Points(depths, slopes, Blue, 4, 0.9);
        double[] ends = [depths.Min(), depths.Max()];
        chart.Line(ends, [.. ends.Select(x => Math.Log10(law.C) - (law.Lambda * x))], Red, 1.6);
        Draw(chart);
    }

    private void Markouts(InstrumentResult result)
    {
        if (result.Markouts is not { } markouts || markouts[0].Trades == 0)
        {
            return;
        }

        _page.Append("<table><tr><th>markout after</th><th>trades</th><th>mid, ticks</th><th>price, ticks</th>")
            .Append("<th>aggressor right</th></tr>");
        foreach (var markout in markouts)
        {
            Row(markout.Horizon, $"{markout.Trades:N0}", Show(markout.Mid), Show(markout.Price),
                $"{markout.HitRate:P1}");
        }

        _page.Append("</table>");
    }

    private void Scores(InstrumentResult result)
    {
        _page.Append("<table><tr><th>signal</th><th>R² same</th><th>shuffled</th><th>ahead, s</th><th>R²</th>")
            .Append("<th>shuffled</th><th>hits</th><th>95 %</th><th>base</th></tr>");
        foreach (var signal in result.Signals)
        {
            foreach (var horizon in signal.Horizons)
            {
                var hits = horizon.Hits;
                Row(signal.Name, Show(signal.R2), Show(signal.ShuffledR2), Show(horizon.Seconds), Show(horizon.R2),
                    Show(horizon.ShuffledR2), $"{hits.Rate:P1}", $"{hits.Low:P1} to {hits.High:P1}",
                    $"{hits.Base:P1}");
            }
        }

        _page.Append("</table>");
    }

    private void Timeline(LiquidationResult result)
    {
        var minutes = result.Minutes;
        double[] x = [.. Enumerable.Range(0, minutes.Count + 1).Select(i => (double)i)];
        string Time(double i) => i >= 0 && i < minutes.Count ? minutes[(int)i].Time[11..16] : "";
        double[] worths = [.. minutes.SelectMany(minute => (double[])[minute.Sold, -minute.Bought])];
        const string Name = "Forced orders by the minute: sold above, bought below";
        var worth = new SvgChart(Name, "UTC", "quote currency", x, worths, Tall) { MarkX = Time };
        var ratio = new SvgChart("Branching ratio (L3, five minutes)", "UTC", "n", x, [0, 1], Low) { MarkX = Time };
        for (var i = 0; i < minutes.Count; i++)
        {
            if (Shade(minutes[i].Regime) is { } colour)
            {
                worth.Band(i, i + 1, colour);
                ratio.Band(i, i + 1, colour);
            }
        }

        for (var i = 0; i < minutes.Count; i++)
        {
            worth.Bar(i + 0.1, i + 0.9, minutes[i].Sold, Red);
            worth.Bar(i + 0.1, i + 0.9, -minutes[i].Bought, Green);
        }

        ratio.Line(x.AsSpan(1), [.. minutes.Select(minute => minute.Branching)], Blue, 1.6);
        Draw(worth);
        Draw(ratio);
    }

    private static string? Shade(string regime) => regime switch
    {
        "Pressured" => "#ecc94b",
        "Cascading" => Red,
        "Exhausted" => Grey,
        _ => null,
    };

    private static double[] Moves(InstrumentSeries series) =>
        [.. series.Mids.Skip(1).Zip(series.Mids, (after, before) => after - before)];

    private static string Clock(double hours) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)hours % 24:00}:{(int)Math.Round(hours % 1 * 60) % 60:00}");

    private void Title(string text) => _page.Append($"<h2>{WebUtility.HtmlEncode(text)}</h2>");

    private void Say(string text) => _page.Append($"<p>{WebUtility.HtmlEncode(text)}</p>");

    private void Draw(SvgChart chart) => _page.Append(chart.Draw());

    private void Row(params string[] cells) =>
        _page.Append($"<tr>{string.Concat(cells.Select(cell => $"<td>{WebUtility.HtmlEncode(cell)}</td>"))}</tr>");

    private static string Show(double? value) => value is { } known ? $"{known:G4}" : "-";
}
