using System.Text;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Control;
using FlowEngine.Core.Counters;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>What a client makes of a driver's answers, with a driver that answers as the test says.</summary>
public sealed class ClientConductorTests : IDisposable
{
    private readonly ScriptedDriver _driver = new();

    [Fact]
    public void An_asynchronous_add_is_pending_until_the_driver_answers()
    {
        var client = _driver.Connect();
        var id = client.AsyncAddPublication("aeron:ipc?alias=later", 5);
        Assert.False(client.TryGetPublication(id, out _));
        _driver.Step();
        Assert.False(client.TryGetPublication(id, out _));
        _driver.PublicationReady(ResponseType.PublicationReady, id, 5);
        _driver.Step();
        Assert.True(client.TryGetPublication(id, out var publication));
        Assert.Equal(("aeron:ipc?alias=later", 5, id), (
            publication.Channel, publication.StreamId, publication.RegistrationId));
        Assert.True(client.TryGetPublication(id, out var again) && again == publication);
        Assert.Equal(ChannelStatus.Active, publication.ChannelStatus);

        publication.Dispose();
        Assert.Equal(ChannelStatus.NoIdAllocated, publication.ChannelStatus);
        Assert.Throws<ArgumentException>(() => client.TryGetPublication(id, out _));
        _driver.Step();
        Assert.Equal(CommandType.RemovePublication, _driver.Commands[^1].Type);
    }

    [Fact]
    public void All_kinds_can_be_added_without_waiting()
    {
        var client = _driver.Connect();
        var exclusiveId = client.AsyncAddExclusivePublication("aeron:ipc", 1);
        var subscriptionId = client.AsyncAddSubscription("aeron:ipc", 1);
        var counterId = client.AsyncAddCounter(1001, "counter");
        var staticId = client.AsyncAddStaticCounter(1002, "static", 42);
        _driver.PublicationReady(ResponseType.ExclusivePublicationReady, exclusiveId, 1);
        _driver.SendId(ResponseType.SubscriptionReady, subscriptionId, -1);
        _driver.SendId(ResponseType.CounterReady, counterId, 50);
        _driver.SendId(ResponseType.StaticCounter, staticId, 51);
        _driver.Step();
        Assert.True(client.TryGetExclusivePublication(exclusiveId, out var exclusive));
        Assert.True(client.TryGetSubscription(subscriptionId, out var subscription));
        Assert.True(client.TryGetCounter(counterId, out var counter));
        Assert.True(client.TryGetCounter(staticId, out var fixedCounter));
        Assert.Equal((1, "aeron:ipc", 50, 51), (
            exclusive.StreamId, subscription.Channel, counter.Id, fixedCounter.Id));
        Assert.True(fixedCounter.IsStatic && !counter.IsStatic);

        _driver.Commands.Clear();
        counter.Dispose();
        fixedCounter.Dispose();
        _driver.Step();
        Assert.Equal([CommandType.RemoveCounter], _driver.Commands.Select(c => c.Type));
    }

    [Fact]
    public void What_was_asked_for_can_be_taken_back_before_and_after_the_answer()
    {
        var client = _driver.Connect();
        var publicationId = client.AsyncAddPublication("aeron:ipc", 1);
        var subscriptionId = client.AsyncAddSubscription("aeron:ipc", 1);
        client.AsyncRemovePublication(publicationId);
        _driver.PublicationReady(ResponseType.PublicationReady, publicationId, 1);
        _driver.SendId(ResponseType.SubscriptionReady, subscriptionId, -1);
        _driver.Step();
        Assert.Throws<ArgumentException>(() => client.TryGetPublication(publicationId, out _));
        Assert.Equal(0, client.MappedLogCount);
        Assert.True(client.TryGetSubscription(subscriptionId, out var subscription));
        client.AsyncRemoveSubscription(subscriptionId);
        client.AsyncRemoveCounter(subscriptionId + 1000);
        _driver.Step();
        Assert.True(subscription.IsClosed);
        Assert.Equal(
            [CommandType.RemovePublication, CommandType.RemoveSubscription],
            _driver.Commands.Select(c => c.Type).Skip(2));
    }

