using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Testing;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>One stream to many receivers, many streams to one, and streams that answer each other.</summary>
public sealed class NetworkGroupTests : IDisposable
{
    private const int StreamId = 1001;
    private const int Messages = 200;

    private readonly NetworkHouse _house = new();

    [Fact]
    public void Manual_destinations_come_and_go()
    {
        var (sender, one, two) = (_house.Add(), _house.Add(), _house.Add());
        var publication = sender.Client.AddPublication("aeron:udp?control-mode=manual|fc=min", StreamId);
        var first = one.Client.AddSubscription("aeron:udp?endpoint=127.0.0.1:24101", StreamId);
        var second = two.Client.AddSubscription("aeron:udp?endpoint=127.0.0.1:24102", StreamId);
        _house.Run(0.5);
        Assert.False(publication.IsConnected);

        publication.AddDestination("aeron:udp?endpoint=127.0.0.1:24101");
        var destination = publication.AddDestination("aeron:udp?endpoint=127.0.0.1:24102");
        _house.Until(() => publication.IsConnected && first.IsConnected && second.IsConnected);
        Assert.Equal(2, Assert.Single(sender.Counters(18)).Value);
        Assert.Equal(2, Assert.Single(sender.Counters(17)).Value);
        SendAndReceive(publication, first, second);

        publication.RemoveDestination(destination);
        _house.Until(() => !second.IsConnected, 20);
        Assert.True(first.IsConnected);
        publication.RemoveDestination("aeron:udp?endpoint=127.0.0.1:24101");
        _house.Until(() => !publication.IsConnected, 20);
        Assert.Equal(0, Assert.Single(sender.Counters(18)).Value);
    }

    [Fact]
    public void Receivers_make_themselves_known_to_a_dynamic_publication()
    {
        const string Control = "control=127.0.0.1:24110";
        var (sender, one, two) = (_house.Add(), _house.Add(), _house.Add());
        var publication = sender.Client.AddPublication($"aeron:udp?{Control}|control-mode=dynamic|fc=min", StreamId);
        var first = one.Client.AddSubscription($"aeron:udp?endpoint=127.0.0.1:24111|{Control}", StreamId);
        var second = two.Client.AddSubscription($"aeron:udp?endpoint=127.0.0.1:24112|{Control}", StreamId);
        _house.Until(() => publication.IsConnected && first.IsConnected && second.IsConnected);
        Assert.Equal(2, Assert.Single(sender.Counters(18)).Value);
        SendAndReceive(publication, first, second);
        second.Dispose();
        _house.Run(15);
        Assert.Equal(1, Assert.Single(sender.Counters(18)).Value);
        Assert.True(first.IsConnected);
    }

    [Fact]
    public void A_multicast_group_receives_and_repairs_at_the_pace_of_the_slowest()
    {
        const string Channel = "aeron:udp?endpoint=224.20.30.39:24120|interface=127.0.0.1";
        var (sender, one, two) = (_house.Add(), _house.Add(), _house.Add());
        var publication = sender.Client.AddPublication(Channel + "|fc=min,g:/2", StreamId);
        var first = one.Client.AddSubscription(Channel, StreamId);
        _house.Run(1);
        Assert.False(publication.IsConnected);
        var second = two.Client.AddSubscription(Channel, StreamId);
        _house.Until(() => publication.IsConnected && first.IsConnected && second.IsConnected);
        _house.Network.Loss = 0.05;
        SendAndReceive(publication, first, second);
        Assert.True(one.System(SystemCounter.NaksSent) > 0 && two.System(SystemCounter.NaksSent) > 0);
        Assert.Equal("127.0.0.1", second.Images[0].SourceIdentity.Split(':')[0]);
    }

    [Fact]
    public void A_tagged_receiver_sets_the_pace_of_its_group()
    {
        const string Channel = "aeron:udp?endpoint=224.20.30.39:24121|interface=127.0.0.1";
        var (sender, one, two) = (_house.Add(), _house.Add(), _house.Add());
        var publication = sender.Client.AddPublication(Channel + "|fc=tagged,g:5/1", StreamId);
        var untagged = one.Client.AddSubscription(Channel, StreamId);
        _house.Run(1);
        Assert.False(publication.IsConnected);
        var tagged = two.Client.AddSubscription(Channel + "|gtag=5", StreamId);
        _house.Until(() => publication.IsConnected && untagged.IsConnected && tagged.IsConnected);
        Assert.Equal(1, Assert.Single(sender.Counters(17)).Value);
        SendAndReceive(publication, untagged, tagged);
    }

