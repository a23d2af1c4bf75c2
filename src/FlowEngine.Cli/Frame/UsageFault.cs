using System.CommandLine;

namespace FlowEngine.Cli.Frame;

/// <summary>Words for what a parser found wrong.</summary>
internal static class UsageFault
{
    private const string MissingCommand = "Required command was not provided.";
    private const string Unrecognised = "Unrecognized command or argument ";

    /// <summary>The first fault worth reading, in one line.</summary>
    public static string Of(ParseResult parsed)
    {
        var messages = parsed.Errors.Select(error => error.Message).ToList();
        var message = messages.Find(text => text != MissingCommand) ?? "no command";
        if (message.StartsWith(Unrecognised, StringComparison.Ordinal))
        {
            var token = message[Unrecognised.Length..].TrimEnd('.');
            var isOption = token.StartsWith("'-", StringComparison.Ordinal);
            message = isOption ? $"unknown option {token}"
                : parsed.CommandResult.Command.Subcommands.Count > 0 ? $"unknown command {token}"
                : $"unknown argument {token}";
        }

        return message.ReplaceLineEndings(" ").TrimEnd('.');
    }
}
