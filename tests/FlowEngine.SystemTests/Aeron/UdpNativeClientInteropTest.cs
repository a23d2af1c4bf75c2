using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>Aeron's own C programs on our driver, over UDP. Needs AERON_SAMPLES.</summary>
public sealed class UdpNativeClientInteropTest : IDisposable
{
    private readonly string _directory = Wait.NewDirectory();
    private readonly MediaDriver _driver;

    public UdpNativeClientInteropTest()
    {
        _driver = MediaDriver.Launch(new MediaDriverContext
        {
            Directory = _directory,
            TermBufferLength = 1024 * 1024,
            CounterBufferLength = 1024 * 1024,
            ImageLivenessTimeoutNs = 2_000_000_000,
            PublicationLingerTimeoutNs = 200_000_000,
            DeleteDirectoryOnShutdown = true,
        });
    }

    [Fact]
    public async Task A_native_publisher_reaches_a_native_subscriber()
    {
        const string Channel = "aeron:udp?endpoint=127.0.0.1:24510";
        using var subscriber = Start("basic_subscriber", "-c", Channel, "-s", "20");
        using var publisher = Start("basic_publisher", "-c", Channel, "-s", "20", "-m", "3", "-l", "1");
        await subscriber.UntilOutput("Hello World!");
        await publisher.UntilExit();
        Assert.Contains("Done sending.", publisher.Output);
        await subscriber.UntilOutput("Unavailable image");
        Print(publisher, subscriber);
    }

    [Fact]
    public async Task Native_ping_and_pong_answer_each_other()
    {
        string[] channels =
        [
            "-c", "aeron:udp?endpoint=127.0.0.1:24511", "-C", "aeron:udp?endpoint=127.0.0.1:24512",
            "-s", "1002", "-S", "1003",
        ];
        using var pong = Start("cpong", channels);
        using var ping = Start("cping", [.. channels, "-m", "200", "-w", "10"]);
        await ping.UntilExit();
        Assert.Equal(0, ping.ExitCode);
        Print(ping, pong);
    }

    [Fact]
    public async Task A_native_stream_of_many_terms_is_delivered_to_a_native_subscriber()
    {
        const string Channel = "aeron:udp?endpoint=127.0.0.1:24513";
        using var subscriber = Start("rate_subscriber", "-c", Channel, "-s", "23");
        await subscriber.UntilOutput("Subscription channel status");
        using var publisher = Start(
            "streaming_publisher", "-c", Channel, "-s", "23", "-L", "64", "-m", "100000", "-l", "0");
        await publisher.UntilOutput("totals 100000 messages");
        await subscriber.UntilOutput("Unavailable image");
        Print(publisher, subscriber);
    }

    [Fact]
    public async Task The_native_viewers_read_our_network_counters_errors_and_losses()
    {
        const string Channel = "aeron:udp?endpoint=127.0.0.1:24514";
        using var client = AeronClient.Connect(new AeronContext { Directory = _directory });
        using var publication = client.AddPublication(Channel, 24);
        using var subscription = client.AddSubscription(Channel, 24);
        await Wait.Until(() => publication.IsConnected && subscription.IsConnected);
        Assert.Throws<RegistrationException>(() => client.AddPublication("aeron:udp?alias=nowhere", 24));

        using var stat = NativeProcess.Start(
            NativeProcess.SamplePath("AeronStat"), ["-d", _directory, "-w", "false"]);
        await stat.UntilExit();
        Assert.Equal(0, stat.ExitCode);
        var (id, session) = (publication.RegistrationId, publication.SessionId);
        foreach (var name in new[] { "pub-pos (concurrent)", "pub-lmt", "snd-pos", "snd-lmt", "snd-bpe" })
        {
            Assert.Contains($"{name}: {id} {session} 24 {Channel}", stat.Output);
        }

        var image = subscription.Images[0].CorrelationId;
        foreach (var name in new[] { "rcv-hwm", "rcv-pos", "rcv-naks-sent" })
        {
            Assert.Contains($"{name}: {image} {session} 24 {Channel}", stat.Output);
        }

        Assert.Contains($"snd-channel: {Channel} 127.0.0.1:", stat.Output);
        Assert.Contains($"rcv-channel: {Channel} 127.0.0.1:24514", stat.Output);
        Assert.Contains("rcv-local-sockaddr: ", stat.Output);
        Assert.Contains($"sub-pos: {subscription.RegistrationId} {session} 24 {Channel} @0", stat.Output);

        using var errors = NativeProcess.Start(NativeProcess.SamplePath("ErrorStat"), ["-d", _directory]);
        await errors.UntilExit();
        Assert.Contains("a UDP channel needs endpoint", errors.Output);

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
