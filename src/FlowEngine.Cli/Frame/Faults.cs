using System.CommandLine;
using System.CommandLine.Parsing;
using FlowEngine.Aeron;
using FlowEngine.Feeds.Captures;

namespace FlowEngine.Cli.Frame;

/// <summary>Turns what ended a command into one line on stderr and an exit code.</summary>
internal static class Faults
{
    /// <summary>Reports an exception.</summary>
    /// <returns>The exit code.</returns>
    public static int Report(Exception exception, ParseResult parsed, CommandOutput output)
    {
        switch (exception)
        {
            case UserError { ExitCode: ExitCode.BadUsage }:
                return ReportUsage(exception.Message, parsed, output);
            case UserError error:
                output.Notice($"flowengine: {OneLine(error.Message)}");
                return error.ExitCode;
            case CaptureException or AeronException or IOException or UnauthorizedAccessException:
                output.Notice($"flowengine: {OneLine(exception.Message)}");
                return ExitCode.Failed;
            default:
                output.Notice($"flowengine: fault in FlowEngine itself, please report it: {exception}");
                return ExitCode.Failed;
        }
    }

    /// <summary>Reports a command line that makes no sense, and where to read what does.</summary>
    /// <returns>The exit code.</returns>
    public static int ReportUsage(string fault, ParseResult parsed, CommandOutput output)
    {
        var isRoot = parsed.CommandResult.Command is RootCommand;
        var name = PathOf(parsed.CommandResult);
        output.Notice(isRoot
            ? $"flowengine: {OneLine(fault)}; see 'flowengine --help'"
            : $"flowengine: {name}: {OneLine(fault)}; see 'flowengine {name} --help'");
        return ExitCode.BadUsage;
    }

    // "aeron ping" for a command below another one.
    private static string PathOf(CommandResult result) =>
        result.Parent is CommandResult { Command: not RootCommand } above
            ? $"{PathOf(above)} {result.Command.Name}"
            : result.Command.Name;

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();
}
