using FlowEngine.Aeron;
using FlowEngine.Feeds.Publishing;
using FlowEngine.Feeds.Simulation;
using FlowEngine.Tests.Aeron;
using Xunit;

namespace FlowEngine.Tests.Feeds;

public sealed class FeedPublisherTests
{
    private const int Stream = 1001;

    [Fact]
    public void Back_pressure_drops_nothing_and_shifts_no_due_time()
    {
        using var house = new EmbeddedDriver();
        AeronClient client = house.Connect();
        using ExclusivePublication publication = client.AddExclusivePublication("aeron:ipc", Stream);
        var options = new SimulatorOptions { Seed = 9, Duration = TimeSpan.FromSeconds(1), EventsPerSecond = 5_000 };
        var publisher = new FeedPublisher<MarketSimulator>(new MarketSimulator(options), publication,
            new FeedPublisherOptions());
        Assert.Equal(0, publisher.DoWork(0));
        using Subscription subscription = client.AddSubscription("aeron:ipc", Stream);
        house.Step();
        house.Step();

        // A second passes while nobody reads: all packets are due, and those the log has no room for wait.
        long now = 1_000_000;
        Assert.True(publisher.DoWork(now) > 0);
        now += 2_000_000_000;
        while (publisher.DoWork(now) > 0)
        {
        }

        Assert.True(publisher.BackPressured > 0);
        Assert.False(publisher.IsDone);
        var reader = new FragmentAssembler<PacketReader>(new PacketReader(new MarketSimulator(options)));
        for (var i = 0; i < 100_000 && !publisher.IsDone; i++)
        {
            subscription.Poll(ref reader, 100);
            house.Step();
            publisher.DoWork(now);
        }

        while (subscription.Poll(ref reader, 100) > 0)
        {
        }

        Assert.True(publisher.IsDone);
        Assert.Null(publisher.Failure);
        Assert.True(publisher.Sent > 4_000);
        Assert.Equal(publisher.Sent, reader.Handler.Equal);
        Assert.Equal(0, reader.Handler.Different);
        Assert.InRange(publisher.MaxLateNs, 1_900_000_000, 2_000_000_000);
    }

    [Theory]
    [InlineData(FeedPace.Source, 1, 0.5)]
    [InlineData(FeedPace.Source, 10, 5)]
    [InlineData(FeedPace.Rate, 1, 0.1)]
    [InlineData(FeedPace.FlatOut, 1, 1000)]
    public void Packets_go_out_when_they_are_due(FeedPace pace, double speed, double expectedSeconds)
    {
        using var house = new EmbeddedDriver(context => context with { IpcTermBufferLength = 16 * 1024 * 1024 });
        AeronClient client = house.Connect();
        using ExclusivePublication publication = client.AddExclusivePublication("aeron:ipc", Stream);
        using Subscription subscription = client.AddSubscription("aeron:ipc", Stream);
        house.Step();
        var simulator = new SimulatorOptions { Seed = 9, Duration = TimeSpan.FromSeconds(10), EventsPerSecond = 500 };
        var publisher = new FeedPublisher<MarketSimulator>(
            new MarketSimulator(simulator),
            publication,
            new FeedPublisherOptions { Pace = pace, Speed = speed, PacketsPerSecond = 1000 });
        publisher.DoWork(0);
        while (publisher.DoWork(500_000_000) > 0)
        {
        }

        // What is due in half a second, counted by running the schedule by hand.
        var byHand = new MarketSimulator(simulator);
        byte[] buffer = new byte[byHand.MaxPacketLength];
        long all = 0;
        long due = 0;
        while (byHand.NextPacket(buffer, out long offset) > 0)
        {
            all++;
            due += offset <= expectedSeconds * 1_000_000_000L ? 1 : 0;
        }

        long expected = pace switch
        {
            FeedPace.Rate => 501,
            FeedPace.FlatOut => all,
            _ => due,
        };
        Assert.Equal(expected, publisher.Sent);
        Assert.Equal(pace == FeedPace.FlatOut, publisher.IsDone);
    }

    [Fact]
    public void Without_a_subscriber_it_gives_up_after_the_timeout_and_says_so()
    {
        using var house = new EmbeddedDriver();
        AeronClient client = house.Connect();
        using ExclusivePublication publication = client.AddExclusivePublication("aeron:ipc", Stream);
        var publisher = new FeedPublisher<MarketSimulator>(
            new MarketSimulator(new SimulatorOptions()),
            publication,
            new FeedPublisherOptions { ConnectTimeout = TimeSpan.FromSeconds(2) });
        publisher.DoWork(0);
        publisher.DoWork(1_900_000_000);
        Assert.False(publisher.IsDone);
        publisher.DoWork(2_100_000_000);
        Assert.True(publisher.IsDone);
        Assert.Contains("no subscriber", publisher.Failure);
        Assert.Equal(0, publisher.Sent);
    }

    /// <summary>Compares what arrives with what an equal source gives.</summary>
    private struct PacketReader(MarketSimulator expected) : IFragmentHandler
    {
        private readonly byte[] _buffer = new byte[MarketSimulator.MaxMessageLength];

        public int Equal { get; private set; }

        public int Different { get; private set; }

        public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
        {
            int length = expected.NextPacket(_buffer, out _);
            if (payload.SequenceEqual(_buffer.AsSpan(0, length)))
            {
                Equal++;
            }
            else
            {
                Different++;
            }
        }
    }
}
