using System.CommandLine;
using FlowEngine.Cli.Aeron;
using FlowEngine.Cli.Frame;

namespace FlowEngine.Cli.Commands;

/// <summary><c>aeron errors</c>: the distinct error log of a media driver.</summary>
internal static class AeronErrorsCommand
{
    private const string Description =
        "Print what a media driver has logged as errors: each distinct one once, with how often and when it was seen. "
        + "Works with any Aeron driver, and on what a dead one left.";

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var directory = DriverFiles.DirectoryOption();
        var command = new CliCommand(
            "errors",
            Description,
            "the directory, the number of distinct errors and the errors",
            "flowengine aeron errors",
            "flowengine aeron errors --dir /dev/shm/aeron-trader --json");
        command.Options.Add(directory);
        return command.Runs(services, context => Run(context.Output, DriverFiles.DirectoryOf(context, directory)));
    }

    private static int Run(CommandOutput output, string directory)
    {
        var report = ErrorReport.Read(directory);
        output.Result(report, AeronJson.Default.ErrorReport, report.ToText());
        return ExitCode.Success;
    }
}