    [Fact]
    public void A_refusal_is_thrown_where_it_is_asked_for_and_once()
    {
        var client = _driver.Connect();
        var id = client.AsyncAddSubscription("aeron:udp?endpoint=x:1", 1);
        _driver.Fail(id, ErrorCode.UnknownHost, "no x");
        _driver.Step();
        var refusal = Assert.Throws<RegistrationException>(() => client.TryGetSubscription(id, out _));
        Assert.Equal((ErrorCode.UnknownHost, id), (refusal.Code, refusal.CorrelationId));
        Assert.Contains("no x", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => client.TryGetSubscription(id, out _));
    }

    [Fact]
    public async Task Commands_without_an_answer_time_out_waited_for_or_not()
    {
        var client = _driver.Connect();
        var id = client.AsyncAddPublication("aeron:ipc", 1);
        Assert.Throws<DriverTimeoutException>(() => client.AddPublication("aeron:ipc", 1));
        Exception? failure = null;
        await IpcTests.Until(() =>
        {
            _driver.Step();
            failure = Xunit.Record.Exception(() => client.TryGetPublication(id, out _));
            return failure is not null;
        });
        Assert.IsType<DriverTimeoutException>(failure);
        Assert.False(client.IsClosed);
    }

    [Fact]
    public void Destinations_of_both_kinds_are_acknowledged_or_refused()
    {
        var client = _driver.Connect();
        _driver.Answer = (type, body) =>
        {
            if (type == CommandType.AddPublication)
            {
                _driver.PublicationReady(ResponseType.PublicationReady, ScriptedDriver.CorrelationId(body), 1);
            }
            else if (type == CommandType.AddSubscription)
            {
                _driver.SendId(ResponseType.SubscriptionReady, ScriptedDriver.CorrelationId(body), -1);
            }
            else
            {
                _driver.Succeed(ScriptedDriver.CorrelationId(body));
            }
        };
        var publication = client.AddPublication("aeron:udp?control-mode=manual", 1);
        var subscription = client.AddSubscription("aeron:udp?control-mode=manual", 1);
        _driver.Commands.Clear();
        const string Channel = "aeron:udp?endpoint=localhost:1";
        var destination = publication.AddDestination(Channel);
        publication.RemoveDestination(Channel);
        publication.RemoveDestination(destination);
        subscription.AddDestination(Channel);
        subscription.RemoveDestination(Channel);
        int[] types =
        [
            CommandType.AddDestination, CommandType.RemoveDestination, CommandType.RemoveDestinationById,
            CommandType.AddReceiveDestination, CommandType.RemoveReceiveDestination,
        ];
        Assert.Equal(types, _driver.Commands.Select(c => c.Type));
        Assert.True(RemoveDestinationByIdCommand.TryRead(_driver.Commands[2].Body, out var byId));
        Assert.Equal((publication.RegistrationId, destination), (byId.ResourceId, byId.DestinationId));

        _driver.Answer = null;
        var pending = subscription.AsyncAddDestination(Channel);
        _driver.Step();
        Assert.False(client.IsCommandDone(pending));
        _driver.Succeed(pending);
        _driver.Step();
        Assert.True(client.IsCommandDone(pending));
        var refused = publication.AsyncRemoveDestination(Channel);
        _driver.Fail(refused, ErrorCode.UnknownPublication, "gone");
        _driver.Step();
        Assert.Throws<RegistrationException>(() => client.IsCommandDone(refused));
    }

    [Fact]
    public void Session_ids_are_asked_for_only_where_the_driver_knows_the_command()
    {
        var client = _driver.Connect();
        var tooOld = Assert.Throws<AeronException>(() => client.NextAvailableSessionId(3));
        Assert.Contains("0.0.0, needed 1.0.0", tooOld.Message, StringComparison.Ordinal);
        Assert.Empty(_driver.Commands);

        var version = _driver.Counters.Allocate(0, default, "control protocol version");
        Assert.Equal(43, version);
        _driver.Counters.Counter(version).Set(1 << 16);
        var id = client.AsyncNextAvailableSessionId(3);
        Assert.False(client.TryGetNextAvailableSessionId(id, out _));
        _driver.SendId(ResponseType.NextAvailableSessionId, id, -99);
        _driver.Step();
        Assert.True(client.TryGetNextAvailableSessionId(id, out var sessionId));
        Assert.Equal(-99, sessionId);
    }

