using System.Text;
using FlowEngine.Aeron;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>What our client asks of Aeron's own C driver over UDP on loopback. Needs AERONMD.</summary>
public sealed class ClientUdpInteropTest : IDisposable
{
    private readonly NativeDriver _driver = new();

    [Fact]
    public async Task A_publication_with_manual_destinations_reaches_those_it_has()
    {
        var client = await _driver.Connect();
        var first = client.AddSubscription("aeron:udp?endpoint=127.0.0.1:24341", 1);
        var second = client.AddSubscription("aeron:udp?endpoint=127.0.0.1:24342", 1);
        var publication = client.AddPublication("aeron:udp?control-mode=manual|control=127.0.0.1:24340", 1);
        Assert.False(publication.IsConnected);
        var id = publication.AddDestination("aeron:udp?endpoint=127.0.0.1:24341");
        var pending = publication.AsyncAddDestination("aeron:udp?endpoint=127.0.0.1:24342");
        await Wait.Until(() => client.IsCommandDone(pending));
        await Wait.Until(() => first.IsConnected && second.IsConnected && publication.IsConnected);
        await Offered(publication, "both");
        await Until(first, "both");
        await Until(second, "both");

        publication.RemoveDestination(id);
        await Offered(publication, "second only");
        await Until(second, "second only");
        await Wait.Until(() => first.HasNoImages);
        publication.RemoveDestination("aeron:udp?endpoint=127.0.0.1:24342");
        await Wait.Until(() => !publication.IsConnected);
    }

    [Fact]
    public async Task An_exclusive_publication_finds_its_destinations_by_itself()
    {
        var client = await _driver.Connect();
        var publication = client.AddExclusivePublication(
            "aeron:udp?control-mode=dynamic|control=127.0.0.1:24350|fc=min,g:/2", 2);
        var subscriptions = Enumerable.Range(24351, 2)
            .Select(port => client.AddSubscription(
                $"aeron:udp?endpoint=127.0.0.1:{port}|control=127.0.0.1:24350|control-mode=dynamic", 2))
            .ToArray();
        await Wait.Until(() => publication.IsConnected && subscriptions.All(s => s.IsConnected));
        Assert.Equal(ChannelStatus.Active, publication.ChannelStatus);
        Assert.Equal(["127.0.0.1:24350"], publication.LocalSocketAddresses);
        await Wait.Until(() => publication.Offer(Encoding.ASCII.GetBytes("dynamic")) > 0);
        await Until(subscriptions[0], "dynamic");
        await Until(subscriptions[1], "dynamic");
    }

    [Fact]
    public async Task One_subscription_takes_a_stream_from_several_destinations()
    {
        var client = await _driver.Connect();
        var subscription = client.AddSubscription("aeron:udp?control-mode=manual", 3);
        subscription.AddDestination("aeron:udp?endpoint=127.0.0.1:24361");
        var pending = subscription.AsyncAddDestination("aeron:udp?endpoint=127.0.0.1:24362");
        await Wait.Until(() => client.IsCommandDone(pending));
        var publication = client.AddPublication("aeron:udp?control-mode=manual|control=127.0.0.1:24360", 3);
        publication.AddDestination("aeron:udp?endpoint=127.0.0.1:24361");
        publication.AddDestination("aeron:udp?endpoint=127.0.0.1:24362");
        await Wait.Until(() => subscription.ImageCount == 1 && publication.IsConnected);
        await Wait.Until(() => subscription.Images[0].ActiveTransportCount == 2);
        await Offered(publication, "twice sent, once seen");
        await Until(subscription, "twice sent, once seen");
        Assert.Equal(2, subscription.LocalSocketAddresses.Count);
        Assert.Equal(subscription.Channel, subscription.TryResolveChannelEndpointPort());

        subscription.RemoveDestination("aeron:udp?endpoint=127.0.0.1:24361");
        await Offered(publication, "still");
        await Until(subscription, "still");
        Assert.Throws<RegistrationException>(() => subscription.AddDestination("aeron:udp?fc=max"));
    }

    [Fact]
    public async Task A_server_answers_on_a_response_channel()
    {
        var server = await _driver.Connect();
        var client = await _driver.Connect();
        var requests = server.AddSubscription("aeron:udp?endpoint=127.0.0.1:24371", 4);
        var answers = client.AddSubscription("aeron:udp?control-mode=response|control=127.0.0.1:24372", 5);
        var asking = client.AddPublication(answers.RequestChannel("aeron:udp?endpoint=127.0.0.1:24371"), 4);
        await Wait.Until(() => asking.IsConnected && requests.IsConnected);
        await Offered(asking, "question");
        await Until(requests, "question");
        var answering = server.AddPublication(
            requests.Images[0].ResponseChannel("aeron:udp?control=127.0.0.1:24372"), 5);
        await Wait.Until(() => answering.IsConnected && answers.IsConnected, () => _driver.Output);
        await Offered(answering, "answer");
        await Until(answers, "answer");
    }

