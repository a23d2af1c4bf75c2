using System.Text.Json;
using FlowEngine.Aeron.Driver;
using FlowEngine.SystemTests.Engine;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>
/// The <c>flowengine</c> commands as processes, with Aeron's own driver or samples on the other side. Needs AERONMD and
/// AERON_SAMPLES.
/// </summary>
[Collection(KillCollection.Name)]
public sealed class ToolsInteropTest : IDisposable
{
    private const string Ping = "aeron:udp?endpoint=127.0.0.1:24701";
    private const string Pong = "aeron:udp?endpoint=127.0.0.1:24702";
    private readonly string _directory = Wait.NewDirectory();

    public static TheoryData<string, string> Channels => new() { { "aeron:ipc", "aeron:ipc" }, { Ping, Pong } };

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task Our_ping_on_the_native_driver_is_answered_by_the_native_pong(string ping, string pong)
    {
        using var driver = await StartNativeDriver();
        using var other = Sample("cpong", "-c", ping, "-C", pong, "-s", "1002", "-S", "1003");
        using var ours = new CliProcess(
            "aeron", "ping", "--dir", _directory, "--ping-channel", ping, "--pong-channel", pong, "--messages", "200",
            "--warmup-messages", "20", "--warmup-iterations", "1", "--idle", "yield", "--json");

        using var result = JsonDocument.Parse(ours.AwaitExit());
        Assert.Equal(200, result.RootElement.GetProperty("messages").GetInt64());
        Print($"{ping}: our ping, native pong and driver: {result.RootElement}");
    }

    [Theory]
    [MemberData(nameof(Channels))]
    public async Task The_native_ping_on_our_driver_is_answered_by_our_pong(string ping, string pong)
    {
        using var driver = StartOurDriver();
        using var ours = new CliProcess(
            "aeron", "pong", "--dir", _directory, "--ping-channel", ping, "--pong-channel", pong, "--idle", "yield",
            "--json");
        ours.AwaitStderr("answering");
        using var other = Sample(
            "cping", "-c", ping, "-C", pong, "-s", "1002", "-S", "1003", "-m", "200", "-w", "20");
        await other.UntilExit();
        Assert.Equal(0, other.ExitCode);
        Assert.Contains("Total count    =          200]", other.Output);

        ours.Interrupt();
        using var result = JsonDocument.Parse(ours.AwaitExit());
        Assert.Equal(220, result.RootElement.GetProperty("answered").GetInt64());
        Print(other.Output[^200..]);
        StopOurDriver(driver);
    }

    [Fact]
    public async Task Our_throughput_publisher_feeds_the_native_rate_subscriber_on_the_native_driver()
    {
        using var driver = await StartNativeDriver();
        using var other = Sample("rate_subscriber", "-c", "aeron:ipc", "-s", "1001");
        using var ours = new CliProcess(
            "aeron", "throughput", "--side", "publisher", "--dir", _directory, "--messages", "200000",
            "--warmup-messages", "1000", "--idle", "yield", "--json");
        using var result = JsonDocument.Parse(ours.AwaitExit());
        Assert.Equal(200_000, result.RootElement.GetProperty("messages").GetInt64());
        await other.UntilOutput("Unavailable image");
        Print($"{result.RootElement}\n{other.Output}");
    }

    [Fact]
    public async Task The_native_streaming_publisher_feeds_our_throughput_subscriber_on_our_driver()
    {
        using var driver = StartOurDriver();
        using var ours = new CliProcess(
            "aeron", "throughput", "--side", "subscriber", "--dir", _directory, "--idle", "yield", "--json");
        ours.AwaitStderr("subscriber alone");
        using var other = Sample(
            "streaming_publisher", "-c", "aeron:ipc", "-s", "1001", "-L", "64", "-m", "100000", "-l", "0");
        await other.UntilExit();
        await Wait.Until(() => Streams() == 0);
        ours.Interrupt();

        using var result = JsonDocument.Parse(ours.AwaitExit());
        Assert.Equal(100_000, result.RootElement.GetProperty("messages").GetInt64());
        Assert.Equal(64, result.RootElement.GetProperty("messageLength").GetDouble());
        Print(result.RootElement.ToString());
        StopOurDriver(driver);
    }

