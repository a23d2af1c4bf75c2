using System.CommandLine;
using FlowEngine.Cli.Explain;
using FlowEngine.Cli.Export;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Input;
using FlowEngine.Cli.Run;
using FlowEngine.Sbe.OnTheFly;

namespace FlowEngine.Cli.Commands;

/// <summary><c>export</c>: every value that the engine publishes of a capture, as tables.</summary>
internal static class ExportCommand
{
    private const string Description =
        "Run a capture through the engine and write every signal message it computes, for research: one table a "
        + "kind of message, a row a message, a column a field (an array has one an element, counted from 1), with the "
        + "instrument's symbol. What is null in signals.xml is an empty cell; validity is the bits of its flags.";

    private const int ProgressInterval = 4096;

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var input = new InputOptionSet();
        var engine = new EngineOptionSet();
        var files = CliOption.Files("FILE", "The capture, or quotes and trades of one day", ArgumentArity.OneOrMore);
        var to = CliOption.Text("--to", "DIR", "Directory for the tables; made if need be; must be given");
        var parquet = CliOption.Flag("--parquet", "Write Parquet [default: CSV]");
        var messages = CliOption.Text("--messages", "NAMES", "Only these, with commas between [default: all]");
        var symbol = CliOption.Text("--symbol", "NAME", "Only this instrument [default: all]");
        var command = new CliCommand(
            "export",
            Description,
            "directory, events, parameterHash and tables {message, rows}",
            "flowengine export capture.pcapng --to tables --parquet",
            "flowengine export LOBSTER_SampleFile_AMZN_2012-06-21_5.zip --to tables --messages sellPressure,feedback");
        command.Arguments.Add(files);
        foreach (Option option in (Option[])[to, parquet, messages, symbol])
        {
            command.Options.Add(option);
        }

        input.AddTo(command);
        engine.AddConfigurationTo(command);
        return command.Runs(services, context =>
        {
            var paths = context.Get(files);
            var directory = context.Get(to) ?? throw UserError.Usage("--to is missing: name a directory");
            var schema = SignalSchema.Load();
            var wanted = Names(context.Get(messages), schema);
            TableFile.MakeDirectory("--to", directory);
            using var tap = new ExportTap(schema, new ExportOptions(
                directory, Path.GetFileNameWithoutExtension(paths[0]), context.Get(parquet), wanted,
                context.Get(symbol)));
            using var replay = new TappedReplay(
                paths, input.Read(context.Parsed), engine.ReadOptions(context), tap);
            tap.Watch(replay.Pipeline.State);
            Replay(replay, new ReadProgress(context.Output, paths), context.Stop);
            ExportedTable[] tables = [.. tap.Tables.Select(table => new ExportedTable(table.Message, table.Rows))];
            if (tables.Length == 0)
            {
                throw new UserError($"{paths[0]}: nothing was published"
                    + (context.Get(symbol) is { } name ? $" of '{name}'" : ""));
            }

            var result = new ExportResult(
                directory, replay.Pipeline.State.Totals.Events, replay.Identity.ParameterHash.ToString("x16"), tables);
            context.Output.Result(
                result,
                ExportJson.Default.ExportResult,
                $"{tables.Sum(table => table.Rows):N0} messages in {tables.Length} tables in {directory}");
            return ExitCode.Success;
        });
    }

    private static HashSet<string> Names(string? text, SchemaDecoder schema)
    {
        var names = (text ?? "").Split(
            ',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet();
        var known = schema.Schema.Messages.Select(message => message.Name).ToList();
        return names.FirstOrDefault(name => !known.Contains(name)) is { } unknown
            ? throw UserError.Usage($"--messages names '{unknown}': use {string.Join(", ", known)}")
            : names;
    }

    private static void Replay(TappedReplay replay, ReadProgress progress, StopSignal stop)
    {
        progress.Begin();
        var packets = 0L;
        replay.Run(
            () =>
            {
                if (++packets % ProgressInterval == 0)
                {
                    progress.Show(replay.File, packets);
                }

                return false;
            },
            stop);
        progress.Clear();
    }
}
