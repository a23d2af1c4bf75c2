using FlowEngine.Core;

namespace FlowEngine.Disruptor;

/// <summary>What one consumer waits at. Made by <see cref="RingBuffer{T}.NewBarrier"/>; one consumer each.</summary>
public sealed class SequenceBarrier<TWait>
    where TWait : struct, IWaitStrategy
{
    private readonly DependentSequenceGroup _sequences;
    private int _taken;

    internal SequenceBarrier(DependentSequenceGroup sequences)
    {
        _sequences = sequences;
    }

    /// <summary>Whether the consumer is asked to stop waiting. Any thread.</summary>
    public bool IsAlerted => _sequences.IsAlerted;

    /// <summary>Highest sequence that may be handled now. Consumer only.</summary>
    [Hot]
    public long Acquire() => _sequences.Acquire();

    /// <summary>
    /// Waits until <paramref name="sequence"/> may be handled or <see cref="Alert"/> is called. Consumer only.
    /// </summary>
    /// <returns>The highest available sequence; less than asked only if alerted.</returns>
    [Hot]
    public long WaitFor(long sequence)
    {
        var available = _sequences.Acquire();
        return available >= sequence ? available : default(TWait).WaitFor(sequence, _sequences);
    }

    /// <summary>Ends the consumer's waiting, now and until <see cref="ClearAlert"/>. Any thread.</summary>
    public void Alert() => _sequences.Alert();

    /// <summary>Lets the consumer wait again.</summary>
    public void ClearAlert() => _sequences.ClearAlert();

    // Two consumers would clear each other's alerts.
    internal void Take()
    {
        if (Interlocked.Exchange(ref _taken, 1) != 0)
        {
            throw new InvalidOperationException("a barrier serves one consumer: make another with NewBarrier");
        }
    }
}
