using System.CommandLine;
using System.Globalization;
using FlowEngine.Cli.Book;
using FlowEngine.Cli.Cost;
using FlowEngine.Cli.Evaluate;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Input;
using FlowEngine.Feeds.Readers;
using Spectre.Console;

namespace FlowEngine.Cli.Commands;

/// <summary><c>cost</c>: what an order would cost, as of one moment of a recorded market.</summary>
internal static class CostCommand
{
    private const string Description =
        "What an order would cost as of one moment of a capture, all from one book and what was seen before it: "
        + "sweeping the book now, impact of past trades that is still to fade, the schedule of Almgren and Chriss "
        + "beside equal slices, the square-root estimate, and the shock from which on forced orders feed themselves.";

    private const double DefaultAversion = 1e-6;

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var input = new InputOptionSet();
        var files = CliOption.Files("FILE", "The capture", ArgumentArity.OneOrMore);
        var at = CliOption.Text(
            "--at", "TIME", "Venue time such as 2012-06-21T13:45:00Z, or nanoseconds since epoch [default: the end]");
        var side = CliOption.Text("--side", "SIDE", "buy or sell [default: sell]");
        var size = CliOption.Text("--size", "N", "How much, in the venue's unit; must be given");
        var horizon = CliOption.Text("--horizon", "TIME", "How long it may take, such as 5m [default: 5m]");
        var slices = CliOption.Whole("--slices", "In how many parts", 1, 1000, 10);
        var aversion = CliOption.Number(
            "--risk-aversion", "R", "Almgren and Chriss's, for one of the quote currency", 0, 1e6, DefaultAversion);
        var symbol = CliOption.Text("--symbol", "NAME", "Instrument [default: the file's first]");
        var command = new CliCommand(
            "cost",
            Description,
            "symbol, time, sequence, sweep, transientTicks, squareRootBps, optimal, straight, critical and inputs",
            "flowengine cost LOBSTER_SampleFile_AMZN_2012-06-21_5.zip --at 2012-06-21T14:00:00Z --side sell --size 500",
            "flowengine cost capture.pcapng --symbol BTC-PERPETUAL --side buy --size 20000 --horizon 1m --json");
        command.Arguments.Add(files);
        foreach (Option option in (Option[])[at, side, size, horizon, slices, aversion, symbol])
        {
            command.Options.Add(option);
        }

        input.AddTo(command);
        return command.Runs(services, context =>
        {
            var request = new CostRequest(
                SignOf(context.Get(side)), SizeOf(context.Get(size)),
                Durations.Parse("--horizon", context.Get(horizon) ?? "5m"), (int)context.Get(slices),
                context.Get(aversion));
            var moment = BookMoment.Of(context.Get(at), null);
            if (context.Get(files) is not [var path])
            {
                throw UserError.Usage("one book comes from one file: give one");
            }

            Func<string, FileReader> open = input.Read(context.Parsed);
            using var stream = new MarketStream([path], open);
            var past = new MarketPast(moment, context.Get(symbol));
            stream.Run(past, context.Stop);
            var result = new CostEstimate(past, request, path).Read();
            Show(context.Output, result);
            context.Output.Result(
                result,
                CostJson.Default.CostResult,
                $"{result.Symbol} as of {result.Time}, sequence {result.Sequence}");
            return ExitCode.Success;
        });
    }

    private static int SignOf(string? side) => side switch
    {
        null or "sell" => -1,
        "buy" => 1,
        _ => throw UserError.Usage($"--side is '{side}': use buy or sell"),
    };

    private static decimal SizeOf(string? size) =>
        decimal.TryParse(size, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value > 0
            ? value
            : throw UserError.Usage(size is null
                ? "--size is missing: say how much, such as --size 500"
                : $"--size is '{size}': use a number above 0");

    private static void Show(CommandOutput output, CostResult result)
    {
        var console = output.CreateConsole();
        console.Write(Sweeps(result));
        var table = new Table().Border(TableBorder.Simple).HideHeaders();
        table.AddColumns("", "");
        Add(table, "mid, spread", $"{Show(result.Mid, "F4")}, {Show(result.SpreadBps, "F2")} bps");
        Add(table, "impact still to fade", $"{Show(result.TransientTicks, "F3")} ticks now, "
            + $"{Show(result.TransientAtHorizonTicks, "F3")} in {result.HorizonSeconds} s");
        Add(table, "square root", $"{Show(result.SquareRootBps, "F2")} bps");
        Add(table, "Almgren-Chriss", Line(result.Optimal));
        Add(table, "equal slices", Line(result.Straight));
        Add(table, "critical shock", $"{Show((double?)result.Critical.Size, "G6")}: {result.Critical.Why}");
        Add(table, "rests on", $"{result.Inputs.Trades:N0} trades, {Show(result.Inputs.VolumePerHour, "N0")} an hour, "
            + $"{Show(result.Inputs.VolatilityBps, "F2")} bps deviation over the horizon");
        console.Write(table);
        if (result.Critical.IsReached)
        {
            output.Notice($"warning: {result.Size} is at or above the critical shock of {result.Critical.Size}: "
                + "the order itself may start a cascade");
        }
    }

    private static Table Sweeps(CostResult result)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var name in (string[])[$"{result.Side} now", "fills", "vwap", "worst", "ticks", "bps", "levels"])
        {
            table.AddColumn(new TableColumn(name).RightAligned());
        }

        foreach (var line in result.Sweep)
        {
            table.AddRow(
                Show((double)line.Size, "G8"), Show((double)line.Filled, "G8"), Show(line.Vwap, "F4"),
                Show(line.Worst, "F4"), Show(line.SlippageTicks, "F3"), Show(line.SlippageBps, "F3"), $"{line.Levels}");
        }

        return table;
    }

    private static string Line(ScheduleResult? schedule) => schedule is null
        ? "not known: fewer than thirty seconds, or no move, before that moment"
        : $"{Show(schedule.ExpectedBps, "F2")} ± {Show(schedule.DeviationBps, "F2")} bps, on this book "
            + $"{Show(schedule.LiveBps, "F2")}: {string.Join(' ', schedule.Slices.Take(12))}";

    private static void Add(Table table, string name, string value) =>
        table.AddRow(Markup.Escape(name), Markup.Escape(value));

    private static string Show(double? value, string format) =>
        value is { } known ? known.ToString(format, CultureInfo.InvariantCulture) : "-";
}
