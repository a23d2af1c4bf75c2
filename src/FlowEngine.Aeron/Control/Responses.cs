namespace FlowEngine.Aeron.Control;

/// <summary>ON_ERROR: <c>0 offending correlation id i64 | 8 code i32 | 12 length i32 | 16 message</c>.</summary>
public readonly ref struct ErrorResponse
{
    public long OffendingId { get; init; }

    public int Code { get; init; }

    public ReadOnlySpan<byte> Message { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(OffendingId);
        writer.Int32(Code);
        writer.Bytes(Message);
        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out ErrorResponse response)
    {
        var reader = new BodyReader(body);
        response = new ErrorResponse { OffendingId = reader.Int64(), Code = reader.Int32(), Message = reader.Bytes() };
        return !reader.IsMalformed;
    }
}

/// <summary>
/// ON_AVAILABLE_IMAGE: <c>0 image id i64 | 8 session id i32 | 12 stream id i32 | 16 subscription id i64
/// | 24 subscriber position counter id i32 | 28 length i32 | 32 log file | pad to 4 | length i32 | source identity</c>.
/// </summary>
public readonly ref struct AvailableImageResponse
{
    public long ImageId { get; init; }

    public int SessionId { get; init; }

    public int StreamId { get; init; }

    public long SubscriptionId { get; init; }

    public int PositionCounterId { get; init; }

    public ReadOnlySpan<byte> LogFile { get; init; }

    public ReadOnlySpan<byte> SourceIdentity { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(ImageId);
        writer.Int32(SessionId);
        writer.Int32(StreamId);
        writer.Int64(SubscriptionId);
        writer.Int32(PositionCounterId);
        writer.Bytes(LogFile);
        writer.Pad4();
        writer.Bytes(SourceIdentity);
        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out AvailableImageResponse response)
    {
        var reader = new BodyReader(body);
        var imageId = reader.Int64();
        var sessionId = reader.Int32();
        var streamId = reader.Int32();
        var subscriptionId = reader.Int64();
        var counterId = reader.Int32();
        var logFile = reader.Bytes();
        reader.Pad4();
        response = new AvailableImageResponse
        {
            ImageId = imageId,
            SessionId = sessionId,
            StreamId = streamId,
            SubscriptionId = subscriptionId,
            PositionCounterId = counterId,
            LogFile = logFile,
            SourceIdentity = reader.Bytes(),
        };
        return !reader.IsMalformed;
    }
}

/// <summary>
/// ON_PUBLICATION_READY and ON_EXCLUSIVE_PUBLICATION_READY: <c>0 correlation id i64 | 8 registration id i64 | 16
/// session id i32 | 20 stream id i32 | 24 limit counter id i32 | 28 channel status counter id i32 | 32 length i32 |
/// 36 log file</c>.
/// </summary>
public readonly ref struct PublicationReadyResponse
{
    public long CorrelationId { get; init; }

    public long RegistrationId { get; init; }

    public int SessionId { get; init; }

    public int StreamId { get; init; }

    public int LimitCounterId { get; init; }

    public int ChannelStatusCounterId { get; init; }

    public ReadOnlySpan<byte> LogFile { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(CorrelationId);
        writer.Int64(RegistrationId);
        writer.Int32(SessionId);
        writer.Int32(StreamId);
        writer.Int32(LimitCounterId);
        writer.Int32(ChannelStatusCounterId);
        writer.Bytes(LogFile);
        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out PublicationReadyResponse response)
    {
        var reader = new BodyReader(body);
        response = new PublicationReadyResponse
        {
            CorrelationId = reader.Int64(),
            RegistrationId = reader.Int64(),
            SessionId = reader.Int32(),
            StreamId = reader.Int32(),
            LimitCounterId = reader.Int32(),
            ChannelStatusCounterId = reader.Int32(),
            LogFile = reader.Bytes(),
        };
        return !reader.IsMalformed;
    }
}

/// <summary>
/// ON_UNAVAILABLE_IMAGE: <c>0 image id i64 | 8 subscription id i64 | 16 stream id i32 | 20 length i32 | 24 channel</c>.
/// </summary>
public readonly ref struct UnavailableImageResponse
{
    public long ImageId { get; init; }

    public long SubscriptionId { get; init; }

    public int StreamId { get; init; }

    public ReadOnlySpan<byte> Channel { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(ImageId);
        writer.Int64(SubscriptionId);
        writer.Int32(StreamId);
        writer.Bytes(Channel);
        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out UnavailableImageResponse response)
    {
        var reader = new BodyReader(body);
        response = new UnavailableImageResponse
        {
            ImageId = reader.Int64(),
            SubscriptionId = reader.Int64(),
            StreamId = reader.Int32(),
            Channel = reader.Bytes(),
        };
        return !reader.IsMalformed;
    }
}

/// <summary>
/// ON_SUBSCRIPTION_READY, ON_COUNTER_READY, ON_UNAVAILABLE_COUNTER, ON_STATIC_COUNTER, ON_NEXT_AVAILABLE_SESSION_ID:
/// <c>0 correlation or registration id i64 | 8 counter or session id i32</c>.
/// </summary>
public readonly ref struct IdResponse
{
    public long CorrelationId { get; init; }

    /// <summary>Channel status counter, counter or session id, as the type says.</summary>
    public int Id { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(CorrelationId);
        writer.Int32(Id);
        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out IdResponse response)
    {
        var reader = new BodyReader(body);
        response = new IdResponse { CorrelationId = reader.Int64(), Id = reader.Int32() };
        return !reader.IsMalformed;
    }
}

/// <summary>ON_OPERATION_SUCCESS with a correlation id, ON_CLIENT_TIMEOUT with a client id: <c>0 id i64</c>.</summary>
public readonly ref struct LongResponse
{
    public long Id { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(Id);
        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out LongResponse response)
    {
        var reader = new BodyReader(body);
        response = new LongResponse { Id = reader.Int64() };
        return !reader.IsMalformed;
    }
}
