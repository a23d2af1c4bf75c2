using System.Runtime.CompilerServices;
using FlowEngine.Core;

namespace FlowEngine.Disruptor;

/// <summary>What one consumer waits at. Made by <c>Ring.NewBarrier</c>; one consumer each.</summary>
public sealed class SequenceBarrier<TWait>
    where TWait : struct, IWaitStrategy
{
    // A consumer that catches up with a producer in full flow again and again takes its lines from it for every few
    // events: with events of a cache line both are six times slower than they could be. Only after so many waits in a
    // row that were over at once, far more than a burst has, it lets the producer get ahead by some 0.6 µs.
    private const int CrowdedWaits = 32;
    private const int CrowdedPause = 16;

    private readonly DependentSequenceGroup _sequences;
    private readonly TWait _wait;
    private int _taken;
    private int _shortWaits; // in a row; the consumer's

    internal SequenceBarrier(DependentSequenceGroup sequences, TWait wait)
    {
        _sequences = sequences;
        _wait = wait;
    }

    /// <summary>Whether the consumer is asked to stop waiting. Any thread.</summary>
    public bool IsAlerted => _sequences.IsAlerted;

    /// <summary>
    /// Highest sequence that may be handled now by a consumer that wants <paramref name="sequence"/> next; less if
    /// there is nothing. Consumer only.
    /// </summary>
    [Hot]
    public long Acquire(long sequence) => _sequences.Acquire(sequence);

    /// <summary>
    /// Waits until <paramref name="sequence"/> may be handled, <see cref="Alert"/> is called or the wait strategy's
    /// time is over. Consumer only.
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
        if (_shortWaits >= CrowdedWaits)
        {
            Thread.SpinWait(CrowdedPause);
        }

        var steps = 0;
        long available;
        while ((available = sequences.Acquire(sequence)) < sequence
            && !sequences.IsAlerted
            && wait.Idle(sequence, sequences, long.MaxValue))
        {
            steps++;
        }

        // A step of a strategy that blocks may be a long sleep.
        _shortWaits = steps <= 1 && !TWait.IsBlocking ? Math.Min(_shortWaits + 1, CrowdedWaits) : 0;
        return available;
    }
}
