using System.Text;
using FlowEngine.Core.Memory;

namespace FlowEngine.Core.Errors;

/// <summary>Reads the records of a <see cref="DistinctErrorLog"/>, of this process or another.</summary>
public static unsafe class ErrorLogReader
{
    /// <summary>
    /// All observations last seen at or after <paramref name="sinceMs"/>, in order of first appearance.
    /// </summary>
    public static List<ErrorObservation> Read(byte* buffer, int length, long sinceMs = 0)
    {
        var found = new List<ErrorObservation>();
        var offset = 0;
        while (offset <= length - DistinctErrorLog.TextOffset)
        {
            var record = buffer + offset;

            // Pairs with the release in DistinctErrorLog.
            var recordLength = Volatile.Read(ref *(int*)record);
            if (recordLength < DistinctErrorLog.TextOffset || recordLength > length - offset)
            {
                break;
            }

            var lastMs = Volatile.Read(ref *(long*)(record + DistinctErrorLog.LastOffset));
            if (lastMs >= sinceMs)
            {
                var textLength = recordLength - DistinctErrorLog.TextOffset;
                found.Add(new ErrorObservation(
                    Volatile.Read(ref *(int*)(record + DistinctErrorLog.CountOffset)),
                    *(long*)(record + DistinctErrorLog.FirstOffset),
                    lastMs,
                    Encoding.UTF8.GetString(record + DistinctErrorLog.TextOffset, textLength)));
            }

            offset = CacheLine.Align(offset + recordLength, 8);
        }

        return found;
    }
}
