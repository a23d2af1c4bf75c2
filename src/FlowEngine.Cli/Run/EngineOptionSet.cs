using System.CommandLine;
using FlowEngine.Cli.Frame;
using FlowEngine.Engine;

namespace FlowEngine.Cli.Run;

/// <summary>The engine's options on a command line: its configuration file and how its threads wait.</summary>
internal sealed class EngineOptionSet
{
    private readonly Option<string?> _config = CliOption.Text(
        "--config", "FILE", "Engine configuration, JSON; what it leaves out has its default");

    private readonly Option<string?> _idle = CliOption.Text(
        "--idle",
        "KIND",
        "What idle threads do: yielding (default), busy-spin (takes a core each) or backoff (saves power)");

    private readonly Option<string?> _threads = CliOption.Text(
        "--threads",
        "LAYOUT",
        "Threads of ingress and engine: dedicated (one each), shared (one for both) or auto (shared on two cores or "
        + "less)");

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_config);
        command.Options.Add(_idle);
        command.Options.Add(_threads);
    }

    /// <summary>Adds the configuration alone, to a command whose engine has no threads.</summary>
    public void AddConfigurationTo(Command command) => command.Options.Add(_config);

    /// <summary>The configuration the user gave, checked.</summary>
    /// <exception cref="UserError">There is no such file, or it cannot be used.</exception>
    public EngineOptions ReadOptions(CommandContext context)
    {
        if (context.Get(_config) is not { } path)
        {
            return new EngineOptions();
        }

        try
        {
            return EngineConfiguration.Read(File.ReadAllBytes(path), path);
        }
        catch (EngineConfigurationException exception)
        {
            throw new UserError(exception.Message, ExitCode.BadUsage, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{path}: cannot be read: {exception.Message}", ExitCode.Failed, exception);
        }
    }

    /// <summary>How the threads wait.</summary>
    /// <exception cref="UserError">No such kind.</exception>
    public IdleKind ReadIdle(CommandContext context) => context.Get(_idle) switch
    {
        null or "yielding" => IdleKind.Yielding,
        "busy-spin" => IdleKind.BusySpin,
        "backoff" => IdleKind.Backoff,
        var other => throw UserError.Usage($"--idle is '{other}': use yielding, busy-spin or backoff"),
    };

    /// <summary>How ingress and engine are laid on threads.</summary>
    /// <exception cref="UserError">No such layout.</exception>
    public ThreadLayout ReadThreads(CommandContext context) => context.Get(_threads) switch
    {
        null or "auto" => ThreadLayout.Automatic,
        "dedicated" => ThreadLayout.Dedicated,
        "shared" => ThreadLayout.Shared,
        var other => throw UserError.Usage($"--threads is '{other}': use auto, dedicated or shared"),
    };
}
