using FlowEngine.Aeron.Logs;
using FlowEngine.Core;

namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>Finds what of a term can go out as one datagram. Sender's thread; no state.</summary>
internal static unsafe class FrameScanner
{
    /// <summary>
    /// Bytes of whole committed frames at <paramref name="frames"/>. A padding frame is the last of its datagram and
    /// counts with its header only: its body is never sent.
    /// </summary>
    /// <param name="frames">First frame, in a term.</param>
    /// <param name="lengthLeft">Bytes from there to the end of the term.</param>
    /// <param name="maxLength">Bytes the datagram may have.</param>
    /// <param name="padding">Bytes of a padding frame's body behind them, which the stream moves by besides.</param>
    /// <returns>0 if nothing is committed; negative if the first frame alone is longer than allowed.</returns>
    [Hot]
    public static int Scan(byte* frames, int lengthLeft, int maxLength, out int padding)
    {
        padding = 0;
        var limit = Math.Min(lengthLeft, maxLength);
        var available = 0;
        while (available < limit)
        {
            // Pairs with the commit in FrameWriter: what the frame holds is seen with its length.
            var frameLength = Volatile.Read(ref *(int*)(frames + available));
            if (frameLength <= 0 || frameLength > lengthLeft - available)
            {
                break;
            }

            var aligned = DataFrame.Align(frameLength);
            var isPadding = *(ushort*)(frames + available + DataFrame.TypeOffset) == DataFrame.TypePadding;
            var sent = isPadding ? DataFrame.HeaderLength : aligned;
            if (available + sent > limit)
            {
                return available == 0 ? -sent : available;
            }

            available += sent;
            if (isPadding)
            {
                padding = aligned - DataFrame.HeaderLength;
                break;
            }
        }

        return available;
    }
}
