using System.CommandLine;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Import;
using FlowEngine.Cli.Input;
using FlowEngine.Cli.Watch;
using FlowEngine.Core.Time;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Readers;
using FlowEngine.Feeds.Readers.Flow;

namespace FlowEngine.Cli.Commands;

/// <summary><c>import</c>: files of any known format into one <c>.flow</c> file.</summary>
internal static class ImportCommand
{
    private const string Description =
        "Write files of any known format as one .flow file: the same packets that 'feed' would send, with checksums "
        + "and an index. Every other command reads it.";

    private const int StopInterval = 4096;
    private const int BufferLength = 1 << 20;

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var input = new InputOptionSet();
        var files = CliOption.Files("FILE", "Files to read, one after the other", ArgumentArity.OneOrMore);
        var target = new Option<string>("--out")
        {
            Description = "The .flow file to write; what is there is replaced",
            HelpName = "FILE",
            Required = true,
        };
        var command = new CliCommand(
            "import",
            Description,
            "out, files, packets, bytes, records, refused, firstRefusal and elapsedSeconds",
            "flowengine import LOBSTER_SampleFile_AAPL_2012-06-21_1.zip --out aapl.flow",
            "flowengine import monday.dbn.zst tuesday.dbn.zst --out es.flow --json");
        command.Arguments.Add(files);
        command.Options.Add(target);
        input.AddTo(command);
        return command.Runs(services, context =>
            Run(context, context.Get(files), context.Get(target), input.Read(context.Parsed)));
    }

    private static int Run(CommandContext context, string[] paths, string target, Func<string, FileReader> open)
    {
        if (paths.Any(path => Path.GetFullPath(path) == Path.GetFullPath(target)))
        {
            throw UserError.Usage($"--out is '{target}', which is read too: write another file");
        }

        var startNs = SystemClock.Nanos();
        var progress = new ReadProgress(context.Output, paths);
        (long records, long refused, string? firstRefusal) = (0, 0, null);
        // The first file is opened before anything is replaced.
        var reader = open(paths[0]);
        using var writer = new FlowWriter(File.Create(target, BufferLength));
        for (var i = 0; i < paths.Length; i++)
        {
            progress.Begin();
            reader = i == 0 ? reader : open(paths[i]);
            using (reader)
            {
                Copy(context, reader, writer, progress);
                records += reader.Statistics.Records;
                refused += reader.Statistics.Refused;
                firstRefusal ??= reader.Statistics.FirstRefusal is { } first ? $"{reader.Path} {first}" : null;
            }
        }

        writer.Complete();
        progress.Clear();
        var seconds = Math.Round((SystemClock.Nanos() - startNs) / 1e9, 3);
        var result = new ImportResult(
            target, paths.Length, writer.Packets, writer.Bytes, records, refused, firstRefusal, seconds);
        if (firstRefusal is not null)
        {
            context.Output.Notice($"flowengine: {refused} records refused, the first: {firstRefusal}");
        }

        context.Output.Result(result, ImportJson.Default.ImportResult,
            $"{target}: {WatchFormat.Count(writer.Packets)} packets, {WatchFormat.Count(writer.Bytes)} bytes in "
            + $"{seconds:F1} s");
        return ExitCode.Success;
    }

    private static void Copy(CommandContext context, FileReader reader, FlowWriter writer, ReadProgress progress)
    {
        var buffer = new byte[VenueEnvelope.MaxLength];
        for (int length; (length = reader.ReadPacket(buffer, out var captureTimeNs)) > 0;)
        {
            writer.Append(buffer.AsSpan(0, length), captureTimeNs);
            if (writer.Packets % StopInterval == 0)
            {
                progress.Show(reader, writer.Packets);
                if (context.Stop.IsRequested)
                {
                    throw new UserError($"stopped at {reader.Path} {reader.Place}: the .flow file has no index");
                }
            }
        }
    }
}
