using System.CommandLine;
using FlowEngine.Cli.Feed;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Run;
using FlowEngine.Engine;

namespace FlowEngine.Cli.Commands;

/// <summary><c>demo</c>: simulated venue → Aeron → engine → Aeron → live view, in one process.</summary>
internal static class DemoCommand
{
    private const string Description =
        "See the whole engine at work, in one process with a media driver of its own: a simulated venue publishes "
        + "bursts, trades and liquidation runs of several instruments; the engine keeps their books and publishes "
        + "signals; a subscriber measures how late each one is, counted from when its event was due.";

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var engine = new EngineOptionSet();
        var simulator = new SimulatorOptionSet();
        var command = new CliCommand(
            "demo",
            Description,
            "counts, allocation, latency percentiles and the digest",
            "flowengine demo",
            "flowengine demo --seconds 10 --json",
            "flowengine demo --events-per-second 100000 --seed 7");
        simulator.AddTo(command);
        engine.AddTo(command);
        return command.Runs(services, context =>
        {
            var venue = simulator.Read(context.Parsed);
            var seconds = venue.Duration;
            var settings = new EngineSettings
            {
                Digest = true,
                Idle = engine.ReadIdle(context),
                Threads = engine.ReadThreads(context),
            };
            using var run = new DemoRun(
                engine.ReadOptions(context), settings, venue with { Duration = TimeSpan.Zero }, context.Stop);
            var result = run.Run(context.Output, seconds);
            context.Output.Result(result, EngineResultJson.Default.EngineResult, EngineSession.Summary(result));
            return EngineSession.Imbalance(result) is { } imbalance ? throw new UserError(imbalance) : ExitCode.Success;
        });
    }
}
