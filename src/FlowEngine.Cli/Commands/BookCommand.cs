using System.CommandLine;
using System.Globalization;
using FlowEngine.Cli.Book;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Input;
using FlowEngine.Feeds.Readers;
using Spectre.Console;

namespace FlowEngine.Cli.Commands;

/// <summary><c>book</c>: a book as a depth ladder.</summary>
internal static class BookCommand
{
    private const string Description =
        "Rebuild the book of one instrument of a capture up to a moment and show it as a depth ladder.";

    private const int BarWidth = 40;
    private const int DefaultLevels = 10;
    private const int MaxLevels = 1000;

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var input = new InputOptionSet();
        var files = CliOption.Files("FILE", "The capture", ArgumentArity.OneOrMore);
        var at = CliOption.Text(
            "--at", "TIME", "Venue time such as 2012-06-21T13:45:00Z, or nanoseconds since epoch [default: the end]");
        var sequence = CliOption.OptionalWhole("--seq", "Venue sequence of the instrument", 0, long.MaxValue);
        var levels = CliOption.Whole("--levels", "Levels a side", 1, MaxLevels, DefaultLevels);
        var symbol = CliOption.Text("--symbol", "NAME", "Instrument [default: the file's first]");
        var command = new CliCommand(
            "book",
            Description,
            "symbol, state, time, timeNs, sequence, bids and asks",
            "flowengine book LOBSTER_SampleFile_AMZN_2012-06-21_5.zip --at 2012-06-21T14:00:00Z --levels 5",
            "flowengine book capture.pcapng --symbol BTC-PERPETUAL --json");
        command.Arguments.Add(files);
        command.Options.Add(at);
        command.Options.Add(sequence);
        command.Options.Add(levels);
        command.Options.Add(symbol);
        input.AddTo(command);
        return command.Runs(services, context =>
        {
            var moment = BookMoment.Of(context.Get(at), context.Get(sequence));
            if (context.Get(files) is not [var path])
            {
                throw UserError.Usage("one book comes from one file: give one");
            }

            FileReader reader = input.Read(context.Parsed)(path);
            using var run = new BookRun(reader, context.Get(symbol));
            var result = run.Run(moment, (int)context.Get(levels));
            Show(context.Output, result);
            context.Output.Result(result, BookJson.Default.BookResult, $"{result.Symbol} as of {result.Time}");
            return ExitCode.Success;
        });
    }

    private static void Show(CommandOutput output, BookResult book)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumn(new TableColumn("size").RightAligned());
        table.AddColumn(new TableColumn("price").RightAligned());
        table.AddColumn($"{book.Symbol.EscapeMarkup()}  {book.State}  {book.Time}  seq {book.Sequence}");
        var largest = book.Bids.Concat(book.Asks).Select(level => level.Size).DefaultIfEmpty(0).Max();
        foreach (var level in book.Asks.Reverse())
        {
            Add(table, level, largest, "red");
        }

        table.AddEmptyRow();
        foreach (var level in book.Bids)
        {
            Add(table, level, largest, "green");
        }

        output.CreateConsole().Write(table);
    }

    private static void Add(Table table, BookLevel level, decimal largest, string colour)
    {
        var width = largest == 0 ? 0 : (int)Math.Ceiling(level.Size * BarWidth / largest);
        table.AddRow(
            level.Size.ToString(CultureInfo.InvariantCulture),
            $"[{colour}]{level.Price.ToString(CultureInfo.InvariantCulture)}[/]",
            $"[{colour}]{new string('█', width)}[/]");
    }
}
