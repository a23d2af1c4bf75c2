using System.Text.Json;
using FlowEngine.Cli.Frame;
using Xunit;

namespace FlowEngine.Tests.Cli.Aeron;

public sealed class AeronBenchTests
{
    private const string PingUdp = "aeron:udp?endpoint=127.0.0.1:24611";
    private const string PongUdp = "aeron:udp?endpoint=127.0.0.1:24612";
    private const string Warmup = "--warmup-messages";

    [Theory]
    [InlineData("exclusive")]
    [InlineData("concurrent", "--concurrent", "--length", "5000")]
    [InlineData("exclusive", "--ping-channel", PingUdp, "--pong-channel", PongUdp)]
    public void Ping_alone_brings_driver_and_pong_and_prints_the_table_of_round_trips(
        string publication, params string[] options)
    {
        string[] command =
            ["aeron", "ping", "--messages", "300", Warmup, "20", "--warmup-iterations", "2", "--idle", "yield"];
        using var text = CliRun.ToEnd(out var textCode, [.. command, .. options]);
        using var json = CliRun.ToEnd(out var jsonCode, [.. command, .. options, "--json"]);

        Assert.Equal((ExitCode.Success, ExitCode.Success), (textCode, jsonCode));
        Assert.Contains("a media driver of our own is embedded", text.Error, StringComparison.Ordinal);
        Assert.Contains("Percentile", text.Out, StringComparison.Ordinal);
        Assert.Contains("Total count    =          300]", text.Out, StringComparison.Ordinal);
        Assert.Equal(300, json.Json.GetProperty("messages").GetInt64());
        Assert.Equal(publication, json.Json.GetProperty("publication").GetString());
        string[] ordered = ["minMicros", "p50Micros", "p90Micros", "p99Micros", "p999Micros", "maxMicros"];
        var values = ordered.Select(name => json.Json.GetProperty(name).GetDouble()).ToList();
        Assert.True(values[0] > 0);
        Assert.Equal(values.Order(), values);
    }

    [Fact]
    public void Ping_and_pong_of_two_commands_meet_on_a_driver_that_runs()
    {
        using var driver = new RunningDriver();
        using var pong = CliRun.Start(
            "aeron", "pong", "--dir", driver.Directory, "--idle", "backoff", "--concurrent", "--json");
        using var ping = CliRun.ToEnd(
            out var exitCode, "aeron", "ping", "--dir", driver.Directory, "--messages", "200", Warmup, "10",
            "--idle", "backoff", "--json");

        Assert.True(exitCode == ExitCode.Success, ping.Error);
        Assert.Equal(200, ping.Json.GetProperty("messages").GetInt64());
        Assert.Equal(ExitCode.Success, pong.Stop());
        Assert.Equal(200 + 100, pong.Json.GetProperty("answered").GetInt64());
        Assert.Equal(0, pong.Json.GetProperty("dropped").GetInt64());
    }

    [Fact]
    public void Ping_without_a_pong_ends_with_one_line_when_it_is_stopped()
    {
        using var driver = new RunningDriver();
        using var ping = CliRun.Start("aeron", "ping", "--dir", driver.Directory);
        Await.That(() => ping.Error.Contains("waiting for a pong", StringComparison.Ordinal), () => ping.Error);

        Assert.Equal(ExitCode.Failed, ping.Stop());
        Assert.EndsWith("flowengine: stopped before a pong was there", ping.ErrorLines[^1], StringComparison.Ordinal);
        Assert.Empty(ping.Out);
    }

    [Fact]
    public void Ping_whose_pong_goes_away_says_so()
    {
        using var driver = new RunningDriver();
        using var pong = CliRun.Start("aeron", "pong", "--dir", driver.Directory, "--idle", "yield");
        using var ping = CliRun.Start(
            "aeron", "ping", "--dir", driver.Directory, "--messages", "1000000000", Warmup, "1", "--idle", "yield");
        Await.That(() => ping.Error.Contains("then 1000000000 measured", StringComparison.Ordinal), () => ping.Error);
        pong.Stop();

        Assert.Equal(ExitCode.Failed, ping.WaitForExit());
        Assert.Contains("the pong went away after", ping.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--claim")]
    [InlineData("--concurrent", "--claim", "--length", "288")]
    [InlineData("--concurrent", "--length", "3000")]
    [InlineData("--channel", "aeron:udp?endpoint=127.0.0.1:24613|term-length=1m", "--length", "1000")]
    public void Throughput_delivers_every_message_once_and_in_order(params string[] options)
    {
        using var run = CliRun.ToEnd(
            out var exitCode,
            ["aeron", "throughput", "--messages", "20000", Warmup, "1000", "--idle", "yield", "--json", .. options]);

        Assert.True(exitCode == ExitCode.Success, run.Error);
        var length = options.Contains("--length") ? int.Parse(options[^1]) : 32;
        Assert.Equal(20_000, run.Json.GetProperty("messages").GetInt64());
        Assert.Equal(20_000L * length, run.Json.GetProperty("payloadBytes").GetInt64());
        Assert.Equal(0, run.Json.GetProperty("outOfOrder").GetInt64());
        Assert.True(run.Json.GetProperty("messagesPerSecond").GetDouble() > 0);
        Assert.Equal("subscriber", run.Json.GetProperty("side").GetString());
    }

    [Fact]
    public void Throughput_runs_its_sides_in_two_commands()
    {
        using var driver = new RunningDriver();
        using var subscriber = CliRun.Start(
            "aeron", "throughput", "--side", "subscriber", "--dir", driver.Directory, "--idle", "backoff", "--json");
        using var publisher = CliRun.ToEnd(
            out var exitCode, "aeron", "throughput", "--side", "publisher", "--dir", driver.Directory,
            "--messages", "5000", Warmup, "0", "--idle", "backoff", "--length", "100", "--json");
        Assert.True(exitCode == ExitCode.Success, publisher.Error);
        Assert.Equal("publisher", publisher.Json.GetProperty("side").GetString());
        Assert.Equal(5000, publisher.Json.GetProperty("messages").GetInt64());
        Assert.Equal(JsonValueKind.Null, publisher.Json.GetProperty("outOfOrder").ValueKind);

        // The stream is over for the subscriber when the driver has no position of it any more.
        Await.That(
            () =>
            {
                using var streams = CliRun.ToEnd(out _, "aeron", "streams", "--dir", driver.Directory, "--json");
                return streams.Json.GetProperty("count").GetInt32() == 0;
            },
            () => "the stream stayed");
        Assert.Equal(ExitCode.Success, subscriber.Stop());
        Assert.Equal(5000, subscriber.Json.GetProperty("messages").GetInt64());
        Assert.Equal(500_000, subscriber.Json.GetProperty("payloadBytes").GetInt64());
        Assert.Equal(100, subscriber.Json.GetProperty("messageLength").GetDouble());
    }

    [Theory]
    [InlineData("--length", "4000", "--claim")]
    [InlineData("--length", "16777216", "--channel", "aeron:ipc?term-length=64k")]
    public void Throughput_refuses_messages_that_the_channel_cannot_take(params string[] options)
    {
        using var run = CliRun.ToEnd(out var exitCode, ["aeron", "throughput", .. options]);

        Assert.Equal(ExitCode.BadUsage, exitCode);
        Assert.Contains($"--length is {options[1]}", run.ErrorLines[^1], StringComparison.Ordinal);
    }
}
