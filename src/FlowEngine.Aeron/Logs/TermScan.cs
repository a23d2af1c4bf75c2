using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace FlowEngine.Aeron.Logs;

/// <summary>Looks at committed frames without handing them over. Polling thread; O(frames).</summary>
internal static unsafe class TermScan
{
    /// <summary>Payload of a frame whose length was checked.</summary>
    public static ReadOnlySpan<byte> Payload(byte* frame, int length) =>
        MemoryMarshal.CreateReadOnlySpan(ref frame[DataFrame.HeaderLength], length - DataFrame.HeaderLength);

    /// <summary>
    /// Bytes of the whole frames from <paramref name="start"/> on: filler only if it comes first, then alone.
    /// </summary>
    public static int BlockLength(byte* term, int start, int termLength, int lengthLimit)
    {
        var limit = (int)Math.Min((long)start + lengthLimit, termLength);
        var offset = start;
        while (offset < limit)
        {
            // Pairs with the release of the frame length at commit.
            var length = Volatile.Read(ref *(int*)(term + offset));
            if (length < DataFrame.HeaderLength || length > termLength - offset)
            {
                break;
            }

            var aligned = DataFrame.Align(length);
            if (*(ushort*)(term + offset + DataFrame.TypeOffset) == DataFrame.TypePadding)
            {
                return offset == start ? aligned : offset - start;
            }

            if (offset + aligned > limit)
            {
                break;
            }

            offset += aligned;
        }

        return offset - start;
    }

    /// <summary>Term id of the first frame of a block.</summary>
    public static int TermId(ReadOnlySpan<byte> block) =>
        BinaryPrimitives.ReadInt32LittleEndian(block[DataFrame.TermIdOffset..]);

    /// <summary>Throws unless a subscriber at <paramref name="current"/> may go to the position in one step.</summary>
    public static void CheckPosition(long current, long position, int termLength)
    {
        var end = current - (current & (termLength - 1)) + termLength;
        if (position < current || position > end || (position & (DataFrame.Alignment - 1)) != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(position), position, $"a position here is a multiple of 32 from {current} to {end}");
        }
    }
}
