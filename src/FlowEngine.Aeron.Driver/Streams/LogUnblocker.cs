using FlowEngine.Aeron.Logs;

namespace FlowEngine.Aeron.Driver;

/// <summary>Fills the hole a dead publisher left in a concurrent log, so that subscribers get past it.</summary>
internal static unsafe class LogUnblocker
{
    /// <summary>
    /// Unblocks the log at <paramref name="blockedPosition"/>, where subscribers have waited too long.
    /// </summary>
    /// <returns>Whether there was something to unblock.</returns>
    public static bool Unblock(LogBuffers log, long blockedPosition)
    {
        var blockedCount = (int)(blockedPosition >> log.PositionBitsToShift);
        var blockedOffset = (int)blockedPosition & (log.TermLength - 1);
        var activeCount = log.ActiveTermCount;
        if (activeCount == blockedCount - 1 && blockedOffset == 0)
        {
            var activeTail = Volatile.Read(ref *log.Tail(activeCount % LogBufferDescriptor.PartitionCount));
            log.Rotate(activeCount, LogBufferDescriptor.TermId(activeTail));
            return true;
        }

        var partition = blockedCount % LogBufferDescriptor.PartitionCount;
        var rawTail = Volatile.Read(ref *log.Tail(partition));
        var termId = LogBufferDescriptor.TermId(rawTail);
        var tailOffset = (int)Math.Min(LogBufferDescriptor.RawOffset(rawTail), log.TermLength);
        var term = log.Term(partition);
        switch (FillHole(log, term, blockedOffset, tailOffset, termId))
        {
            case Filled.None:
                return false;
            case Filled.ToEndOfTerm:
                log.Rotate(blockedCount, termId);
                return true;
            default:
                return true;
        }
    }

    private static Filled FillHole(LogBuffers log, byte* term, int offset, int tailOffset, int termId)
    {
        // Pairs with the claim and the commit in FrameWriter.
        var length = Volatile.Read(ref *(int*)(term + offset));
        if (length < 0)
        {
            Pad(log, term, offset, -length, termId);
            return Filled.Frame;
        }

        if (length > 0 || offset >= tailOffset)
        {
            return Filled.None;
        }

        var current = offset + DataFrame.Alignment;
        while (current < tailOffset)
        {
            if (Volatile.Read(ref *(int*)(term + current)) != 0)
            {
                if (!IsZeroBetween(term, offset, current))
                {
                    return Filled.None;
                }

                Pad(log, term, offset, current - offset, termId);
                return Filled.Frame;
            }

            current += DataFrame.Alignment;
        }

        if (current < log.TermLength || Volatile.Read(ref *(int*)(term + offset)) != 0)
        {
            return Filled.None;
        }

        Pad(log, term, offset, log.TermLength - offset, termId);
        return Filled.ToEndOfTerm;
    }

    private static void Pad(LogBuffers log, byte* term, int offset, int length, int termId)
    {
        var frame = term + offset;
        var header = log.Metadata + LogBufferDescriptor.DefaultFrameHeaderOffset;
        new ReadOnlySpan<byte>(header + DataFrame.VersionOffset, DataFrame.HeaderLength - DataFrame.VersionOffset)
            .CopyTo(new Span<byte>(frame + DataFrame.VersionOffset, DataFrame.HeaderLength - DataFrame.VersionOffset));
        *(ushort*)(frame + DataFrame.TypeOffset) = DataFrame.TypePadding;
        *(int*)(frame + DataFrame.TermOffsetOffset) = offset;
        *(int*)(frame + DataFrame.TermIdOffset) = termId;

        // Pairs with the acquire of the frame length in Image.
        Volatile.Write(ref *(int*)frame, length);
    }

    private static bool IsZeroBetween(byte* term, int from, int to)
    {
        for (var offset = to - DataFrame.Alignment; offset >= from; offset -= DataFrame.Alignment)
        {
            if (Volatile.Read(ref *(int*)(term + offset)) != 0)
            {
                return false;
            }
        }

        return true;
    }

    private enum Filled
    {
        None,
        Frame,
        ToEndOfTerm,
    }
}
