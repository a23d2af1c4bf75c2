using System.CommandLine;
using FlowEngine.Aeron;
using FlowEngine.Cli.Aeron;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Run;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Time;

namespace FlowEngine.Cli.Commands;

/// <summary><c>aeron ping</c>: round trip times over Aeron.</summary>
internal static class AeronPingCommand
{
    private const string Description =
        "Measure round trips: send a message, wait until it is back, send the next. Prints the HdrHistogram percentile "
        + "table of Aeron's own samples, in microseconds. Without --dir it brings a media driver and the pong too, all "
        + "in this process; with --dir it waits for a pong elsewhere: 'flowengine aeron pong', or Aeron's own.";

    private const string Here = "here";
    private const string Elsewhere = "elsewhere";
    private const long DefaultMessages = 1_000_000;
    private const long DefaultWarmupMessages = 10_000;
    private const long DefaultWarmupIterations = 10;
    private const long DefaultLength = 32;
    private const long MaxLength = 16 * 1024 * 1024;

    private static readonly TimeSpan s_checkInterval = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_pongEndLimit = TimeSpan.FromSeconds(10);

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var bench = new BenchOptionSet();
        var ends = new PingPongOptionSet();
        var length = CliOption.Whole("--length", "Bytes of a message", sizeof(long), MaxLength, DefaultLength);
        var messages = CliOption.Whole("--messages", "Round trips to measure", 1, long.MaxValue, DefaultMessages);
        var warmupMessages = CliOption.Whole(
            "--warmup-messages", "Round trips of one iteration of the warm-up", 0, long.MaxValue,
            DefaultWarmupMessages);
        var warmupIterations = CliOption.Whole(
            "--warmup-iterations", "Iterations of the warm-up", 0, int.MaxValue, DefaultWarmupIterations);
        var pong = CliOption.Text(
            "--pong",
            "WHERE",
            "Who answers: here (a thread of this process) or elsewhere [default: here without --dir]");
        var command = new CliCommand(
            "ping",
            Description,
            "mean, percentiles and what was measured",
            "flowengine aeron ping",
            "flowengine aeron ping --dir /dev/shm/aeron-trader --messages 10000000 --length 100",
            "flowengine aeron ping --ping-channel aeron:udp?endpoint=localhost:20123 "
            + "--pong-channel aeron:udp?endpoint=localhost:20124");
        bench.AddTo(command);
        ends.AddTo(command);
        Option[] options = [length, messages, warmupMessages, warmupIterations, pong];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        return command.Runs(services, context =>
        {
            var options = bench.Read(context);
            var where = context.Get(pong) ?? (options.Directory is null ? Here : Elsewhere);
            if (where is not (Here or Elsewhere))
            {
                throw UserError.Usage($"--pong is '{where}': use {Here} or {Elsewhere}");
            }

            var plan = new PingPlan(
                (int)context.Get(length),
                context.Get(messages),
                (int)context.Get(warmupIterations),
                context.Get(warmupMessages),
                options.FragmentLimit,
                options.Idle);
            return Run(context, options, ends.Read(context), plan, where == Here);
        });
    }

    private static int Run(
        CommandContext context, BenchOptions options, PingPongEnds ends, PingPlan plan, bool pongIsHere)
    {
        using var home = options.Open(context, "flowengine aeron ping");
        using var echo = pongIsHere ? PongThread.Start(home, options, ends, context.Stop) : null;
        using var pongs = home.Client.AddSubscription(ends.PongChannel, ends.PongStream);
        context.Output.Notice(
            $"flowengine: ping on {ends.PingChannel} stream {ends.PingStream}, pong on {ends.PongChannel} stream "
            + $"{ends.PongStream}{(pongIsHere ? " from a thread of this process" : "")}; {plan.MessageLength} bytes, "
            + $"{options.PublicationKind} publication");
        var end = new EndCheck(context.Stop, home, () => !pongs.IsConnected);
        var run = new PingRun(pongs, plan, end);
        if (options.IsConcurrent)
        {
            using var publication = home.Client.AddPublication(ends.PingChannel, ends.PingStream);
            return Measure(context, home, (options, ends, plan), run, pongs, new SharedSink(publication));
        }

        using var exclusive = home.Client.AddExclusivePublication(ends.PingChannel, ends.PingStream);
        return Measure(context, home, (options, ends, plan), run, pongs, new ExclusiveSink(exclusive));
    }

    private static int Measure<TSink>(
        CommandContext context,
        AeronHome home,
        (BenchOptions Options, PingPongEnds Ends, PingPlan Plan) what,
        PingRun run,
        Subscription pongs,
        TSink pings)
        where TSink : struct, ISink
    {
        AwaitPong(context, home, pongs, pings);
        var plan = what.Plan;
        context.Output.Notice(
            $"flowengine: warm-up of {plan.WarmupIterations} times {plan.WarmupMessages} messages, "
            + $"then {plan.Messages} measured");
        var startNs = SystemClock.Nanos();
        var isComplete = run.Run(pings, () => startNs = SystemClock.Nanos());
        var seconds = (SystemClock.Nanos() - startNs) / 1e9;
        if (run.Nanos.TotalCount == 0 || (!isComplete && !context.Stop.IsRequested))
        {
            throw Ended(context, home, $"after {run.Nanos.TotalCount} measured round trips");
        }

        var channels = (what.Ends.PingChannel, what.Ends.PongChannel);
        context.Output.Result(
            PingResult.Of(run.Nanos, channels, what.Options.PublicationKind, plan.MessageLength, seconds),
            AeronJson.Default.PingResult,
            $"Round trip times in microseconds\n{PingResult.Distribution(run.Nanos)}");
        return ExitCode.Success;
    }

    private static void AwaitPong<TSink>(CommandContext context, AeronHome home, Subscription pongs, TSink pings)
        where TSink : struct, ISink
    {
        var isTold = false;
        while (!pongs.IsConnected || !pings.IsConnected)
        {
            if (home.Fault is not null || context.Stop.Wait(s_checkInterval))
            {
                throw Ended(context, home, "before a pong was there");
            }

            if (!isTold)
            {
                context.Output.Notice("flowengine: waiting for a pong; start one with 'flowengine aeron pong'");
                isTold = true;
            }
        }
    }

    private static UserError Ended(CommandContext context, AeronHome home, string when) => new(
        context.Stop.IsRequested ? $"stopped {when}" : $"{home.Fault ?? "the pong went away"} {when}");

    /// <summary>A pong on a thread of this process.</summary>
    private sealed class PongThread : IDisposable
    {
        private readonly StopSignal _stop = new();
        private readonly AeronHome _home;
        private readonly Subscription _pings;
        private readonly ExclusivePublication _pongs;
        private readonly AgentThread _thread;

        private PongThread(AeronHome home, BenchOptions options, PingPongEnds ends)
        {
            _home = home;
            _pings = home.Client.AddSubscription(ends.PingChannel, ends.PingStream);
            _pongs = home.Client.AddExclusivePublication(ends.PongChannel, ends.PongStream);
            var loop = new PongLoop(
                _pings, options.FragmentLimit, options.Idle, new EndCheck(_stop, _home, () => false));
            _thread = AgentThread.Start("pong", () => loop.Run(new ExclusiveSink(_pongs)));
        }

        public static PongThread Start(
            AeronHome home, BenchOptions options, PingPongEnds ends, StopSignal stop) =>
            stop.IsRequested
                ? throw new UserError("stopped before it began")
                : new PongThread(home, options, ends);

        public void Dispose()
        {
            _stop.Request();
            if (_thread.Join(s_pongEndLimit))
            {
                _pings.Dispose();
                _pongs.Dispose();
                _stop.Dispose();
            }
        }
    }
}