    [Theory]
    [InlineData("aeron:udp?endpoint=127.0.0.1:24381")]
    [InlineData("aeron:ipc")]
    public async Task A_rejected_stream_ends_and_its_publisher_is_told_why(string channel)
    {
        var frames = new List<PublicationErrorFrame>();
        var client = await _driver.Connect(c => c with { OnPublicationError = frames.Add });
        var gone = new List<Image>();
        var subscription = client.AddSubscription(channel, 6, onUnavailableImage: gone.Add);
        var publication = client.AddExclusivePublication(channel, 6);
        await Wait.Until(() => publication.IsConnected && subscription.IsConnected);
        Assert.True(publication.Offer("unwelcome"u8) > 0);
        await Until(subscription, "unwelcome");
        var image = subscription.Images[0];
        image.Reject("no thanks");
        await Wait.Until(() => frames.Count > 0 && gone.Contains(image) && !publication.IsConnected);
        Assert.Equal((publication.RegistrationId, publication.SessionId, 6, ErrorCode.ImageRejected, "no thanks"), (
            frames[0].RegistrationId,
            frames[0].SessionId,
            frames[0].StreamId,
            frames[0].Code,
            frames[0].Message));
    }

    [Fact]
    public async Task A_spy_reads_along_and_may_count_as_a_subscriber()
    {
        var client = await _driver.Connect();
        const string Channel = "aeron:udp?endpoint=127.0.0.1:24391|ssc=true";
        var publication = client.AddPublication(Channel, 7);
        Assert.False(publication.IsConnected);
        var spy = client.AddSubscription("aeron-spy:" + Channel, 7);
        await Wait.Until(() => publication.IsConnected && spy.IsConnected);
        await Offered(publication, "overheard");
        await Until(spy, "overheard");
        Assert.Equal(("aeron:ipc", publication.SessionId), (
            spy.Images[0].SourceIdentity, spy.Images[0].SessionId));
        Assert.Equal((ChannelStatus.Active, 1), (spy.ChannelStatus, client.MappedLogCount));
    }

    [Fact]
    public async Task A_picked_port_can_be_found_and_published_to()
    {
        var client = await _driver.Connect();
        var subscription = client.AddSubscription("aeron:udp?endpoint=127.0.0.1:0", 8);
        await Wait.Until(() => subscription.ChannelStatus == ChannelStatus.Active);
        var channel = subscription.TryResolveChannelEndpointPort();
        Assert.NotNull(channel);
        Assert.DoesNotContain(":0", channel, StringComparison.Ordinal);
        Assert.Equal($"aeron:udp?endpoint={subscription.LocalSocketAddresses.Single()}", channel);
        var publication = client.AddPublication(channel, 8);
        await Wait.Until(() => publication.IsConnected);
        await Offered(publication, "found");
        await Until(subscription, "found");
    }

    [Fact]
    public async Task Everything_can_be_added_without_waiting()
    {
        var client = await _driver.Connect();
        const string Channel = "aeron:udp?endpoint=127.0.0.1:24990";
        var subscriptionId = client.AsyncAddSubscription(Channel, 9);
        var sharedId = client.AsyncAddPublication(Channel, 9);
        var exclusiveId = client.AsyncAddExclusivePublication(Channel, 9);
        var counterId = client.AsyncAddCounter(1001, "async");
        var sessionId = client.AsyncNextAvailableSessionId(9);
        var badId = client.AsyncAddPublication("aeron:udp?fc=max", 9);
        Subscription? subscription = null;
        Publication? shared = null;
        ExclusivePublication? exclusive = null;
        Counter? counter = null;
        await Wait.Until(() => client.TryGetSubscription(subscriptionId, out subscription));
        await Wait.Until(() => client.TryGetPublication(sharedId, out shared));
        await Wait.Until(() => client.TryGetExclusivePublication(exclusiveId, out exclusive));
        await Wait.Until(() => client.TryGetCounter(counterId, out counter));
        var session = 0;
        await Wait.Until(() => client.TryGetNextAvailableSessionId(sessionId, out session));
        Assert.NotEqual(session, shared!.SessionId);
        RegistrationException? refusal = null;
        await Wait.Until(() =>
        {
            refusal = Xunit.Record.Exception(() => client.TryGetPublication(badId, out _)) as RegistrationException;
            return refusal is not null;
        });
        Assert.Equal(ErrorCode.InvalidChannel, refusal!.Code);
        await Wait.Until(() => shared.IsConnected && exclusive!.IsConnected && subscription!.ImageCount == 2);
        Assert.Equal(counterId, counter!.RegistrationId);
        Assert.Equal(counter.Id, client.CountersReader.Find(1001, counterId));
    }

