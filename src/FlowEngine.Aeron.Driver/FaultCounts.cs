namespace FlowEngine.Aeron.Driver;

/// <summary>What a fault layer has done, datagrams of both directions. Any thread.</summary>
public sealed class FaultCounts
{
    private long _seen;
    private long _lostSend;
    private long _lostReceive;
    private long _duplicated;
    private long _reordered;

    // Volatile reads pair with the interlocked additions of the agents.

    /// <summary>Datagrams looked at.</summary>
    public long Seen => Volatile.Read(ref _seen);

    /// <summary>Lost on their way out.</summary>
    public long LostSend => Volatile.Read(ref _lostSend);

    /// <summary>Lost on their way in.</summary>
    public long LostReceive => Volatile.Read(ref _lostReceive);

    /// <summary>Sent or received twice.</summary>
    public long Duplicated => Volatile.Read(ref _duplicated);

    /// <summary>Held back and let go later.</summary>
    public long Reordered => Volatile.Read(ref _reordered);

    public override string ToString() =>
        $"{Seen} seen, {LostSend} lost in sending, {LostReceive} lost in receiving, {Duplicated} duplicated, "
        + $"{Reordered} reordered";

    internal void CountSeen() => Interlocked.Increment(ref _seen);

    internal void CountLoss(bool isSend) => Interlocked.Increment(ref isSend ? ref _lostSend : ref _lostReceive);

    internal void CountDuplicate() => Interlocked.Increment(ref _duplicated);

    internal void CountReorder() => Interlocked.Increment(ref _reordered);
}
