using System.Buffers.Binary;

namespace FlowEngine.Aeron.Protocol;

/// <summary>
/// Status message (SM), receiver to sender: how far it has consumed and how much more may come. After the header:
/// <code>
///  8 session id i32 | 12 stream id i32 | 16 consumption term id i32 | 20 consumption term offset i32
/// 24 receiver window i32 | 28 receiver id i64, unaligned | [36 group tag i64]
/// </code>
/// </summary>
public readonly record struct StatusFrame(
    byte Flags,
    int SessionId,
    int StreamId,
    int TermId,
    int TermOffset,
    int WindowLength,
    long ReceiverId,
    long? GroupTag)
{
    /// <summary>Bytes without a group tag.</summary>
    public const int MinLength = 36;

    /// <summary>Bytes with a group tag.</summary>
    public const int MaxLength = 44;

    /// <summary>The receiver needs a SETUP.</summary>
    public const byte SendSetupFlag = 0x80;

    /// <summary>The receiver goes.</summary>
    public const byte EndOfStreamFlag = 0x40;

    public int Write(Span<byte> frame)
    {
        var length = GroupTag is null ? MinLength : MaxLength;
        FrameTypes.WriteHeader(frame, length, Flags, FrameTypes.StatusMessage);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], SessionId);
        BinaryPrimitives.WriteInt32LittleEndian(frame[12..], StreamId);
        BinaryPrimitives.WriteInt32LittleEndian(frame[16..], TermId);
        BinaryPrimitives.WriteInt32LittleEndian(frame[20..], TermOffset);
        BinaryPrimitives.WriteInt32LittleEndian(frame[24..], WindowLength);
        BinaryPrimitives.WriteInt64LittleEndian(frame[28..], ReceiverId);
        if (GroupTag is { } tag)
        {
            BinaryPrimitives.WriteInt64LittleEndian(frame[36..], tag);
        }

        return length;
    }

    /// <summary>Reads the frame; values are not checked.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out StatusFrame frame)
    {
        frame = default;
        if (!FrameTypes.Holds(datagram, FrameTypes.StatusMessage, MinLength))
        {
            return false;
        }

        frame = new StatusFrame(
            FrameTypes.Flags(datagram),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[20..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(datagram[28..]),
            FrameTypes.Length(datagram) >= MaxLength ? BinaryPrimitives.ReadInt64LittleEndian(datagram[36..]) : null);
        return true;
    }
}
