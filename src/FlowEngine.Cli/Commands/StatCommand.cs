using System.CommandLine;
using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Stat;
using FlowEngine.Core.Time;
using Spectre.Console;

namespace FlowEngine.Cli.Commands;

/// <summary><c>stat</c>: the counters of a media driver, and of the engines and clients attached to it.</summary>
internal static class StatCommand
{
    private const string Description =
        "Show a media driver's counters, live: its own, and those of every engine and client attached to it (an "
        + "engine's are named 'flowengine ...'). Reads files only: works with any Aeron driver and disturbs none. "
        + "Filters are regular expressions that have to be found, as in Aeron's own viewer: --stream 10 shows 1001 "
        + "too, --stream '^10$' does not. A filter is asked only of counters that have what it asks for.";

    private const int LinesAround = 7;
    private const double DefaultIntervalSeconds = 1;

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var aeron = new AeronOptionSet("Directory of the media driver [default: $AERON_DIR or /dev/shm/aeron-USER]");
        var once = CliOption.Flag("--once", "Print one table and end; the default where stdout is no terminal");
        var interval = CliOption.OptionalNumber(
            "--interval", "S", "Look every S seconds until Ctrl-C, also where stdout is no terminal [default: 1]",
            0.05, 3600);
        var type = Pattern("--type", "Show types of counters, such as '^0$' (the driver's) or '^4$' (subscribers)");
        var identity = Pattern("--identity", "Show system counters of this id, streams of this registration id");
        var session = Pattern("--session", "Show streams of this session id");
        var stream = Pattern("--stream", "Show streams of this stream id");
        var channel = Pattern("--channel", "Show streams and endpoints of this channel");
        var command = new CliCommand(
            "stat",
            Description,
            "one look at the driver with the counters and all errors",
            "flowengine stat",
            "flowengine stat --once --aeron-dir /dev/shm/desk1",
            "flowengine stat --type '^[1-9]' --stream '^1001$' --channel ipc --interval 5",
            "flowengine stat --json | jq '.counters[] | select(.label | startswith(\"flowengine\"))'");
        aeron.AddTo(command);
        Option[] options = [once, interval, type, identity, session, stream, channel];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        return command.Runs(services, context =>
        {
            var seconds = context.Get(interval);
            if (seconds is not null && (context.Get(once) || context.Output.IsJson))
            {
                throw UserError.Usage("--interval looks again and again, --once and --json look once: give one");
            }

            var filter = new CounterFilter(
                CounterFilter.Pattern(type.Name, context.Get(type)),
                CounterFilter.Pattern(identity.Name, context.Get(identity)),
                CounterFilter.Pattern(session.Name, context.Get(session)),
                CounterFilter.Pattern(stream.Name, context.Get(stream)),
                CounterFilter.Pattern(channel.Name, context.Get(channel)));
            return Run(context, aeron.Read(context.Parsed).DirectoryOrDefault, filter, context.Get(once), seconds);
        });
    }

    private static Option<string?> Pattern(string name, string description) =>
        CliOption.Text(name, "REGEX", description);

    private static int Run(
        CommandContext context, string directory, CounterFilter filter, bool once, double? intervalSeconds)
    {
        DriverAccess.RequireDriver(directory);
        var output = context.Output;
        var interval = TimeSpan.FromSeconds(intervalSeconds ?? DefaultIntervalSeconds);
        if (output.IsJson)
        {
            output.Result(DriverStatus.Read(directory, filter), StatJson.Default.DriverStatus, "");
        }
        else if (!once && output.TablesAreLive)
        {
            ShowLive(context, directory, filter, interval);
        }
        else if (intervalSeconds is null)
        {
            output.CreateConsole().Write(StatTable.Render(DriverStatus.Read(directory, filter), null, 0, int.MaxValue));
        }
        else
        {
            ShowAgain(context, directory, filter, interval);
        }

        return ExitCode.Success;
    }

    private static void ShowLive(CommandContext context, string directory, CounterFilter filter, TimeSpan interval)
    {
        var console = context.Output.CreateConsole();
        console.Live(new Text("")).Overflow(VerticalOverflow.Crop).Start(live => Look(
            context,
            directory,
            filter,
            interval,
            (status, previous, seconds) => live.UpdateTarget(StatTable.Render(
                status,
                previous,
                seconds,
                Math.Max(1, console.Profile.Height - LinesAround - status.Errors.Count)))));
    }

    private static void ShowAgain(CommandContext context, string directory, CounterFilter filter, TimeSpan interval)
    {
        var console = context.Output.CreateConsole();
        Look(
            context,
            directory,
            filter,
            interval,
            (status, previous, seconds) => console.Write(
                StatTable.Render(status, previous, seconds, int.MaxValue)));
    }

    private static void Look(
        CommandContext context,
        string directory,
        CounterFilter filter,
        TimeSpan interval,
        Action<DriverStatus, DriverStatus?, double> show)
    {
        DriverStatus? previous = null;
        var previousNs = 0L;
        do
        {
            var status = DriverStatus.Read(directory, filter);
            var nowNs = SystemClock.Nanos();
            show(status, previous, (nowNs - previousNs) / 1e9);
            previous = status;
            previousNs = nowNs;
        }
        while (!context.Stop.Wait(interval));
    }
}
