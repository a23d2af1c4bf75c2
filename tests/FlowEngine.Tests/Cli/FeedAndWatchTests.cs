using FlowEngine.Aeron;
using FlowEngine.Cli.Frame;
using FlowEngine.Feeds.Captures;
using FlowEngine.Feeds.Simulation;
using FlowEngine.Messages.MarketData;
using FlowEngine.Messages.Signals;
using Xunit;

namespace FlowEngine.Tests.Cli;

public sealed class FeedAndWatchTests
{
    private const string Capture = "deribit_sbe/pcaps/sample_capture_v1_6.pcapng";

    [Fact]
    public void Feed_gives_up_when_nobody_subscribes()
    {
        using var driver = new RunningDriver();
        using var feed = CliRun.ToEnd(
            out var exitCode, "feed", "--sim", "--wait-seconds", "0.2", "--aeron-dir", driver.Directory);

        Assert.Equal(ExitCode.Failed, exitCode);
        Assert.StartsWith(
            "flowengine: nobody subscribed to aeron:ipc stream 1001 within 0.2 s: ", Assert.Single(feed.ErrorLines),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Feed_publishes_the_simulated_venue_packet_for_packet()
    {
        var expected = new List<byte[]>();
        var simulator = new MarketSimulator(new SimulatorOptions
        {
            Seed = 9,
            Instruments = 2,
            EventsPerSecond = 3000,
            Duration = TimeSpan.FromSeconds(2),
        });
        var buffer = new byte[simulator.MaxPacketLength];
        while (simulator.NextPacket(buffer, out _) is > 0 and var length)
        {
            expected.Add(buffer[..length]);
        }

        var json = Feed(
            out var received,
            "--sim", "--seed", "9", "--instruments", "2", "--events-per-second", "3000", "--seconds", "2",
            "--flat-out");

        Assert.True(expected.Count > 3000, $"{expected.Count} packets");
        Assert.Equal(expected.Count, json.GetProperty("packets").GetInt64());
        Assert.Equal(expected.Sum(packet => (long)packet.Length), json.GetProperty("bytes").GetInt64());
        Assert.True(json.GetProperty("complete").GetBoolean());
        Assert.Equal(expected, received);
    }

    [Fact]
    public void Feed_publishes_a_real_capture_without_the_packets_to_be_left_out()
    {
        var path = CapturePath();
        var expected = new List<byte[]>();
        using (var file = CaptureFile.Open(path))
        {
            var buffer = new byte[ushort.MaxValue];
            while (file.TryRead(out var datagram))
            {
                expected.Add(buffer[..datagram.WriteTo(buffer)]);
            }
        }

        var all = expected.Count;
        expected.RemoveAt(9);
        expected.RemoveAt(0);
        var json = Feed(out var received, path, "--flat-out", "--leave-out", "1", "--leave-out", "10");

        Assert.Equal(all - 2, json.GetProperty("packets").GetInt64());
        Assert.Equal(2, json.GetProperty("skipped").GetInt64());
        Assert.Equal(0, json.GetProperty("truncated").GetInt64());
        Assert.Equal(expected, received);
    }

    [Fact]
    public async Task Feed_ends_at_once_when_it_is_stopped_and_says_so()
    {
        using var driver = new RunningDriver();
        using var client = driver.Connect();
        using var subscription = client.AddSubscription("aeron:ipc", 1001);
        using var feed = CliRun.Start("feed", "--sim", "--json", "--aeron-dir", driver.Directory);
        var packets = new Collector();
        var stopped = Task.Run(() =>
        {
            Await.That(() => packets.Messages.Count > 100, () => $"{packets.Messages.Count} packets, {feed.Error}");
            return feed.Stop();
        }, TestContext.Current.CancellationToken);
        Await.That(() => subscription.Poll(ref packets, 64) < 0 || stopped.IsCompleted, () => feed.Error);

        Assert.Equal(ExitCode.Success, await stopped);
        Assert.False(feed.Json.GetProperty("complete").GetBoolean());
    }

    [Fact]
    public void Watch_counts_prints_and_reports_what_an_engine_publishes()
    {
        using var driver = new RunningDriver();
        using var client = driver.Connect();
        using var publication = client.AddExclusivePublication("aeron:ipc", 2001);
        using var watch = CliRun.Start("watch", "--json", "--instruments", "BTC*", "--aeron-dir", driver.Directory);
        Await.That(() => publication.IsConnected || watch.HasEnded, () => watch.Error);

        Offer(publication, Directory(0, "BTC-PERPETUAL"u8));
        Offer(publication, Directory(1, "ETH-PERPETUAL"u8));
        Offer(publication, TopOfBook(0, sequence: 1, conflated: 0));
        Offer(publication, TopOfBook(1, sequence: 1, conflated: 0));
        Offer(publication, TopOfBook(0, sequence: 4, conflated: 2));
        Offer(publication, TopOfBook(0, sequence: 6, conflated: 2));
        Offer(publication, TopOfBook(0, sequence: 6, conflated: 2, Delivery.Repeat));
        Await.That(
            () => watch.Error.Contains("BTC-PERPETUAL bid=30000.0", StringComparison.Ordinal), () => watch.Error);

        Assert.Equal(ExitCode.Success, watch.Stop());
        var json = watch.Json;
        Assert.Equal(4, json.GetProperty("received").GetInt64());
        Assert.Equal(1, json.GetProperty("repeats").GetInt64());
        Assert.Equal(2, json.GetProperty("conflated").GetInt64());
        Assert.Equal(1, json.GetProperty("lost").GetInt64());
        Assert.Equal(2, json.GetProperty("instruments").GetInt32());
        Assert.Equal(0, json.GetProperty("unreadable").GetInt64());
        Assert.DoesNotContain("ETH", watch.Error, StringComparison.Ordinal);
        Assert.Single(watch.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void Watch_subscribes_untethered()
    {
        using var driver = new RunningDriver();
        using var client = driver.Connect();
        using var publication = client.AddExclusivePublication("aeron:ipc", 2001);
        using var watch = CliRun.Start("watch", "--plain", "--aeron-dir", driver.Directory);
        Await.That(() => publication.IsConnected || watch.HasEnded, () => watch.Error);

        Assert.Contains(
            client.CountersReader.Scan(),
            counter => counter.Label.Contains("tether=false", StringComparison.Ordinal));
        Assert.Equal(ExitCode.Success, watch.Stop());
    }

    [Fact]
    public void Watch_ends_by_itself_and_says_so_when_its_driver_stops()
    {
        var driver = new RunningDriver();
        using var watch = CliRun.Start("watch", "--plain", "--aeron-dir", driver.Directory);
        Await.That(() => watch.Out.Contains("waiting for an engine", StringComparison.Ordinal), () => watch.Error);
        driver.Dispose();

        Assert.Equal(ExitCode.Failed, watch.WaitForExit());
        Assert.Contains("has stopped", Assert.Single(watch.ErrorLines), StringComparison.Ordinal);
    }

    private static System.Text.Json.JsonElement Feed(out List<byte[]> received, params string[] options)
    {
        using var driver = new RunningDriver();
        using var client = driver.Connect();
        using var subscription = client.AddSubscription("aeron:ipc", 1001);
        using var feed = CliRun.Start(["feed", "--json", "--aeron-dir", driver.Directory, .. options]);
        var collector = new Collector();
        var assembler = new FragmentAssembler<Collector>(collector);
        Await.That(() => subscription.Poll(ref assembler, 256) == 0 && feed.HasEnded, () => feed.Error);
        Assert.True(feed.WaitForExit() == ExitCode.Success, feed.Error);
        received = collector.Messages;
        return feed.Json;
    }

    private static string CapturePath()
    {
        var data = Environment.GetEnvironmentVariable("FLOWENGINE_DATA")
            ?? Path.Combine(RepositoryRoot(), "..", "shared", "data");
        var path = Path.GetFullPath(Path.Combine(data, Capture));
        Assert.SkipUnless(File.Exists(path), $"{path} is not here: set FLOWENGINE_DATA");
        return path;
    }

    private static string RepositoryRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory!.FullName, "FlowEngine.sln")))
        {
            directory = directory.Parent;
        }

        return directory.FullName;
    }