    [Fact]
    public async Task A_session_id_that_was_asked_for_is_free()
    {
        var client = await _driver.Connect();
        var sessionId = client.NextAvailableSessionId(10);
        var channel = new ChannelUriBuilder("aeron:ipc") { SessionId = $"{sessionId}" }.Build();
        var publication = client.AddExclusivePublication(channel, 10);
        Assert.Equal(sessionId, publication.SessionId);
        Assert.NotEqual(sessionId, client.NextAvailableSessionId(10));
    }

    [Fact]
    public async Task A_static_counter_outlives_its_client()
    {
        var heard = new List<(long, int)>();
        var other = await _driver.Connect(
            c => c with { OnAvailableCounter = (_, id, counter) => heard.Add((id, counter)) });
        var client = await _driver.Connect();
        var counter = client.AddStaticCounter(1002, "stays", 4242, [1, 2, 3]);
        var ordinary = client.AddCounter(1003, "goes");
        counter.Handle.Set(77);
        await Wait.Until(() => heard.Contains((ordinary.RegistrationId, ordinary.Id)));
        client.Dispose();
        await Wait.Until(() => other.CountersReader.Find(1003, ordinary.RegistrationId) < 0);
        var again = other.AddStaticCounter(1002, "stays", 4242, [1, 2, 3]);
        Assert.Equal((counter.Id, 77L), (again.Id, again.Handle.Get()));
        Assert.True(again.IsStatic);
        Assert.Equal("stays", other.CountersReader.Label(again.Id));
    }

    [Fact]
    public async Task A_revoked_stream_says_so()
    {
        var client = await _driver.Connect();
        const string Channel = "aeron:udp?endpoint=127.0.0.1:24411";
        var subscription = client.AddSubscription(Channel, 11);
        var publication = client.AddExclusivePublication(Channel, 11);
        await Wait.Until(() => publication.IsConnected && subscription.IsConnected);
        var image = subscription.Images[0];
        Assert.False(image.IsPublicationRevoked || image.IsEndOfStream);
        publication.Revoke();
        await Wait.Until(() => image.IsClosed);
        Assert.True(image.IsPublicationRevoked && image.IsEndOfStream);
    }

    [Fact]
    public async Task The_driver_takes_what_the_builder_builds()
    {
        var client = await _driver.Connect();
        var publication = new ChannelUriBuilder
        {
            Endpoint = "127.0.0.1:24421",
            NetworkInterface = "127.0.0.1",
            Alias = "whole",
            SessionId = "77777",
            StreamId = 12,
            Mtu = 1024,
            LingerNs = 100_000_000,
            Eos = true,
            Sparse = false,
            SpiesSimulateConnection = false,
            PublicationWindow = 16384,
            FlowControl = "max",
            MaxResend = 32,
            SocketSendBufferLength = 65536,
            SocketReceiveBufferLength = 65536,
            ReceiverWindow = 32768,
            UntetheredWindowLimitTimeoutNs = 6_000_000_000,
            UntetheredLingerTimeoutNs = 5_000_000_000,
            UntetheredRestingTimeoutNs = 11_000_000_000,
        };
        var subscription = new ChannelUriBuilder
        {
            Endpoint = "127.0.0.1:24421",
            Reliable = true,
            Tether = false,
            Rejoin = true,
            Group = false,
            GroupTag = 5,
            CongestionControl = "static",
            NakDelayNs = 1000,
            SocketSendBufferLength = 65536,
            SocketReceiveBufferLength = 65536,
            ReceiverWindow = 32768,
            SessionId = "77777",
        };
        var receiving = client.AddSubscription(subscription.Build(), 12);
        var sending = client.AddPublication(publication.InitialPosition(96, -5, 65536).Build(), 12);
        await Wait.Until(() => sending.IsConnected && receiving.IsConnected);
        Assert.Equal((96L, 77777, 1024 - 32, -5), (
            sending.Position, sending.SessionId, sending.MaxPayloadLength, sending.InitialTermId));
        Assert.Equal((96L, 1024, 65536), (
            receiving.Images[0].JoinPosition, receiving.Images[0].MtuLength, receiving.Images[0].TermLength));
        await Offered(sending, new string('w', 5000));
        await Until(receiving, new string('w', 5000));
    }

    public void Dispose() => _driver.Dispose();

    private static Task Offered(Publication publication, string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        return Wait.Until(() => publication.Offer(bytes) > 0);
    }

    /// <summary>Polls until the next message, which must be this one.</summary>
    private static async Task Until(Subscription subscription, string text)
    {
        var assembler = new FragmentAssembler<TextCollector>(new TextCollector());
        await Wait.Until(() =>
        {
            subscription.Poll(ref assembler, 10);
            return assembler.Handler.Texts.Count > 0;
        });
        Assert.Equal([text], assembler.Handler.Texts);
    }
}
