using System.Buffers.Binary;
using System.Text;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Control;
using Xunit;

namespace FlowEngine.Tests.Aeron;

/// <summary>CnC files of Aeron's own driver: we read what is in them, and our driver answers the same.</summary>
public sealed class GoldenControlTests : IDisposable
{
    private readonly string _directory = EmbeddedDriver.NewDirectory();

    [Fact]
    public void A_foreign_cnc_file_is_read_whole()
    {
        using var cnc = Open("cnc-udp-active.dat.gz");
        Assert.Equal((0x000200, 8577L, 10_000_000_000L), (cnc.Version, cnc.DriverPid, cnc.ClientLivenessTimeoutNs));
        Assert.Equal(1795365465413, cnc.DriverHeartbeatMs);
        Assert.Equal(587, cnc.HeartbeatAgeMs(1795365466000));
        var counters = cnc.Counters.Scan();
        Assert.Equal(61, counters.Count);
        Assert.Equal(Enumerable.Range(0, 61), counters.Select(c => c.Id));
        Assert.Equal("Sender flow control limits, i.e. back-pressure events", counters[18].Label);
        Assert.Equal((0, 34L, 79104L), (counters[34].TypeId, counters[34].RegistrationId, counters[34].Value));
        Assert.StartsWith("client-heartbeat: id=1 name=golden-idle version=1.53.0-SNAPSHOT", counters[48].Label);
        var subscriber = counters[60];
        Assert.Equal((4, 2L, 1L, 4L, 96L), (
            subscriber.TypeId,
            subscriber.RegistrationId,
            subscriber.OwnerId,
            subscriber.ReferenceId,
            subscriber.Value));
        Assert.EndsWith(" @0", subscriber.Label);
        Assert.Equal(48, cnc.Counters.Find(typeId: 11, registrationId: 1));
        var error = Assert.Single(cnc.ReadErrors());
        Assert.Equal((1, 1795365462805), (error.Count, error.FirstMs));
        Assert.StartsWith("(-1) invalid channel", error.Text);
    }

    [Fact]
    public void Each_golden_command_is_decoded_and_encoded_to_the_same_bytes()
    {
        using var cnc = Open("cnc-commands-pending.dat.gz");
        Assert.Equal(26, cnc.ToDriver.PeekCorrelationId);
        var bodies = new MessageList();
        while (cnc.ToDriver.Read(ref bodies, 3) > 0)
        {
        }

        Assert.Equal(
            [1, 3, 4, 9, 15, 7, 8, 17, 12, 13, 16, 18, 5, 10, 2, 2, 14],
            bodies.Messages.Select(message => message.Type));
        Assert.Equal(cnc.ToDriver.ProducerPosition, cnc.ToDriver.ConsumerPosition);
        foreach (var (type, body) in bodies.Messages)
        {
            AssertRoundTrip(type, body);
        }

        Assert.True(PublicationCommand.TryRead(bodies.Messages[0].Body, out var add));
        Assert.Equal((1L, 9L, 11, "aeron:ipc?alias=a"), (
            add.ClientId, add.CorrelationId, add.StreamId, Encoding.ASCII.GetString(add.Channel)));
        Assert.True(StaticCounterCommand.TryRead(bodies.Messages[4].Body, out var counter));
        Assert.Equal((4242L, 1003, "static-label"), (
            counter.RegistrationId, counter.TypeId, Encoding.ASCII.GetString(counter.Label)));
        Assert.Equal([1, 2, 3], counter.Key.ToArray());
        Assert.True(RemoveCommand.TryRead(bodies.Messages[15].Body, out var revoke));
        Assert.Equal((3L, RemoveCommand.RevokeFlag), (revoke.RegistrationId, revoke.Flags));
    }

    [Fact]
    public void Each_golden_response_is_decoded_and_encoded_to_the_same_bytes()
    {
        var responses = Responses(Golden.Read("cnc-commands-answered.dat.gz"));
        Assert.Equal(30, responses.Count);
        foreach (var (type, body) in responses)
        {
            AssertRoundTrip(type, body);
        }

        var error = responses.Single(r => r.Type == ResponseType.PublicationError).Body;
        Assert.True(PublicationErrorResponse.TryRead(error, out var frame));
        var told = PublicationErrorFrame.From(frame);
        Assert.Equal(
            (3L, -1L, 1436678971, 3002, ErrorCode.ImageRejected, "no thanks", "1.0.0.127:0"),
            (told.RegistrationId, told.DestinationRegistrationId, told.SessionId, told.StreamId, told.Code,
                told.Message, told.Source?.ToString()));
        Assert.False(PublicationErrorResponse.TryRead(error.AsSpan(..^1), out _));
        Assert.False(PublicationErrorResponse.TryRead(error.AsSpan(..40), out _));
        Assert.True(IdResponse.TryRead(responses[22].Body, out var session));
        Assert.Equal((0x13L, 1436678974), (session.CorrelationId, session.Id));
    }

