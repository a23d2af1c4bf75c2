using FlowEngine.Core;

namespace FlowEngine.Disruptor;

/// <summary>Spins with a pause hint: lowest latency, takes a core; only with fewer such threads than cores.</summary>
[Hot]
public struct BusySpinWait : IWaitStrategy
{
    /// <inheritdoc/>
    public static bool IsBlocking => false;

    /// <inheritdoc/>
    public readonly bool Idle(long sequence, DependentSequenceGroup sequences, long limitNs)
    {
        Thread.SpinWait(1);
        return true;
    }
}

/// <summary>
/// Spins 100 times, then yields at every turn: low latency where threads share cores; takes idle time only.
/// </summary>
[Hot]
public struct YieldingWait : IWaitStrategy
{
    private const int Spins = 100;
    private int _tries;

    /// <inheritdoc/>
    public static bool IsBlocking => false;

    /// <inheritdoc/>
    public bool Idle(long sequence, DependentSequenceGroup sequences, long limitNs)
    {
        if (_tries < Spins)
        {
            _tries++;
        }
        else
        {
            Thread.Yield();
        }

        return true;
    }
}

/// <summary>
/// Spins, yields, then sleeps a millisecond at a time: little processor time, up to milliseconds late.
/// </summary>
[Hot]
public struct SleepingWait : IWaitStrategy
{
    private const int Spins = 100;
    private const int Yields = 100;
    private int _tries;

    /// <inheritdoc/>
    public static bool IsBlocking => false;

    /// <inheritdoc/>
    public bool Idle(long sequence, DependentSequenceGroup sequences, long limitNs)
    {
        if (_tries >= Spins + Yields)
        {
            Thread.Sleep(1);
        }
        else if (_tries++ >= Spins)
        {
            Thread.Yield();
        }

        return true;
    }
}

/// <summary>
/// Sleeps on the ring's <see cref="WaitSignal"/> until something is published: no processor time when idle, a system
/// call late. Behind a slower consumer it backs off with <see cref="SpinWait"/>, since consumers do not signal.
/// </summary>
public struct BlockingWait : IWaitStrategy
{
    private SpinWait _spinner;

    /// <inheritdoc/>
    public static bool IsBlocking => true;

    /// <inheritdoc/>
    public bool Idle(long sequence, DependentSequenceGroup sequences, long limitNs)
    {
        if (!sequences.IsPublished(sequence))
        {
            sequences.Signal!.Wait(sequence, sequences, limitNs);
        }
        else
        {
            _spinner.SpinOnce();
        }

        return true;
    }
}
