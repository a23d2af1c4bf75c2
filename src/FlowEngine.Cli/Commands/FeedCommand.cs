using System.CommandLine;
using FlowEngine.Cli.Feed;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Input;
using FlowEngine.Cli.Watch;
using FlowEngine.Feeds.Publishing;
using FlowEngine.Feeds.Readers;
using FlowEngine.Feeds.Simulation;

namespace FlowEngine.Cli.Commands;

/// <summary><c>feed</c>: captures, or a simulated venue, onto the market data stream.</summary>
internal static class FeedCommand
{
    private const string Description =
        "Publish captures (pcap, LOBSTER, DBN and others, packed or not) or a simulated venue to the market "
        + "data stream, one venue "
        + "packet a message, at the pace of the capture unless told otherwise. Waits for a subscriber, and at the end "
        + "until all have read everything.";

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var aeron = new AeronOptionSet("Directory of the media driver [default: $AERON_DIR or /dev/shm/aeron-USER]");
        var input = new InputOptionSet();
        var pace = new PaceOptionSet();
        var simulator = new SimulatorOptionSet();
        var files = CliOption.Files("FILE", "Captures, one after the other", ArgumentArity.ZeroOrMore);
        var sim = CliOption.Flag("--sim", "Feed a simulated venue instead of captures");
        var leaveOut = CliOption.Wholes(
            "--leave-out", "Leave out the N-th venue packet, to see the recovery; may be repeated", 1, long.MaxValue);
        var command = new CliCommand(
            "feed",
            Description,
            "packets, bytes, skipped, truncated, backPressured and elapsedSeconds",
            "flowengine feed capture.pcapng",
            "flowengine feed capture.pcapng --speed 10",
            "flowengine feed monday.pcap.gz tuesday.pcap.gz --flat-out --json",
            "flowengine feed --sim --seed 7 --events-per-second 50000 --seconds 60");
        command.Arguments.Add(files);
        command.Options.Add(sim);
        input.AddTo(command);
        pace.AddTo(command);
        command.Options.Add(leaveOut);
        simulator.AddTo(command);
        aeron.AddTo(command, feed: true);
        return command.Runs(services, context =>
        {
            var paths = context.Get(files);
            var isSimulated = context.Get(sim);
            CheckChoice(paths, isSimulated, simulator.FirstGiven(context.Parsed));
            return Run(
                context,
                aeron.Read(context.Parsed),
                pace.Read(context.Parsed),
                isSimulated ? FeedPlan.Unknown : FeedPlan.Of(paths, input.Read(context.Parsed)),
                () => new FeedSource(
                    isSimulated
                        ? new MarketSimulator(simulator.Read(context.Parsed))
                        : new FileSource(paths, input.Read(context.Parsed)),
                    context.Get(leaveOut)));
        });
    }

    private static void CheckChoice(string[] paths, bool isSimulated, string? simulatorOption)
    {
        if (isSimulated && paths.Length > 0)
        {
            throw UserError.Usage($"--sim and a capture ('{paths[0]}') exclude each other: give one of them");
        }

        if (!isSimulated && paths.Length == 0)
        {
            throw UserError.Usage("nothing to feed: give capture files, or --sim");
        }

        if (!isSimulated && simulatorOption is not null)
        {
            throw UserError.Usage($"{simulatorOption} is an option of the simulated venue: it needs --sim");
        }
    }

    private static int Run(
        CommandContext context, AeronOptions options, FeedPublisherOptions pace, FeedPlan plan, Func<FeedSource> open)
    {
        using var client = DriverAccess.Connect(options.DirectoryOrDefault, "flowengine feed");
        using var publication = client.AddExclusivePublication(options.FeedChannel, options.FeedStream);
        using var source = open();
        var result = new FeedRun(client, publication, source, pace, context.Stop).Run(context.Output, plan);
        context.Output.Result(result, FeedJson.Default.FeedResult, Summary(result));
        return ExitCode.Success;
    }

    private static string Summary(FeedResult result)
    {
        var rate = result.ElapsedSeconds > 0 ? result.Packets / result.ElapsedSeconds : 0;
        var text = $"fed {WatchFormat.Count(result.Packets)} packets ({WatchFormat.Count(result.Bytes)} bytes) in "
            + $"{result.ElapsedSeconds:F1} s, {WatchFormat.Count(rate)}/s";
        return text
            + (result.Skipped > 0 ? $", {result.Skipped} left out" : "")
            + (result.Truncated > 0 ? $", {result.Truncated} truncated in the capture" : "")
            + (result.BackPressured > 0 ? $", {WatchFormat.Count(result.BackPressured)} times back-pressured" : "")
            + (result.Complete ? "" : ", stopped before the end");
    }
}
