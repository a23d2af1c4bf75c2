using FlowEngine.Cli.Frame;
using FlowEngine.Cli.Stat;
using FlowEngine.Core.Counters;
using Spectre.Console;
using Xunit;

namespace FlowEngine.Tests.Cli;

public sealed class DriverAndStatTests
{
    [Fact]
    public void The_driver_says_when_it_is_ready_and_leaves_nothing_behind()
    {
        using var driver = new RunningDriver();
        Await.That(() => driver.Run.ErrorLines.Length > 0, () => "no word from the driver");

        Assert.StartsWith(
            $"flowengine: media driver ready in {driver.Directory} ", Assert.Single(driver.Run.ErrorLines),
            StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, driver.Run.Stop());
        Assert.Equal(driver.Directory, driver.Run.Json.GetProperty("directory").GetString());
        Assert.False(Directory.Exists(driver.Directory));
    }

    [Fact]
    public void A_second_driver_in_the_same_directory_is_refused_in_one_line()
    {
        using var driver = new RunningDriver();
        using var second = CliRun.ToEnd(out var exitCode, "driver", "--dir", driver.Directory);
        using var third = CliRun.ToEnd(out var otherCode, "driver", "--dir", driver.Directory, "--delete-on-start");

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.StartsWith(
            $"flowengine: a media driver is already running in {driver.Directory}:", Assert.Single(second.ErrorLines),
            StringComparison.Ordinal);
        Assert.Equal(ExitCode.Failed, otherCode);
        Assert.Contains("its driver is alive", Assert.Single(third.ErrorLines), StringComparison.Ordinal);
        Assert.False(driver.Run.HasEnded);
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_told_in_one_line()
    {
        using var directory = new TemporaryDirectory();
        File.WriteAllText(directory.File("file"), "");
        using var run = CliRun.ToEnd(out var exitCode, "driver", "--aeron-dir", directory.File("file/driver"));

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("no media driver can work in", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void Stat_as_json_holds_every_counter_of_the_driver_and_of_its_clients()
    {
        using var driver = new RunningDriver();
        using var client = driver.Connect();
        using var counter = client.AddCounter(4321, "flowengine test counter");
        counter.Handle.Set(77);

        using var stat = CliRun.ToEnd(out var exitCode, "stat", "--json", "--aeron-dir", driver.Directory);

        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Equal(Environment.ProcessId, stat.Json.GetProperty("pid").GetInt64());
        Assert.Equal(0, stat.Json.GetProperty("errors").GetArrayLength());
        Assert.True(stat.Json.GetProperty("heartbeatAgeMs").GetInt64() >= 0);
        var own = Assert.Single(
            stat.Json.GetProperty("counters").EnumerateArray(),
            element => element.GetProperty("typeId").GetInt32() == 4321);
        Assert.Equal(77, own.GetProperty("value").GetInt64());
        Assert.Equal("flowengine test counter", own.GetProperty("label").GetString());
        Assert.Equal(client.CountersReader.Scan().Count, stat.Json.GetProperty("counters").GetArrayLength());
    }

    [Fact]
    public void Stat_once_prints_the_same_as_a_table_on_stdout()
    {
        using var driver = new RunningDriver();
        using var client = driver.Connect();
        using var counter = client.AddCounter(4321, "flowengine test counter");
        counter.Handle.Set(1_234_567);

        using var stat = CliRun.ToEnd(out var exitCode, "stat", "--once", "--aeron-dir", driver.Directory);

        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Empty(stat.Error);
        Assert.Contains($"media driver in {driver.Directory}   pid {Environment.ProcessId}", stat.Out,
            StringComparison.Ordinal);
        Assert.Contains(
            stat.Out.Split('\n'),
            line => line.Contains("1,234,567", StringComparison.Ordinal)
                && line.Contains("flowengine test counter", StringComparison.Ordinal));
    }

    [Fact]
    public void The_table_shows_rates_errors_and_a_dead_heartbeat()
    {
        var started = new DateTimeOffset(2026, 11, 22, 20, 0, 0, TimeSpan.Zero);
        var error = new LoggedError(3, started, started.AddSeconds(5), "disk full\n   at Somewhere");
        var status = new DriverStatus("/dev/shm/d", 42, started, 15_000, [Counter(0, 1500), Counter(1, 7)], [error]);
        var before = status with { Counters = [Counter(0, 500)] };

        using var writer = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 150;
        console.Write(StatTable.Render(status, before, seconds: 2, maxRows: 1));
        var lines = writer.ToString().Split('\n').Select(line => line.Trim()).ToList();

        Assert.Equal(
            "media driver in /dev/shm/d   pid 42   since 2026-11-22 20:00:00Z   no heartbeat for 15 s   errors 3",
            lines[0]);
        Assert.Equal("error, 3 times, last 20:00:05Z: disk full", lines[1]);
        Assert.Contains(
            lines,
            line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["0", "1,500", "500", "counter", "0"]);
        Assert.DoesNotContain(lines, line => line.Contains("counter 1", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("and 1 more", StringComparison.Ordinal));
    }

    [Fact]
    public void Stat_shows_what_its_filters_find_and_looks_again_at_its_interval()
    {
        using var driver = new RunningDriver();
        using var client = driver.Connect();
        using var counter = client.AddCounter(4321, "flowengine test counter");
        using var publication = client.AddExclusivePublication("aeron:ipc?alias=seen", 44);
        using var other = client.AddExclusivePublication("aeron:ipc?alias=unseen", 45);

        using var stat = CliRun.ToEnd(
            out var exitCode, "stat", "--json", "--dir", driver.Directory, "--type", "^12$", "--stream", "^44$",
            "--session", $"^{publication.SessionId}$", "--identity", $"^{publication.RegistrationId}$",
            "--channel", "alias=seen");
        using var again = CliRun.Start(
            "stat", "--dir", driver.Directory, "--type", "^4321$", "--interval", "0.1");
        Await.That(() => again.Out.Split("media driver in").Length > 3, () => again.Out);

        Assert.Equal(ExitCode.Success, exitCode);
        var only = Assert.Single(stat.Json.GetProperty("counters").EnumerateArray());
        Assert.StartsWith("pub-pos", only.GetProperty("label").GetString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Success, again.Stop());
        Assert.Contains("flowengine test counter", again.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("pub-pos", again.Out, StringComparison.Ordinal);
    }

    private static CounterEntry Counter(int id, long value) => new(id, 0, 0, 0, 0, value, $"counter {id}");
}
