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
        + "engine's are named 'flowengine ...'). Reads files only: works with any Aeron driver and disturbs none.";

    private const int LinesAround = 7;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var aeron = new AeronOptionSet("Directory of the media driver [default: $AERON_DIR or /dev/shm/aeron-USER]");
        var once = CliOption.Flag("--once", "Print one table and end; the default where stdout is no terminal");
        var command = new CliCommand(
            "stat",
            Description,
            "one look at the driver with all counters and errors",
            "flowengine stat",
            "flowengine stat --once --aeron-dir /dev/shm/desk1",
            "flowengine stat --json | jq '.counters[] | select(.label | startswith(\"flowengine\"))'");
        aeron.AddTo(command);
        command.Options.Add(once);
        return command.Runs(services, context => Run(
            context, aeron.Read(context.Parsed).DirectoryOrDefault, context.Get(once)));
    }

    private static int Run(CommandContext context, string directory, bool once)
    {
        DriverAccess.RequireDriver(directory);
        var output = context.Output;
        if (output.IsJson)
        {
            output.Result(DriverStatus.Read(directory), StatJson.Default.DriverStatus, "");
        }
        else if (once || !output.TablesAreLive)
        {
            output.CreateConsole().Write(StatTable.Render(DriverStatus.Read(directory), null, 0, int.MaxValue));
        }
        else
        {
            ShowLive(context, directory);
        }

        return ExitCode.Success;
    }

    private static void ShowLive(CommandContext context, string directory)
    {
        var console = context.Output.CreateConsole();
        console.Live(new Text("")).Overflow(VerticalOverflow.Crop).Start(live =>
        {
            DriverStatus? previous = null;
            var previousNs = 0L;
            do
            {
                var status = DriverStatus.Read(directory);
                var nowNs = SystemClock.Nanos();
                var rows = Math.Max(1, console.Profile.Height - LinesAround - status.Errors.Count);
                live.UpdateTarget(StatTable.Render(status, previous, (nowNs - previousNs) / 1e9, rows));
                previous = status;
                previousNs = nowNs;
            }
            while (!context.Stop.Wait(s_interval));
        });
    }
}
