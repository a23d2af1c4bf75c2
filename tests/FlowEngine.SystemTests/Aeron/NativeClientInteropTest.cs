using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>Aeron's own C programs on our driver. Needs AERON_SAMPLES.</summary>
public sealed class NativeClientInteropTest : IDisposable
{
    private readonly string _directory = Wait.NewDirectory();
    private readonly MediaDriver _driver;

    public NativeClientInteropTest()
    {
        _driver = MediaDriver.Launch(new MediaDriverContext
        {
            Directory = _directory,
            IpcTermBufferLength = 64 * 1024,
            CounterBufferLength = 1024 * 1024,
            DeleteDirectoryOnShutdown = true,
        });
    }

    [Fact]
    public async Task A_native_publisher_reaches_a_native_subscriber()
    {
        using var subscriber = Start("basic_subscriber", "-c", "aeron:ipc", "-s", "20");
        using var publisher = Start("basic_publisher", "-c", "aeron:ipc", "-s", "20", "-m", "3", "-l", "0");
        await subscriber.UntilOutput("Hello World!");
        await publisher.UntilExit();
        Assert.Contains("Done sending.", publisher.Output);
        await subscriber.UntilOutput("Unavailable image");
        Print(publisher, subscriber);
    }

    [Fact]
    public async Task Native_ping_and_pong_answer_each_other()
    {
        using var pong = Start("cpong", "-c", "aeron:ipc", "-C", "aeron:ipc", "-s", "1002", "-S", "1003");
        using var ping = Start(
            "cping", "-c", "aeron:ipc", "-C", "aeron:ipc", "-s", "1002", "-S", "1003", "-m", "2000", "-w", "100");
        await ping.UntilExit();
        Assert.Equal(0, ping.ExitCode);
        Print(ping, pong);
    }

    [Fact]
    public async Task Our_client_talks_with_native_ones_both_ways()
    {
        using var client = AeronClient.Connect(new AeronContext { Directory = _directory });
        using var subscription = client.AddSubscription("aeron:ipc", 21);
        using var publisher = Start("basic_publisher", "-c", "aeron:ipc", "-s", "21", "-m", "2", "-l", "0");
        var collector = new TextCollector();
        await Wait.Until(
            () =>
            {
                subscription.Poll(ref collector, 10);
                return collector.Texts.Count == 2;
            },
            () => publisher.Output);
        await publisher.UntilExit();
        await Wait.Until(() => subscription.ImageCount == 0);

        using var publication = client.AddExclusivePublication("aeron:ipc", 22);
        using var subscriber = Start("basic_subscriber", "-c", "aeron:ipc", "-s", "22");
        await Wait.Until(() => publication.IsConnected, () => subscriber.Output);
        Assert.True(publication.Offer("from our exclusive publication"u8) > 0);
        await subscriber.UntilOutput("from our exclusive publication");
        publication.Dispose();
        await subscriber.UntilOutput("Unavailable image");
        subscriber.Interrupt();
        await subscriber.UntilExit();
        await Wait.Until(() => client.CountersReader.Scan().All(counter => counter.TypeId != 4));
        Print(publisher, subscriber);
    }

    [Fact]
    public async Task A_native_stream_of_many_terms_is_delivered_to_a_native_subscriber()
    {
        using var subscriber = Start("rate_subscriber", "-c", "aeron:ipc", "-s", "23");
        await subscriber.UntilOutput("Subscription channel status");
        using var publisher = Start(
            "streaming_publisher", "-c", "aeron:ipc?term-length=1m", "-s", "23", "-L", "64", "-m", "100000", "-l", "0");
        await publisher.UntilOutput("totals 100000 messages");
        await subscriber.UntilOutput("Unavailable image");
        Print(publisher, subscriber);
    }

    [Fact]
    public async Task The_native_viewers_read_our_counters_and_errors()
    {
        using var client = AeronClient.Connect(new AeronContext { Directory = _directory });
        using var publication = client.AddPublication("aeron:ipc?alias=seen", 24);
        using var subscription = client.AddSubscription("aeron:ipc", 24);
        var refusal = Assert.Throws<RegistrationException>(
            () => client.AddPublication("aeron:ipc?term-length=12345", 24));
        Assert.Equal(ErrorCode.InvalidChannel, refusal.Code);

        using var stat = NativeProcess.Start(
            NativeProcess.SamplePath("AeronStat"), ["-d", _directory, "-w", "false"]);
        await stat.UntilExit();
        Assert.Equal(0, stat.ExitCode);
        var limit = $"pub-lmt: {publication.RegistrationId} {publication.SessionId} 24 aeron:ipc?alias=seen";
        Assert.Contains(limit, stat.Output);
        Assert.Contains("sub-pos: ", stat.Output);
        Assert.Contains("Client liveness timeouts", stat.Output);
        Assert.Contains("client-heartbeat: id=1", stat.Output);

        using var errors = NativeProcess.Start(NativeProcess.SamplePath("ErrorStat"), ["-d", _directory]);
        await errors.UntilExit();
        Assert.Contains("term-length=12345", errors.Output);

        using var tool = NativeProcess.Start(NativeProcess.SamplePath("DriverTool"), ["-d", _directory, "-P"]);
        await tool.UntilExit();
        Assert.Contains(Environment.ProcessId.ToString(), tool.Output);
        Print(stat, errors, tool);
    }

    public void Dispose()
    {
        _driver.Dispose();
        Assert.False(Directory.Exists(_directory));
    }

    private static void Print(params NativeProcess[] processes)
    {
        foreach (var process in processes)
        {
            var output = process.Output;
            TestContext.Current.TestOutputHelper?.WriteLine(output[..Math.Min(6000, output.Length)]);
        }
    }

    private NativeProcess Start(string sample, params string[] arguments) =>
        NativeProcess.Start(NativeProcess.SamplePath(sample), ["-p", _directory, .. arguments]);
}
