using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// Exponentially weighted mean of the lots traded in a minute: V × (60 s × ln 2 / h) / (1 - 2^-(T/h)), where V is the
/// decayed sum of lots and T the time since the first look; the divisor makes up for the time before it. The yardstick
/// of the sweep sizes (M1).
/// </summary>
public struct MinuteVolume
{
    private const long NsPerMinute = 60L * 1_000_000_000;
    private const double Ln2 = 0.6931471805599453;

    private readonly HalfLife _halfLife;
    private readonly double _perMinute;
    private DecayedSum _lots;
    private long _pendingLots;
    private long _pendingNs;
    private long _startNs;
    private bool _started;

    /// <summary>Not started yet.</summary>
    public MinuteVolume(HalfLife halfLife)
    {
        _halfLife = halfLife;
        _perMinute = NsPerMinute * Ln2 / halfLife.Ns;
    }

    /// <summary>Starts to watch, if it has not yet: time without trades counts from here on.</summary>
    [Hot]
    public void Start(long nowNs)
    {
        if (!_started)
        {
            _started = true;
            _startNs = nowNs;
        }
    }

    /// <summary>Adds a print of the continuous market to the running venue event.</summary>
    [Hot]
    public void Add(long lots, long nowNs)
    {
        Start(nowNs);
        _pendingLots = Saturating.Add(_pendingLots, lots);
        _pendingNs = nowNs;
    }

    /// <summary>Ends the venue event.</summary>
    [Hot]
    public void EndEvent()
    {
        _lots.Add(_pendingLots, _pendingNs, _halfLife);
        _pendingLots = 0;
    }

    /// <summary>The mean in lots a minute.</summary>
    /// <returns>False before a minute was watched, and where less than a lot a minute is traded.</returns>
    [Hot]
    public readonly bool TryMean(long nowNs, out double lotsPerMinute)
    {
        long watchedNs = nowNs - _startNs;
        if (!_started || watchedNs < NsPerMinute)
        {
            lotsPerMinute = 0;
            return false;
        }

        lotsPerMinute = _lots.At(nowNs, _halfLife) * _perMinute / _halfLife.Lost(watchedNs);
        return lotsPerMinute >= 1;
    }
}
