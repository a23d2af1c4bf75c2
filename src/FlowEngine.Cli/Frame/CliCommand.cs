using System.CommandLine;

namespace FlowEngine.Cli.Frame;

/// <summary>A command with examples in its help and <c>--json</c> among its options.</summary>
internal sealed class CliCommand : Command
{
    private readonly Option<bool> _json;

    /// <summary>A command; it does nothing before <see cref="Runs"/>.</summary>
    /// <param name="name">What the user types.</param>
    /// <param name="description">What it does, in a few sentences for somebody who sees it for the first time.</param>
    /// <param name="json">What the JSON object holds.</param>
    /// <param name="examples">Whole command lines.</param>
    public CliCommand(string name, string description, string json, params string[] examples)
        : base(name, description)
    {
        Examples = examples;
        _json = new Option<bool>("--json")
        {
            Description = $"Print {json} as one JSON object on the last line of stdout; the rest goes to stderr",
        };
        Options.Add(_json);
    }

    /// <summary>Command lines that the help shows.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>What the help says about <c>--json</c> where the result is not one object.</summary>
    public string JsonDescription
    {
        init => _json.Description = value;
    }

    /// <summary>Says what the command does and with which exit code it ends.</summary>
    public CliCommand Runs(FrameServices services, Func<CommandContext, int> body)
    {
        SetAction(parsed => body(
            new CommandContext(parsed, services.Output.WithJson(parsed.GetValue(_json)), services.Stop)));
        return this;
    }
}
