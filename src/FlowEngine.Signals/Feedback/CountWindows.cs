using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// Events counted in windows of one length, the newest windows kept; mean and variance (over n - 1) from integer sums,
/// so nothing drifts. L1's Fano factor and L3 are read from it. The open window does not count.
/// </summary>
public sealed class CountWindows
{
    private readonly long[] _counts;
    private readonly long _windowNs;
    private long _open;
    private long _window = -1;
    private long _held;
    private long _next;
    private Int128 _sum;
    private Int128 _squares;

    /// <summary>Nothing counted.</summary>
    /// <param name="windowNs">Length of a window.</param>
    /// <param name="windows">Windows kept, at least 2.</param>
    public CountWindows(long windowNs, int windows)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(windowNs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(windows, 2);
        _windowNs = windowNs;
        _counts = new long[windows];
    }

    /// <summary>Whole windows held.</summary>
    public long Windows => _held;

    /// <summary>Mean count of a window; 0 before the first.</summary>
    public double Mean => _held > 0 ? (double)_sum / _held : 0;

    /// <summary>Variance of the counts over n - 1; 0 below two windows.</summary>
    public double Variance => _held > 1
        ? (double)(_squares * _held - _sum * _sum) / ((double)_held * (_held - 1))
        : 0;

    /// <summary>Variance over mean: 1 where events come independently.</summary>
    /// <returns>LowSamples below eight windows or without events.</returns>
    [Hot]
    public ValidityFlags ReadFano(out double fano)
    {
        double mean = Mean;
        fano = mean > 0 ? Variance / mean : 0;
        return mean > 0 && _held >= 8 ? ValidityFlags.None : ValidityFlags.LowSamples;
    }

    /// <summary>Counts events. O(1); O(windows) after a silence.</summary>
    [Hot]
    public void Add(long count, long nowNs)
    {
        Pass(nowNs);
        _open = Saturating.Add(_open, count);
    }

    /// <summary>Closes the windows that ended: on timers.</summary>
    [Hot]
    public void Pass(long nowNs)
    {
        long window = nowNs / _windowNs;
        if (_window < 0)
        {
            _window = window;
        }

        if (window == _window)
        {
            return;
        }

        Close(_open);
        _open = 0;
        long silent = Math.Min(window - _window - 1, _counts.Length);
        for (long i = 0; i < silent; i++)
        {
            Close(0);
        }

        _window = window;
    }

    private void Close(long count)
    {
        ref long slot = ref _counts[(int)(_next % _counts.Length)];
        long old = _held == _counts.Length ? slot : 0;
        _sum += count - old;
        _squares += Math.BigMul(count, count) - Math.BigMul(old, old);
        slot = count;
        _next++;
        _held = Math.Min(_held + 1, _counts.Length);
    }
}