    [Fact]
    public void Counter_handlers_hear_of_all_counters_until_they_are_removed()
    {
        var heard = new List<string>();
        CounterHandler inContext = (_, registration, id) => heard.Add($"context {registration} {id}");
        CounterHandler added = (_, registration, id) => heard.Add($"added {registration} {id}");
        CounterHandler gone = (_, registration, id) => heard.Add($"gone {registration} {id}");
        var client = _driver.Connect(c => c with { OnAvailableCounter = inContext });
        client.AvailableCounter += added;
        client.UnavailableCounter += gone;
        _driver.SendId(ResponseType.CounterReady, 1234, 50);
        _driver.SendId(ResponseType.UnavailableCounter, 1234, 50);
        _driver.SendId(ResponseType.CounterReady, 1235, int.MaxValue);
        _driver.Step();
        client.AvailableCounter -= added;
        client.UnavailableCounter -= gone;
        _driver.SendId(ResponseType.CounterReady, 1236, 51);
        _driver.SendId(ResponseType.UnavailableCounter, 1236, 51);
        _driver.Step();
        Assert.Equal(["context 1234 50", "added 1234 50", "gone 1234 50", "context 1236 51"], heard);
    }

    [Fact]
    public void Error_frames_reach_the_client_whose_publication_they_are_about()
    {
        var frames = new List<PublicationErrorFrame>();
        var client = _driver.Connect(c => c with { OnPublicationError = frames.Add });
        var id = client.AsyncAddPublication("aeron:ipc", 1);
        _driver.PublicationReady(ResponseType.PublicationReady, id, 1);
        _driver.Step();
        foreach (var registration in (long[])[id, id + 1000])
        {
            var body = new byte[256];
            var response = new PublicationErrorResponse
            {
                RegistrationId = registration,
                DestinationId = -1,
                SessionId = 7,
                StreamId = 1,
                ReceiverId = 8,
                GroupTag = 9,
                AddressType = PublicationErrorResponse.AddressIPv4,
                Port = 40123,
                Address = [127, 0, 0, 1],
                Code = (int)ErrorCode.ImageRejected,
                Message = "too fast"u8,
            };
            _driver.Send(ResponseType.PublicationError, body, response.Write(body));
        }

        _driver.Step();
        var frame = Assert.Single(frames);
        Assert.Equal((id, "127.0.0.1:40123", "too fast", 9L), (
            frame.RegistrationId, frame.Source?.ToString(), frame.Message, frame.GroupTag));
    }

    [Fact]
    public void A_failed_endpoint_is_reported_for_each_resource_that_uses_it()
    {
        var client = _driver.Connect();
        var id = client.AsyncAddPublication("aeron:udp?endpoint=localhost:1", 1);
        _driver.PublicationReady(ResponseType.PublicationReady, id, 1, statusId: 44);
        _driver.Step();
        _driver.Fail(44, ErrorCode.ChannelEndpointError, "port taken");
        _driver.Fail(45, ErrorCode.ChannelEndpointError, "not ours");
        _driver.Step();
        var error = Assert.IsType<ChannelEndpointException>(Assert.Single(_driver.ClientErrors));
        Assert.Equal(44, error.StatusId);
    }

    [Fact]
    public void One_log_is_mapped_once_and_stays_while_anything_uses_it()
    {
        var client = _driver.Connect();
        var id = client.AsyncAddPublication("aeron:ipc", 1);
        var first = client.AsyncAddSubscription("aeron:ipc", 1);
        var second = client.AsyncAddSubscription("aeron:ipc", 1);
        var log = _driver.PublicationReady(ResponseType.PublicationReady, id, 1);
        _driver.SendId(ResponseType.SubscriptionReady, first, -1);
        _driver.SendId(ResponseType.SubscriptionReady, second, -1);
        _driver.AvailableImage(id, first, log.Path);
        _driver.AvailableImage(id, second, log.Path);
        _driver.Step();
        Assert.True(client.TryGetSubscription(first, out var subscription));
        Assert.True(client.TryGetPublication(id, out var publication));
        Assert.Equal((1, 1), (client.MappedLogCount, Mappings(log.Path) - 1));

        Assert.True(publication.Offer("before"u8) > 0);
        var collector = new Collector();
        Assert.Equal(1, subscription.Poll(ref collector, 10));
        _driver.UnavailableImage(id, first);
        _driver.UnavailableImage(id, second);
        _driver.Clock.AdvanceMs(5000);
        _driver.Step();
        _driver.Clock.AdvanceMs(5000);
        _driver.Step();
        Assert.Equal((1, true), (client.MappedLogCount, publication.Offer("after"u8) > 0));
    }

