using System.Runtime.CompilerServices;
using FlowEngine.Core;

namespace FlowEngine.Disruptor;

/// <summary>What one consumer waits at. Made by <c>Ring.NewBarrier</c>; one consumer each.</summary>
public sealed class SequenceBarrier<TWait>
    where TWait : struct, IWaitStrategy
{
    private readonly DependentSequenceGroup _sequences;
    private readonly TWait _wait;
    private int _taken;

    internal SequenceBarrier(DependentSequenceGroup sequences, TWait wait)
    {
        _sequences = sequences;
        _wait = wait;
    }

    /// <summary>Whether the consumer is asked to stop waiting. Any thread.</summary>
    public bool IsAlerted => _sequences.IsAlerted;

    /// <summary>
    /// Highest sequence that may be handled now by a consumer that wants <paramref name="sequence"/> next; less if there
    /// is nothing. Consumer only.
    /// </summary>
    [Hot]
    public long Acquire(long sequence) => _sequences.Acquire(sequence);

    /// <summary>
    /// Waits until <paramref name="sequence"/> may be handled, <see cref="Alert"/> is called or the wait strategy's time
    /// is over. Consumer only.
    /// </summary>
    /// <returns>The highest available sequence; less than asked only if alerted or too late.</returns>
    [Hot]
    public long WaitFor(long sequence)
    {
        var available = _sequences.Acquire(sequence);
        return available >= sequence ? available : WaitSlow(sequence);
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

    [MethodImpl(MethodImplOptions.NoInlining)]
    private long WaitSlow(long sequence)
    {
        var sequences = _sequences;
        var wait = _wait;
        long available;
        while ((available = sequences.Acquire(sequence)) < sequence
            && !sequences.IsAlerted
            && wait.Idle(sequence, sequences, long.MaxValue))
        {
        }

        return available;
    }
}
