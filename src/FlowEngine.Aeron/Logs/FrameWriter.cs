using System.Runtime.CompilerServices;
using FlowEngine.Core;

namespace FlowEngine.Aeron.Logs;

/// <summary>
/// Writes frames into a log: shared by both kinds of publication. Publisher's thread; no state of its own.
/// </summary>
internal readonly unsafe struct FrameWriter
{
    private readonly int _sessionId;
    private readonly int _streamId;
    private readonly int _maxPayloadLength;

    /// <summary>A writer for one stream.</summary>
    public FrameWriter(int sessionId, int streamId, int maxPayloadLength)
    {
        _sessionId = sessionId;
        _streamId = streamId;
        _maxPayloadLength = maxPayloadLength;
    }

    /// <summary>Bytes a message takes in the log, all fragments with their headers.</summary>
    public int RequiredLength(int length)
    {
        if (length <= _maxPayloadLength)
        {
            return DataFrame.Align(length + DataFrame.HeaderLength);
        }

        var full = length / _maxPayloadLength;
        var rest = length - (full * _maxPayloadLength);
        var last = rest > 0 ? DataFrame.Align(rest + DataFrame.HeaderLength) : 0;
        return (full * (_maxPayloadLength + DataFrame.HeaderLength)) + last;
    }

    /// <summary>Starts a frame: claimed, not visible.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Begin(byte* frame, int frameLength, int termId, int termOffset, byte flags, ushort type)
    {
        // Pairs with readers and the driver's unblocker: the claim is seen before any of its content.
        Volatile.Write(ref *(int*)frame, -frameLength);
        Volatile.WriteBarrier();
        *(uint*)(frame + DataFrame.VersionOffset) = ((uint)type << 16) | ((uint)flags << 8);
        *(int*)(frame + DataFrame.TermOffsetOffset) = termOffset;
        *(int*)(frame + DataFrame.SessionIdOffset) = _sessionId;
        *(int*)(frame + DataFrame.StreamIdOffset) = _streamId;
        *(int*)(frame + DataFrame.TermIdOffset) = termId;
    }

    /// <summary>Makes a frame visible; pairs with the acquire of the frame length in Image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Commit(byte* frame, int frameLength) => Volatile.Write(ref *(int*)frame, frameLength);

    /// <summary>Writes a message into the space claimed for it, as one frame or as fragments.</summary>
    [Hot]
    public void WriteMessage(byte* frame, ReadOnlySpan<byte> payload, int termId, int termOffset, long reservedValue)
    {
        if (payload.Length > _maxPayloadLength)
        {
            WriteFragments(frame, payload, termId, termOffset, reservedValue);
            return;
        }

        var frameLength = payload.Length + DataFrame.HeaderLength;
        Begin(frame, frameLength, termId, termOffset, DataFrame.Unfragmented, DataFrame.TypeData);
        payload.CopyTo(new Span<byte>(frame + DataFrame.HeaderLength, payload.Length));
        *(long*)(frame + DataFrame.ReservedValueOffset) = reservedValue;
        Commit(frame, frameLength);
    }

    /// <summary>Fills the end of a term.</summary>
    public void WritePadding(byte* frame, int length, int termId, int termOffset)
    {
        Begin(frame, length, termId, termOffset, DataFrame.Unfragmented, DataFrame.TypePadding);
        *(long*)(frame + DataFrame.ReservedValueOffset) = 0;
        Commit(frame, length);
    }

    private void WriteFragments(
        byte* frame, ReadOnlySpan<byte> payload, int termId, int termOffset, long reservedValue)
    {
        var flags = DataFrame.BeginFlag;
        while (true)
        {
            var length = Math.Min(payload.Length, _maxPayloadLength);
            if (length == payload.Length)
            {
                flags |= DataFrame.EndFlag;
            }

            var frameLength = length + DataFrame.HeaderLength;
            Begin(frame, frameLength, termId, termOffset, flags, DataFrame.TypeData);
            payload[..length].CopyTo(new Span<byte>(frame + DataFrame.HeaderLength, length));
            *(long*)(frame + DataFrame.ReservedValueOffset) = reservedValue;
            Commit(frame, frameLength);

            payload = payload[length..];
            if (payload.IsEmpty)
            {
                return;
            }

            flags = 0;
            frame += frameLength;
            termOffset += frameLength;
        }
    }
}
