using System.Buffers.Binary;

namespace FlowEngine.Aeron.Protocol;

/// <summary>
/// RSP_SETUP, receiver of a request stream to its sender: which session answers. After the frame header:
/// <c>8 session id i32 | 12 stream id i32 | 16 response session id i32</c>.
/// </summary>
public readonly record struct ResponseSetupFrame(int SessionId, int StreamId, int ResponseSessionId)
{
    public const int Length = 20;

    public int Write(Span<byte> frame)
    {
        FrameTypes.WriteHeader(frame, Length, 0, FrameTypes.ResponseSetup);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], SessionId);
        BinaryPrimitives.WriteInt32LittleEndian(frame[12..], StreamId);
        BinaryPrimitives.WriteInt32LittleEndian(frame[16..], ResponseSessionId);
        return Length;
    }

    /// <summary>Reads the frame; values are not checked.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out ResponseSetupFrame frame)
    {
        frame = default;
        if (!FrameTypes.Holds(datagram, FrameTypes.ResponseSetup, Length))
        {
            return false;
        }

        frame = new ResponseSetupFrame(
            BinaryPrimitives.ReadInt32LittleEndian(datagram[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[16..]));
        return true;
    }
}
