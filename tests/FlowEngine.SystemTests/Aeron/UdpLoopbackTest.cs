using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Testing;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>Two of our drivers with threads of their own, over real sockets on loopback, with loss both ways.</summary>
public sealed class UdpLoopbackTest : IDisposable
{
    private const int Messages = 5000;

    private readonly List<MediaDriver> _drivers = [];
    private readonly List<AeronClient> _clients = [];

    [Theory]
    [InlineData(ThreadingMode.Dedicated, 24600)]
    [InlineData(ThreadingMode.SharedNetwork, 24601)]
    [InlineData(ThreadingMode.Shared, 24602)]
    public async Task Every_message_comes_once_and_in_order(ThreadingMode mode, int port)
    {
        var faults = new FaultPlan
        {
            LossSend = 0.02,
            LossReceive = 0.02,
            DuplicateReceive = 0.01,
            ReorderSend = 0.01,
            ReorderReceive = 0.01,
        };
        var sender = Start(mode, faults: null);
        var receiver = Start(mode, faults);
        var channel = $"aeron:udp?endpoint=127.0.0.1:{port}";
        var subscription = receiver.AddSubscription(channel, 1);
        var publication = sender.AddPublication(channel, 1);
        await Wait.Until(() => publication.IsConnected && subscription.IsConnected);
        var stream = new NumberedStream(publication.Offer, maxLength: 4000);
        var reader = new NumberedReader(subscription);
        await Wait.Until(
            () => stream.Advance(Messages) & reader.Poll() == Messages,
            () => $"{stream.Count} of {Messages} sent, {reader.Count} came");
        var image = subscription.Images[0];
        publication.Dispose();
        await Wait.Until(() => image.IsEndOfStream);
        await Wait.Until(() => !subscription.IsConnected);
        Assert.All(_drivers, driver => Assert.Null(driver.Failure));
        TestContext.Current.TestOutputHelper?.WriteLine($"{mode}: {faults.Counts}");
    }

    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        _drivers.ForEach(driver => driver.Dispose());
        Assert.All(_drivers, driver => Assert.False(Directory.Exists(driver.Directory)));
    }

    private AeronClient Start(ThreadingMode mode, FaultPlan? faults)
    {
        var driver = MediaDriver.Launch(new MediaDriverContext
        {
            Directory = Wait.NewDirectory(),
            ThreadingMode = mode,
            TermBufferLength = 256 * 1024,
            CounterBufferLength = 1024 * 1024,
            ImageLivenessTimeoutNs = 2_000_000_000,
            DeleteDirectoryOnShutdown = true,
            Faults = faults,
        });
        _drivers.Add(driver);
        var client = AeronClient.Connect(new AeronContext { Directory = driver.Directory });
        _clients.Add(client);
        return client;
    }
}
