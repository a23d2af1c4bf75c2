using System.CommandLine;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Run;
using FlowEngine.Core.Time;
using FlowEngine.Engine;

namespace FlowEngine.Cli.Commands;

/// <summary><c>run</c>: the engine, between the market data stream and the signal stream.</summary>
internal static class RunCommand
{
    private const string Description =
        "Run the engine until Ctrl-C: market data in on one Aeron stream, signals out on another, and 'cost --live' "
        + "asks it what an order would cost. With --aeron-dir it attaches to a media driver that runs already; without "
        + "it the engine hosts one where 'feed' and 'watch' find it.";

    private static readonly TimeSpan s_checkInterval = TimeSpan.FromMilliseconds(100);

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var aeron = new AeronOptionSet("Attach to the media driver of this directory [default: host one]");
        var engine = new EngineOptionSet();
        var digest = CliOption.Flag(
            "--digest",
            "Hash every computed signal, and let only capture time make timers: equals the digest of 'replay'");
        var seconds = CliOption.OptionalNumber("--seconds", "S", "Stop after S seconds [default: on Ctrl-C]", 0.1, 1e9);
        var command = new CliCommand(
            "run",
            Description,
            "what the engine counted",
            "flowengine run",
            "flowengine run --aeron-dir /dev/shm/desk1 --config engine.json --idle busy-spin",
            "flowengine run --digest --json");
        aeron.AddTo(command, feed: true, signals: true, questions: true);
        engine.AddTo(command);
        command.Options.Add(digest);
        command.Options.Add(seconds);
        return command.Runs(services, context =>
        {
            var options = aeron.Read(context.Parsed);
            var settings = new EngineSettings
            {
                FeedChannel = options.FeedChannel,
                FeedStream = options.FeedStream,
                SignalChannel = options.SignalChannel,
                SignalStream = options.SignalStream,
                RequestChannel = options.RequestChannel,
                RequestStream = options.RequestStream,
                AnswerChannel = options.AnswerChannel,
                AnswerStream = options.AnswerStream,
                Digest = context.Get(digest),
                Idle = engine.ReadIdle(context),
                Threads = engine.ReadThreads(context),
            };
            return Run(context, options, engine.ReadOptions(context), settings, context.Get(seconds));
        });
    }

    private static int Run(
        CommandContext context, AeronOptions aeron, EngineOptions options, EngineSettings settings, double? seconds)
    {
        using var home = aeron.Directory is { } directory
            ? AeronHome.Attach(directory, "flowengine run")
            : AeronHome.Embed(aeron.DirectoryOrDefault, "flowengine run");
        WarmUp.Run(options, settings.Digest, home.Client);
        using var host = new EngineHost(options, settings, home.Client);
        var session = new EngineSession(host, home, context.Stop);
        host.StartLive(home.Client);
        context.Output.Notice(
            $"flowengine: engine ready on {settings.FeedChannel} stream {settings.FeedStream}, signals on "
            + $"{settings.SignalChannel} stream {settings.SignalStream}, questions on stream {settings.RequestStream}, "
            + $"answers on stream {settings.AnswerStream}, driver {home.Directory} "
            + $"({(home.IsEmbedded ? "embedded" : "attached")}); Ctrl-C stops it");

        var startNs = SystemClock.Nanos();
        var endNs = seconds is { } limit ? startNs + (long)(limit * 1e9) : long.MaxValue;
        while (!session.IsOver(endNs))
        {
            context.Stop.Wait(s_checkInterval);
        }

        session.ThrowIfFailed();
        var report = host.Stop();
        session.ThrowIfFailed();
        var result = EngineResult.Of(report, host, settings, (SystemClock.Nanos() - startNs) / 1e9);
        context.Output.Result(result, EngineResultJson.Default.EngineResult, EngineSession.Summary(result));
        return ExitCode.Success;
    }
}
