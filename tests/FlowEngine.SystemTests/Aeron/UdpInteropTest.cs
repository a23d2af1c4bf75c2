using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using Xunit;

namespace FlowEngine.SystemTests.Aeron;

/// <summary>Our driver and Aeron's own C driver exchange streams over loopback. Needs AERONMD.</summary>
public sealed class UdpInteropTest
{
    private const int Messages = 2000;
    private const int StreamId = 1001;
    private const int NaksSent = 5;
    private const int NaksReceived = 6;

    [Theory]
    [InlineData(ThreadingMode.Shared)]
    [InlineData(ThreadingMode.SharedNetwork)]
    [InlineData(ThreadingMode.Dedicated)]
    public async Task Streams_pass_both_ways_fragmented_or_not_and_end(ThreadingMode mode)
    {
        using var pair = await DriverPair.Start(context => context with { ThreadingMode = mode });
        await Pass(pair, pair.OurClient, pair.TheirClient, "aeron:udp?endpoint=127.0.0.1:24400");
        await Pass(pair, pair.TheirClient, pair.OurClient, "aeron:udp?endpoint=127.0.0.1:24401");
    }

    [Fact]
    public async Task Loss_on_our_side_is_repaired_both_ways()
    {
        var faults = new FaultPlan
        {
            LossSend = 0.05,
            LossReceive = 0.05,
            DuplicateReceive = 0.02,
            ReorderSend = 0.02,
            ReorderReceive = 0.02,
        };
        using var pair = await DriverPair.Start(context => context with { Faults = faults });
        await Pass(pair, pair.OurClient, pair.TheirClient, "aeron:udp?endpoint=127.0.0.1:24402");
        await Pass(pair, pair.TheirClient, pair.OurClient, "aeron:udp?endpoint=127.0.0.1:24403");
        Assert.True(pair.Counter(NaksSent) > 0 && pair.Counter(NaksReceived) > 0);
        TestContext.Current.TestOutputHelper?.WriteLine($"{faults.Counts}");
    }

