using System.CommandLine;
using System.Globalization;
using FlowEngine.Cli.Book;
using FlowEngine.Cli.Cost;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Input;
using FlowEngine.Cli.Run;
using Spectre.Console;

namespace FlowEngine.Cli.Commands;

/// <summary><c>cost</c>: what an order would cost, as of one moment of a recorded market, or now.</summary>
internal static class CostCommand
{
    private const string Description =
        "What an order would cost, all from one book and what was seen before it: as of one moment of a capture, or "
        + "with --live right now, by asking a running engine. Tells what sweeping the book costs, the "
        + "impact of past trades that is still to fade, the schedule of Almgren and Chriss beside equal slices, the "
        + "square-root estimate, and the shock from which on forced orders feed themselves. Both ways are one "
        + "calculation: the same events give the same answer.";

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var input = new InputOptionSet();
        var engine = new EngineOptionSet();
        var aeron = new AeronOptionSet("With --live: the media driver [default: $AERON_DIR or /dev/shm/aeron-USER]");
        var order = new OrderOptionSet();
        var files = CliOption.Files("FILE", "The capture; none with --live", ArgumentArity.ZeroOrMore);
        var live = CliOption.Flag("--live", "Ask a running engine ('flowengine run') instead of reading a file");
        var at = CliOption.Text(
            "--at", "TIME", "Venue time such as 2012-06-21T13:45:00Z, or nanoseconds since epoch [default: the end]");
        var sequence = CliOption.OptionalWhole(
            "--seq", "After this event: eventSequence of a published value or of another answer", 0, long.MaxValue);
        var symbol = CliOption.Text("--symbol", "NAME", "Instrument [default: the first]");
        var command = new CliCommand(
            "cost",
            Description,
            "symbol, time, eventSequence, sweep, transientTicks, squareRootBps, optimal, straight, critical and inputs",
            "flowengine cost LOBSTER_SampleFile_AMZN_2012-06-21_5.zip --at 2012-06-21T14:00:00Z --side sell --size 500",
            "flowengine cost capture.pcapng --symbol BTC-PERPETUAL --side buy --size 20000 --horizon 1m --json",
            "flowengine cost --live --symbol BTC-PERPETUAL --side sell --size 20000 --horizon 10m --slices 20");
        command.Arguments.Add(files);
        command.Options.Add(live);
        command.Options.Add(at);
        command.Options.Add(sequence);
        order.AddTo(command);
        command.Options.Add(symbol);
        input.AddTo(command);
        engine.AddConfigurationTo(command);
        aeron.AddTo(command, signals: true, questions: true);
        return command.Runs(services, context =>
        {
            var request = order.Read(context);
            var moment = MomentOf(context.Get(at), context.Get(sequence));
            if (!context.Get(live))
            {
                var replay = new CostReplay(
                    PathOf(context.Get(files)), input.Read(context.Parsed), engine.ReadOptions(context));
                return Show(context, FileCost.Read(replay, request, moment, context.Get(symbol), context.Stop), null);
            }

            if (context.Get(files).Length > 0 || moment != default)
            {
                throw UserError.Usage("--live asks for now: give no file, no --at and no --seq");
            }

            var (result, elapsedNs) =
                LiveCost.Read(aeron.Read(context.Parsed), request, context.Get(symbol), context.Stop);
            return Show(context, result, elapsedNs);
        });
    }

    private static CostMoment MomentOf(string? at, long? sequence) => at is null || sequence is null
        ? new CostMoment(BookMoment.Of(at, null), sequence)
        : throw UserError.Usage("--at and --seq exclude each other: give one of them");

    private static string PathOf(string[] files) => files switch
    {
        [var path] => path,
        [] => throw UserError.Usage("no file: give a capture, or --live to ask a running engine"),
        _ => throw UserError.Usage("one book comes from one file: give one"),
    };

    private static int Show(CommandContext context, CostResult result, long? elapsedNs)
    {
        Show(context.Output, result);
        var asked = elapsedNs is { } ns ? $", answered in {ns / 1e3:N0} µs" : "";
        context.Output.Result(
            result,
            CostJson.Default.CostResult,
            $"{result.Symbol} as of {result.Time}, event {result.EventSequence}, venue sequence {result.Sequence}, "
            + $"validity {result.Validity}{asked}");
        return ExitCode.Success;
    }

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
