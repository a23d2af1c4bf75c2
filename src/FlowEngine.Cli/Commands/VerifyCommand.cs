using System.CommandLine;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Input;
using FlowEngine.Cli.Verify;
using FlowEngine.Core.Time;
using FlowEngine.Feeds.Readers;
using Spectre.Console;

namespace FlowEngine.Cli.Commands;

/// <summary><c>verify</c>: rebuilt books against the truth inside captures.</summary>
internal static class VerifyCommand
{
    private const string Description =
        "Rebuild the books of captures and hold them against the truth inside: rows of book files, checksums, best "
        + "bids and asks, sequences, orders. Ends with 1 if anything differs, and names the first place. Folders are "
        + "walked; what is no capture is passed over with a word why, and ends the command with 1 only if nothing else "
        + "was there. A file that does not exist ends it with 2 when the others are right.";

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var input = new InputOptionSet();
        var files = CliOption.Files("FILE", "Captures, or folders of them", ArgumentArity.OneOrMore);
        var command = new CliCommand(
            "verify",
            Description,
            "bookRows, checksums, tickers, sequence and orders, each {checked, equal, different, notComparable, "
                + "firstDifference}, of one file, or a list 'files' of several,",
            "flowengine verify LOBSTER_SampleFile_AAPL_2012-06-21_1.zip",
            "flowengine verify monday.pcap.gz recording.jsonl.zst --json");
        command.Arguments.Add(files);
        input.AddTo(command);
        return command.Runs(services, context => Run(context, context.Get(files), input.Read(context.Parsed)));
    }

    private static int Run(CommandContext context, string[] paths, Func<string, FileReader> open)
    {
        var startNs = SystemClock.Nanos();
        var list = new VerifyList(paths, open);
        var progress = new ReadProgress(context.Output, list.Paths);
        var results = new List<VerifyFile>();
        var packetsBefore = 0L;
        foreach (var path in list.Paths)
        {
            progress.Begin();
            if (list.TryOpen(path, out var whyNot) is not { } reader)
            {
                results.Add(VerifyFile.PassedOver(path, whyNot!));
                continue;
            }

            using var run = new VerifyRun(reader);
            var packets = 0L;
            results.Add(run.Run(context.Stop, (file, soFar) => progress.Show(file, packetsBefore + (packets = soFar))));
            packetsBefore += packets;
        }

        progress.Clear();
        var seconds = Math.Round((SystemClock.Nanos() - startNs) / 1e9, 3);
        Show(context.Output, results);
        var differ = results.Count(result => result.IsDifferent);
        var skipped = results.Count(result => result.Skipped is not null);
        var summary = $"{results.Count} files in {seconds:F1} s, {differ} with differences, {skipped} passed over";
        if (results.Count == 1)
        {
            context.Output.Result(results[0], VerifyJson.Default.VerifyFile, summary);
        }
        else
        {
            context.Output.Result(new VerifyFiles(results, seconds), VerifyJson.Default.VerifyFiles, summary);
        }

        return differ > 0 || skipped == results.Count ? ExitCode.Failed
            : list.IsAnyMissing ? ExitCode.BadUsage
            : ExitCode.Success;
    }

    private static void Show(CommandOutput output, List<VerifyFile> results)
    {
        var table = new Table().Border(TableBorder.Simple);
        table.AddColumns("file", "format", "records", "refused", "kind", "checked", "equal", "different",
            "not comparable");
        foreach (var result in results.Where(result => result.Skipped is null))
        {
            var first = true;
            foreach (var (name, kind) in result.Kinds.Where(kind => kind.Value is not null).DefaultIfEmpty())
            {
                string[] left = first
                    ? [Path.GetFileName(result.File), result.Format, $"{result.Records:N0}", $"{result.Refused:N0}"]
                    : ["", "", "", ""];
                string[] right = kind is null
                    ? ["nothing to hold against", "", "", "", ""]
                    : [name, $"{kind.Checked:N0}", $"{kind.Equal:N0}", $"{kind.Different:N0}",
                        $"{kind.NotComparable:N0}"];
                table.AddRow([.. left.Concat(right).Select(Markup.Escape)]);
                first = false;
            }
        }

        output.CreateConsole().Write(table);
        foreach (var result in results)
        {
            foreach (var (name, kind) in result.Kinds.Where(kind => kind.Value is { Different: > 0 }))
            {
                output.Notice($"{result.File}: {name}: {kind!.FirstDifference}");
            }

            if (result.Skipped is not null)
            {
                output.Notice($"{result.File}: passed over: {result.Skipped}");
            }

            if (result.FirstRefusal is not null)
            {
                output.Notice($"{result.File}: refused: {result.FirstRefusal}");
            }
        }
    }
}