    [Fact]
    public void A_log_of_images_only_is_unmapped_after_the_linger()
    {
        var client = _driver.Connect(c => c with { PreTouchMappedMemory = true });
        var id = client.AsyncAddSubscription("aeron:ipc", 1);
        using var log = _driver.PublicationReady(ResponseType.PublicationReady, 9999, 1);
        _driver.SendId(ResponseType.SubscriptionReady, id, -1);
        _driver.AvailableImage(9999, id, log.Path);
        _driver.AvailableImage(9999, id, log.Path);
        _driver.Step();
        Assert.True(client.TryGetSubscription(id, out var subscription));
        Assert.Equal((2, 1, 2), (subscription.ImageCount, client.MappedLogCount, Mappings(log.Path)));
        log.IsRevoked = true;
        log.EndOfStreamPosition = 64;
        log.Int32(140) = 2;
        var image = subscription.Images[0];
        Assert.Equal((64, 2, true), (
            image.EndOfStreamPosition, image.ActiveTransportCount, image.IsPublicationRevoked));
        subscription.Dispose();
        _driver.Clock.AdvanceMs(2900);
        _driver.Step();
        Assert.Equal((1, 2), (client.MappedLogCount, Mappings(log.Path)));
        _driver.Clock.AdvanceMs(200);
        _driver.Step();
        Assert.Equal((0, 1), (client.MappedLogCount, Mappings(log.Path)));
        Assert.Equal((64, 0, true), (
            image.EndOfStreamPosition, image.ActiveTransportCount, image.IsPublicationRevoked));
    }

    [Fact]
    public void Closing_the_client_unmaps_what_no_thread_is_in()
    {
        var client = _driver.Connect();
        var id = client.AsyncAddSubscription("aeron:ipc", 1);
        using var log = _driver.PublicationReady(ResponseType.PublicationReady, 9999, 1);
        log.IsConnected = true;
        _driver.SendId(ResponseType.SubscriptionReady, id, -1);
        _driver.AvailableImage(9999, id, log.Path);
        _driver.Step();
        Assert.True(client.TryGetSubscription(id, out var subscription));
        var image = subscription.Images[0];
        Assert.Equal(2, Mappings(log.Path));
        client.Dispose();
        Assert.Equal((1, 0), (Mappings(log.Path), image.Poll((payload, in header) => { }, 1)));
    }

