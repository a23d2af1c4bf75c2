using System.Runtime.CompilerServices;
using FlowEngine.Core;

namespace FlowEngine.Aeron.Logs;

/// <summary>
/// Writes frames into a log: shared by both kinds of publication. Publisher's thread; no state of its own.
/// </summary>
internal readonly unsafe struct FrameWriter
{
    private readonly ulong _session;
    private readonly uint _stream;
    private readonly int _maxPayloadLength;

    /// <summary>A writer for one stream.</summary>
    public FrameWriter(int sessionId, int streamId, int maxPayloadLength)
    {
        _session = (ulong)(uint)sessionId << 32;
        _stream = (uint)streamId;
        _maxPayloadLength = maxPayloadLength;
    }

    /// <summary>Bytes a message of several fragments takes in the log, with their headers.</summary>
    public int FragmentedLength(int length)
    {
        var full = length / _maxPayloadLength;
        var rest = length - (full * _maxPayloadLength);
        var last = rest > 0 ? DataFrame.Align(rest + DataFrame.HeaderLength) : 0;
        return (full * (_maxPayloadLength + DataFrame.HeaderLength)) + last;
    }

    /// <summary>Starts a frame: claimed, not visible. Three stores for six fields.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(byte* frame, int frameLength, int termId, int termOffset, byte flags, ushort type)
    {
        // Pairs with readers and the driver's unblocker: the claim is seen before any of its content.
        var head = ((ulong)(((uint)type << 16) | ((uint)flags << 8)) << 32) | (uint)-frameLength;
        Volatile.Write(ref *(ulong*)frame, head);
        Volatile.WriteBarrier();
        *(ulong*)(frame + DataFrame.TermOffsetOffset) = _session | (uint)termOffset;
        *(ulong*)(frame + DataFrame.StreamIdOffset) = ((ulong)(uint)termId << 32) | _stream;
    }

    /// <summary>Makes a frame visible; pairs with the acquire of the frame length in Image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Commit(byte* frame, int frameLength) => Volatile.Write(ref *(int*)frame, frameLength);

    /// <summary>Writes a message that fits one frame.</summary>
    [Hot, MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteFrame(byte* frame, ReadOnlySpan<byte> payload, int termId, int termOffset, long reservedValue)
    {
        var frameLength = payload.Length + DataFrame.HeaderLength;
        Begin(frame, frameLength, termId, termOffset, DataFrame.Unfragmented, DataFrame.TypeData);
        *(long*)(frame + DataFrame.ReservedValueOffset) = reservedValue;
        payload.CopyTo(new Span<byte>(frame + DataFrame.HeaderLength, payload.Length));
        Commit(frame, frameLength);
    }

    /// <summary>Writes a message into the space claimed for it, as one frame or as fragments.</summary>
    [Hot]
    public void WriteMessage<TPayload, TSupplier>(
        byte* frame, ref TPayload payload, int termId, int termOffset, ref TSupplier supplier)
        where TPayload : struct, IPayload, allows ref struct
        where TSupplier : struct, IReservedValueSupplier, allows ref struct
    {
        var rest = payload.Length;
        var flags = DataFrame.BeginFlag;
        while (true)
        {
            var length = Math.Min(rest, _maxPayloadLength);
            rest -= length;
            if (rest == 0)
            {
                flags |= DataFrame.EndFlag;
            }

            var frameLength = length + DataFrame.HeaderLength;
            Begin(frame, frameLength, termId, termOffset, flags, DataFrame.TypeData);
            payload.Read(new Span<byte>(frame + DataFrame.HeaderLength, length));
            *(long*)(frame + DataFrame.ReservedValueOffset) =
                supplier.ReservedValue(new ReadOnlySpan<byte>(frame, frameLength));
            Commit(frame, frameLength);
            if (rest == 0)
            {
                return;
            }

            flags = 0;
            frame += frameLength;
            termOffset += frameLength;
        }
    }

    /// <summary>Fills the end of a term.</summary>
    public void WritePadding(byte* frame, int length, int termId, int termOffset)
    {
        Begin(frame, length, termId, termOffset, DataFrame.Unfragmented, DataFrame.TypePadding);
        *(long*)(frame + DataFrame.ReservedValueOffset) = 0;
        Commit(frame, length);
    }
}
