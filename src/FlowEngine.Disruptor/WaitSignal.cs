namespace FlowEngine.Disruptor;

/// <summary>
/// Where blocked consumers sleep and what the producer rings; one per ring that has blocking consumers.
/// </summary>
public sealed class WaitSignal
{
    private readonly object _gate = new();

    /// <summary>Wakes every waiter so that it looks again. Any thread.</summary>
    public void SignalAll()
    {
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Sleeps until the cursor has reached <paramref name="sequence"/> or the group is alerted.</summary>
    public void WaitForCursor(long sequence, DependentSequenceGroup sequences)
    {
        lock (_gate)
        {
            // Looked at inside the lock: a publisher that came after this look pulses after our Wait has let go of it.
            while (sequences.Cursor.Acquire() < sequence && !sequences.IsAlerted)
            {
                Monitor.Wait(_gate);
            }
        }
    }
}
