using System.CommandLine;
using FlowEngine.Cli.Aeron;
using FlowEngine.Cli.Frame;

namespace FlowEngine.Cli.Commands;

/// <summary><c>aeron loss</c>: the loss report of a media driver.</summary>
internal static class AeronLossCommand
{
    private const string Description =
        "Print a media driver's loss report: for each stream and source, how many gaps its receiver saw, how many "
        + "bytes they had, and when. Lost bytes of reliable streams are sent again: this is what the network did, not "
        + "what the application missed. Works with any Aeron driver, and on what a dead one left.";

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var directory = DriverFiles.DirectoryOption();
        var command = new CliCommand(
            "loss",
            Description,
            "the directory, the number of entries and the entries",
            "flowengine aeron loss",
            "flowengine aeron loss --dir /dev/shm/aeron-trader --json");
        command.Options.Add(directory);
        return command.Runs(services, context => Run(context.Output, DriverFiles.DirectoryOf(context, directory)));
    }

    private static int Run(CommandOutput output, string directory)
    {
        var report = LossReport.Read(directory);
        output.Result(report, AeronJson.Default.LossReport, report.ToText());
        return ExitCode.Success;
    }
}
