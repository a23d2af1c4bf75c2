using System.Buffers.Binary;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;

namespace FlowEngine.Tests.Aeron.Receiving;

/// <summary>Datagrams as a sender would make them.</summary>
internal static class Packets
{
    public const int SessionId = 100;
    public const int StreamId = 5001;
    public const int TermId = 7;
    public const int TermLength = 64 * 1024;
    public const int Mtu = 1408;

    public static byte[] Setup(
        int sessionId = SessionId, int streamId = StreamId, int termOffset = 0, int activeTermId = TermId,
        int termLength = TermLength, int mtu = Mtu, byte flags = 0, int ttl = 0, int initialTermId = TermId)
    {
        var bytes = new byte[SetupFrame.Length];
        new SetupFrame(
            flags, termOffset, sessionId, streamId, initialTermId, activeTermId, termLength, mtu, ttl).Write(bytes);
        return bytes;
    }

    /// <summary>A data frame, padded to the alignment.</summary>
    public static byte[] Data(
        int termOffset, int payloadLength, int seed = 1, int termId = TermId, int sessionId = SessionId,
        int streamId = StreamId, byte flags = DataFrame.Unfragmented)
    {
        var length = DataFrame.HeaderLength + payloadLength;
        var bytes = new byte[DataFrame.Align(length)];
        Header(bytes, length, flags, DataFrame.TypeData, termOffset, termId, sessionId, streamId);
        Golden.Payload(payloadLength, seed).CopyTo(bytes, DataFrame.HeaderLength);
        return bytes;
    }

    /// <summary>A padding frame as it is sent: only its header.</summary>
    public static byte[] Padding(int termOffset, int frameLength, int termId = TermId)
    {
        var bytes = new byte[DataFrame.HeaderLength];
        Header(
            bytes, frameLength, DataFrame.Unfragmented, DataFrame.TypePadding, termOffset, termId, SessionId, StreamId);
        return bytes;
    }

    public static byte[] Heartbeat(
        int termOffset, int termId = TermId, int sessionId = SessionId, byte flags = DataFrame.Unfragmented)
    {
        var bytes = new byte[DataFrame.HeaderLength];
        Header(bytes, 0, flags, DataFrame.TypeData, termOffset, termId, sessionId, StreamId);
        return bytes;
    }

    private static void Header(
        Span<byte> bytes, int length, byte flags, ushort type, int termOffset, int termId, int sessionId, int streamId)
    {
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        bytes[DataFrame.FlagsOffset] = flags;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[DataFrame.TypeOffset..], type);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[DataFrame.TermOffsetOffset..], termOffset);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[DataFrame.SessionIdOffset..], sessionId);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[DataFrame.StreamIdOffset..], streamId);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[DataFrame.TermIdOffset..], termId);
    }
}
