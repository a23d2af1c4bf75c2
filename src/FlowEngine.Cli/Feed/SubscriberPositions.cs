using System.Buffers.Binary;
using FlowEngine.Aeron;
using FlowEngine.Core.Counters;

namespace FlowEngine.Cli.Feed;

/// <summary>
/// How far the subscribers of a publication on the same driver have read, from the driver's counters.
/// </summary>
internal static class SubscriberPositions
{
    // Aeron's type id of subscriber positions; their key is registration id i64, session id i32, stream id i32,
    // channel.
    private const int SubscriberPositionType = 4;
    private const int SessionIdOffset = 8;
    private const int StreamIdOffset = 12;

    /// <summary>Whether every subscriber has read everything published so far; true when there is none.</summary>
    public static bool AllHaveRead(CountersReader counters, ExclusivePublication publication)
    {
        var position = publication.Position;
        return counters.Scan()
            .Where(counter => counter.TypeId == SubscriberPositionType && IsOf(counters.Key(counter.Id), publication))
            .All(counter => counter.Value >= position);
    }

    private static bool IsOf(ReadOnlySpan<byte> key, ExclusivePublication publication) =>
        BinaryPrimitives.ReadInt32LittleEndian(key[SessionIdOffset..]) == publication.SessionId
        && BinaryPrimitives.ReadInt32LittleEndian(key[StreamIdOffset..]) == publication.StreamId;
}
