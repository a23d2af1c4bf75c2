using FlowEngine.Aeron.Driver;
using FlowEngine.Cli.Driver;
using FlowEngine.Cli.Frame;
using Xunit;

namespace FlowEngine.Tests.Cli.Driver;

public sealed class DriverSettingsTests : IDisposable
{
    private readonly TemporaryDirectory _files = new();

    [Fact]
    public void The_configuration_names_every_setting_and_reads_back_as_it_is()
    {
        var properties = new DriverProperties();
        foreach (var (name, value) in Unusual)
        {
            properties.Set(name, value, "test");
        }

        var context = properties.ToContext();
        var printed = DriverConfiguration.Of(context).ToList();
        var again = new DriverProperties();
        foreach (var (name, value) in printed)
        {
            again.Set(name, value, "printed");
        }

        Assert.Equal(context, again.ToContext());
        Assert.Empty(again.Warnings);
        Assert.Equal(
            DriverProperties.Known.Select(setting => setting.Name).Order(StringComparer.Ordinal),
            printed.Select(setting => setting.Name).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0, "0ns")]
    [InlineData(1, "1ns")]
    [InlineData(1_500, "1500ns")]
    [InlineData(60_000, "60us")]
    [InlineData(200_000_000, "200ms")]
    [InlineData(10_000_000_000, "10s")]
    public void Durations_are_said_exactly(long nanos, string text) =>
        Assert.Equal(text, DriverConfiguration.Duration(nanos));

    [Fact]
    public void Files_are_heeded_in_order_and_options_come_last()
    {
        var directory = _files.File("driver");
        var first = Write("first", $"aeron.dir={directory}\naeron.mtu.length=2048\naeron.ipc.mtu.length=2048\n");
        var second = Write("second", "aeron.mtu.length=4096\naeron.threading.mode=DEDICATED\naeron.no.such=1\n");
        using var run = CliRun.Start(
            "driver", first, second, "--threading", "shared_network", "--print-configuration", "--json");
        Await.That(() => run.Error.Contains("ready in", StringComparison.Ordinal), () => run.Error);
        var lines = run.ErrorLines;
        var exitCode = run.Stop();

        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains($"aeron.dir={directory}", lines);
        Assert.Contains("aeron.ipc.mtu.length=2048", lines);
        Assert.Contains("aeron.mtu.length=4096", lines);
        Assert.Contains("aeron.threading.mode=SHARED_NETWORK", lines);
        Assert.Contains("flowengine: " + second + ":3: aeron.no.such=1 is not a setting of a driver", lines);
        Assert.Contains("threading SHARED_NETWORK", lines[^1], StringComparison.Ordinal);
        Assert.Equal(directory, run.Json.GetProperty("directory").GetString());
        Assert.False(Directory.Exists(directory));
    }

