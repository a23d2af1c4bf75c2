using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// F11: v = decayed mean of squared log returns of the mid over steps of one length (1 s, or 10 s to check it: where
/// the two differ the noise of the touch shows); σ of a day = √(86400 s / step × v), as the market never closes. The
/// mid at a step's end is the one that stood then.
/// </summary>
public struct RealisedVolatility
{
    private const double NsPerDay = 86_400e9;
    private const double BpsPerUnit = 10_000;
    private const double LeastSteps = 30;
    private const double LeastReturn = -0.999999999;

    private readonly HalfLife _halfLife;
    private readonly long _stepNs;
    private readonly double _kept;
    private double _squares;
    private double _weight;
    private long _steps;
    private long _mid2;
    private long _sampled2;
    private long _step;

    /// <summary>No mid yet.</summary>
    /// <param name="halfLife">Of old returns.</param>
    /// <param name="stepNs">Time between samples, at least 1 s.</param>
    public RealisedVolatility(HalfLife halfLife, long stepNs)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepNs, 1);
        _halfLife = halfLife;
        _stepNs = stepNs;
        _kept = halfLife.Factor(stepNs);
    }

    /// <summary>Twice the mid from <paramref name="nowNs"/> on; 0 or less where there is none, which breaks the
    /// chain.</summary>
    [Hot]
    public void Set(long mid2, long nowNs)
    {
        Pass(nowNs);
        _mid2 = mid2;
        if (mid2 <= 0)
        {
            _sampled2 = 0;
        }
    }

    /// <summary>Takes the steps that ended before <paramref name="nowNs"/>: on timers.</summary>
    [Hot]
    public void Pass(long nowNs)
    {
        // A step ends just before its boundary, so that what happens on it belongs to the next.
        long step = (nowNs - 1) / _stepNs;
        long ended = step - _step;
        _step = step;
        if (ended <= 0 || _mid2 <= 0)
        {
            return;
        }

        if (_sampled2 > 0)
        {
            // A fall to next to nothing rounds to one of all there was, which has no logarithm.
            double change = Elementary.Log1P(Math.Max(((double)_mid2 - _sampled2) / _sampled2, LeastReturn));
            _squares = _squares * _kept + change * change;
            _weight = _weight * _kept + 1;
            _steps++;
        }

        // The later ones of a silence had no return at all.
        long silentNs = (ended - 1) * _stepNs;
        double faded = _halfLife.Factor(silentNs);
        _squares *= faded;
        _weight = _weight * faded + _halfLife.Lost(silentNs) / _halfLife.Lost(_stepNs);
        _steps += ended - 1;
        _sampled2 = _mid2;
    }

    /// <summary>v, and σ of a day in basis points.</summary>
    /// <returns>LowSamples below thirty steps.</returns>
    [Hot]
    public readonly ValidityFlags Read(out double variance, out double dailyBps)
    {
        variance = _weight > 0 ? _squares / _weight : 0;
        dailyBps = BpsPerUnit * Math.Sqrt(variance * (NsPerDay / _stepNs));
        return _steps >= LeastSteps ? ValidityFlags.None : ValidityFlags.LowSamples;
    }
}
