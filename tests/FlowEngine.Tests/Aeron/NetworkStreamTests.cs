using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Testing;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>Two drivers and what passes between them.</summary>
public sealed class NetworkStreamTests : IDisposable
{
    private const string Channel = "aeron:udp?endpoint=127.0.0.1:24100";
    private const int StreamId = 1001;

    private readonly NetworkHouse _house = new();

    [Fact]
    public void Messages_reach_the_other_driver_in_order_fragmented_or_not()
    {
        var (sender, receiver) = (_house.Add(), _house.Add());
        var subscription = receiver.Client.AddSubscription(Channel, StreamId);
        var publication = sender.Client.AddPublication(Channel, StreamId);
        Assert.False(publication.IsConnected);
        Assert.Equal(PublicationResult.NotConnected, publication.Offer("too early"u8));
        _house.Until(() => publication.IsConnected && subscription.IsConnected);

        var stream = new NumberedStream(publication.Offer, maxLength: publication.MaxMessageLength);
        var reader = new NumberedReader(subscription);
        _house.Until(() => stream.Advance(500) & reader.Poll() == 500);

        Assert.Equal(1, subscription.Images[0].ActiveTransportCount);
        Assert.Equal(publication.Position, subscription.Images[0].Position);
        Assert.Equal(0, receiver.System(SystemCounter.NaksSent));
        Assert.Equal(1, publication.ChannelStatus);
        Assert.Equal(1, subscription.ChannelStatus);
        Assert.Equal("127.0.0.1:24100", Assert.Single(subscription.LocalSocketAddresses));
        Assert.Empty(sender.Errors().Concat(receiver.Errors()));
    }

    [Fact]
    public void A_stream_ends_when_its_publisher_closes_and_all_resources_go()
    {
        var (sender, receiver) = (_house.Add(), _house.Add());
        var subscription = receiver.Client.AddSubscription(Channel, StreamId);
        var publication = sender.Client.AddExclusivePublication(Channel, StreamId);
        _house.Until(() => publication.IsConnected && subscription.IsConnected);
        Assert.True(publication.Offer("last words"u8) > 0);
        var image = subscription.Images[0];
        publication.Dispose();
        var collector = new Collector();
        _house.Until(() => subscription.Poll(ref collector, 10) == 1);
        _house.Until(() => image.IsEndOfStream);
        _house.Until(() => !subscription.IsConnected);
        subscription.Dispose();
        _house.Run(20);

        Assert.Empty(Directory.GetFiles(Path.Combine(sender.Driver.Directory, "publications")));
        Assert.Empty(Directory.GetFiles(Path.Combine(receiver.Driver.Directory, "images")));
        Assert.All(sender.Driver.CountersReader.Scan(), counter => Assert.True(counter.TypeId is 0 or 11));
        Assert.All(receiver.Driver.CountersReader.Scan(), counter => Assert.True(counter.TypeId is 0 or 11));
        Assert.Equal(0, _house.Network.OpenCount);
    }

    [Fact]
    public void Late_subscribers_join_where_the_stream_is()
    {
        var (sender, receiver) = (_house.Add(), _house.Add());
        var first = receiver.Client.AddSubscription(Channel, StreamId);
        var publication = sender.Client.AddPublication(Channel, StreamId);
        _house.Until(() => publication.IsConnected && first.IsConnected);
        var collector = new Collector();
        Assert.True(publication.Offer(new byte[100]) > 0);
        _house.Until(() => first.Poll(ref collector, 10) == 1);
        _house.Step();

        var second = receiver.Client.AddSubscription(Channel, StreamId);
        _house.Until(() => second.IsConnected);
        Assert.Equal(160, second.Images[0].JoinPosition);
        Assert.True(publication.Offer(new byte[1]) > 0);
        _house.Until(() => second.Poll(ref collector, 10) == 1);
        _house.Until(() => first.Poll(ref collector, 10) == 1);
        Assert.Single(receiver.Counters(5));
    }

    [Fact]
    public void A_receiver_that_was_restarted_joins_the_stream_again()
    {
        var sender = _house.Add();
        var receiver = _house.Add();
        var subscription = receiver.Client.AddSubscription(Channel, StreamId);
        var publication = sender.Client.AddPublication(Channel, StreamId);
        _house.Until(() => publication.IsConnected && subscription.IsConnected);
        Assert.True(publication.Offer(new byte[100]) > 0);
        _house.Run(0.3);
        _house.Remove(receiver);
        _house.Until(() => !publication.IsConnected, 10);

        var again = _house.Add();
        subscription = again.Client.AddSubscription(Channel, StreamId);
        _house.Until(() => publication.IsConnected && subscription.IsConnected);
        Assert.Equal(160, subscription.Images[0].JoinPosition);
        var collector = new Collector();
        Assert.True(publication.Offer(new byte[1]) > 0);
        _house.Until(() => subscription.Poll(ref collector, 10) == 1);
    }

