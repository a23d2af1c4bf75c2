using System.Text;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Control;
using FlowEngine.Aeron.Driver;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>
/// Our client on Aeron's own driver, alone and against Aeron's own C clients. Needs AERONMD and AERON_SAMPLES.
/// </summary>
public sealed class NativeDriverInteropTest : IDisposable
{
    private readonly NativeDriver _driver = new();

    [Fact]
    public async Task Our_publications_reach_our_subscription_across_many_terms()
    {
        using var client = await Connect();
        using var subscription = client.AddSubscription("aeron:ipc", 10);
        using var shared = client.AddPublication("aeron:ipc?term-length=64k", 10);
        using var exclusive = client.AddExclusivePublication("aeron:ipc?term-length=64k", 10);
        await Wait.Until(() => shared.IsConnected && exclusive.IsConnected && subscription.ImageCount == 2);
        var assembler = new FragmentAssembler<TextCollector>(new TextCollector());
        for (var i = 0; i < 2000; i++)
        {
            var text = $"{i} {new string('x', i % 50 == 0 ? 4000 : i % 300)}";
            await Offered(subscription, assembler, () => shared.Offer(Encoding.ASCII.GetBytes($"s {text}")));
            await Offered(subscription, assembler, () => exclusive.Offer(Encoding.ASCII.GetBytes($"e {text}")));
        }

        await Wait.Until(() =>
        {
            subscription.Poll(ref assembler, 100);
            return assembler.Handler.Texts.Count == 4000;
        });
        foreach (var kind in "se")
        {
            var numbers = assembler.Handler.Texts.Where(t => t[0] == kind).Select(t => int.Parse(t.Split(' ')[1]));
            Assert.Equal(Enumerable.Range(0, 2000), numbers);
        }

        Assert.True(shared.Position > 6 * 65536);
    }

    [Fact]
    public async Task A_native_publisher_reaches_our_subscription()
    {
        using var client = await Connect();
        using var subscription = client.AddSubscription("aeron:ipc", 11);
        using var publisher = NativeProcess.Start(
            NativeProcess.SamplePath("basic_publisher"),
            ["-p", _driver.Directory, "-c", "aeron:ipc", "-s", "11", "-m", "3", "-l", "0"]);
        var collector = new TextCollector();
        await Wait.Until(
            () =>
            {
                subscription.Poll(ref collector, 10);
                return collector.Texts.Count == 3;
            },
            () => publisher.Output);
        Assert.All(collector.Texts, text => Assert.StartsWith("Hello World!", text));
        await Wait.Until(() => subscription.ImageCount == 0);
    }

    [Fact]
    public async Task Our_publication_reaches_a_native_subscriber()
    {
        using var client = await Connect();
        using var publication = client.AddPublication("aeron:ipc", 12);
        using var subscriber = NativeProcess.Start(
            NativeProcess.SamplePath("basic_subscriber"), ["-p", _driver.Directory, "-c", "aeron:ipc", "-s", "12"]);
        await Wait.Until(() => publication.IsConnected, () => subscriber.Output);
        Assert.True(publication.Offer("from FlowEngine"u8) > 0);
        var large = new byte[5000];
        large.AsSpan().Fill((byte)'y');
        Assert.True(publication.Offer(large) > 0);
        await subscriber.UntilOutput("from FlowEngine");
        await subscriber.UntilOutput("(5000 bytes)");
        TestContext.Current.TestOutputHelper?.WriteLine(subscriber.Output[..Math.Min(1000, subscriber.Output.Length)]);
    }

    [Fact]
    public async Task Our_counters_are_seen_by_the_native_viewer_and_freed_when_we_close()
    {
        var viewer = NativeProcess.SamplePath("AeronStat");
        using (var client = await Connect())
        {
            using var counter = client.AddCounter(1001, "flow engine test counter");
            counter.Handle.Set(4711);
            using var stat = NativeProcess.Start(viewer, ["-d", _driver.Directory, "-w", "false"]);
            await stat.UntilExit();
            Assert.Contains("flow engine test counter", stat.Output);
            Assert.Contains("4,711", stat.Output);
            await Wait.Until(() => client.CountersReader.Scan().Any(c => c.Label.Contains("name=flow-test")));
        }

        using var cnc = CncFile.Open(_driver.Directory, readOnly: true);
        await Wait.Until(() => cnc.Counters.Scan().All(c => c.TypeId != 1001 && c.TypeId != 11));
    }

    [Fact]
    public async Task The_native_drivers_refusal_becomes_a_clear_exception()
    {
        using var client = await Connect();
        var exception = Assert.Throws<RegistrationException>(() => client.AddPublication("aeron:udp?fc=max", 1));
        Assert.Equal(ErrorCode.InvalidChannel, exception.Code);
        using var cnc = CncFile.Open(_driver.Directory, readOnly: true);
        Assert.Contains(cnc.ReadErrors(), error => error.Text.Contains("invalid channel", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Our_driver_does_not_start_over_a_living_native_one()
    {
        using var client = await Connect();
        Assert.True(MediaDriver.IsActive(_driver.Directory));
        var exception = Assert.Throws<ActiveDriverException>(
            () => MediaDriver.Launch(new MediaDriverContext { Directory = _driver.Directory }));
        Assert.Contains(_driver.Directory, exception.Message);
    }

    [Fact]
    public async Task Our_client_closes_when_the_native_driver_ends()
    {
        using var client = await Connect();
        using var publication = client.AddPublication("aeron:ipc", 13);
        using var subscription = client.AddSubscription("aeron:ipc", 13);
        await Wait.Until(() => publication.IsConnected);
        Assert.True(publication.Offer("x"u8) > 0);
        _driver.Interrupt();
        await Wait.Until(() => client.IsClosed);
        Assert.Equal(PublicationResult.Closed, publication.Offer("x"u8));
        var collector = new TextCollector();
        Assert.Equal(0, subscription.Poll(ref collector, 1));
        Assert.Throws<AeronException>(() => client.AddPublication("aeron:ipc", 14));
    }

    [Fact]
    public async Task Our_client_uses_udp_through_the_native_driver()
    {
        using var client = await Connect();
        const string Channel = "aeron:udp?endpoint=127.0.0.1:24333|term-length=64k";
        using var subscription = client.AddSubscription(Channel, 15);
        using var publication = client.AddPublication(Channel, 15);
        await Wait.Until(() => publication.IsConnected && subscription.IsConnected);
        var assembler = new FragmentAssembler<TextCollector>(new TextCollector());
        for (var i = 0; i < 300; i++)
        {
            var text = Encoding.ASCII.GetBytes($"{i} {new string('z', 2000)}");
            await Offered(subscription, assembler, () => publication.Offer(text));
        }

        await Wait.Until(() =>
        {
            subscription.Poll(ref assembler, 100);
            return assembler.Handler.Texts.Count == 300;
        });
        Assert.Equal(Enumerable.Range(0, 300), assembler.Handler.Texts.Select(t => int.Parse(t.Split(' ')[0])));
    }

    public void Dispose() => _driver.Dispose();

    private static Task Offered(
        Subscription subscription, FragmentAssembler<TextCollector> assembler, Func<long> offer) =>
        Wait.Until(() =>
        {
            if (offer() > 0)
            {
                return true;
            }

            subscription.Poll(ref assembler, 100);
            return false;
        });

    private Task<AeronClient> Connect() => _driver.Connect();
}
