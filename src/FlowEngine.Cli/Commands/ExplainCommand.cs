using System.CommandLine;
using System.Globalization;
using FlowEngine.Cli.Book;
using FlowEngine.Cli.Explain;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Input;
using FlowEngine.Cli.Run;
using Spectre.Console;

namespace FlowEngine.Cli.Commands;

/// <summary><c>explain</c>: the inputs behind one published value.</summary>
internal static class ExplainCommand
{
    private const string Description =
        "Why was this published? Every value that the engine publishes names the event that completed it "
        + "(provenance.eventSequence in signals.xml). This replays a capture through the same engine to that event "
        + "and shows all that went into it: the event, the book before and after, each message with every field by "
        + "name and meaning, both sides of the order flow, and the score leg by leg: its value, what is usual, how "
        + "many deviations that is, its weight, what it adds, and why a leg is not known. Use the configuration that "
        + "the engine had: with another parameterHash the numbers are other numbers.";

    private const string Origin = "provenance.";
    private const StringComparison Comparison = StringComparison.Ordinal;

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var input = new InputOptionSet();
        var engine = new EngineOptionSet();
        var files = CliOption.Files("FILE", "The capture", ArgumentArity.OneOrMore);
        var sequence = CliOption.OptionalWhole(
            "--seq", "The event: provenance.eventSequence of the value, as this file's replay counts", 0,
            long.MaxValue);
        var at = CliOption.Text(
            "--at", "TIME", "Instead: the last event with values up to this venue time, such as 2012-06-21T13:45:00Z");
        var symbol = CliOption.Text("--symbol", "NAME", "Instrument [default: the event's own; with --at the first]");
        symbol.Aliases.Add("--instrument");
        var command = new CliCommand(
            "explain",
            Description,
            "symbol, sequence, events, before, after and published (fields, flow and legs)",
            "flowengine explain capture.pcapng --seq 20000",
            "flowengine explain capture.pcapng --at 2023-07-19T16:00:00Z --symbol BTC-PERPETUAL",
            "flowengine explain LOBSTER_SampleFile_AMZN_2012-06-21_5.zip --at 2012-06-21T14:00:00Z --json");
        command.Arguments.Add(files);
        command.Options.Add(sequence);
        command.Options.Add(at);
        command.Options.Add(symbol);
        input.AddTo(command);
        engine.AddConfigurationTo(command);
        return command.Runs(services, context =>
        {
            if (context.Get(files) is not [var path])
            {
                throw UserError.Usage("an event is one of one file: give one");
            }

            var moment = BookMoment.Of(context.Get(at), context.Get(sequence));
            var run = new ExplainRun(path, input.Read(context.Parsed), engine.ReadOptions(context), context.Stop);
            var (wanted, name) = moment switch
            {
                { Sequence: { } given } => ((long)given, context.Get(symbol)),
                { TimeNs: { } time } => run.Find(time, context.Get(symbol)),
                _ => throw UserError.Usage("which event? give its number with --seq, or a time with --at"),
            };
            var result = run.Explain(wanted, name);
            Show(context.Output, result);
            context.Output.Result(
                result,
                ExplainJson.Default.ExplainResult,
                $"{result.Symbol}, event {result.Sequence}: {result.Published.Count} messages, parameters "
                + result.ParameterHash);
            return ExitCode.Success;
        });
    }

    private static void Show(CommandOutput output, ExplainResult result)
    {
        var console = output.CreateConsole();
        console.Write(Events(result));
        console.Write(Books(result));
        var isFirst = true;
        foreach (var message in result.Published)
        {
            console.Write(Fields(message, result.Sequence, isFirst));
            isFirst = false;
            if (message.Flow is { } flow)
            {
                console.Write(Line($"order flow ({flow.Step}): bid side {flow.Bid} lots, ask side {flow.Ask} lots, "
                    + $"together {flow.Bid + flow.Ask}"));
            }

            if (message.Legs is { } legs)
            {
                console.Write(Legs(legs));
            }
            else if (message.Name == "sellPressure")
            {
                console.Write(Line("stale: the score holds from an event before, which has its legs"));
            }
        }
    }

    private static Table Events(ExplainResult result)
    {
        var table = Named("event", "kind", "side", "price", "size", "flags", "venue sequence", "venue time");
        foreach (var e in result.Events)
        {
            Row(
                table, $"{e.Sequence}", e.Kind, e.Side, Text(e.Price), Text(e.Size), e.Flags, $"{e.VenueSequence}",
                e.VenueTime);
        }

        return table;
    }

    private static Table Books(ExplainResult result)
    {
        var table = Named(
            $"bids before ({result.Before.State})", "asks before", $"bids after ({result.After.State})", "asks after");
        IReadOnlyList<BookLevel>[] sides =
            [result.Before.Bids, result.Before.Asks, result.After.Bids, result.After.Asks];
        for (var rank = 0; rank < sides.Max(side => side.Count); rank++)
        {
            Row(table, [.. sides.Select(side => rank < side.Count
                ? $"{Text(side[rank].Size)} at {Text(side[rank].Price)}"
                : "")]);
        }

        return table;
    }

    // What all of them say of the event is said once.
    private static Table Fields(ExplainedMessage message, long sequence, bool isFirst)
    {
        var when = message.ComputedAt == sequence ? "with the event" : $"at the timer {message.ComputedAt}";
        var table = Named($"{message.Name}, {when}", "value", "meaning");
        foreach (var line in message.Lines.Where(line => isFirst || !line.Name.StartsWith(Origin, Comparison)
            || line.Name is Origin + "validity" or Origin + "sequence" or Origin + "delivery"))
        {
            Row(table, line.Name, line.Value, line.Meaning);
        }

        return table;
    }

    private static Table Legs(IReadOnlyList<ExplainedLeg> legs)
    {
        var table = Named("leg, + sells", "value", "usual", "deviation", "z", "weight", "adds", "what it is");
        foreach (var leg in legs)
        {
            Row(
                table, leg.Name, Text(leg.Value), Text(leg.Usual), Text(leg.Deviation), Text(leg.Z), Text(leg.Weight),
                Text(leg.Contribution), leg.Why is null ? leg.Of : $"{leg.Of}: {leg.Why}");
        }

        Row(table, "raw", "", "", "", "", "", Text(legs.Sum(leg => leg.Contribution)), "score = 100 tanh(raw / 2)");
        return table;
    }

    private static Markup Line(string text) => new(Markup.Escape(text) + "\n");

    private static Table Named(params string[] columns)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var column in columns)
        {
            table.AddColumn(Markup.Escape(column));
        }

        return table;
    }

    private static void Row(Table table, params string[] cells) =>
        table.AddRow([.. cells.Select(cell => Markup.Escape(cell))]);

    private static string Text(decimal? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Text(double? value) => value?.ToString("G6", CultureInfo.InvariantCulture) ?? "-";
}
