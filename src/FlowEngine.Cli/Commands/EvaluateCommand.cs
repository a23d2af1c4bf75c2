using System.CommandLine;
using FlowEngine.Cli.Book;
using FlowEngine.Cli.Evaluate;
using FlowEngine.Cli.Export;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Input;
using FlowEngine.Feeds.Readers;

namespace FlowEngine.Cli.Commands;

/// <summary><c>evaluate</c>: the scorecard of the signals on recorded markets.</summary>
internal static class EvaluateCommand
{
    private const string Description =
        "Hold signals against the moves of the mid, in the same interval and after it: R², slopes, hit rates with "
        + "their interval and base rate, each beside the same signal shuffled; order flow imbalance window by window "
        + "with its depth law, markouts of trades, VPIN, Kyle's λ, Amihud's illiquidity, and what forced orders did. "
        + "Files of quotes and trades of one day (Lean), or of forced orders and large trades (Binance tables), belong "
        + "together when they are given side by side. The session of US equities is 09:30 to 16:00 New York, others "
        + "begin with their first event.";

    private const string LongestTime = "such as 10s or 30m";
    private static readonly int[] s_horizons = [1, 6, 30];

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var input = new InputOptionSet();
        var files = CliOption.Files("FILE", "Captures", ArgumentArity.OneOrMore);
        var signals = CliOption.Text("--signals", "NAMES",
            $"With commas between [default: all]: {string.Join(", ", SignalChoice.All.Select(choice => choice.Name))}");
        var interval = CliOption.Text("--interval", "TIME", $"Length of an interval, {LongestTime} [default: 10s]");
        var window = CliOption.Text("--window", "TIME", $"Length of a window, {LongestTime} [default: 30m]");
        var horizons = CliOption.Wholes("--horizon", "How many intervals ahead [default: 1 6 30]", 1, 1_000_000);
        var seed = CliOption.Whole("--seed", "Of the shuffled control", 0, long.MaxValue, 1);
        var symbol = CliOption.Text("--symbol", "NAME", "Only this instrument [default: all]");
        var from = CliOption.Text("--from", "TIME", "Venue time, such as 2025-01-27T16:50:00Z [default: the start]");
        var to = CliOption.Text("--to", "TIME", "Venue time [default: the end]");
        var csv = CliOption.Text("--csv", "DIR", "Write every signal of every interval there, one file an instrument");
        var parquet = CliOption.Text("--parquet", "DIR", "The same as Parquet");
        var html = CliOption.Text("--html", "FILE", "Write the plots there, as one page that needs nothing else");
        var command = new CliCommand(
            "evaluate",
            Description,
            "files, each with its instruments {symbol, ofiTotal, firstIntervals, r2Mean, slopeMean, windows, "
                + "predictiveR2Mean, predictiveSlopeMean, depthLaw, impact, markouts, signals, perWindow} and "
                + "liquidations,",
            "flowengine evaluate LOBSTER_SampleFile_AAPL_2012-06-21_1.zip",
            "flowengine evaluate ibm_20131007_quote.zip ibm_20131007_trade.zip --signals ofi,imbalance --json",
            "flowengine evaluate 2025-01_forceorder.csv 2025-01_bigtrades.csv --from 2025-01-27T16:50Z "
                + "--to 2025-01-27T17:20Z");
        command.Arguments.Add(files);
        foreach (Option option in (Option[])[signals, interval, window, horizons, seed, symbol, from, to, csv, parquet,
            html])
        {
            command.Options.Add(option);
        }

        input.AddTo(command);
        return command.Runs(services, context =>
        {
            var intervalNs = Durations.Parse("--interval", context.Get(interval) ?? "10s");
            var windowNs = Durations.Parse("--window", context.Get(window) ?? "30m");
            if (windowNs % intervalNs != 0)
            {
                throw UserError.Usage("--window is no whole number of intervals: use a multiple of --interval");
            }

            var options = new EvaluateOptions(
                SignalChoice.Parse(context.Get(signals)), intervalNs, windowNs,
                context.Get(horizons) is { Length: > 0 } given ? given.Select(value => (int)value).ToArray()
                    : s_horizons,
                context.Get(seed), context.Get(symbol), Time(context.Get(from), 0),
                Time(context.Get(to), long.MaxValue));
            var outputs = new Outputs(context.Get(csv), context.Get(parquet), context.Get(html));
            return Run(context, context.Get(files), input.Read(context.Parsed), options, outputs);
        });
    }

    private static int Run(
        CommandContext context,
        string[] paths,
        Func<string, FileReader> open,
        EvaluateOptions options,
        Outputs outputs)
    {
        outputs.MakeDirectories();
        var report = outputs.Html is null ? null : new HtmlReport();
        var groups = FilePairs.Group(paths);
        var progress = new ReadProgress(context.Output, groups.Select(group => group[0]));
        var files = new List<EvaluatedFile>();
        var packetsBefore = 0L;
        foreach (var group in groups)
        {
            progress.Begin();
            using var run = new EvaluateRun(group, open, options);
            var packets = 0L;
            files.Add(run.Run(
                context.Stop, (reader, soFar) => progress.Show(reader, packetsBefore + (packets = soFar))));
            packetsBefore += packets;
            report?.Add(files[^1], run);
            outputs.WriteTables(Path.GetFileNameWithoutExtension(group[0]), run, options);
        }

        progress.Clear();
        if (!files.Exists(file => file.Instruments.Count > 0 || file.Liquidations is not null))
        {
            throw new UserError(
                $"{paths[0]}: nothing to evaluate: no books, trades or forced orders"
                + (options.Symbol is null ? " in that time" : $" of '{options.Symbol}' in that time"));
        }

        report?.Write(outputs.Html!);
        EvaluateReport.Show(context.Output, files);
        var result = new EvaluateResult(options.IntervalNs / 1e9, options.WindowNs / 1e9, options.Seed, files);
        context.Output.Result(
            result,
            EvaluateJson.Default.EvaluateResult,
            $"{files.Count} files, {files.Sum(file => file.Instruments.Count)} instruments, intervals of "
                + $"{result.IntervalSeconds} s; shuffled with seed {options.Seed}");
        return ExitCode.Success;
    }

    private sealed record Outputs(string? Csv, string? Parquet, string? Html)
    {
        // Before anything is read: a wrong name must not cost the reading.
        public void MakeDirectories()
        {
            foreach (var (option, directory) in ((string, string?)[])[("--csv", Csv), ("--parquet", Parquet)])
            {
                if (directory is not null)
                {
                    TableFile.MakeDirectory(option, directory);
                }
            }
        }

        public void WriteTables(string name, EvaluateRun run, EvaluateOptions options)
        {
            foreach (var (directory, isParquet) in ((string?, bool)[])[(Csv, false), (Parquet, true)])
            {
                if (directory is not null)
                {
                    SignalTable.Write(directory, isParquet, name, run, options);
                }
            }
        }
    }

    private static long Time(string? text, long otherwise) =>
        text is null ? otherwise : BookMoment.Of(text, null).TimeNs ?? otherwise;
}