    [Fact]
    public async Task Loss_on_their_side_is_repaired_both_ways()
    {
        using var pair = await DriverPair.Start(
            configure: null,
            ("AERON_UDP_CHANNEL_INCOMING_INTERCEPTORS", "loss"),
            ("AERON_UDP_CHANNEL_TRANSPORT_BINDINGS_LOSS_ARGS", "rate=0.05|seed=7|recv-msg-mask=0x2E"));
        await Pass(pair, pair.OurClient, pair.TheirClient, "aeron:udp?endpoint=127.0.0.1:24404");
        Assert.True(pair.Counter(NaksReceived) > 0);
        await Pass(pair, pair.TheirClient, pair.OurClient, "aeron:udp?endpoint=127.0.0.1:24405");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Destinations_are_reached_that_were_added_or_that_came_by_themselves(bool isOurs)
    {
        using var pair = await DriverPair.Start();
        var (sender, other) = isOurs ? (pair.OurClient, pair.TheirClient) : (pair.TheirClient, pair.OurClient);
        var manual = sender.AddPublication("aeron:udp?control-mode=manual|fc=min,g:/2", StreamId);
        var first = other.AddSubscription("aeron:udp?endpoint=127.0.0.1:24411", StreamId);
        var second = sender.AddSubscription("aeron:udp?endpoint=127.0.0.1:24412", StreamId);
        manual.AddDestination("aeron:udp?endpoint=127.0.0.1:24411");
        var destination = manual.AddDestination("aeron:udp?endpoint=127.0.0.1:24412");
        await Wait.Until(() => manual.IsConnected && first.IsConnected && second.IsConnected, pair.Report);
        await pair.Exchange(manual.Offer, Messages, first, second);
        manual.RemoveDestination(destination);
        await Wait.Until(() => !second.IsConnected, pair.Report);

        const string Control = "control=127.0.0.1:24413";
        var dynamic = sender.AddPublication($"aeron:udp?{Control}|control-mode=dynamic|fc=min,g:/2", StreamId);
        var third = other.AddSubscription($"aeron:udp?endpoint=127.0.0.1:24414|{Control}", StreamId);
        var fourth = sender.AddSubscription($"aeron:udp?endpoint=127.0.0.1:24415|{Control}", StreamId);
        await Wait.Until(() => dynamic.IsConnected && third.IsConnected && fourth.IsConnected, pair.Report);
        await pair.Exchange(dynamic.Offer, Messages, third, fourth);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_subscription_of_several_destinations_takes_one_stream_from_both(bool isOurs)
    {
        using var pair = await DriverPair.Start();
        var (receiver, sender) = isOurs ? (pair.OurClient, pair.TheirClient) : (pair.TheirClient, pair.OurClient);
        var subscription = receiver.AddSubscription("aeron:udp?control-mode=manual", StreamId);
        subscription.AddDestination("aeron:udp?endpoint=127.0.0.1:24421");
        subscription.AddDestination("aeron:udp?endpoint=127.0.0.1:24422");
        var publication = sender.AddPublication("aeron:udp?control-mode=manual", StreamId);
        publication.AddDestination("aeron:udp?endpoint=127.0.0.1:24421");
        publication.AddDestination("aeron:udp?endpoint=127.0.0.1:24422");
        await Wait.Until(() => publication.IsConnected && subscription.IsConnected, pair.Report);
        await Wait.Until(() => subscription.Images[0].ActiveTransportCount == 2, pair.Report);
        await pair.Exchange(publication.Offer, Messages, subscription);
        subscription.RemoveDestination("aeron:udp?endpoint=127.0.0.1:24421");
        await Wait.Until(() => subscription.Images[0].ActiveTransportCount == 1, pair.Report);
        Assert.True(subscription.IsConnected);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_revoked_stream_goes_at_once_and_a_rejected_one_says_why(bool isOurs)
    {
        using var pair = await DriverPair.Start();
        var (sender, receiver) = isOurs ? (pair.OurClient, pair.TheirClient) : (pair.TheirClient, pair.OurClient);
        const string Channel = "aeron:udp?endpoint=127.0.0.1:24430";
        var subscription = receiver.AddSubscription(Channel + "|gtag=17", StreamId);
        var rejected = sender.AddPublication(Channel, StreamId);
        await Wait.Until(() => rejected.IsConnected && subscription.IsConnected, pair.Report);
        subscription.Images[0].Reject("not like this");
        await Wait.Until(() => pair.PublicationErrors.Count > 0, pair.Report);
        var error = pair.PublicationErrors[0];
        Assert.Equal("not like this", error.Message);
        Assert.Equal(17, error.GroupTag);
        Assert.Equal(rejected.RegistrationId, error.RegistrationId);
        await Wait.Until(() => !rejected.IsConnected, pair.Report);

        const string Other = "aeron:udp?endpoint=127.0.0.1:24431";
        var taken = receiver.AddSubscription(Other, StreamId);
        var revoked = sender.AddExclusivePublication(Other, StreamId);
        await Wait.Until(() => revoked.IsConnected && taken.IsConnected, pair.Report);
        Assert.True(revoked.Offer("gone"u8) > 0);
        var image = taken.Images[0];
        revoked.Revoke();
        await Wait.Until(() => !taken.IsConnected, pair.Report);
        Assert.True(image.IsClosed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_response_finds_the_one_who_asked(bool isOursTheServer)
    {
        using var pair = await DriverPair.Start();
        var (server, caller) = isOursTheServer
            ? (pair.OurClient, pair.TheirClient)
            : (pair.TheirClient, pair.OurClient);
        const string Ask = "aeron:udp?endpoint=127.0.0.1:24440";
        const string Answer = "aeron:udp?control-mode=response|control=127.0.0.1:24441";
        var requests = server.AddSubscription(Ask, 1);
        var answers = caller.AddSubscription(Answer, 2);
        var ask = caller.AddPublication($"{Ask}|response-correlation-id={answers.RegistrationId}", 1);
        await Wait.Until(() => ask.IsConnected && requests.IsConnected, pair.Report);
        var answer = server.AddPublication(
            $"{Answer}|response-correlation-id={requests.Images[0].CorrelationId}", 2);
        await Wait.Until(() => answer.IsConnected && answers.IsConnected, pair.Report);
        await pair.Exchange(ask.Offer, Messages, requests);
        await pair.Exchange(answer.Offer, Messages, answers);
    }

    private static async Task Pass(DriverPair pair, AeronClient from, AeronClient to, string channel)
    {
        var subscription = to.AddSubscription(channel, StreamId);
        var publication = from.AddExclusivePublication(channel, StreamId);
        await Wait.Until(() => publication.IsConnected && subscription.IsConnected, pair.Report);
        await pair.Exchange(publication.Offer, Messages, subscription);
        var image = subscription.Images[0];
        var end = publication.Position;
        publication.Dispose();
        await Wait.Until(() => image.IsEndOfStream, pair.Report);
        Assert.Equal(end, image.EndOfStreamPosition);
        await Wait.Until(() => !subscription.IsConnected, pair.Report);
        subscription.Dispose();
    }
}
