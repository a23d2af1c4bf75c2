using FlowEngine.Aeron;
using FlowEngine.Aeron.Control;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>Clients, streams and counters come and go, on a virtual clock.</summary>
public sealed class DriverLifeTests : IDisposable
{
    private readonly EmbeddedDriver _house = new();

    [Fact]
    public void A_client_that_falls_silent_is_dropped_with_all_it_had()
    {
        var silent = _house.Connect();
        var lively = _house.Connect();
        var subscription = lively.AddSubscription("aeron:ipc", 1);
        var publication = silent.AddPublication("aeron:ipc", 1);
        var counter = silent.AddCounter(1001, "mine");
        _house.Step();
        Assert.Equal(1, subscription.ImageCount);

        for (var i = 0; i < 130; i++)
        {
            _house.Clock.AdvanceMs(100);
            _house.Driver.ConductorAgent.DoWork(_house.Clock.NanoTime);
            lively.ConductorAgent.DoWork(_house.Clock.NanoTime);
        }

        Assert.False(lively.IsClosed);
        Assert.Equal(0, subscription.ImageCount);
        Assert.Equal(1, _house.Driver.CountersReader.Value(24));
        Assert.DoesNotContain(_house.Driver.CountersReader.Scan(), c => c.OwnerId == silent.ClientId);

        // The silent one wakes up and finds out by itself: nothing it holds touches freed memory.
        silent.ConductorAgent.DoWork(_house.Clock.NanoTime);
        Assert.True(silent.IsClosed);
        Assert.IsType<ClientTimeoutException>(Assert.Single(_house.ClientErrors));
        Assert.Equal(PublicationResult.Closed, publication.Offer("x"u8));
        Assert.Equal(PublicationResult.Closed, publication.TryClaim(1, out _));
        Assert.Equal((PublicationResult.Closed, false), (publication.Position, publication.IsConnected));
        Assert.True(counter.IsClosed);
        Assert.Throws<AeronException>(() => silent.AddPublication("aeron:ipc", 1));
    }

    [Fact]
    public void A_client_that_is_served_lives_on()
    {
        var client = _house.Connect(context => context with { ClientName = "engine" });
        var publication = client.AddPublication("aeron:ipc", 1);
        _house.Run(TimeSpan.FromSeconds(60), stepMs: 200);
        Assert.False(client.IsClosed);
        Assert.Equal(PublicationResult.NotConnected, publication.Offer("x"u8));
        var heartbeat = Assert.Single(_house.Driver.CountersReader.Scan(), c => c.TypeId == 11);
        Assert.Equal("client-heartbeat: id=1 name=engine version=1.53.0 commit=FlowEngine", heartbeat.Label);
        var nowMs = _house.Clock.EpochNanos / 1_000_000;
        Assert.InRange(heartbeat.Value, nowMs - 1000, nowMs);
    }

    [Fact]
    public void Closing_a_client_frees_its_counters_and_their_ids_rest()
    {
        var client = _house.Connect();
        var counter = client.AddCounter(1001, "mine", [1, 2, 3]);
        counter.Handle.Set(7);
        counter.Handle.Add(3);
        counter.Handle.Increment();
        Assert.Equal((11, "mine"), (client.CountersReader.Value(counter.Id), client.CountersReader.Label(counter.Id)));
        Assert.Equal([1, 2, 3], client.CountersReader.Key(counter.Id)[..3].ToArray());
        client.Dispose();
        _house.Step();
        Assert.DoesNotContain(_house.Driver.CountersReader.Scan(), c => c.TypeId is 1001 or 11);

        var second = _house.Connect();
        Assert.True(second.AddCounter(1001, "next").Id > counter.Id);
        _house.Run(TimeSpan.FromSeconds(1.5));
        Assert.True(second.AddCounter(1001, "reused").Id <= counter.Id);
    }

