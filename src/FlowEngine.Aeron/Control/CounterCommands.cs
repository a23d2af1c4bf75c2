namespace FlowEngine.Aeron.Control;

/// <summary>
/// ADD_COUNTER: <c>16 type id i32 | 20 key length i32 | 24 key | pad to 4 | label length i32 | label</c>.
/// </summary>
public readonly ref struct CounterCommand
{
    public long ClientId { get; init; }

    public long CorrelationId { get; init; }

    public int TypeId { get; init; }

    public ReadOnlySpan<byte> Key { get; init; }

    public ReadOnlySpan<byte> Label { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(ClientId);
        writer.Int64(CorrelationId);
        writer.Int32(TypeId);
        writer.Bytes(Key);
        writer.Pad4();
        writer.Bytes(Label);
        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out CounterCommand command)
    {
        var reader = new BodyReader(body);
        var clientId = reader.Int64();
        var correlationId = reader.Int64();
        var typeId = reader.Int32();
        var key = reader.Bytes();
        reader.Pad4();
        command = new CounterCommand
        {
            ClientId = clientId,
            CorrelationId = correlationId,
            TypeId = typeId,
            Key = key,
            Label = reader.Bytes(),
        };
        return !reader.IsMalformed;
    }
}

/// <summary>
/// ADD_STATIC_COUNTER, a counter that outlives its client:
/// <c>16 registration id i64 | 24 type id i32 | 28 key length i32 | 32 key | pad to 4 | label length i32 | label</c>.
/// </summary>
public readonly ref struct StaticCounterCommand
{
    public long ClientId { get; init; }

    public long CorrelationId { get; init; }

    public long RegistrationId { get; init; }

    public int TypeId { get; init; }

    public ReadOnlySpan<byte> Key { get; init; }

    public ReadOnlySpan<byte> Label { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(ClientId);
        writer.Int64(CorrelationId);
        writer.Int64(RegistrationId);
        writer.Int32(TypeId);
        writer.Bytes(Key);
        writer.Pad4();
        writer.Bytes(Label);
        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out StaticCounterCommand command)
    {
        var reader = new BodyReader(body);
        var clientId = reader.Int64();
        var correlationId = reader.Int64();
        var registrationId = reader.Int64();
        var typeId = reader.Int32();
        var key = reader.Bytes();
        reader.Pad4();
        command = new StaticCounterCommand
        {
            ClientId = clientId,
            CorrelationId = correlationId,
            RegistrationId = registrationId,
            TypeId = typeId,
            Key = key,
            Label = reader.Bytes(),
        };
        return !reader.IsMalformed;
    }
}
