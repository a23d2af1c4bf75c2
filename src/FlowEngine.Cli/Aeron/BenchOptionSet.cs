using System.CommandLine;
using FlowEngine.Aeron;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Run;

namespace FlowEngine.Cli.Aeron;

/// <summary>Options that ping, pong and throughput share; defaults are those of Aeron's own samples.</summary>
internal sealed class BenchOptionSet
{
    private const long MaxFragments = 1_000_000;
    private const long DefaultFragments = 10;

    private readonly Option<string?> _directory = AeronOptionSet.Directory(
        "Directory of a media driver that runs, ours or Aeron's own [default: one embedded in this process]");

    private readonly Option<bool> _concurrent = CliOption.Flag(
        "--concurrent", "Publish as many threads could at once [default: an exclusive publication, for one thread]");

    private readonly Option<long> _fragmentLimit = CliOption.Whole(
        "--fragment-limit", "Take at most N fragments in one poll", 1, MaxFragments, DefaultFragments);

    private readonly Option<string> _idle = CliOption.Choice(
        "--idle",
        "STRATEGY",
        $"What a loop does that finds nothing: {string.Join(", ", ChosenIdle.Names)}; spinning takes a core",
        ChosenIdle.Names,
        ChosenIdle.Names[0]);

    /// <summary>Adds all to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_directory);
        command.Options.Add(_concurrent);
        command.Options.Add(_fragmentLimit);
        command.Options.Add(_idle);
    }

    /// <summary>What the user gave.</summary>
    public BenchOptions Read(CommandContext context) => new(
        context.Get(_directory),
        context.Get(_concurrent),
        (int)context.Get(_fragmentLimit),
        context.Get(_idle));

    /// <summary>A channel's option.</summary>
    public static Option<string> Channel(string name, string description)
    {
        var option = new Option<string>(name)
        {
            Description = description,
            HelpName = "URI",
            DefaultValueFactory = _ => AeronOptions.DefaultChannel,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count > 0 && !ChannelUri.TryParse(result.Tokens[^1].Value, out _, out var error))
            {
                result.AddError($"{name}: {error}; use 'aeron:ipc' or 'aeron:udp?endpoint=host:port'");
            }
        });
        return option;
    }

    /// <summary>A stream id's option.</summary>
    public static Option<long> Stream(string name, string description, int defaultValue) =>
        CliOption.Whole(name, description, int.MinValue, int.MaxValue, defaultValue);
}

/// <summary>What the user gave.</summary>
/// <param name="Directory">Of a driver that runs; null: embed one.</param>
/// <param name="IsConcurrent">Whether to use the kind of publication that threads may share.</param>
/// <param name="FragmentLimit">Most fragments of a poll.</param>
/// <param name="Idle">Name of the idle strategy.</param>
internal sealed record BenchOptions(string? Directory, bool IsConcurrent, int FragmentLimit, string Idle)
{
    /// <summary>The kind of publication, in words.</summary>
    public string PublicationKind => IsConcurrent ? "concurrent" : "exclusive";

    /// <summary>Connects to the driver, or embeds one and says so.</summary>
    public AeronHome Open(CommandContext context, string clientName)
    {
        if (Directory is { } directory)
        {
            return AeronHome.Attach(directory, clientName);
        }

        var home = AeronHome.Embed(DriverAccess.PrivateDirectory(), clientName);
        context.Output.Notice($"flowengine: no --dir: a media driver of our own is embedded, in {home.Directory}");
        return home;
    }
}
