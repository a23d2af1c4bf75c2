using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// B8 (b): how fast one side's depth comes back: ρ = ln(D0 / D) / dt, D the deficit dt after a depletion, D0 right
/// after it; half-life = ln 2 / ρ. A depletion is an event that takes at least half of the depth near the touch. One is
/// timed at a time; a deeper one restarts the clock. It ends when half of the deficit is back, or unrecovered after a
/// limit (censored: counted as that long). Obizhaeva &amp; Wang (2013).
/// </summary>
public sealed class RecoverySpeed
{
    private const double NsPerSecond = 1e9;
    private const double LeastHalfLifeSeconds = 1e-6;

    // A full recovery between two looks has no logarithm: it counts as six halvings.
    private const double MostHalvings = 6;
    private const double LeastDeficitShare = 1.0 / 64;
    private const double Half = 0.5;
    private const int LeastEpisodes = 5;

    private readonly long _limitNs;
    private readonly DecayedHistogram _halfLives;
    private long _depth;
    private bool _primed;
    private long _target;
    private long _startNs;
    private double _firstDeficit;

    /// <summary>No depth seen yet.</summary>
    /// <param name="limitNs">A depletion not half recovered by then is censored; 30 s by default.</param>
    /// <param name="memory">Half-life of the median over episodes.</param>
    public RecoverySpeed(long limitNs, HalfLife memory)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limitNs, 1);
        _limitNs = limitNs;
        _halfLives = new DecayedHistogram(LeastHalfLifeSeconds, memory);
    }

    /// <summary>Whether a depletion is being timed.</summary>
    public bool IsOpen => _firstDeficit > 0;

    /// <summary>Depletions half recovered, since the start.</summary>
    public long Recovered { get; private set; }

    /// <summary>Depletions that were not within the limit, since the start.</summary>
    public long Censored { get; private set; }

    /// <summary>ρ of the newest depletion that recovered, 1/s; 0 before the first.</summary>
    public double LastRate { get; private set; }

    /// <summary>ln 2 / ρ of the same, seconds.</summary>
    public double LastHalfLifeSeconds { get; private set; }

    /// <summary>Takes a depth as it is without calling the change an event: after a snapshot, gap or halt.</summary>
    [Hot]
    public void Prime(long depthLots)
    {
        _depth = depthLots;
        _primed = true;
        _firstDeficit = 0;
    }

    /// <summary>The depth near the touch after a venue event, or unchanged on a timer. O(1).</summary>
    [Hot]
    public void Set(long depthLots, long nowNs)
    {
        if (!_primed)
        {
            Prime(depthLots);
            return;
        }

        long before = _depth;
        _depth = depthLots;
        if (IsOpen)
        {
            Follow(depthLots, nowNs);
        }

        bool depleted = before > 0 && depthLots <= before * Half;
        long target = IsOpen ? Math.Max(_target, before) : before;
        if (depleted && (double)target - depthLots > _firstDeficit)
        {
            _target = target;
            _firstDeficit = (double)target - depthLots;
            _startNs = nowNs;
        }
    }

    /// <summary>The decayed median of half-lives.</summary>
    /// <param name="seconds">Seconds; 0 before the first episode. At the limit it is no more than a lower
    /// bound.</param>
    /// <returns>LowSamples below five episodes.</returns>
    [Hot]
    public ValidityFlags ReadHalfLife(out double seconds)
    {
        seconds = _halfLives.Quantile(Half);
        return _halfLives.Count >= LeastEpisodes ? ValidityFlags.None : ValidityFlags.LowSamples;
    }

    private void Follow(long depthLots, long nowNs)
    {
        double deficit = (double)_target - depthLots;
        double elapsed = (nowNs - _startNs) / NsPerSecond;
        if (nowNs - _startNs >= _limitNs)
        {
            Censored++;
            _firstDeficit = 0;
            _halfLives.Add(_limitNs / NsPerSecond, nowNs);
        }
        else if (deficit <= _firstDeficit * Half)
        {
            double halvings = deficit > _firstDeficit * LeastDeficitShare
                ? Elementary.Log(_firstDeficit / deficit) / Elementary.Ln2
                : MostHalvings;
            elapsed = Math.Max(elapsed, LeastHalfLifeSeconds);
            LastRate = halvings * Elementary.Ln2 / elapsed;
            LastHalfLifeSeconds = elapsed / halvings;
            Recovered++;
            _firstDeficit = 0;
            _halfLives.Add(LastHalfLifeSeconds, nowNs);
        }
    }
}
