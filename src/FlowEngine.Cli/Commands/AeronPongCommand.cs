using System.CommandLine;
using FlowEngine.Cli.Aeron;
using FlowEngine.Cli.Frame;
using FlowEngine.Core.Time;

namespace FlowEngine.Cli.Commands;

/// <summary><c>aeron pong</c>: answers pings.</summary>
internal static class AeronPongCommand
{
    private const string Description =
        "Send back every message of the ping stream until Ctrl-C: the other side of 'flowengine aeron ping' or of "
        + "Aeron's own ping. Without --dir it brings a media driver, for pings over UDP or in the directory it names.";

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var bench = new BenchOptionSet();
        var ends = new PingPongOptionSet();
        var command = new CliCommand(
            "pong",
            Description,
            "answered, dropped and elapsedSeconds",
            "flowengine aeron pong --dir /dev/shm/aeron-trader",
            "flowengine aeron pong --ping-channel aeron:udp?endpoint=localhost:20123 "
            + "--pong-channel aeron:udp?endpoint=localhost:20124 --idle backoff");
        bench.AddTo(command);
        ends.AddTo(command);
        return command.Runs(services, context => Run(context, bench.Read(context), ends.Read(context)));
    }

    private static int Run(CommandContext context, BenchOptions options, PingPongEnds ends)
    {
        using var home = options.Open(context, "flowengine aeron pong");
        using var pings = home.Client.AddSubscription(ends.PingChannel, ends.PingStream);
        var loop = new PongLoop(
            pings, options.FragmentLimit, options.Idle, new EndCheck(context.Stop, home, () => false));
        var startNs = SystemClock.Nanos();
        if (options.IsConcurrent)
        {
            using var publication = home.Client.AddPublication(ends.PongChannel, ends.PongStream);
            Answer(context, options, ends, loop, new SharedSink(publication));
        }
        else
        {
            using var publication = home.Client.AddExclusivePublication(ends.PongChannel, ends.PongStream);
            Answer(context, options, ends, loop, new ExclusiveSink(publication));
        }

        if (!context.Stop.IsRequested && home.Fault is { } fault)
        {
            throw new UserError($"{fault} after {loop.Answered} answers");
        }

        var seconds = Math.Round((SystemClock.Nanos() - startNs) / 1e9, 3);
        context.Output.Result(
            new PongResult(ends.PingChannel, ends.PongChannel, loop.Answered, loop.Dropped, seconds),
            AeronJson.Default.PongResult,
            $"answered {loop.Answered} messages, dropped {loop.Dropped} of senders that had gone, in {seconds:F1} s");
        return ExitCode.Success;
    }

    private static void Answer<TSink>(
        CommandContext context, BenchOptions options, PingPongEnds ends, PongLoop loop, TSink pongs)
        where TSink : struct, ISink
    {
        context.Output.Notice(
            $"flowengine: answering {ends.PingChannel} stream {ends.PingStream} on {ends.PongChannel} stream "
            + $"{ends.PongStream}, {options.PublicationKind} publication; Ctrl-C ends it");
        loop.Run(pongs);
    }
}
