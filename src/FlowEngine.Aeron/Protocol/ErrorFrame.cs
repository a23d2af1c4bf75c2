using System.Buffers.Binary;

namespace FlowEngine.Aeron.Protocol;

/// <summary>
/// ERR, receiver to sender: the receiver refuses the stream. After the frame header:
/// <code>
///  8 session id i32 | 12 stream id i32 | 16 receiver id i64 | 24 group tag i64 | 32 code i32
/// 36 text length i32 | 40 text, at most 1023 bytes
/// </code>
/// </summary>
public readonly ref struct ErrorFrame
{
    /// <summary>Bytes before the text.</summary>
    public const int HeaderLength = 40;

    /// <summary>Longest text.</summary>
    public const int MaxTextLength = 1023;

    /// <summary>The group tag has a meaning.</summary>
    public const byte GroupTagFlag = 0x08;

    public int SessionId { get; init; }

    public int StreamId { get; init; }

    public long ReceiverId { get; init; }

    public long? GroupTag { get; init; }

    public int Code { get; init; }

    public ReadOnlySpan<byte> Text { get; init; }

    public int Write(Span<byte> frame)
    {
        var text = Text[..Math.Min(Text.Length, MaxTextLength)];
        var flags = GroupTag is null ? (byte)0 : GroupTagFlag;
        FrameTypes.WriteHeader(frame, HeaderLength + text.Length, flags, FrameTypes.Error);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], SessionId);
        BinaryPrimitives.WriteInt32LittleEndian(frame[12..], StreamId);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], ReceiverId);
        BinaryPrimitives.WriteInt64LittleEndian(frame[24..], GroupTag ?? 0);
        BinaryPrimitives.WriteInt32LittleEndian(frame[32..], Code);
        BinaryPrimitives.WriteInt32LittleEndian(frame[36..], text.Length);
        text.CopyTo(frame[HeaderLength..]);
        return HeaderLength + text.Length;
    }

    /// <summary>Reads the frame; the text is a view of the datagram.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out ErrorFrame frame)
    {
        frame = default;
        if (!FrameTypes.Holds(datagram, FrameTypes.Error, HeaderLength))
        {
            return false;
        }

        var textLength = BinaryPrimitives.ReadInt32LittleEndian(datagram[36..]);
        if (textLength is < 0 or > MaxTextLength || textLength > datagram.Length - HeaderLength)
        {
            return false;
        }

        frame = new ErrorFrame
        {
            SessionId = BinaryPrimitives.ReadInt32LittleEndian(datagram[8..]),
            StreamId = BinaryPrimitives.ReadInt32LittleEndian(datagram[12..]),
            ReceiverId = BinaryPrimitives.ReadInt64LittleEndian(datagram[16..]),
            GroupTag = (FrameTypes.Flags(datagram) & GroupTagFlag) == 0
                ? null
                : BinaryPrimitives.ReadInt64LittleEndian(datagram[24..]),
            Code = BinaryPrimitives.ReadInt32LittleEndian(datagram[32..]),
            Text = datagram.Slice(HeaderLength, textLength),
        };
        return true;
    }
}
