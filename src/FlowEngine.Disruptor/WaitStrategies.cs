using FlowEngine.Core;

namespace FlowEngine.Disruptor;

/// <summary>Spins with a pause hint: lowest latency, takes a core; only with fewer such threads than cores.</summary>
public struct BusySpinWait : IWaitStrategy
{
    /// <inheritdoc/>
    public static bool IsBlocking => false;

    /// <inheritdoc/>
    [Hot]
    public readonly long WaitFor(long sequence, DependentSequenceGroup sequences)
    {
        long available;
        while ((available = sequences.Acquire()) < sequence && !sequences.IsAlerted)
        {
            Thread.SpinWait(1);
        }

        return available;
    }
}

/// <summary>
/// Spins 100 times, then yields at every turn: low latency where threads share cores; takes idle time only.
/// </summary>
public struct YieldingWait : IWaitStrategy
{
    private const int Spins = 100;

    /// <inheritdoc/>
    public static bool IsBlocking => false;

    /// <inheritdoc/>
    [Hot]
    public readonly long WaitFor(long sequence, DependentSequenceGroup sequences)
    {
        long available;
        var spins = Spins;
        while ((available = sequences.Acquire()) < sequence && !sequences.IsAlerted)
        {
            if (spins > 0)
            {
                spins--;
            }
            else
            {
                Thread.Yield();
            }
        }

        return available;
    }
}

/// <summary>
/// Spins, yields, then sleeps a millisecond at a time: little processor time, up to milliseconds late.
/// </summary>
public struct SleepingWait : IWaitStrategy
{
    private const int Spins = 100;
    private const int Yields = 100;

    /// <inheritdoc/>
    public static bool IsBlocking => false;

    /// <inheritdoc/>
    [Hot]
    public readonly long WaitFor(long sequence, DependentSequenceGroup sequences)
    {
        long available;
        var tries = 0;
        while ((available = sequences.Acquire()) < sequence && !sequences.IsAlerted)
        {
            if (tries >= Spins + Yields)
            {
                Thread.Sleep(1);
                continue;
            }

            if (tries++ >= Spins)
            {
                Thread.Yield();
            }
        }

        return available;
    }
}

/// <summary>
/// Sleeps on the ring's <see cref="WaitSignal"/> until the producer publishes: no processor time when idle, a system
/// call late. Behind a slower consumer it backs off with <see cref="SpinWait"/>, since consumers do not signal.
/// </summary>
public struct BlockingWait : IWaitStrategy
{
    /// <inheritdoc/>
    public static bool IsBlocking => true;

    /// <inheritdoc/>
    public readonly long WaitFor(long sequence, DependentSequenceGroup sequences)
    {
        if (sequences.Cursor.Acquire() < sequence)
        {
            sequences.Signal!.WaitForCursor(sequence, sequences);
        }

        long available;
        var spinner = new SpinWait();
        while ((available = sequences.Acquire()) < sequence && !sequences.IsAlerted)
        {
            spinner.SpinOnce();
        }

        return available;
    }
}
