using System.CommandLine;
using FlowEngine.Cli.Aeron;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Run;
using FlowEngine.Core.Agents;

namespace FlowEngine.Cli.Commands;

/// <summary><c>aeron throughput</c>: messages per second over Aeron.</summary>
internal static class AeronThroughputCommand
{
    private const string Description =
        "Stream messages as fast as they go and print messages and payload bytes per second, each second and in all, "
        + "as Aeron's own samples do. Publisher and subscriber run on a thread each of this process, and the "
        + "subscriber checks that every message comes once and in order; --side runs one of them, the other elsewhere: "
        + "in another 'flowengine aeron throughput', or Aeron's own samples. Without --dir it brings a media driver.";

    private const string Both = "both";
    private const string Publisher = "publisher";
    private const string Subscriber = "subscriber";
    private const int DefaultStream = 1001;
    private const long DefaultMessages = 10_000_000;
    private const long DefaultWarmup = 1_000_000;
    private const long DefaultLength = 32;
    private const long MaxLength = 16 * 1024 * 1024;
    private static readonly TimeSpan s_checkInterval = TimeSpan.FromMilliseconds(5);

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var bench = new BenchOptionSet();
        var channel = BenchOptionSet.Channel("--channel", "Aeron channel");
        var stream = BenchOptionSet.Stream("--stream", "Aeron stream", DefaultStream);
        var length = CliOption.Whole("--length", "Bytes of a message", sizeof(long), MaxLength, DefaultLength);
        var messages = CliOption.OptionalWhole(
            "--messages",
            "Messages to measure [default: 10000000; for a subscriber alone: all, until Ctrl-C]",
            1,
            long.MaxValue / 2);
        var warmup = CliOption.OptionalWhole(
            "--warmup-messages",
            "Messages before the measurement [default: 1000000; for a subscriber alone: 0]",
            0,
            long.MaxValue / 2);
        var claim = CliOption.Flag("--claim", "Write messages in place, by claims [default: copy them, by offers]");
        var side = CliOption.Choice(
            "--side", "SIDE", "What runs here: both, publisher or subscriber", [Both, Publisher, Subscriber], Both);
        var command = new CliCommand(
            "throughput",
            Description,
            "rates, back-pressure ratio and what was measured",
            "flowengine aeron throughput",
            "flowengine aeron throughput --claim --length 288 --messages 50000000",
            "flowengine aeron throughput --dir /dev/shm/aeron-trader --side subscriber --idle backoff");
        bench.AddTo(command);
        Option[] options = [channel, stream, length, messages, warmup, claim, side];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        return command.Runs(services, context =>
        {
            var where = context.Get(side);
            var isAlone = where == Subscriber;
            var plan = new ThroughputPlan(
                context.Get(channel),
                (int)context.Get(stream),
                (int)context.Get(length),
                context.Get(warmup) ?? (isAlone ? 0 : DefaultWarmup),
                context.Get(messages) ?? (isAlone ? null : DefaultMessages),
                context.Get(claim),
                where != Subscriber,
                where != Publisher);
            return Run(context, bench.Read(context), plan);
        });
    }

    private static int Run(CommandContext context, BenchOptions options, ThroughputPlan plan)
    {
        using var home = options.Open(context, "flowengine aeron throughput");
        using var subscription = plan.Subscribes ? home.Client.AddSubscription(plan.Channel, plan.StreamId) : null;
        context.Output.Notice(
            $"flowengine: {plan.Channel} stream {plan.StreamId}"
            + (plan.Publishes
                ? $", {plan.WarmupMessages} messages of warm-up, then {plan.Messages}, of {plan.MessageLength} bytes "
                    + $"by {(plan.UsesClaims ? "claims" : "offers")} of an {options.PublicationKind} publication"
                : ", subscriber alone")
            + "; Ctrl-C ends it");
        var run = new ThroughputRun(plan, options.Idle, options.FragmentLimit);
        var threads = new List<AgentThread>();
        if (subscription is not null)
        {
            var end = new EndCheck(context.Stop, home, () => run.HasGivenUp);
            threads.Add(AgentThread.Start("subscriber", () => run.Subscribe(subscription, end), _ => run.GiveUp()));
        }

        if (!plan.Publishes)
        {
            return Finish(context, home, options, plan, run, threads);
        }

        if (options.IsConcurrent)
        {
            using var shared = home.Client.AddPublication(plan.Channel, plan.StreamId);
            CheckLength(plan, shared.MaxPayloadLength, shared.MaxMessageLength);
            return Publish(context, home, options, plan, run, threads, new SharedSink(shared));
        }

        using var exclusive = home.Client.AddExclusivePublication(plan.Channel, plan.StreamId);
        CheckLength(plan, exclusive.MaxPayloadLength, exclusive.MaxMessageLength);
        return Publish(context, home, options, plan, run, threads, new ExclusiveSink(exclusive));
    }

    private static int Publish<TSink>(
        CommandContext context,
        AeronHome home,
        BenchOptions options,
        ThroughputPlan plan,
        ThroughputRun run,
        List<AgentThread> threads,
        TSink sink)
        where TSink : struct, ISink
    {
        while (!sink.IsConnected)
        {
            if (home.Fault is not null || context.Stop.Wait(s_checkInterval))
            {
                break;
            }
        }

        var end = new EndCheck(context.Stop, home, () => !sink.IsConnected || run.HasGivenUp);
        threads.Add(AgentThread.Start("publisher", () => run.Publish(sink, end), _ => run.GiveUp()));
        return Finish(context, home, options, plan, run, threads);
    }

    private static int Finish(
        CommandContext context,
        AeronHome home,
        BenchOptions options,
        ThroughputPlan plan,
        ThroughputRun run,
        List<AgentThread> threads)
    {
        var output = context.Output;
        var endNs = run.Report(threads, (messageRate, byteRate, messages, bytes) => output.Tables.WriteLine(
            ThroughputResult.Line(messageRate, byteRate, messages, bytes)));
        if (threads.Find(thread => thread.Failure is not null)?.Failure is { } failure)
        {
            throw new InvalidOperationException("a measuring thread has ended", failure);
        }

        if (!run.IsComplete && !context.Stop.IsRequested)
        {
            throw new UserError(
                $"{home.Fault ?? "the subscriber went away"} after {run.Measured.Messages} messages");
        }

        var result = ThroughputResult.Of(run, plan, options.PublicationKind, endNs);
        output.Result(result, AeronJson.Default.ThroughputResult, result.ToText());
        return result.OutOfOrder > 0 ? ExitCode.Failed : ExitCode.Success;
    }

    private static void CheckLength(ThroughputPlan plan, int maxPayloadLength, int maxMessageLength)
    {
        var max = plan.UsesClaims ? maxPayloadLength : maxMessageLength;
        if (plan.MessageLength > max)
        {
            throw UserError.Usage(
                $"--length is {plan.MessageLength}: {(plan.UsesClaims ? "a claim" : "a message")} on {plan.Channel} "
                + $"has at most {max} bytes");
        }
    }
}
