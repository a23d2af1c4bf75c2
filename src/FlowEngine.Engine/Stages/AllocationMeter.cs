namespace FlowEngine.Engine;

/// <summary>
/// Managed bytes a thread allocated in its steady state. The thread samples itself; the start of the steady state is
/// asked for from outside, after warm-up. Work that is set-up by nature (definitions of instruments) is taken out and
/// counted apart.
/// </summary>
public sealed class AllocationMeter
{
    private long _baseline;
    private long _exemptBaseline;
    private long _eventsBaseline;
    private long _allocated;
    private long _events;
    private bool _restart = true;

    /// <summary>Bytes allocated since the steady state began.</summary>
    public long AllocatedBytes => Volatile.Read(ref _allocated); // pairs with the write in Sample

    /// <summary>Events handled since the steady state began.</summary>
    public long Events => Volatile.Read(ref _events); // pairs with the write in Sample

    /// <summary>The steady state begins with the thread's next sample. Any thread.</summary>
    public void Restart() => Volatile.Write(ref _restart, true); // pairs with the read in Sample

    /// <summary>Takes note of the thread's allocations so far. The measured thread only.</summary>
    /// <param name="exemptBytes">Bytes of set-up work since the thread began.</param>
    /// <param name="events">Events since the thread began.</param>
    public void Sample(long exemptBytes, long events)
    {
        var total = GC.GetAllocatedBytesForCurrentThread();
        if (Volatile.Read(ref _restart)) // pairs with the write in Restart
        {
            Volatile.Write(ref _restart, false); // read by this thread only
            _baseline = total;
            _exemptBaseline = exemptBytes;
            _eventsBaseline = events;
        }

        var allocated = total - _baseline - (exemptBytes - _exemptBaseline);
        Volatile.Write(ref _allocated, allocated); // pairs with AllocatedBytes
        Volatile.Write(ref _events, events - _eventsBaseline); // pairs with Events
    }
}
