using FlowEngine.Aeron.Logs;
using FlowEngine.Core;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>
/// A datagram of data frames and the term it belongs into: checking, writing, and the holes between. Bytes of a
/// datagram are a stranger's and are believed only after <see cref="Measure"/>.
/// </summary>
internal static unsafe class TermPacket
{
    /// <summary>What <see cref="Measure"/> says of a datagram that must not be inserted.</summary>
    public const int Invalid = -1;

    /// <summary>
    /// Bytes the frames of a datagram take in a term: 0 for a heartbeat, more than the datagram if it ends in
    /// padding, <see cref="Invalid"/> if its frames do not follow each other to its very end.
    /// </summary>
    /// <param name="packet">The datagram, 32 bytes or more.</param>
    /// <param name="length">Its length, a multiple of 32.</param>
    /// <param name="termOffset">Term offset of its first frame.</param>
    /// <param name="termLength">Length of a term.</param>
    [Hot]
    public static int Measure(byte* packet, int length, int termOffset, int termLength)
    {
        if ((uint)termOffset >= (uint)termLength || termOffset % DataFrame.Alignment != 0)
        {
            return Invalid;
        }

        if (length == DataFrame.HeaderLength && *(int*)packet == 0)
        {
            return 0;
        }

        var offset = 0;
        ushort type;
        do
        {
            var frame = packet + offset;
            var frameLength = *(int*)frame;
            type = *(ushort*)(frame + DataFrame.TypeOffset);
            if (frameLength < DataFrame.HeaderLength
                || frameLength > termLength
                || type > DataFrame.TypeData
                || *(int*)(frame + DataFrame.TermOffsetOffset) != termOffset + offset)
            {
                return Invalid;
            }

            offset += DataFrame.Align(frameLength);
            if (offset > termLength - termOffset)
            {
                return Invalid;
            }
        }
        while (offset <= length - DataFrame.HeaderLength);

        // Only padding is longer in the term than on the wire.
        return offset == length || (offset > length && type == DataFrame.TypePadding) ? offset : Invalid;
    }

    /// <summary>Writes a measured datagram where its first frame belongs, unless that is there already.</summary>
    [Hot]
    public static void Insert(byte* destination, byte* packet, int length)
    {
        var to = (long*)destination;
        var from = (long*)packet;
        if (*(int*)destination != 0)
        {
            return;
        }

        Buffer.MemoryCopy(
            packet + DataFrame.HeaderLength,
            destination + DataFrame.HeaderLength,
            length - DataFrame.HeaderLength,
            length - DataFrame.HeaderLength);
        to[3] = from[3];
        to[2] = from[2];
        to[1] = from[1];

        // The first frame's length goes last and makes the whole datagram visible; pairs with the acquire in
        // ContiguousEnd here and in Image.
        Volatile.Write(ref *to, *from);
    }

    /// <summary>Pads a hole, unless something has come in the meantime.</summary>
    public static bool TryFill(byte* term, in Gap gap, int sessionId, int streamId)
    {
        for (var offset = gap.TermOffset + gap.Length - DataFrame.Alignment;
            offset >= gap.TermOffset;
            offset -= DataFrame.Alignment)
        {
            if (*(int*)(term + offset) != 0)
            {
                return false;
            }
        }

        var frame = term + gap.TermOffset;
        frame[DataFrame.VersionOffset] = 0;
        frame[DataFrame.FlagsOffset] = DataFrame.Unfragmented;
        *(ushort*)(frame + DataFrame.TypeOffset) = DataFrame.TypePadding;
        *(int*)(frame + DataFrame.TermOffsetOffset) = gap.TermOffset;
        *(int*)(frame + DataFrame.SessionIdOffset) = sessionId;
        *(int*)(frame + DataFrame.StreamIdOffset) = streamId;
        *(int*)(frame + DataFrame.TermIdOffset) = gap.TermId;
        *(long*)(frame + DataFrame.ReservedValueOffset) = 0;

        // Pairs with the acquire in ContiguousEnd here and in Image.
        Volatile.Write(ref *(int*)frame, gap.Length);
        return true;
    }

    /// <summary>End of the frames that follow each other from <paramref name="offset"/> on, to the limit.</summary>
    [Hot]
    public static int ContiguousEnd(byte* term, int offset, int limit, int termLength)
    {
        while (offset < limit)
        {
            // Pairs with Insert and TryFill.
            var frameLength = Volatile.Read(ref *(int*)(term + offset));
            if (frameLength <= 0 || frameLength > termLength - offset)
            {
                // Too long only where a forged datagram was laid across honest ones: stop rather than run away.
                break;
            }

            offset += DataFrame.Align(frameLength);
        }

        return offset;
    }

    /// <summary>End of the hole at <paramref name="offset"/>: the next frame, or the limit.</summary>
    [Hot]
    public static int HoleEnd(byte* term, int offset, int limit)
    {
        offset += DataFrame.Alignment;

        // Pairs with Insert and TryFill.
        while (offset < limit && Volatile.Read(ref *(int*)(term + offset)) == 0)
        {
            offset += DataFrame.Alignment;
        }

        return offset;
    }
}
