namespace FlowEngine.Disruptor;

/// <summary>
/// Where blocked consumers sleep and what producers ring; one per ring that has blocking consumers. While nobody
/// sleeps, ringing is a fence and a look.
/// </summary>
public sealed class WaitSignal
{
    private const long NsPerMs = 1_000_000;

    private readonly object _gate = new();
    private int _waiters;

    /// <summary>Wakes every waiter so that it looks again. Any thread.</summary>
    public void SignalAll()
    {
        // Store-load fence: what was published before must be visible before waiters are looked for. Pairs with the
        // increment in Wait: either the waiter is seen here, or it sees what was published.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waiters) == 0) // pairs with the same increment
        {
            return;
        }

        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>
    /// Sleeps until <paramref name="sequence"/> is published, the group is alerted or the time is over; with a time limit
    /// it may also return early.
    /// </summary>
    public void Wait(long sequence, DependentSequenceGroup sequences, long limitNs)
    {
        var limitMs = limitNs >= int.MaxValue * NsPerMs ? Timeout.Infinite : (int)((limitNs + NsPerMs - 1) / NsPerMs);
        lock (_gate)
        {
            Interlocked.Increment(ref _waiters); // full fence before the look below, pairs with the one in SignalAll
            try
            {
                // Looked at inside the lock: a publisher that came after this look pulses after our Wait has let go of
                // it.
                while (!sequences.IsPublished(sequence) && !sequences.IsAlerted)
                {
                    Monitor.Wait(_gate, limitMs);
                    if (limitMs != Timeout.Infinite)
                    {
                        return; // the caller knows how much time is left after signals meant for others
                    }
                }
            }
            finally
            {
                Interlocked.Decrement(ref _waiters); // a signal too many is harmless
            }
        }
    }
}
