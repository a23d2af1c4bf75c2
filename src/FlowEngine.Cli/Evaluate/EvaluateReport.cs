using FlowEngine.Cli.Frame;
using Spectre.Console;

namespace FlowEngine.Cli.Evaluate;

/// <summary>What came out, as tables.</summary>
internal static class EvaluateReport
{
    private const int MostInstruments = 20;
    private const int MostMinutes = 60;

    /// <summary>Draws all of it; of many instruments the ones with the most events.</summary>
    public static void Show(CommandOutput output, IEnumerable<EvaluatedFile> files)
    {
        var console = output.CreateConsole();
        foreach (var file in files)
        {
            var shown = file.Instruments.OrderByDescending(result => result.TouchChanges)
                .Take(MostInstruments).ToList();
            foreach (var instrument in shown)
            {
                console.Write(Summary(file, instrument));
                console.Write(Signals(instrument));
                if (instrument.Markouts is { } markouts)
                {
                    console.Write(Markouts(markouts));
                }
            }

            if (shown.Count < file.Instruments.Count)
            {
                output.Notice($"{file.File}: {file.Instruments.Count - shown.Count} more instruments: see --json");
            }

            if (file.Liquidations is { } liquidations)
            {
                console.Write(Liquidations(file, liquidations));
                console.Write(Minutes(liquidations));
            }
        }
    }

    private static Table Summary(EvaluatedFile file, InstrumentResult result)
    {
        var table = new Table().Border(TableBorder.Simple).HideHeaders();
        table.AddColumns("", "", "", "");
        var law = result.DepthLaw is { } found
            ? $"{Show(found.C)} / depth^{Show(found.Lambda)}, R² {Show(found.R2)}"
            : "-";
        Add(table, Path.GetFileName(file.File), $"{result.Symbol} from {result.Start}",
            "intervals",
            $"{result.Intervals:N0}, {result.TouchChanges:N0} changes of the touch, {result.Trades:N0} trades");
        Add(table, "order flow", $"{result.OfiTotal:N0} lots", "windows", $"{result.Windows}");
        Add(table, "R² same interval", Show(result.R2Mean), "slope, ticks a lot", Show(result.SlopeMean));
        Add(table, "R² next interval", Show(result.PredictiveR2Mean),
            "slope, ticks a lot", Show(result.PredictiveSlopeMean));
        Add(table, "depth law", law, "VPIN", Show(result.Impact.Vpin));
        Add(table, "Kyle's λ, ticks a lot", Show(result.Impact.KyleLambda),
            "Amihud, per 1e9", Show(result.Impact.Amihud));
        return table;
    }

    private static Table Signals(InstrumentResult result)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("signal");
        foreach (var name in (string[])["R² same", "shuffled", "ahead, s", "R²", "shuffled", "hits", "95 %", "base"])
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (var signal in result.Signals)
        {
            var isFirst = true;
            foreach (var horizon in signal.Horizons.DefaultIfEmpty())
            {
                string[] left = isFirst
                    ? [signal.Name, Show(signal.R2), Show(signal.ShuffledR2)]
                    : ["", "", ""];
                string[] right = horizon is null ? ["-", "", "", "", "", ""] :
                [
                    Show(horizon.Seconds), Show(horizon.R2), Show(horizon.ShuffledR2), Percent(horizon.Hits.Rate),
                    $"{Percent(horizon.Hits.Low)} to {Percent(horizon.Hits.High)}", Percent(horizon.Hits.Base),
                ];
                table.AddRow([.. left.Concat(right).Select(Markup.Escape)]);
                isFirst = false;
                foreach (var regime in horizon?.Regimes ?? [])
                {
                    table.AddRow([.. ((string[])["", "", "", regime.Regime, Show(regime.R2), $"{regime.Pairs:N0} pairs",
                        Percent(regime.Hits.Rate), $"{Percent(regime.Hits.Low)} to {Percent(regime.Hits.High)}",
                        Percent(regime.Hits.Base)]).Select(Markup.Escape)]);
                }
            }
        }

        return table;
    }

    private static Table Markouts(IReadOnlyList<MarkoutResult> markouts)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("markout after");
        foreach (var name in (string[])["trades", "mid, ticks", "by lots", "price, ticks", "aggressor right"])
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (var markout in markouts)
        {
            table.AddRow(
                markout.Horizon, $"{markout.Trades:N0}", Show(markout.Mid), Show(markout.MidByLots),
                Show(markout.Price), Percent(markout.HitRate));
        }

        return table;
    }

    private static Table Liquidations(EvaluatedFile file, LiquidationResult result)
    {
        var table = new Table().Border(TableBorder.Simple).HideHeaders();
        table.AddColumns("", "", "", "");
        var hawkes = result.Hawkes is { } fit
            ? $"{Show(fit.BranchingRatio)}, β {Show(fit.Decay)} /s{(fit.AtBound ? " (or beyond)" : "")}, "
                + $"p {Show(fit.KolmogorovP)}"
            : "-";
        var busiest = result.BusiestMinute is { } minute
            ? $"{minute.Time}: {minute.Orders} orders, {minute.Sold + minute.Bought:N0}"
            : "-";
        Add(table, Path.GetFileName(file.File), $"{result.Orders:N0} forced orders",
            "sold, bought", $"{result.Sold:N0}, {result.Bought:N0}");
        Add(table, "busiest minute", busiest, "Fano factor, 1 s", Show(result.Fano));
        Add(table, "Hawkes ratio", hawkes, "windows of 10, 40, 160 s",
            $"{Show(result.Branching10s)}, {Show(result.Branching40s)}, {Show(result.Branching160s)}");
        return table;
    }

    private static Table Minutes(LiquidationResult result)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn("minute");
        foreach (var name in (string[])["orders", "sold", "bought", "sold/s", "L3", "pressure"])
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        table.AddColumn("regime");
        var busiest = result.BusiestMinute is { } most ? result.Minutes.ToList().IndexOf(most) : 0;
        foreach (var minute in result.Minutes.Skip(Math.Max(0, busiest - (MostMinutes / 2))).Take(MostMinutes))
        {
            table.AddRow(
                minute.Time, $"{minute.Orders}", $"{minute.Sold:N0}", $"{minute.Bought:N0}",
                $"{minute.SoldPerSecond:N0}", Show(minute.Branching), Show(minute.Pressure), minute.Regime);
        }

        return table;
    }

    private static void Add(Table table, params string[] cells) =>
        table.AddRow([.. cells.Select(Markup.Escape)]);

    private static string Show(double? value) => value is { } known ? $"{known:G4}" : "-";

    private static string Percent(double? value) => value is { } known ? $"{known:P1}" : "-";
}