    [Theory]
    [InlineData("aeron.mtu.length=100", "aeron.mtu.length=100 must be a multiple of 32")]
    [InlineData("aeron.term.buffer.length=lots", "aeron.term.buffer.length=lots must be a power of two")]
    [InlineData("# a remark\n\nnonsense", ":3: 'nonsense' is not key=value")]
    [InlineData("aeron.threading.mode=INVOKER", "aeron.threading.mode=INVOKER is for drivers that an application")]
    public void A_property_that_is_wrong_is_told_in_one_line(string text, string expected)
    {
        using var run = CliRun.ToEnd(out var exitCode, "driver", Write("bad", text), "--dir", _files.File("driver"));

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_files.File("driver")));
    }

    [Fact]
    public void A_file_that_is_not_there_is_told_in_one_line()
    {
        using var run = CliRun.ToEnd(out var exitCode, "driver", _files.File("none.properties"));

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.Contains("none.properties", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_is_told_once_however_often_it_comes()
    {
        using var driver = new RunningDriver();
        using var client = driver.Connect();
        for (var i = 0; i < 3; i++)
        {
            Assert.ThrowsAny<Exception>(() => client.AddPublication("aeron:udp?control-mode=manual|mtu=7", 1));
        }

        Await.That(() => driver.Run.Error.Contains("error: ", StringComparison.Ordinal), () => driver.Run.Error);
        using var errors = CliRun.ToEnd(out var exitCode, "aeron", "errors", "--dir", driver.Directory, "--json");
        client.Dispose();
        driver.Run.Stop();

        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Equal(1, errors.Json.GetProperty("distinctErrors").GetInt32());
        Assert.Equal(3, errors.Json.GetProperty("errors")[0].GetProperty("count").GetInt32());
        Assert.Single(driver.Run.ErrorLines, line => line.StartsWith("flowengine: error: ", StringComparison.Ordinal));
        Assert.Equal(3, driver.Run.Json.GetProperty("errors").GetInt64());
    }

    public void Dispose() => _files.Dispose();

    // Every setting away from its default, so that one that is not printed shows.
    private static IEnumerable<(string, string)> Unusual =>
    [
        ("aeron.dir", "/dev/shm/some where"), ("aeron.dir.delete.on.start", "true"),
        ("aeron.dir.delete.on.shutdown", "true"), ("aeron.conductor.buffer.length", "2m"),
        ("aeron.clients.buffer.length", "4m"), ("aeron.counters.buffer.length", "1m"),
        ("aeron.error.buffer.length", "1m"), ("aeron.file.page.size", "8k"), ("aeron.term.buffer.sparse.file", "false"),
        ("flowengine.reserve.files", "false"), ("aeron.ipc.term.buffer.length", "1m"), ("aeron.ipc.mtu.length", "2048"),
        ("aeron.ipc.publication.term.window.length", "64k"), ("aeron.term.buffer.length", "2m"),
        ("aeron.mtu.length", "4096"), ("aeron.publication.term.window.length", "128k"),
        ("aeron.rcv.initial.window.length", "256k"), ("aeron.spies.simulate.connection", "true"),
        ("aeron.publication.reserved.session.id.low", "-9"), ("aeron.publication.reserved.session.id.high", "99"),
        ("aeron.driver.stream.session.limit", "9"), ("aeron.client.liveness.timeout", "11s"),
        ("aeron.driver.timeout", "12345"), ("aeron.timer.interval", "100ms"),
        ("aeron.counters.free.to.reuse.timeout", "7ms"), ("aeron.publication.linger.timeout", "6s"),
        ("aeron.publication.unblock.timeout", "25s"), ("aeron.publication.connection.timeout", "6s"),
        ("aeron.image.liveness.timeout", "9s"), ("aeron.untethered.window.limit.timeout", "4s"),
        ("aeron.untethered.linger.timeout", "3s"), ("aeron.untethered.resting.timeout", "8s"),
        ("aeron.driver.reresolution.check.interval", "2s"), ("aeron.driver.conductor.cycle.threshold", "50ms"),
        ("aeron.socket.so_rcvbuf", "256k"), ("aeron.socket.so_sndbuf", "512k"), ("aeron.socket.multicast.ttl", "4"),
        ("aeron.send.to.status.poll.ratio", "5"), ("aeron.network.publication.max.messages.per.send", "3"),
        ("aeron.rcv.status.message.timeout", "150ms"), ("aeron.nak.unicast.delay", "2us"),
        ("aeron.nak.unicast.retry.delay.ratio", "50"), ("aeron.nak.multicast.group.size", "11"),
        ("aeron.nak.multicast.max.backoff", "11ms"), ("aeron.retransmit.unicast.delay", "1us"),
        ("aeron.retransmit.unicast.linger", "11ms"), ("aeron.max.resend", "17"),
        ("aeron.CongestionControl.supplier", "cubic"), ("aeron.CubicCongestionControl.measureRtt", "true"),
        ("aeron.CubicCongestionControl.initialRtt", "1234ns"), ("aeron.unicast.FlowControl.supplier", "max"),
        ("aeron.multicast.FlowControl.supplier", "tagged"), ("aeron.flow.control.receiver.timeout", "4s"),
        ("aeron.flow.control.group.tag", "77"), ("aeron.flow.control.group.min.size", "2"),
        ("aeron.receiver.group.tag", "-3"), ("aeron.threading.mode", "SHARED_NETWORK"),
        ("aeron.conductor.idle.strategy", "sleep"), ("aeron.sender.idle.strategy", "yield"),
        ("aeron.receiver.idle.strategy", "spin"), ("aeron.sharednetwork.idle.strategy", "noop"),
        ("aeron.shared.idle.strategy", "yield"), ("aeron.driver.termination.validator", "allow"),
    ];

    private string Write(string name, string text)
    {
        var path = _files.File($"{name}.properties");
        File.WriteAllText(path, text);
        return path;
    }
}
