using System.CommandLine;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Watch;
using FlowEngine.Client;
using FlowEngine.Core.Time;

namespace FlowEngine.Cli.Commands;

/// <summary><c>watch</c>: a live table of the signals.</summary>
internal static class WatchCommand
{
    private const string Description =
        "Subscribe to the signal stream and show it as a live table: best prices, imbalance of the best five levels, "
        + "order flow (OFI), who trades, what it costs to sweep the book, and how hard sellers push (score, regime, "
        + "loop gain) and why. An observer: it never holds the engine "
        + "or other subscribers back.";

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var aeron = new AeronOptionSet("Directory of the media driver [default: $AERON_DIR or /dev/shm/aeron-USER]");
        var instruments = CliOption.Text(
            "--instruments", "PATTERN", "Show only these: patterns with * and ?, or parts of names, divided by commas");
        var top = CliOption.OptionalWhole("--top", "Show at most N instruments, the most active ones", 1, 100_000);
        var seconds = CliOption.OptionalNumber("--seconds", "S", "Stop after S seconds [default: on Ctrl-C]", 0.1, 1e9);
        var plain = CliOption.Flag(
            "--plain", "One line of text per instrument and second; the default where stdout is no terminal");
        var command = new CliCommand(
            "watch",
            Description,
            "received, repeats, conflated, lost and instruments",
            "flowengine watch",
            "flowengine watch --instruments 'BTC*,ETH-PERPETUAL' --top 20",
            "flowengine watch --plain --seconds 60 >> signals.log");
        aeron.AddTo(command, signals: true);
        command.Options.Add(instruments);
        command.Options.Add(top);
        command.Options.Add(seconds);
        command.Options.Add(plain);
        return command.Runs(services, context => Run(
            context,
            aeron.Read(context.Parsed),
            new InstrumentFilter(context.Get(instruments)),
            new WatchDisplay(context.Output, context.Get(plain), (int?)context.Get(top)),
            context.Get(seconds)));
    }

    private static int Run(
        CommandContext context, AeronOptions options, InstrumentFilter filter, WatchDisplay display, double? seconds)
    {
        var directory = options.DirectoryOrDefault;
        using var client = DriverAccess.Connect(directory, "flowengine watch");
        var board = new SignalBoard();
        WatchLoop? loop = null;
        using var subscription = client.AddSubscription(
            options.ObserverSignalChannel, options.SignalStream, _ => Volatile.Read(ref loop)?.ImageChanged());
        var signals = new SignalSubscription(subscription, board);
        var views = new WatchViews(signals, board, filter, $"{options.SignalChannel} stream {options.SignalStream}");

        // Pairs with the read in the image handler, which runs on the client's thread.
        Volatile.Write(ref loop, new WatchLoop(signals, board, views));

        var startNs = SystemClock.Nanos();
        var endNs = seconds is { } limit ? startNs + (long)(limit * 1e9) : long.MaxValue;
        loop.Run(display, () => context.Stop.IsRequested || client.IsClosed || SystemClock.Nanos() >= endNs);
        if (client.IsClosed)
        {
            throw DriverAccess.DriverLost(directory);
        }

        var elapsed = (SystemClock.Nanos() - startNs) / 1e9;
        var result = new WatchResult(
            signals.Received, signals.Repeats, signals.Conflated, signals.Lost, signals.Unreadable,
            signals.Instruments.Count, signals.Epoch, Math.Round(elapsed, 3));
        context.Output.Result(result, WatchJson.Default.WatchResult, Summary(result));
        return ExitCode.Success;
    }

    private static string Summary(WatchResult result) =>
        $"received {WatchFormat.Count(result.Received)} values of {result.Instruments} instruments "
        + $"in {result.ElapsedSeconds:F1} s: {WatchFormat.Count(result.Conflated)} conflated, "
        + $"{WatchFormat.Count(result.Lost)} lost, {WatchFormat.Count(result.Repeats)} repeats";
}
