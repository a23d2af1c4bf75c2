using System.Buffers.Binary;

namespace FlowEngine.Aeron.Protocol;

/// <summary>
/// NAK, receiver to sender: what is missing. After the frame header:
/// <c>8 session id i32 | 12 stream id i32 | 16 term id i32 | 20 term offset i32 | 24 length i32</c>.
/// </summary>
public readonly record struct NakFrame(int SessionId, int StreamId, int TermId, int TermOffset, int GapLength)
{
    public const int Length = 28;

    public int Write(Span<byte> frame)
    {
        FrameTypes.WriteHeader(frame, Length, 0, FrameTypes.Nak);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], SessionId);
        BinaryPrimitives.WriteInt32LittleEndian(frame[12..], StreamId);
        BinaryPrimitives.WriteInt32LittleEndian(frame[16..], TermId);
        BinaryPrimitives.WriteInt32LittleEndian(frame[20..], TermOffset);
        BinaryPrimitives.WriteInt32LittleEndian(frame[24..], GapLength);
        return Length;
    }

    /// <summary>Reads the frame; values are not checked.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out NakFrame frame)
    {
        frame = default;
        if (!FrameTypes.Holds(datagram, FrameTypes.Nak, Length))
        {
            return false;
        }

        frame = new NakFrame(
            BinaryPrimitives.ReadInt32LittleEndian(datagram[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[20..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[24..]));
        return true;
    }
}
