using System.CommandLine;
using FlowEngine.Cli.Aeron;
using FlowEngine.Cli.Frame;

namespace FlowEngine.Cli.Commands;

/// <summary><c>aeron streams</c>: the streams of a media driver and how far each end of them is.</summary>
internal static class AeronStreamsCommand
{
    private const string Description =
        "Print the streams of a media driver, one per line, with all their positions: publishers (pub-pos, pub-lmt), "
        + "sender and receiver (snd-pos, snd-lmt, rcv-hwm, rcv-pos) and subscribers (sub-pos), each as "
        + "name:registration:value. Read from the driver's counters; works with any Aeron driver, and on what a dead "
        + "one left.";

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var directory = DriverFiles.DirectoryOption();
        var command = new CliCommand(
            "streams",
            Description,
            "the directory, the number of streams and the streams with their positions",
            "flowengine aeron streams",
            "flowengine aeron streams --dir /dev/shm/aeron-trader --json");
        command.Options.Add(directory);
        return command.Runs(services, context => Run(context.Output, DriverFiles.DirectoryOf(context, directory)));
    }

    private static int Run(CommandOutput output, string directory)
    {
        var report = StreamReport.Read(directory);
        output.Result(report, AeronJson.Default.StreamReport, report.ToText());
        return ExitCode.Success;
    }
}