    [Fact]
    public async Task Our_loss_viewer_reads_what_the_native_driver_lost()
    {
        const string Channel = "aeron:udp?endpoint=127.0.0.1:24703|term-length=64k";
        using var driver = await StartNativeDriver(
            ("AERON_UDP_CHANNEL_INCOMING_INTERCEPTORS", "loss"),
            ("AERON_UDP_CHANNEL_TRANSPORT_BINDINGS_LOSS_ARGS", "rate=0.2|seed=7|recv-msg-mask=0x2"));
        using var ours = new CliProcess(
            "aeron", "throughput", "--dir", _directory, "--channel", Channel, "--length", "1000", "--messages", "2000",
            "--warmup-messages", "0", "--idle", "yield", "--json");
        using var result = JsonDocument.Parse(ours.AwaitExit());
        using var loss = new CliProcess("aeron", "loss", "--dir", _directory, "--json");
        using var report = JsonDocument.Parse(loss.AwaitExit());

        Assert.Equal(0, result.RootElement.GetProperty("outOfOrder").GetInt64());
        Assert.Equal(2000, result.RootElement.GetProperty("messages").GetInt64());
        var entry = Assert.Single(report.RootElement.GetProperty("losses").EnumerateArray());
        Assert.True(entry.GetProperty("gaps").GetInt64() > 0);
        Assert.True(entry.GetProperty("bytesLost").GetInt64() >= 1056);
        Assert.Equal(1001, entry.GetProperty("streamId").GetInt32());
        Assert.StartsWith("aeron:udp?endpoint=127.0.0.1:24703", entry.GetProperty("channel").GetString());
        Assert.StartsWith("127.0.0.1:", entry.GetProperty("source").GetString());
        Print(report.RootElement.ToString());
    }

    [Fact]
    public async Task Our_viewer_shows_the_native_drivers_counters_as_the_native_one_does()
    {
        using var driver = await StartNativeDriver();
        using var other = Sample("cpong", "-c", "aeron:ipc", "-C", "aeron:ipc");
        await other.UntilOutput("Publication");
        using var stat = new CliProcess("stat", "--dir", _directory, "--json");
        using var ours = JsonDocument.Parse(stat.AwaitExit());
        using var native = NativeProcess.Start(
            NativeProcess.SamplePath("AeronStat"), ["-d", _directory, "-w", "false"]);
        await native.UntilExit();

        var labels = ours.RootElement.GetProperty("counters").EnumerateArray()
            .Select(counter => counter.GetProperty("label").GetString()!).ToList();
        Assert.True(labels.Count > 40);
        Assert.All(labels, label => Assert.Contains(label, native.Output));
        using var filtered = new CliProcess("stat", "--dir", _directory, "--type", "^11$", "--json");
        using var heartbeats = JsonDocument.Parse(filtered.AwaitExit());
        var only = Assert.Single(heartbeats.RootElement.GetProperty("counters").EnumerateArray());
        Assert.StartsWith("client-heartbeat", only.GetProperty("label").GetString());
    }

    [Fact]
    public async Task The_native_driver_tool_ends_our_driver_where_a_property_allows_it()
    {
        var file = Path.Combine(Path.GetTempPath(), $"flow-{Guid.NewGuid():N}.properties");
        await File.WriteAllTextAsync(
            file, "aeron.driver.termination.validator=allow\n", TestContext.Current.CancellationToken);
        try
        {
            using var driver = new CliProcess("driver", file, "--dir", _directory, "--json");
            driver.AwaitStderr("ready in");
            using var tool = NativeProcess.Start(NativeProcess.SamplePath("DriverTool"), ["-d", _directory, "-T"]);
            await tool.UntilExit();
            driver.AwaitExit();
            Assert.False(Directory.Exists(_directory));
        }
        finally
        {
            File.Delete(file);
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private static void Print(string text) => TestContext.Current.TestOutputHelper?.WriteLine(text);

    private int Streams()
    {
        using var streams = new CliProcess("aeron", "streams", "--dir", _directory, "--json");
        using var result = JsonDocument.Parse(streams.AwaitExit());
        return result.RootElement.GetProperty("count").GetInt32();
    }

    private CliProcess StartOurDriver()
    {
        // Skips before anything is started.
        NativeProcess.SamplePath("cping");
        var driver = new CliProcess("driver", "--dir", _directory, "--threading", "shared", "--json");
        driver.AwaitStderr("ready in");
        return driver;
    }

    private void StopOurDriver(CliProcess driver)
    {
        driver.Interrupt();
        using var result = JsonDocument.Parse(driver.AwaitExit());
        Assert.Equal(0, result.RootElement.GetProperty("errors").GetInt64());
        Assert.False(Directory.Exists(_directory));
    }

    private async Task<NativeProcess> StartNativeDriver(params (string Key, string Value)[] settings)
    {
        NativeProcess.SamplePath("cping");
        var driver = NativeProcess.Start(
            NativeProcess.DriverPath(),
            [],
            [
                ("AERON_DIR", _directory),
                ("AERON_THREADING_MODE", "SHARED"),
                ("AERON_SHARED_IDLE_STRATEGY", "backoff"),
                ("AERON_COUNTERS_BUFFER_LENGTH", "1m"),
                ("AERON_DIR_DELETE_ON_SHUTDOWN", "true"),
                .. settings,
            ]);
        await Wait.Until(() => MediaDriver.IsActive(_directory), () => driver.Output);
        return driver;
    }

    private NativeProcess Sample(string name, params string[] arguments) =>
        NativeProcess.Start(NativeProcess.SamplePath(name), ["-p", _directory, .. arguments]);
}
