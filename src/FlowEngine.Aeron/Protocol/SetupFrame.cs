using System.Buffers.Binary;

namespace FlowEngine.Aeron.Protocol;

/// <summary>
/// SETUP, sender to receivers: describes a stream and where it is. After the frame header:
/// <code>
///  8 term offset i32 | 12 session id i32 | 16 stream id i32 | 20 initial term id i32 | 24 active term id i32
/// 28 term length i32 | 32 mtu i32 | 36 ttl i32
/// </code>
/// </summary>
public readonly record struct SetupFrame(
    byte Flags,
    int TermOffset,
    int SessionId,
    int StreamId,
    int InitialTermId,
    int ActiveTermId,
    int TermLength,
    int MtuLength,
    int Ttl)
{
    public const int Length = 40;

    /// <summary>The sender wants a response channel's stream.</summary>
    public const byte SendResponseFlag = 0x80;

    /// <summary>The stream goes to a group: receivers back off their NAKs.</summary>
    public const byte GroupFlag = 0x40;

    public int Write(Span<byte> frame)
    {
        FrameTypes.WriteHeader(frame, Length, Flags, FrameTypes.Setup);
        BinaryPrimitives.WriteInt32LittleEndian(frame[8..], TermOffset);
        BinaryPrimitives.WriteInt32LittleEndian(frame[12..], SessionId);
        BinaryPrimitives.WriteInt32LittleEndian(frame[16..], StreamId);
        BinaryPrimitives.WriteInt32LittleEndian(frame[20..], InitialTermId);
        BinaryPrimitives.WriteInt32LittleEndian(frame[24..], ActiveTermId);
        BinaryPrimitives.WriteInt32LittleEndian(frame[28..], TermLength);
        BinaryPrimitives.WriteInt32LittleEndian(frame[32..], MtuLength);
        BinaryPrimitives.WriteInt32LittleEndian(frame[36..], Ttl);
        return Length;
    }

    /// <summary>Reads the frame; values are not checked, <see cref="Receivable"/> does that.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out SetupFrame frame)
    {
        frame = default;
        if (!FrameTypes.Holds(datagram, FrameTypes.Setup, Length))
        {
            return false;
        }

        frame = new SetupFrame(
            FrameTypes.Flags(datagram),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[12..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[20..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[28..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[32..]),
            BinaryPrimitives.ReadInt32LittleEndian(datagram[36..]));
        return true;
    }

    /// <summary>Whether an image can be made of it: lengths in range, offset within the term and aligned.</summary>
    public bool Receivable =>
        Logs.LogBufferDescriptor.IsTermLength(TermLength)
        && TermOffset >= 0 && TermOffset <= TermLength && TermOffset % Logs.DataFrame.Alignment == 0
        && MtuLength is > Logs.DataFrame.HeaderLength and <= 65504 && MtuLength % Logs.DataFrame.Alignment == 0
        && unchecked(ActiveTermId - InitialTermId) >= 0;
}
