namespace FlowEngine.Aeron.Control;

/// <summary>
/// CLIENT_KEEPALIVE, CLIENT_CLOSE, and the start of every command: <c>0 client id i64 | 8 correlation id i64</c>.
/// </summary>
public readonly ref struct ClientCommand
{
    public const int Length = 16;

    public long ClientId { get; init; }

    public long CorrelationId { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(ClientId);
        writer.Int64(CorrelationId);
        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out ClientCommand command)
    {
        var reader = new BodyReader(body);
        command = new ClientCommand { ClientId = reader.Int64(), CorrelationId = reader.Int64() };
        return !reader.IsMalformed;
    }
}

/// <summary>
/// ADD_PUBLICATION and ADD_EXCLUSIVE_PUBLICATION: <c>16 stream id i32 | 20 channel length i32 | 24 channel</c>.
/// </summary>
public readonly ref struct PublicationCommand
{
    public long ClientId { get; init; }

    public long CorrelationId { get; init; }

    public int StreamId { get; init; }

    public ReadOnlySpan<byte> Channel { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(ClientId);
        writer.Int64(CorrelationId);
        writer.Int32(StreamId);
        writer.Bytes(Channel);
        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out PublicationCommand command)
    {
        var reader = new BodyReader(body);
        command = new PublicationCommand
        {
            ClientId = reader.Int64(),
            CorrelationId = reader.Int64(),
            StreamId = reader.Int32(),
            Channel = reader.Bytes(),
        };
        return !reader.IsMalformed;
    }
}

/// <summary>
/// ADD_SUBSCRIPTION: <c>16 registration correlation id i64, unused | 24 stream id i32 | 28 channel length i32 | 32
/// channel</c>.
/// </summary>
public readonly ref struct SubscriptionCommand
{
    public long ClientId { get; init; }

    public long CorrelationId { get; init; }

    public long RegistrationCorrelationId { get; init; }

    public int StreamId { get; init; }

    public ReadOnlySpan<byte> Channel { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(ClientId);
        writer.Int64(CorrelationId);
        writer.Int64(RegistrationCorrelationId);
        writer.Int32(StreamId);
        writer.Bytes(Channel);
        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out SubscriptionCommand command)
    {
        var reader = new BodyReader(body);
        command = new SubscriptionCommand
        {
            ClientId = reader.Int64(),
            CorrelationId = reader.Int64(),
            RegistrationCorrelationId = reader.Int64(),
            StreamId = reader.Int32(),
            Channel = reader.Bytes(),
        };
        return !reader.IsMalformed;
    }
}

/// <summary>
/// REMOVE_PUBLICATION, REMOVE_SUBSCRIPTION, REMOVE_COUNTER: <c>16 registration id i64</c>, and for publications
/// <c>24 flags u64, bit 0 revoke</c>, which old clients leave out.
/// </summary>
public readonly ref struct RemoveCommand
{
    /// <summary>Take the stream away without waiting for its readers.</summary>
    public const long RevokeFlag = 1;

    public long ClientId { get; init; }

    public long CorrelationId { get; init; }

    public long RegistrationId { get; init; }

    public long Flags { get; init; }

    public int Write(Span<byte> body, bool withFlags)
    {
        var writer = new BodyWriter(body);
        writer.Int64(ClientId);
        writer.Int64(CorrelationId);
        writer.Int64(RegistrationId);
        if (withFlags)
        {
            writer.Int64(Flags);
        }

        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out RemoveCommand command)
    {
        var reader = new BodyReader(body);
        command = new RemoveCommand
        {
            ClientId = reader.Int64(),
            CorrelationId = reader.Int64(),
            RegistrationId = reader.Int64(),
            Flags = reader.Remaining >= sizeof(long) ? reader.Int64() : 0,
        };
        return !reader.IsMalformed;
    }
}

/// <summary>
/// ADD_ and REMOVE_DESTINATION, ADD_ and REMOVE_RCV_DESTINATION:
/// <c>16 registration id i64 | 24 channel length i32 | 28 channel</c>.
/// </summary>
public readonly ref struct DestinationCommand
{
    public long ClientId { get; init; }

    public long CorrelationId { get; init; }

    public long RegistrationId { get; init; }

    public ReadOnlySpan<byte> Channel { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(ClientId);
        writer.Int64(CorrelationId);
        writer.Int64(RegistrationId);
        writer.Bytes(Channel);
        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out DestinationCommand command)
    {
        var reader = new BodyReader(body);
        command = new DestinationCommand
        {
            ClientId = reader.Int64(),
            CorrelationId = reader.Int64(),
            RegistrationId = reader.Int64(),
            Channel = reader.Bytes(),
        };
        return !reader.IsMalformed;
    }
}

/// <summary>GET_NEXT_AVAILABLE_SESSION_ID: <c>16 stream id i32</c>.</summary>
public readonly ref struct NextSessionIdCommand
{
    public long ClientId { get; init; }

    public long CorrelationId { get; init; }

    public int StreamId { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(ClientId);
        writer.Int64(CorrelationId);
        writer.Int32(StreamId);
        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out NextSessionIdCommand command)
    {
        var reader = new BodyReader(body);
        command = new NextSessionIdCommand
        {
            ClientId = reader.Int64(),
            CorrelationId = reader.Int64(),
            StreamId = reader.Int32(),
        };
        return !reader.IsMalformed;
    }
}