    [Fact]
    public void A_closed_stream_is_drained_then_deleted()
    {
        var client = _house.Connect();
        var gone = new List<Image>();
        var subscription = client.AddSubscription("aeron:ipc", 1, onUnavailableImage: gone.Add);
        var publication = client.AddPublication("aeron:ipc", 1);
        _house.Step();
        Assert.True(publication.Offer("last words"u8) > 0);
        var image = subscription.Images[0];
        publication.Dispose();
        _house.Run(TimeSpan.FromSeconds(3));
        Assert.Equal(1, subscription.ImageCount);
        Assert.False(image.IsEndOfStream);
        Assert.Empty(gone);

        var collector = new Collector();
        Assert.Equal(1, subscription.Poll(ref collector, 10));
        Assert.True(image.IsEndOfStream);
        _house.Run(TimeSpan.FromSeconds(3));
        Assert.Equal([image], gone);
        Assert.True(image.IsClosed && image.IsEndOfStream && image.Position == 64);
        Assert.Equal(0, subscription.Poll(ref collector, 10));
        Assert.Equal(0, image.Poll(ref collector, 10));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_house.Directory, "publications")));
        Assert.DoesNotContain(_house.Driver.CountersReader.Scan(), c => c.TypeId is 1 or 4 or 12);

        // After the linger its log is unmapped; what is left answers from what it remembers.
        _house.Run(TimeSpan.FromSeconds(4));
        Assert.True(image.IsEndOfStream && image.Position == 64 && image.Poll(ref collector, 1) == 0);
    }

    [Fact]
    public void A_revoked_stream_ends_without_waiting_for_its_readers()
    {
        var client = _house.Connect();
        var subscription = client.AddSubscription("aeron:ipc", 1);
        var publication = client.AddExclusivePublication("aeron:ipc", 1);
        _house.Step();
        Assert.True(publication.Offer("never read"u8) > 0);
        publication.Revoke();
        _house.Run(TimeSpan.FromSeconds(2));
        Assert.Equal(0, subscription.ImageCount);
        Assert.Equal(PublicationResult.Closed, publication.Offer("x"u8));
        Assert.Equal((1, 1), (_house.Driver.CountersReader.Value(40), _house.Driver.CountersReader.Value(41)));
    }

    [Fact]
    public void A_publisher_without_subscribers_is_stopped_and_goes_on_with_the_next_one()
    {
        var client = _house.Connect();
        var publication = client.AddPublication("aeron:ipc", 1);
        Assert.Equal(PublicationResult.NotConnected, publication.Offer("x"u8));
        var first = client.AddSubscription("aeron:ipc", 1);
        _house.Step();
        Assert.True(publication.Offer("1"u8) > 0);
        var collector = new Collector();
        Assert.Equal(1, first.Poll(ref collector, 10));
        first.Dispose();
        _house.Step();
        Assert.Equal(PublicationResult.NotConnected, publication.Offer("x"u8));
        Assert.Equal(publication.Position, publication.PositionLimit);
        var second = client.AddSubscription("aeron:ipc", 1);
        _house.Step();
        Assert.True(publication.Offer("2"u8) > 0);
        Assert.Equal(1, second.Poll(ref collector, 10));
        Assert.Equal((byte)'2', collector.Fragments[1].Payload[0]);
    }

    [Fact]
    public void A_publisher_stops_a_window_ahead_of_its_slowest_subscriber()
    {
        var client = _house.Connect();
        var fast = client.AddSubscription("aeron:ipc", 1);
        var slow = client.AddSubscription("aeron:ipc", 1);
        var publication = client.AddPublication("aeron:ipc?pub-wnd=16k", 1);
        _house.Step();
        var collector = new Collector();
        var sent = 0;
        long result;
        while ((result = publication.Offer(new byte[1000])) > 0)
        {
            sent++;
            fast.Poll(ref collector, 10);
            _house.Step();
        }

        Assert.Equal(PublicationResult.BackPressured, result);
        Assert.InRange(publication.Position, 16384, 16384 + 1055);
        Assert.Equal(sent, collector.Fragments.Count);
        Assert.Equal(sent, slow.Poll(ref collector, 1000));
        _house.Step();
        Assert.True(publication.Offer(new byte[1000]) > 0);
    }

    [Fact]
    public void Publications_of_one_stream_share_a_session_and_exclusive_ones_do_not()
    {
        var client = _house.Connect();
        var first = client.AddPublication("aeron:ipc", 1);
        var second = _house.Connect().AddPublication("aeron:ipc?alias=other", 1);
        var exclusive = client.AddExclusivePublication("aeron:ipc", 1);
        Assert.Equal(first.SessionId, second.SessionId);
        Assert.Equal(first.RegistrationId, second.OriginalRegistrationId);
        Assert.NotEqual(first.SessionId, exclusive.SessionId);
        var subscription = client.AddSubscription($"aeron:ipc?session-id={exclusive.SessionId}", 1);
        _house.Step();
        Assert.Equal(exclusive.SessionId, Assert.Single(subscription.Images).SessionId);
        Assert.True(exclusive.IsConnected);
        Assert.False(first.IsConnected);
    }

    [Theory]
    [InlineData("aeron:udp?alias=x", ErrorCode.InvalidChannel, "needs endpoint")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:0", ErrorCode.InvalidChannel, "needs a port")]
    [InlineData("aeron:udp?endpoint=no.such.host.invalid:1", ErrorCode.UnknownHost, "unknown host")]
    [InlineData("aeron:ipc?control-mode=manual", ErrorCode.InvalidChannel, "no destinations")]
    [InlineData("aeron-spy:aeron:ipc", ErrorCode.InvalidChannel, "a spy cannot publish")]
    [InlineData("nonsense", ErrorCode.InvalidChannel, "must start with")]
    [InlineData("aeron:ipc?term-length=100", ErrorCode.InvalidChannel, "term-length")]
    [InlineData("aeron:ipc?mtu=100", ErrorCode.InvalidChannel, "mtu")]
    [InlineData("aeron:ipc?pub-wnd=1m", ErrorCode.InvalidChannel, "pub-wnd")]
    [InlineData("aeron:ipc?term-id=1", ErrorCode.InvalidChannel, "all three")]
    [InlineData("aeron:ipc?linger=soon", ErrorCode.InvalidChannel, "duration")]
    [InlineData("aeron:ipc?session-id=99", ErrorCode.InvalidChannel, "session-id=")]
    [InlineData("aeron:ipc?term-length=128k", ErrorCode.InvalidChannel, "term-length=65536")]
    public void What_the_driver_cannot_do_it_refuses_with_code_and_reason(string channel, ErrorCode code, string reason)
    {
        var client = _house.Connect();
        client.AddPublication("aeron:ipc", 1);
        var refusal = Assert.Throws<RegistrationException>(() => client.AddPublication(channel, 1));
        Assert.Equal(code, refusal.Code);
        Assert.Contains(reason, refusal.Message);
        using var cnc = CncFile.Open(_house.Directory, readOnly: true);
        Assert.Contains(reason, Assert.Single(cnc.ReadErrors()).Text);
        Assert.Equal(1, _house.Driver.CountersReader.Value(15));
    }

    [Fact]
    public void Malformed_commands_are_counted_and_harmless()
    {
        var client = _house.Connect();
        using var cnc = CncFile.Open(_house.Directory);
        var random = new Random(3);
        var bytes = new byte[64];
        for (var i = 0; i < 2000; i++)
        {
            random.NextBytes(bytes);
            cnc.ToDriver.TryWrite(random.Next(1, 25), bytes.AsSpan(0, random.Next(0, 64)));
            _house.Driver.ConductorAgent.DoWork(_house.Clock.NanoTime);
            client.ConductorAgent.DoWork(_house.Clock.NanoTime);
        }

        Assert.False(client.IsClosed);
        var subscription = client.AddSubscription("aeron:ipc", 1);
        var publication = client.AddPublication("aeron:ipc", 1);
        _house.Step();
        Assert.True(publication.Offer("x"u8) > 0 && subscription.ImageCount == 1);
        Assert.True(_house.Driver.CountersReader.Value(15) > 0);
    }

    [Fact]
    public unsafe void A_command_whose_writer_died_is_padded_over_after_the_liveness_timeout()
    {
        // The client is younger than the hole: what it sends waits behind it.
        using var file = FlowEngine.Core.Memory.MappedFile.Open(CncFile.PathIn(_house.Directory));
        const int Capacity = 1024 * 1024;
        var ring = file.Pointer + CncFile.HeaderLength;
        *(int*)ring = -40;
        *(long*)(ring + Capacity + 128) = 40;
        using var cnc = CncFile.Open(_house.Directory);
        var command = new ClientCommand { ClientId = cnc.ToDriver.NextCorrelationId() };
        var body = new byte[ClientCommand.Length];
        Assert.True(cnc.ToDriver.TryWrite(CommandType.ClientKeepAlive, body.AsSpan(0, command.Write(body))));
        _house.Run(TimeSpan.FromSeconds(9));
        Assert.DoesNotContain(cnc.Counters.Scan(), c => c.TypeId == 11);
        _house.Run(TimeSpan.FromSeconds(4));
        Assert.Single(cnc.Counters.Scan(), c => c.TypeId == 11);
        Assert.Equal(1, cnc.Counters.Value(20));
    }

    [Fact]
    public void A_correlation_id_that_was_used_before_is_refused()
    {
        using var cnc = CncFile.Open(_house.Directory);
        var body = new byte[256];
        for (var i = 0; i < 2; i++)
        {
            var channel = "aeron:ipc"u8;
            var add = new PublicationCommand { ClientId = 50, CorrelationId = 51, StreamId = 1, Channel = channel };
            cnc.ToDriver.TryWrite(CommandType.AddPublication, body.AsSpan(0, add.Write(body)));
            var counter = new CounterCommand { ClientId = 50, CorrelationId = 52, TypeId = 1001 };
            cnc.ToDriver.TryWrite(CommandType.AddCounter, body.AsSpan(0, counter.Write(body)));
            var subscribe = new SubscriptionCommand
            {
                ClientId = 50,
                CorrelationId = 53,
                StreamId = 1,
                Channel = channel,
            };
            cnc.ToDriver.TryWrite(CommandType.AddSubscription, body.AsSpan(0, subscribe.Write(body)));
        }

        _house.Step();
        Assert.Equal(3, cnc.Counters.Value(15));
        var counters = cnc.Counters.Scan();
        Assert.All(new[] { 1, 4, 11, 12, 1001 }, type => Assert.Single(counters, c => c.TypeId == type));
    }

    [Fact]
    public void The_drivers_end_closes_its_clients_at_once()
    {
        var client = _house.Connect();
        var subscription = client.AddSubscription("aeron:ipc", 1);
        var publication = client.AddPublication("aeron:ipc", 1);
        _house.Step();
        Assert.True(publication.Offer("x"u8) > 0);
        _house.Driver.Dispose();
        _house.Clock.AdvanceMs(600);
        client.ConductorAgent.DoWork(_house.Clock.NanoTime);
        Assert.True(client.IsClosed);
        Assert.IsType<DriverTimeoutException>(Assert.Single(_house.ClientErrors));
        var collector = new Collector();
        Assert.Equal((PublicationResult.Closed, 0), (publication.Offer("x"u8), subscription.Poll(ref collector, 1)));
        Assert.False(Directory.Exists(_house.Directory));
    }

    [Fact]
    public void Handlers_must_not_add_resources()
    {
        var client = _house.Connect();
        Exception? thrown = null;
        client.AddSubscription(
            "aeron:ipc",
            1,
            onAvailableImage: _ => thrown = Xunit.Record.Exception(() => client.AddSubscription("aeron:ipc", 2)));
        client.AddPublication("aeron:ipc", 1);
        _house.Step();
        Assert.IsType<InvalidOperationException>(thrown);
    }

    public void Dispose() => _house.Dispose();
}
