using System.CommandLine;
using FlowEngine.Aeron;
using FlowEngine.Cli.Feed;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Record;
using FlowEngine.Cli.Watch;
using FlowEngine.Core.Time;
using FlowEngine.Feeds.Publishing;
using FlowEngine.Feeds.Readers.Flow;

namespace FlowEngine.Cli.Commands;

/// <summary><c>record</c>: a live feed into a <c>.flow</c> file.</summary>
internal static class RecordCommand
{
    private const string Description =
        "Subscribe to the market data stream and write every packet into a .flow file, with checksums and an index, "
        + "until Ctrl-C. Tethered: where the disk can't keep up, the publisher is held back and nothing is lost. "
        + "Every other command reads the file; one whose recorder was killed is read to its last whole packet.";

    private const int FragmentLimit = 256;
    private const int BufferLength = 1 << 20;

    private static readonly TimeSpan s_idle = TimeSpan.FromMilliseconds(1);

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var aeron = new AeronOptionSet("Directory of the media driver [default: $AERON_DIR or /dev/shm/aeron-USER]");
        var target = new Option<string>("--out")
        {
            Description = "The .flow file to write; it must not exist",
            HelpName = "FILE",
            Required = true,
        };
        var seconds = CliOption.OptionalNumber("--seconds", "S", "Stop after S seconds [default: on Ctrl-C]", 0.1, 1e9);
        var command = new CliCommand(
            "record",
            Description,
            "out, packets, bytes, unreadable, imagesLost and elapsedSeconds",
            "flowengine record --out today.flow",
            "flowengine record --out burst.flow --seconds 60 --aeron-dir /dev/shm/desk1 --json");
        aeron.AddTo(command, feed: true);
        command.Options.Add(target);
        command.Options.Add(seconds);
        return command.Runs(services, context =>
            Run(context, aeron.Read(context.Parsed), context.Get(target), context.Get(seconds)));
    }

    private static int Run(CommandContext context, AeronOptions options, string target, double? seconds)
    {
        var directory = options.DirectoryOrDefault;
        using var client = DriverAccess.Connect(directory, "flowengine record");
        using var writer = new FlowWriter(Create(target));
        var handler = new RecordHandler(writer);
        var assembler = new FragmentAssembler<RecordHandler>(handler);
        long imagesLost = 0;
        using var subscription = client.AddSubscription(
            options.FeedChannel, options.FeedStream, null, _ => Interlocked.Increment(ref imagesLost));
        context.Output.Notice(
            $"flowengine: recording {options.FeedChannel} stream {options.FeedStream} into {target}; Ctrl-C stops it");

        var startNs = SystemClock.Nanos();
        var endNs = seconds is { } limit ? startNs + (long)(limit * 1e9) : long.MaxValue;
        var progress = new FeedProgress(
            context.Output, FeedPlan.Unknown, new FeedPublisherOptions { Pace = FeedPace.FlatOut }, startNs);
        while (!context.Stop.IsRequested && !client.IsClosed && SystemClock.Nanos() < endNs)
        {
            if (subscription.Poll(ref assembler, FragmentLimit) == 0)
            {
                // What has come is safe before we wait: a killed recorder leaves all of it.
                writer.Flush();
                progress.Show(writer.Packets, subscription.IsConnected, SystemClock.Nanos());
                context.Stop.Wait(s_idle);
            }
        }

        while (subscription.Poll(ref assembler, FragmentLimit) > 0)
        {
            // What was published before the stop is in the file.
        }

        writer.Complete();
        progress.Clear();
        if (client.IsClosed)
        {
            throw DriverAccess.DriverLost(directory);
        }

        return Report(context, new RecordResult(
            target,
            writer.Packets,
            writer.Bytes,
            handler.Unreadable,
            Interlocked.Read(ref imagesLost),
            Math.Round((SystemClock.Nanos() - startNs) / 1e9, 3)));
    }

    private static int Report(CommandContext context, RecordResult result)
    {
        if (result.Unreadable > 0)
        {
            context.Output.Notice(
                $"flowengine: {result.Unreadable} messages were no venue packets and are not in {result.Out}");
        }

        context.Output.Result(result, RecordJson.Default.RecordResult,
            $"{result.Out}: {WatchFormat.Count(result.Packets)} packets, {WatchFormat.Count(result.Bytes)} bytes in "
            + $"{result.ElapsedSeconds:F1} s");
        return ExitCode.Success;
    }

    // A recording can't be made again: never over another one.
    private static FileStream Create(string target)
    {
        try
        {
            return new FileStream(target, FileMode.CreateNew, FileAccess.Write, FileShare.Read, BufferLength);
        }
        catch (IOException fault) when (File.Exists(target))
        {
            throw new UserError($"{target} exists: record into another file, or remove it", cause: fault);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"{target} can't be written ({fault.Message}): name another file", cause: fault);
        }
    }
}
