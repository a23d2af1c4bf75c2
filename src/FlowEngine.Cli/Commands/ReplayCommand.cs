using System.CommandLine;
using FlowEngine.Cli.Feed;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Input;
using FlowEngine.Cli.Run;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Time;
using FlowEngine.Engine;
using FlowEngine.Feeds.Publishing;
using FlowEngine.Feeds.Readers;

namespace FlowEngine.Cli.Commands;

/// <summary><c>replay</c>: captures through the whole engine, as fast as it goes.</summary>
internal static class ReplayCommand
{
    private const string Description =
        "Run captures (pcap, LOBSTER, DBN and others, packed or not) through the same pipeline as a live "
        + "feed, as fast as it goes: "
        + "ingress, ring, books, signals, Aeron, subscriber. Prints counts and the digest over all signals: equal "
        + "input, equal digest.";

    private static readonly TimeSpan s_checkInterval = TimeSpan.FromMilliseconds(20);

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var input = new InputOptionSet();
        var engine = new EngineOptionSet();
        var files = CliOption.Files("FILE", "Captures, one after the other", ArgumentArity.OneOrMore);
        var leaveOut = CliOption.Wholes(
            "--leave-out", "Leave out the N-th venue packet, to see the recovery; may be repeated", 1, long.MaxValue);
        var command = new CliCommand(
            "replay",
            Description,
            "counts, ticker agreement, trades, latency from file to subscriber and the digest",
            "flowengine replay capture.pcapng",
            "flowengine replay capture.pcapng --json",
            "flowengine replay capture.pcapng --leave-out 2530");
        command.Arguments.Add(files);
        command.Options.Add(leaveOut);
        input.AddTo(command);
        engine.AddTo(command);
        return command.Runs(services, context =>
        {
            var paths = context.Get(files);
            var open = input.Read(context.Parsed);
            var plan = FeedPlan.Of(paths, open);
            using var source = new FeedSource(new FileSource(paths, open), context.Get(leaveOut));
            var settings = new EngineSettings
            {
                Digest = true,
                Idle = engine.ReadIdle(context),
                Threads = engine.ReadThreads(context),
            };
            return Run(context, engine.ReadOptions(context), settings, source, plan);
        });
    }

    private static int Run(
        CommandContext context, EngineOptions options, EngineSettings settings, FeedSource source, FeedPlan plan)
    {
        using var home = AeronHome.Embed(DriverAccess.PrivateDirectory(), "flowengine replay");
        WarmUp.Run(options, settings.Digest, home.Client);
        using var host = new EngineHost(options, settings, home.Client);
        using var subscription = home.Client.AddSubscription(settings.SignalChannel, settings.SignalStream);
        var probe = new SignalProbe(subscription, message => message.Provenance.ReceiveTime);
        var session = new EngineSession(host, home, context.Stop);
        using var probeRunner = new AgentRunner<SignalProbe, YieldingIdle>(probe, default).Start();
        session.AwaitSubscriber(probe);
        probe.MeasureFromNow();

        var startNs = SystemClock.Nanos();
        var ingress = host.StartReplay(source);
        var progress = new FeedProgress(
            context.Output, plan, new FeedPublisherOptions { Pace = FeedPace.FlatOut }, startNs);
        while (!ingress.IsDone && !session.IsOver(long.MaxValue))
        {
            progress.Show(host.Status.Packets, isConnected: true, SystemClock.Nanos());
            context.Stop.Wait(s_checkInterval);
        }

        progress.Clear();
        session.ThrowIfFailed();
        var isComplete = ingress.IsDone;
        var report = host.Stop();
        session.ThrowIfFailed();
        probeRunner.Dispose();
        var result = EngineResult.Of(report, host, settings, (SystemClock.Nanos() - startNs) / 1e9).With(probe);
        if (!isComplete)
        {
            throw new UserError($"stopped after {report.Packets} packets, before the end of the capture");
        }

        context.Output.Result(result, EngineResultJson.Default.EngineResult, EngineSession.Summary(result));
        if (EngineSession.Imbalance(result) is { } imbalance)
        {
            throw new UserError(imbalance);
        }

        return ExitCode.Success;
    }
}