    [Fact]
    public void Our_driver_answers_and_counts_like_the_golden_one()
    {
        var golden = Golden.Read("cnc-ipc-pubs.dat.gz");
        using var goldenCnc = Open("cnc-ipc-pubs.dat.gz");
        using var house = new EmbeddedDriver();
        var client = house.Connect();
        client.AddSubscription("aeron:ipc", 2001);
        client.AddSubscription("aeron:ipc?tether=true", 2002);
        client.AddExclusivePublication(
            "aeron:ipc?term-length=64k|init-term-id=5|term-id=6|term-offset=57344|session-id=1234|alias=gold-x", 2001);
        client.AddPublication("aeron:ipc?term-length=64k|session-id=-77|alias=gold-c", 2002);
        house.Step();

        var path = Path.Combine(house.Directory, CncFile.FileName);
        Assert.Equal(
            Responses(golden).Select(r => Describe(r.Type, r.Body)),
            Responses(File.ReadAllBytes(path)).Select(r => Describe(r.Type, r.Body)));

        using var cnc = CncFile.Open(house.Directory, readOnly: true);
        var theirs = goldenCnc.Counters.Scan();
        var ours = cnc.Counters.Scan();
        Assert.Equal(theirs.Count, ours.Count);
        Assert.Equal(6, cnc.ToDriver.PeekCorrelationId);
        for (var id = 0; id < ours.Count; id++)
        {
            Assert.Equal(theirs[id] with { Label = "", Value = 0 }, ours[id] with { Label = "", Value = 0 });
            // The golden driver had a thread, this one is stepped.
            var label = theirs[id].Label.Replace(" SHARED", " INVOKER", StringComparison.Ordinal);
            Assert.Equal(Before(label), Before(ours[id].Label));
            Assert.Equal(Key(goldenCnc, id), Key(cnc, id));
        }

        // The limits are those of the golden run before anything was consumed.
        Assert.Equal((155648, 32768, 122880), (ours[48].Value, ours[51].Value, ours[49].Value));
    }