    [Fact]
    public void One_subscription_receives_at_several_places_by_network_ipc_and_spy()
    {
        var (sender, receiver) = (_house.Add(), _house.Add());
        var subscription = receiver.Client.AddSubscription("aeron:udp?control-mode=manual", StreamId);
        var publication = sender.Client.AddPublication(
            "aeron:udp?control-mode=manual|session-id=77", StreamId);
        subscription.AddDestination("aeron:udp?endpoint=127.0.0.1:24131");
        subscription.AddDestination("aeron:udp?endpoint=127.0.0.1:24132");
        publication.AddDestination("aeron:udp?endpoint=127.0.0.1:24131");
        _house.Until(() => subscription.IsConnected && publication.IsConnected);
        _house.Until(() => subscription.Images[0].ActiveTransportCount == 1);
        publication.AddDestination("aeron:udp?endpoint=127.0.0.1:24132");
        _house.Until(() => subscription.Images[0].ActiveTransportCount == 2);
        SendAndReceive(publication, subscription);

        // The first path dies, the stream goes on by the second.
        subscription.RemoveDestination("aeron:udp?endpoint=127.0.0.1:24131");
        _house.Until(() => subscription.Images[0].ActiveTransportCount == 1);
        Assert.Equal(["127.0.0.1:24132"], subscription.LocalSocketAddresses);

        var ipc = receiver.Client.AddPublication("aeron:ipc", StreamId);
        subscription.AddDestination("aeron:ipc");
        _house.Until(() => subscription.ImageCount == 2 && ipc.IsConnected);
        var spied = receiver.Client.AddPublication("aeron:udp?endpoint=127.0.0.1:24139|ssc=true", StreamId);
        subscription.AddDestination("aeron-spy:aeron:udp?endpoint=127.0.0.1:24139");
        _house.Until(() => subscription.ImageCount == 3 && spied.IsConnected);
        subscription.RemoveDestination("aeron-spy:aeron:udp?endpoint=127.0.0.1:24139");
        subscription.RemoveDestination("aeron:ipc");
        _house.Until(() => subscription.ImageCount == 1);
        subscription.Dispose();
        _house.Run(15);
        Assert.Empty(receiver.Counters(7));
        Assert.Empty(receiver.Counters(4));
    }

    [Fact]
    public void A_response_comes_back_to_the_one_who_asked()
    {
        const string Ask = "aeron:udp?endpoint=127.0.0.1:24140";
        const string Answer = "aeron:udp?control-mode=response|control=127.0.0.1:24141";
        var (server, alice, bob) = (_house.Add(), _house.Add(), _house.Add());
        var requests = server.Client.AddSubscription(Ask, 1);
        var callers = new List<(Subscription Answers, Publication Ask)>();
        foreach (var node in new[] { alice, bob })
        {
            var answers = node.Client.AddSubscription(Answer, 2);
            callers.Add((answers, node.Client.AddPublication(
                $"{Ask}|response-correlation-id={answers.RegistrationId}", 1)));
        }

        _house.Until(() => requests.ImageCount == 2 && callers.TrueForAll(caller => caller.Ask.IsConnected));
        var responders = requests.Images.ToDictionary(
            image => image.SessionId,
            image => server.Client.AddPublication($"{Answer}|response-correlation-id={image.CorrelationId}", 2));
        _house.Until(() => callers.TrueForAll(caller => caller.Answers.IsConnected)
            && responders.Values.All(responder => responder.IsConnected));
        foreach (var (answers, ask) in callers)
        {
            Assert.Equal(1, answers.ImageCount);
            Assert.Equal(responders[ask.SessionId].SessionId, answers.Images[0].SessionId);
            SendAndReceive(responders[ask.SessionId], answers);
        }
    }

    [Fact]
    public void An_ipc_response_is_taken_by_the_one_who_asked()
    {
        var node = _house.Add();
        var answers = node.Client.AddSubscription("aeron:ipc?control-mode=response", 2);
        var ask = node.Client.AddPublication($"aeron:ipc?response-correlation-id={answers.RegistrationId}", 1);
        var requests = node.Client.AddSubscription("aeron:ipc", 1);
        _house.Until(() => requests.IsConnected);
        Assert.Equal(ask.RegistrationId, requests.Images[0].CorrelationId);
        node.Client.AddPublication("aeron:ipc", 2);
        var responder = node.Client.AddExclusivePublication(
            $"aeron:ipc?control-mode=response|response-correlation-id={requests.Images[0].CorrelationId}", 2);
        _house.Until(() => answers.IsConnected);
        Assert.Equal(responder.SessionId, Assert.Single(answers.Images).SessionId);
    }

