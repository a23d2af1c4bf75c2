using System.Text.Json;
using FlowEngine.Testing;
using Xunit;

namespace FlowEngine.SystemTests.Engine;

/// <summary>Driver, engine, observer and feed in processes of their own, on the real capture.</summary>
public sealed class ThreeProcessTest
{
    [Fact]
    public void A_live_run_over_Aeron_gives_the_digest_of_a_replay()
    {
        if (Captures.Deribit is not { } capture)
        {
            Assert.Skip("the Deribit capture is absent: set FLOWENGINE_DATA");
            return;
        }

        // At its own pace the capture takes 81 seconds.
        var speed = Environment.GetEnvironmentVariable("FLOWENGINE_FULL") == "1" ? "1" : "20";
        var directory = Path.Combine(Path.GetTempPath(), $"flowengine-system-{Path.GetRandomFileName()}");

        using var replay = new CliProcess("replay", capture, "--json");
        var expected = JsonDocument.Parse(replay.AwaitExit()).RootElement;

        using var driver = new CliProcess("driver", "--aeron-dir", directory);
        driver.AwaitStderr("ready");
        using var engine = new CliProcess("run", "--aeron-dir", directory, "--digest", "--json");
        engine.AwaitStderr("engine ready");
        using var watch = new CliProcess("watch", "--aeron-dir", directory, "--json");
        using var feed = new CliProcess("feed", capture, "--aeron-dir", directory, "--speed", speed, "--json");
        var fed = JsonDocument.Parse(feed.AwaitExit()).RootElement;

        watch.Interrupt();
        var seen = JsonDocument.Parse(watch.AwaitExit()).RootElement;
        engine.Interrupt();
        var live = JsonDocument.Parse(engine.AwaitExit()).RootElement;
        driver.Interrupt();
        driver.AwaitExit();

        Assert.Equal(5066, fed.GetProperty("packets").GetInt64());
        Assert.Equal(expected.GetProperty("digest").GetString(), live.GetProperty("digest").GetString());
        Assert.Equal(expected.GetProperty("events").GetInt64(), live.GetProperty("events").GetInt64());
        Assert.Equal(84, live.GetProperty("completeBooks").GetInt64());
        Assert.Equal(0, live.GetProperty("gaps").GetInt64());
        Assert.True(seen.GetProperty("received").GetInt64() > 0);
        Assert.Equal(0, seen.GetProperty("lost").GetInt64());
        Assert.False(Directory.Exists(directory), $"{directory} was left behind");
    }

    [Fact]
    public void The_demo_balances_its_books_and_allocates_nothing()
    {
        using var demo = new CliProcess("demo", "--seconds", "4", "--json");
        var result = JsonDocument.Parse(demo.AwaitExit()).RootElement;

        Assert.True(result.GetProperty("events").GetInt64() > 20_000);
        Assert.Equal(0, result.GetProperty("gaps").GetInt64());
        Assert.Equal(0, result.GetProperty("lost").GetInt64());
        Assert.Equal(0, result.GetProperty("allocatedBytesPerEvent").GetDouble());
        Assert.Equal(
            result.GetProperty("evaluated").GetInt64(),
            result.GetProperty("signals").GetInt64() + result.GetProperty("conflated").GetInt64());
    }

    [Fact]
    public void A_second_engine_in_the_directory_of_the_first_is_refused_with_one_line()
    {
        var directory = Path.Combine(Path.GetTempPath(), $"flowengine-system-{Path.GetRandomFileName()}");
        using var driver = new CliProcess("driver", "--aeron-dir", directory);
        driver.AwaitStderr("ready");

        using var second = new CliProcess("driver", "--aeron-dir", directory);
        second.AwaitExit(exitCode: 1);

        var line = Assert.Single(second.Stderr.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(directory, line, StringComparison.Ordinal);
        driver.Interrupt();
        driver.AwaitExit();
    }
}