    [Fact]
    public void A_revoked_stream_is_taken_away_at_once()
    {
        var (sender, receiver) = (_house.Add(), _house.Add());
        var subscription = receiver.Client.AddSubscription(Channel, StreamId);
        var publication = sender.Client.AddExclusivePublication(Channel, StreamId);
        _house.Until(() => publication.IsConnected && subscription.IsConnected);
        Assert.True(publication.Offer(new byte[100]) > 0);
        _house.Run(0.3);
        var image = subscription.Images[0];
        publication.Revoke();
        _house.Until(() => !subscription.IsConnected, 5);
        Assert.True(image.IsClosed);
        Assert.Equal(1, sender.System(SystemCounter.PublicationsRevoked));
        Assert.Equal(1, receiver.System(SystemCounter.ImagesRevoked));
    }

    [Fact]
    public void A_rejected_image_ends_and_its_publisher_hears_why()
    {
        var (sender, receiver) = (_house.Add(), _house.Add());
        var subscription = receiver.Client.AddSubscription(Channel + "|gtag=5", StreamId);
        var publication = sender.Client.AddPublication(Channel, StreamId);
        _house.Until(() => publication.IsConnected && subscription.IsConnected);
        subscription.Images[0].Reject("not good enough");
        _house.Until(() => sender.PublicationErrors.Count > 0);
        var error = sender.PublicationErrors[0];
        Assert.Equal("not good enough", error.Message);
        Assert.Equal(publication.RegistrationId, error.RegistrationId);
        Assert.Equal(5, error.GroupTag);
        _house.Until(() => !publication.IsConnected, 10);
        Assert.Equal(1, receiver.System(SystemCounter.ImagesRejected));
        Assert.Contains(sender.Errors(), text => text.Contains("not good enough", StringComparison.Ordinal));
    }

    [Fact]
    public void Publications_share_an_endpoint_and_subscriptions_share_theirs()
    {
        var (sender, receiver) = (_house.Add(), _house.Add());
        var one = receiver.Client.AddSubscription(Channel, 1);
        var two = receiver.Client.AddSubscription(Channel, 2);
        var first = sender.Client.AddPublication(Channel, 1);
        var same = sender.Client.AddPublication(Channel, 1);
        var other = sender.Client.AddExclusivePublication(Channel, 2);
        Assert.Equal(first.SessionId, same.SessionId);
        Assert.NotEqual(first.SessionId, other.SessionId);
        Assert.Equal(first.ChannelStatusId, other.ChannelStatusId);
        Assert.Equal(one.ChannelStatusId, two.ChannelStatusId);
        Assert.Single(sender.Counters(6));
        Assert.Single(receiver.Counters(7));
        Assert.Equal(2, _house.Network.OpenCount);
        _house.Until(() => first.IsConnected && other.IsConnected && one.IsConnected && two.IsConnected);
        first.Dispose();
        _house.Run(3);
        Assert.True(same.IsConnected);
    }

    [Fact]
    public void A_spy_reads_what_its_own_driver_sends_and_can_stand_for_a_connection()
    {
        var sender = _house.Add();
        var publication = sender.Client.AddPublication(Channel + "|ssc=true", StreamId);
        var spy = sender.Client.AddSubscription("aeron-spy:" + Channel, StreamId);
        _house.Until(() => publication.IsConnected && spy.IsConnected);
        Assert.Equal("aeron:ipc", spy.Images[0].SourceIdentity);
        var stream = new NumberedStream(publication.Offer, maxLength: 3000);
        var reader = new NumberedReader(spy);
        _house.Until(() => stream.Advance(200) & reader.Poll() == 200);
        publication.Dispose();
        _house.Until(() => !spy.IsConnected);
    }

    [Fact]
    public void A_slow_subscriber_holds_the_publisher_back_and_loses_nothing()
    {
        var (sender, receiver) = (_house.Add(), _house.Add());
        var subscription = receiver.Client.AddSubscription(Channel, StreamId);
        var publication = sender.Client.AddPublication(Channel, StreamId);
        _house.Until(() => publication.IsConnected && subscription.IsConnected);
        var stream = new NumberedStream(publication.Offer, maxLength: 500);
        for (var i = 0; i < 2000; i++)
        {
            stream.Advance(100_000);
            _house.Step();
        }

        Assert.Equal(PublicationResult.BackPressured, publication.Offer(new byte[500]));
        Assert.True(publication.Position <= 96 * 1024, $"{publication.Position}");
        var sent = stream.Count;
        var reader = new NumberedReader(subscription);
        _house.Until(() => reader.Poll() == sent);
        Assert.Equal(0, receiver.System(SystemCounter.FlowControlOverRuns));
    }

    [Fact]
    public void A_dead_clients_streams_are_released()
    {
        var (sender, receiver) = (_house.Add(), _house.Add());
        var dead = sender.Connect();
        var deadReader = receiver.Connect();
        var publication = dead.AddPublication(Channel, StreamId);
        var subscription = deadReader.AddSubscription(Channel, StreamId);
        _house.Until(() => publication.IsConnected && subscription.IsConnected);
        sender.Abandon(dead);
        receiver.Abandon(deadReader);
        _house.Run(45, stepMs: 20);
        Assert.Equal(1, sender.System(SystemCounter.ClientTimeouts));
        Assert.Equal(0, _house.Network.OpenCount);
        Assert.Empty(Directory.GetFiles(Path.Combine(sender.Driver.Directory, "publications")));
        Assert.Empty(Directory.GetFiles(Path.Combine(receiver.Driver.Directory, "images")));
    }

    public void Dispose() => _house.Dispose();
}
