using System.CommandLine;

namespace FlowEngine.Cli.Frame;

/// <summary>What a running command gets from the frame.</summary>
/// <param name="Parsed">Its options and arguments.</param>
/// <param name="Output">Where it writes.</param>
/// <param name="Stop">When it has to end.</param>
internal sealed record CommandContext(ParseResult Parsed, CommandOutput Output, StopSignal Stop)
{
    /// <summary>The value of an option.</summary>
    public T Get<T>(Option<T> option) => Parsed.GetValue(option)!;

    /// <summary>The value of an argument.</summary>
    public T Get<T>(Argument<T> argument) => Parsed.GetValue(argument)!;
}
