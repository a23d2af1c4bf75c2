using FlowEngine.Aeron.Driver;
using FlowEngine.SystemTests.Engine;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>What a user meets whose driver process was killed.</summary>
[Collection(KillCollection.Name)]
public sealed class ToolsTest : IDisposable
{
    private readonly string _directory = Wait.NewDirectory();

    [Fact]
    public async Task A_driver_command_after_a_killed_one_refuses_in_one_line_or_replaces_it()
    {
        using (var killed = new CliProcess("driver", "--dir", _directory))
        {
            killed.AwaitStderr("ready in");
        }

        Assert.True(File.Exists(Path.Combine(_directory, "cnc.dat")));
        using (var refused = new CliProcess("driver", "--dir", _directory))
        {
            refused.AwaitExit(exitCode: 1);
            Assert.Equal(
                $"flowengine: {_directory}: its driver was killed just now: wait 10s, or give --delete-on-start",
                refused.Stderr.Trim());
        }

        // A heartbeat is good for a second and a half: before, nobody can tell a dead driver from a busy one.
        await Wait.Until(() => !MediaDriver.IsActive(_directory, driverTimeoutMs: 1600));
        using (var stat = new CliProcess("stat", "--dir", _directory))
        {
            stat.AwaitExit(exitCode: 1);
            Assert.StartsWith($"flowengine: no media driver is running in {_directory}: ", stat.Stderr);
            Assert.Single(stat.Stderr.Trim().Split('\n'));
        }

        using (var streams = new CliProcess("aeron", "streams", "--dir", _directory))
        {
            Assert.Equal("0 streams", streams.AwaitExit());
        }

        using var driver = new CliProcess("driver", "--dir", _directory, "--delete-on-start");
        driver.AwaitStderr("ready in");
        using var ping = new CliProcess(
            "aeron", "ping", "--dir", _directory, "--pong", "here", "--messages", "50", "--warmup-messages", "5",
            "--idle", "yield");
        Assert.StartsWith("#[Buckets", ping.AwaitExit());
        driver.Interrupt();
        driver.AwaitExit();
        Assert.False(Directory.Exists(_directory));
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }
}
