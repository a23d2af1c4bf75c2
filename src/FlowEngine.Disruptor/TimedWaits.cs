using FlowEngine.Core;
using FlowEngine.Core.Time;

namespace FlowEngine.Disruptor;

/// <summary>
/// Spins, then yields, each for a time, then waits like <typeparamref name="TFallback"/>: quick while events flow,
/// quiet when they do not.
/// </summary>
[Hot]
public struct PhasedBackoffWait<TFallback> : IWaitStrategy
    where TFallback : struct, IWaitStrategy
{
    /// <summary>How long the default spins: 10 µs.</summary>
    public const long DefaultSpinNs = 10_000;

    /// <summary>How long the default yields: 100 µs.</summary>
    public const long DefaultYieldNs = 100_000;

    // Reading the clock takes as long as ten looks.
    private const int TriesPerClockRead = 32;

    private readonly long _spinNs;
    private readonly long _phasesNs;
    private long _startNs;
    private long _passedNs;
    private int _tries;
    private TFallback _fallback;

    /// <summary>The default phases.</summary>
    public PhasedBackoffWait()
        : this(DefaultSpinNs, DefaultYieldNs, new TFallback())
    {
    }

    /// <summary>Sets the phases, in nanoseconds from 0.</summary>
    public PhasedBackoffWait(long spinNs, long yieldNs, TFallback fallback)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(spinNs);
        ArgumentOutOfRangeException.ThrowIfNegative(yieldNs);
        _spinNs = spinNs;
        _phasesNs = spinNs + yieldNs;
        _fallback = fallback;
    }

    static bool IWaitStrategy.IsBlocking => TFallback.IsBlocking;

    /// <inheritdoc/>
    public bool Idle(long sequence, DependentSequenceGroup sequences, long limitNs)
    {
        if (_passedNs < _spinNs && ++_tries % TriesPerClockRead != 0)
        {
            return true;
        }

        if (_passedNs < _phasesNs)
        {
            var now = SystemClock.Nanos();
            _startNs = _startNs == 0 ? now : _startNs;
            _passedNs = now - _startNs;
            if (_passedNs >= _spinNs)
            {
                Thread.Yield();
            }

            return true;
        }

        return _fallback.Idle(sequence, sequences, limitNs);
    }
}

/// <summary>
/// Waits like <typeparamref name="TWait"/>, but not for ever: after the time the handler is told, and the wait starts
/// again. See <see cref="ITimeoutHandler{T}"/>.
/// </summary>
[Hot]
public struct TimeoutWait<TWait> : IWaitStrategy
    where TWait : struct, IWaitStrategy
{
    /// <summary>How long the default waits: 1 ms.</summary>
    public const long DefaultNs = 1_000_000;

    private readonly long _timeoutNs;
    private long _deadlineNs;
    private TWait _wait;

    /// <summary>The default time.</summary>
    public TimeoutWait()
        : this(DefaultNs)
    {
    }

    /// <summary>Sets the time, in nanoseconds from 1.</summary>
    public TimeoutWait(long timeoutNs)
        : this(timeoutNs, new TWait())
    {
    }

    /// <summary>Sets the time, in nanoseconds from 1, and how to wait.</summary>
    public TimeoutWait(long timeoutNs, TWait wait)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeoutNs, 1);
        _timeoutNs = timeoutNs;
        _wait = wait;
    }

    static bool IWaitStrategy.IsBlocking => TWait.IsBlocking;

    /// <inheritdoc/>
    public bool Idle(long sequence, DependentSequenceGroup sequences, long limitNs)
    {
        var now = SystemClock.Nanos();
        if (_deadlineNs == 0)
        {
            _deadlineNs = now + _timeoutNs;
        }

        var left = _deadlineNs - now;
        return left > 0 && _wait.Idle(sequence, sequences, Math.Min(left, limitNs));
    }
}
