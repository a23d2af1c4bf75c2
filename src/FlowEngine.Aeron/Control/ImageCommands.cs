using System.Buffers.Binary;

namespace FlowEngine.Aeron.Control;

/// <summary>
/// REJECT_IMAGE: <c>16 image id i64 | 24 position i64 | 32 reason length i32 | 36 reason | zeros</c>. Padded as
/// the C client pads it, because the C driver refuses less than 40 bytes.
/// </summary>
public readonly ref struct RejectImageCommand
{
    private const int Trailer = 5;

    public long ClientId { get; init; }

    public long CorrelationId { get; init; }

    public long ImageId { get; init; }

    public long Position { get; init; }

    public ReadOnlySpan<byte> Reason { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(ClientId);
        writer.Int64(CorrelationId);
        writer.Int64(ImageId);
        writer.Int64(Position);
        writer.Bytes(Reason);
        body.Slice(writer.Length, Trailer).Clear();
        return writer.Length + Trailer;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out RejectImageCommand command)
    {
        var reader = new BodyReader(body);
        command = new RejectImageCommand
        {
            ClientId = reader.Int64(),
            CorrelationId = reader.Int64(),
            ImageId = reader.Int64(),
            Position = reader.Int64(),
            Reason = reader.Bytes(),
        };
        return !reader.IsMalformed;
    }
}

/// <summary>
/// REMOVE_DESTINATION_BY_ID: <c>16 registration id of the publication or subscription i64 | 24 registration id of the
/// destination i64</c>.
/// </summary>
public readonly ref struct RemoveDestinationByIdCommand
{
    public long ClientId { get; init; }

    public long CorrelationId { get; init; }

    public long ResourceId { get; init; }

    public long DestinationId { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(ClientId);
        writer.Int64(CorrelationId);
        writer.Int64(ResourceId);
        writer.Int64(DestinationId);
        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out RemoveDestinationByIdCommand command)
    {
        var reader = new BodyReader(body);
        command = new RemoveDestinationByIdCommand
        {
            ClientId = reader.Int64(),
            CorrelationId = reader.Int64(),
            ResourceId = reader.Int64(),
            DestinationId = reader.Int64(),
        };
        return !reader.IsMalformed;
    }
}

/// <summary>TERMINATE_DRIVER: <c>16 token length i32 | 20 token</c>; drivers deny it by default.</summary>
public readonly ref struct TerminateDriverCommand
{
    public long ClientId { get; init; }

    public long CorrelationId { get; init; }

    public ReadOnlySpan<byte> Token { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(ClientId);
        writer.Int64(CorrelationId);
        writer.Bytes(Token);
        return writer.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out TerminateDriverCommand command)
    {
        var reader = new BodyReader(body);
        command = new TerminateDriverCommand
        {
            ClientId = reader.Int64(),
            CorrelationId = reader.Int64(),
            Token = reader.Bytes(),
        };
        return !reader.IsMalformed;
    }
}

/// <summary>
/// ON_PUBLICATION_ERROR: <c>0 registration id i64 | 8 destination registration id i64 | 16 session id i32 | 20 stream
/// id i32 | 24 receiver id i64 | 32 group tag i64 | 40 address type i16 (1 IPv4, 2 IPv6) | 42 port u16 | 44 address
/// 16 B | 60 error code i32 | 64 length i32 | 68 message</c>.
/// </summary>
public readonly ref struct PublicationErrorResponse
{
    public const short AddressIPv4 = 1;
    public const short AddressIPv6 = 2;

    private const int AddressOffset = 44;
    private const int AddressLength = 16;
    private const int CodeOffset = AddressOffset + AddressLength;

    public long RegistrationId { get; init; }

    public long DestinationId { get; init; }

    public int SessionId { get; init; }

    public int StreamId { get; init; }

    public long ReceiverId { get; init; }

    public long GroupTag { get; init; }

    public short AddressType { get; init; }

    public ushort Port { get; init; }

    /// <summary>16 bytes, of which IPv4 uses four.</summary>
    public ReadOnlySpan<byte> Address { get; init; }

    public int Code { get; init; }

    public ReadOnlySpan<byte> Message { get; init; }

    public int Write(Span<byte> body)
    {
        var writer = new BodyWriter(body);
        writer.Int64(RegistrationId);
        writer.Int64(DestinationId);
        writer.Int32(SessionId);
        writer.Int32(StreamId);
        writer.Int64(ReceiverId);
        writer.Int64(GroupTag);
        writer.Int32((Port << 16) | (ushort)AddressType);
        body.Slice(AddressOffset, AddressLength).Clear();
        Address.CopyTo(body.Slice(AddressOffset, AddressLength));
        BinaryPrimitives.WriteInt32LittleEndian(body[CodeOffset..], Code);
        var message = new BodyWriter(body[(CodeOffset + sizeof(int))..]);
        message.Bytes(Message);
        return CodeOffset + sizeof(int) + message.Length;
    }

    public static bool TryRead(ReadOnlySpan<byte> body, out PublicationErrorResponse response)
    {
        response = default;
        if (body.Length < CodeOffset)
        {
            return false;
        }

        var reader = new BodyReader(body);
        var tail = new BodyReader(body[CodeOffset..]);
        response = new PublicationErrorResponse
        {
            RegistrationId = reader.Int64(),
            DestinationId = reader.Int64(),
            SessionId = reader.Int32(),
            StreamId = reader.Int32(),
            ReceiverId = reader.Int64(),
            GroupTag = reader.Int64(),
            AddressType = BinaryPrimitives.ReadInt16LittleEndian(body[40..]),
            Port = BinaryPrimitives.ReadUInt16LittleEndian(body[42..]),
            Address = body.Slice(AddressOffset, AddressLength),
            Code = tail.Int32(),
            Message = tail.Bytes(),
        };
        return !tail.IsMalformed;
    }
}
