using FlowEngine.Aeron;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>Publishers that die between claim and commit must not stop a stream for good.</summary>
public sealed class BlockedPublisherTests : IDisposable
{
    private readonly EmbeddedDriver _house = new(
        context => context with { PublicationUnblockTimeoutNs = 2_000_000_000 });
    private readonly Subscription _subscription;
    private readonly Publication _publication;

    public BlockedPublisherTests()
    {
        var client = _house.Connect();
        _subscription = client.AddSubscription("aeron:ipc", 1);
        _publication = client.AddPublication("aeron:ipc", 1);
        _house.Step();
    }

    [Fact]
    public void An_open_claim_is_padded_over_after_the_timeout()
    {
        Assert.True(_publication.TryClaim(100, out _) > 0);
        Assert.True(_publication.Offer("behind"u8) > 0);
        var collector = new Collector();
        _house.Run(TimeSpan.FromSeconds(1));
        Assert.Equal(0, _subscription.Poll(ref collector, 10));
        _house.Run(TimeSpan.FromSeconds(4));
        Assert.Equal(1, _subscription.Poll(ref collector, 10));
        Assert.Equal("behind"u8.ToArray(), collector.Fragments[0].Payload);
        Assert.Equal(1, _house.Driver.CountersReader.Value(19));
    }

    [Fact]
    public unsafe void A_hole_without_a_frame_is_padded_over_too()
    {
        using var log = Log();
        Interlocked.Add(ref *log.Tail(0), 96);
        Assert.True(_publication.Offer("behind"u8) > 0);
        var collector = new Collector();
        _house.Run(TimeSpan.FromSeconds(5));
        Assert.Equal(1, _subscription.Poll(ref collector, 10));
        Assert.Equal(160, collector.Fragments[0].Position);
    }

    [Fact]
    public unsafe void A_claim_beyond_the_term_by_a_dead_publisher_is_padded_and_rotated()
    {
        using var log = Log();
        var collector = new Collector();
        while (_publication.Position + 5000 < log.TermLength)
        {
            _publication.Offer(new byte[1000]);
            _subscription.Poll(ref collector, 10);
            _house.Step();
        }

        Interlocked.Add(ref *log.Tail(0), 8192);
        Assert.Equal(PublicationResult.AdminAction, _publication.Offer("x"u8));
        Assert.True(_publication.Offer("next term"u8) > 0);
        _house.Run(TimeSpan.FromSeconds(5));
        collector.Fragments.Clear();
        _subscription.Poll(ref collector, 10);
        _subscription.Poll(ref collector, 10);
        Assert.Equal("next term"u8.ToArray(), Assert.Single(collector.Fragments).Payload);
        Assert.Equal(log.InitialTermId + 1, collector.Fragments[0].TermId);
    }

    [Fact]
    public void A_slow_subscriber_is_no_dead_publisher()
    {
        Assert.True(_publication.Offer("waiting"u8) > 0);
        _house.Run(TimeSpan.FromSeconds(10));
        Assert.Equal(0, _house.Driver.CountersReader.Value(19));
        var collector = new Collector();
        Assert.Equal(1, _subscription.Poll(ref collector, 10));
    }

    [Fact]
    public void A_stream_whose_last_publisher_died_with_an_open_claim_drains()
    {
        Assert.True(_publication.TryClaim(100, out _) > 0);
        Assert.True(_publication.Offer("behind"u8) > 0);
        _publication.Dispose();
        _house.Run(TimeSpan.FromSeconds(2));
        var collector = new Collector();
        Assert.Equal(1, _subscription.Poll(ref collector, 10));
        _house.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(0, _subscription.ImageCount);
    }

    public void Dispose() => _house.Dispose();

    private FlowEngine.Aeron.Logs.LogBuffers Log() => FlowEngine.Aeron.Logs.LogBuffers.Open(
        Path.Combine(_house.Directory, "publications", $"{_publication.RegistrationId}.logbuffer"));
}