    private static void Offer(ExclusivePublication publication, byte[] message) =>
        Await.That(() => publication.Offer(message) > 0, () => "the publication takes nothing");

    private static byte[] Directory(uint id, ReadOnlySpan<byte> symbol)
    {
        var buffer = new byte[InstrumentDirectoryReader.EncodedFixedLength];
        var writer = new InstrumentDirectoryWriter(buffer) { InstrumentId = id, TickQuanta = 1, Epoch = 5 };
        writer.SetPriceQuantum(5, -1);
        writer.SetLot(1, 0);
        writer.SetSymbol(symbol);
        return buffer;
    }

    private static byte[] TopOfBook(uint id, ulong sequence, uint conflated, Delivery delivery = Delivery.None)
    {
        var buffer = new byte[TopOfBookReader.EncodedFixedLength];
        var writer = new TopOfBookWriter(buffer) { BidPrice = 60_000, AskPrice = 60_001 };
        var provenance = writer.Provenance;
        provenance.InstrumentId = id;
        provenance.Epoch = 5;
        provenance.Sequence = sequence;
        provenance.Conflated = conflated;
        provenance.Delivery = delivery;
        return buffer;
    }

    private sealed class Collector : IFragmentHandler
    {
        public List<byte[]> Messages { get; } = [];

        public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
        {
            Assert.True(VenuePacketReader.TryWrap(payload, out _));
            Messages.Add(payload.ToArray());
        }
    }
}
