using System.Buffers.Binary;

namespace FlowEngine.Aeron.Protocol;

/// <summary>
/// RTT measurement, both ways: a receiver asks, the sender echoes. After the frame header:
/// <c>8 session id i32 | 12 stream id i32 | 16 echo time ns i64 | 24 reception delta ns i64 | 32 receiver id i64</c>.
/// </summary>
public readonly record struct RttFrame(
    byte Flags, int SessionId, int StreamId, long EchoNs, long ReceptionDeltaNs, long ReceiverId)
{
    public const int Length = 40;

    /// <summary>A question; an answer has no flag.</summary>
    public const byte ReplyFlag = 0x80;

    public int Write(Span<byte> frame)
    {
        FrameTypes.WriteHeader(frame, Length, Flags, FrameTypes.RttMeasurement);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], SessionId);
        BinaryPrimitives.WriteInt32LittleEndian(frame[12..], StreamId);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], EchoNs);
        BinaryPrimitives.WriteInt64LittleEndian(frame[24..], ReceptionDeltaNs);
        BinaryPrimitives.WriteInt64LittleEndian(frame[32..], ReceiverId);
        return Length;
    }

    /// <summary>Reads the frame; values are not checked.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out RttFrame frame)
    {
        frame = default;
        if (!FrameTypes.Holds(datagram, FrameTypes.RttMeasurement, Length))
        {
            return false;
        }

        frame = new RttFrame(
            FrameTypes.Flags(datagram),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(datagram[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(datagram[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(datagram[32..]));
        return true;
    }
}