    public void Dispose()
    {
        if (Directory.Exists(_directory))
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    /// <summary>Label without the version and name, which are ours.</summary>
    private static string Before(string label)
    {
        var isOurs = label.Contains("version=", StringComparison.Ordinal)
            || label.StartsWith("client-heartbeat", StringComparison.Ordinal);
        return isOurs ? label[..label.IndexOf('=', StringComparison.Ordinal)] : label;
    }

    /// <summary>Used part of the key: the C driver leaves garbage behind it.</summary>
    private static byte[] Key(CncFile cnc, int id)
    {
        var key = cnc.Counters.Key(id);
        return cnc.Counters.TypeId(id) switch
        {
            1 or 4 or 12 => key[..(20 + BinaryPrimitives.ReadInt32LittleEndian(key[16..]))].ToArray(),
            11 => key[..8].ToArray(),
            _ => key[..4].ToArray(),
        };
    }

    /// <summary>All fields but the directory of log files and the C driver's uninitialised padding.</summary>
    private static string Describe(int type, byte[] body)
    {
        switch (type)
        {
            case ResponseType.AvailableImage:
                Assert.True(AvailableImageResponse.TryRead(body, out var image));
                var source = Encoding.ASCII.GetString(image.SourceIdentity);
                return $"image {image.ImageId} {image.SessionId} {image.StreamId} {image.SubscriptionId} "
                    + $"{image.PositionCounterId} {File(image.LogFile)} {source}";
            case ResponseType.PublicationReady or ResponseType.ExclusivePublicationReady:
                Assert.True(PublicationReadyResponse.TryRead(body, out var ready));
                return $"{type} {ready.CorrelationId} {ready.RegistrationId} {ready.SessionId} {ready.StreamId} "
                    + $"{ready.LimitCounterId} {ready.ChannelStatusCounterId} {File(ready.LogFile)}";
            default:
                return $"{type} {Convert.ToHexString(body)}";
        }

        static string File(ReadOnlySpan<byte> path) => Path.GetFileName(Encoding.ASCII.GetString(path));
    }

    private static void AssertRoundTrip(int type, byte[] body)
    {
        var buffer = new byte[4096];
        var length = type switch
        {
            1 or 3 => PublicationCommand.TryRead(body, out var c) ? c.Write(buffer) : -1,
            2 => RemoveCommand.TryRead(body, out var c) ? c.Write(buffer, withFlags: true) : -1,
            5 or 10 => RemoveCommand.TryRead(body, out var c) ? c.Write(buffer, withFlags: false) : -1,
            4 => SubscriptionCommand.TryRead(body, out var c) ? c.Write(buffer) : -1,
            7 or 8 or 12 or 13 => DestinationCommand.TryRead(body, out var c) ? c.Write(buffer) : -1,
            9 => CounterCommand.TryRead(body, out var c) ? c.Write(buffer) : -1,
            14 => TerminateDriverCommand.TryRead(body, out var c) ? c.Write(buffer) : -1,
            16 => RejectImageCommand.TryRead(body, out var c) ? c.Write(buffer) : -1,
            17 => RemoveDestinationByIdCommand.TryRead(body, out var c) ? c.Write(buffer) : -1,
            15 => StaticCounterCommand.TryRead(body, out var c) ? c.Write(buffer) : -1,
            18 => NextSessionIdCommand.TryRead(body, out var c) ? c.Write(buffer) : -1,
            ResponseType.Error => ErrorResponse.TryRead(body, out var r) ? r.Write(buffer) : -1,
            ResponseType.AvailableImage => AvailableImageResponse.TryRead(body, out var r) ? r.Write(buffer) : -1,
            ResponseType.PublicationReady or ResponseType.ExclusivePublicationReady =>
                PublicationReadyResponse.TryRead(body, out var r) ? r.Write(buffer) : -1,
            ResponseType.PublicationError => PublicationErrorResponse.TryRead(body, out var r) ? r.Write(buffer) : -1,
            ResponseType.OperationSuccess => LongResponse.TryRead(body, out var r) ? r.Write(buffer) : -1,
            ResponseType.UnavailableImage => UnavailableImageResponse.TryRead(body, out var r) ? r.Write(buffer) : -1,
            ResponseType.SubscriptionReady or ResponseType.CounterReady or ResponseType.UnavailableCounter
                or ResponseType.StaticCounter or ResponseType.NextAvailableSessionId =>
                IdResponse.TryRead(body, out var r) ? r.Write(buffer) : -1,
            _ => 0,
        };
        Assert.True(length > 0, $"type {type} has no codec");
        if (type == ResponseType.AvailableImage)
        {
            // The C driver does not initialise the padding behind the log file name.
            var end = 32 + BinaryPrimitives.ReadInt32LittleEndian(body.AsSpan(28));
            body = [.. body];
            body.AsSpan(end, (4 - (end & 3)) & 3).Clear();
        }

        Assert.Equal(Convert.ToHexString(body), Convert.ToHexString(buffer.AsSpan(0, length)));
    }

    /// <summary>All records of the response buffer, walked without our receiver.</summary>
    private static List<(int Type, byte[] Body)> Responses(byte[] cnc)
    {
        var start = 128 + BinaryPrimitives.ReadInt32LittleEndian(cnc.AsSpan(4));
        var capacity = BinaryPrimitives.ReadInt32LittleEndian(cnc.AsSpan(8)) - 128;
        var tail = BinaryPrimitives.ReadInt64LittleEndian(cnc.AsSpan(start + capacity + 8));
        var found = new List<(int, byte[])>();
        for (var offset = 0; offset < tail;)
        {
            var record = cnc.AsSpan(start + offset);
            var length = BinaryPrimitives.ReadInt32LittleEndian(record);
            found.Add((BinaryPrimitives.ReadInt32LittleEndian(record[4..]), record[8..length].ToArray()));
            offset += (length + 7) & ~7;
        }

        return found;
    }

    private CncFile Open(string name)
    {
        var directory = Path.Combine(_directory, name);
        Golden.Copy(name, directory, CncFile.FileName);
        return CncFile.Open(directory);
    }
}