    [Fact]
    public void A_rejected_ipc_stream_comes_back_after_its_cool_down()
    {
        var node = _house.Add();
        var subscription = node.Client.AddSubscription("aeron:ipc", 1);
        var publication = node.Client.AddPublication("aeron:ipc", 1);
        _house.Until(() => publication.IsConnected && subscription.IsConnected);
        subscription.Images[0].Reject("no thanks");
        _house.Until(() => node.PublicationErrors.Count == 1 && !subscription.IsConnected);
        Assert.Equal("no thanks", node.PublicationErrors[0].Message);
        Assert.False(publication.IsConnected);
        _house.Run(9);
        Assert.False(subscription.IsConnected);
        _house.Run(3);
        Assert.True(subscription.IsConnected && publication.IsConnected);
        Assert.Equal(1, node.System(SystemCounter.ImagesRejected));
    }

    [Fact]
    public void A_session_id_is_taken_over_by_tag()
    {
        var node = _house.Add();
        var tagged = node.Client.AddExclusivePublication("aeron:udp?endpoint=127.0.0.1:24150|tags=1,99|mtu=1344", 1);
        var follower = node.Client.AddExclusivePublication(
            "aeron:udp?endpoint=127.0.0.1:24151|session-id=tag:99", 2);
        Assert.Equal(tagged.SessionId, follower.SessionId);
        Assert.Equal(1344 - 32, follower.MaxPayloadLength);
        var sharing = node.Client.AddExclusivePublication("aeron:udp?tags=1", 3);
        Assert.Equal(tagged.ChannelStatusId, sharing.ChannelStatusId);
        var refusal = Assert.Throws<RegistrationException>(
            () => node.Client.AddPublication("aeron:udp?endpoint=127.0.0.1:24151|session-id=tag:98", 2));
        Assert.Equal(ErrorCode.InvalidChannel, refusal.Code);
    }

    [Theory]
    [InlineData("aeron:udp?endpoint=127.0.0.1:24160", "aeron:udp?endpoint=127.0.0.1:24161", "control-mode=manual")]
    [InlineData("aeron:udp?control-mode=manual", "aeron:udp?endpoint=127.0.0.1:24161|mtu=2048", "must not have mtu")]
    [InlineData("aeron:udp?control-mode=manual", "aeron:ipc", "aeron:udp")]
    public void Destinations_that_cannot_be_are_refused(string channel, string destination, string reason)
    {
        var node = _house.Add();
        var publication = node.Client.AddPublication(channel, 1);
        var refusal = Assert.Throws<RegistrationException>(() => publication.AddDestination(destination));
        Assert.Contains(reason, refusal.Message);
        var subscription = node.Client.AddSubscription(channel, 2);
        if (channel.Contains("endpoint", StringComparison.Ordinal))
        {
            refusal = Assert.Throws<RegistrationException>(() => subscription.AddDestination(destination));
            Assert.Contains(reason, refusal.Message);
        }
    }

    [Theory]
    [InlineData("|reliable=false", "reliable")]
    [InlineData("|rejoin=false", "rejoin")]
    public void Contradicting_subscriptions_are_refused(string option, string reason)
    {
        const string Channel = "aeron:udp?endpoint=127.0.0.1:24170";
        var node = _house.Add();
        node.Client.AddSubscription(Channel, 1);
        var refusal = Assert.Throws<RegistrationException>(() => node.Client.AddSubscription(Channel + option, 1));
        Assert.Equal(ErrorCode.InvalidChannel, refusal.Code);
        Assert.Contains(reason, refusal.Message);
        node.Client.AddSubscription(Channel + option, 2);
    }

    public void Dispose() => _house.Dispose();

    private void SendAndReceive(Publication publication, params Subscription[] subscriptions)
    {
        var stream = new NumberedStream(publication.Offer, maxLength: 3000);
        var readers = Array.ConvertAll(subscriptions, subscription => new NumberedReader(subscription));
        _house.Until(() =>
        {
            var isSent = stream.Advance(Messages);
            var isRead = true;
            foreach (var reader in readers)
            {
                isRead &= reader.Poll() == Messages;
            }

            return isSent && isRead;
        });
    }
}