    [Fact]
    public void Rejection_names_the_image_and_waits_for_the_driver()
    {
        var client = _driver.Connect();
        var id = client.AsyncAddSubscription("aeron:ipc", 1);
        using var log = _driver.PublicationReady(ResponseType.PublicationReady, 9999, 1);
        _driver.SendId(ResponseType.SubscriptionReady, id, -1);
        _driver.AvailableImage(9999, id, log.Path);
        _driver.Step();
        Assert.True(client.TryGetSubscription(id, out var subscription));
        _driver.Answer = (_, body) => _driver.Succeed(ScriptedDriver.CorrelationId(body));
        var image = subscription.Images[0];
        image.Position = 64;
        image.Reject("no room");
        Assert.True(RejectImageCommand.TryRead(_driver.Commands[^1].Body, out var command));
        Assert.Equal((9999L, 64L, "no room"), (
            command.ImageId, command.Position, Encoding.ASCII.GetString(command.Reason)));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Reject(new string('x', 1024)));
        Assert.Contains(
            "control-mode=response|response-correlation-id=9999",
            image.ResponseChannel("aeron:udp?control=localhost:1"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_clients_own_heartbeat_is_kept_named_and_missed()
    {
        var closes = 0;
        var client = _driver.Connect(c => c with { ClientName = "me", OnClose = () => closes++ });
        var heartbeat = _driver.Counters.Allocate(
            11, default, "client-heartbeat: id=0", client.ClientId, client.ClientId);
        _driver.Clock.AdvanceMs(490);
        _driver.Step();
        Assert.EndsWith(
            $" name=me version={DriverVersion.Text} commit={DriverVersion.Commit}",
            _driver.Counters.Reader.Label(heartbeat),
            StringComparison.Ordinal);
        Assert.Equal(_driver.Clock.EpochMs, _driver.Counters.Reader.Value(heartbeat));
        _driver.Counters.Free(heartbeat);
        _driver.Clock.AdvanceMs(490);
        _driver.Step();
        Assert.True(client.IsClosed);
        Assert.Equal(1, closes);
        Assert.IsType<ClientTimeoutException>(Assert.Single(_driver.ClientErrors));
        var id = Assert.Throws<AeronException>(() => client.AsyncAddPublication("aeron:ipc", 1));
        Assert.Contains("closed", id.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Closing_fails_what_is_pending_and_tells_the_close_handlers()
    {
        var client = _driver.Connect();
        var closes = 0;
        client.Closed += () => closes++;
        var id = client.AsyncAddPublication("aeron:ipc", 1);
        client.Dispose();
        client.Dispose();
        Assert.Equal(1, closes);
        Assert.Throws<AeronException>(() => client.TryGetPublication(id, out _));
    }

    [Fact]
    public void A_handler_that_adds_resources_is_told_not_to_and_its_exception_reported()
    {
        AeronClient? client = null;
        client = _driver.Connect(c => c with
        {
            OnAvailableCounter = (_, _, _) => client!.AsyncAddPublication("aeron:ipc", 1),
        });
        _driver.SendId(ResponseType.CounterReady, 1234, 50);
        _driver.Step();
        Assert.IsType<InvalidOperationException>(Assert.Single(_driver.ClientErrors));
        Assert.False(client.IsClosed);
    }

    [Fact]
    public void Bound_addresses_come_from_counters_of_type_14()
    {
        var client = _driver.Connect();
        var id = client.AsyncAddSubscription("aeron:udp?endpoint=localhost:0|alias=x", 1);
        var status = _driver.Counters.Allocate(7, default, "rcv-channel");
        _driver.SendId(ResponseType.SubscriptionReady, id, status);
        _driver.Step();
        Assert.True(client.TryGetSubscription(id, out var subscription));
        Assert.Equal((ChannelStatus.Initializing, 0), (
            subscription.ChannelStatus, subscription.LocalSocketAddresses.Count));
        Assert.Null(subscription.TryResolveChannelEndpointPort());

        var garbage = _driver.Counters.Allocate(14, Address(status, "127.0.0.1:1", lengthError: 1000), "bad");
        var other = _driver.Counters.Allocate(14, Address(status + 1, "127.0.0.1:2"), "other");
        var bound = _driver.Counters.Allocate(14, Address(status, "127.0.0.1:40123"), "rcv-local-sockaddr");
        foreach (var counter in (int[])[garbage, other, bound, status])
        {
            _driver.Counters.Counter(counter).Set(ChannelStatus.Active);
        }

        Assert.Equal(["127.0.0.1:40123"], subscription.LocalSocketAddresses);
        Assert.Equal("aeron:udp?endpoint=localhost:40123|alias=x", subscription.TryResolveChannelEndpointPort());
        Assert.Equal(ChannelStatus.Active, subscription.ChannelStatus);
    }

    public void Dispose() => _driver.Dispose();

    private static byte[] Address(int statusId, string text, int lengthError = 0)
    {
        var key = new byte[CounterLayout.MaxKeyLength];
        key.AsSpan().Fill(0xAB);
        BitConverter.TryWriteBytes(key, statusId);
        BitConverter.TryWriteBytes(key.AsSpan(4), text.Length + lengthError);
        Encoding.ASCII.GetBytes(text, key.AsSpan(8));
        return key;
    }

    /// <summary>How often this process maps a file, as the kernel counts it.</summary>
    private static int Mappings(string path)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mappings are counted in /proc");
        return File.ReadLines("/proc/self/maps").Count(line => line.EndsWith(path, StringComparison.Ordinal));
    }
}
