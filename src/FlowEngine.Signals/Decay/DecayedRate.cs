using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// Exponentially weighted rate λ = S / tau in units a second, S the decayed sum and tau = h / ln 2 (signals.md F8).
/// Until five tau were watched it is divided by 1 - e^(-elapsed/tau), which makes up for the time before the start.
/// </summary>
public struct DecayedRate
{
    private const double NsPerSecond = 1e9;
    private const double WarmTaus = 5;

    private readonly HalfLife _halfLife;
    private readonly double _perTau;
    private readonly long _warmNs;
    private DecayedSum _sum;
    private long _startNs;
    private bool _started;

    /// <summary>Nothing counted yet.</summary>
    public DecayedRate(HalfLife halfLife)
    {
        _halfLife = halfLife;
        _perTau = NsPerSecond * Elementary.Ln2 / halfLife.Ns;
        _warmNs = (long)(halfLife.Ns * (WarmTaus / Elementary.Ln2));
    }

    /// <summary>Starts to watch, if it has not yet: time without events counts from here on.</summary>
    [Hot]
    public void Start(long nowNs)
    {
        if (!_started)
        {
            _started = true;
            _startNs = nowNs;
        }
    }

    /// <summary>Counts <paramref name="x"/> at <paramref name="nowNs"/>, which never runs backwards.</summary>
    [Hot]
    public void Add(double x, long nowNs)
    {
        Start(nowNs);
        _sum.Add(x, nowNs, _halfLife);
    }

    /// <summary>S / tau as of <paramref name="nowNs"/>, as if it had been watched for ever.</summary>
    [Hot]
    public readonly double Raw(long nowNs) => _sum.At(nowNs, _halfLife) * _perTau;

    /// <summary>The rate as of <paramref name="nowNs"/>, a second.</summary>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="perSecond">The rate; 0 before any time has passed.</param>
    /// <returns>Warmup until five tau were watched.</returns>
    [Hot]
    public readonly ValidityFlags Read(long nowNs, out double perSecond)
    {
        long watchedNs = nowNs - _startNs;
        if (!_started || watchedNs <= 0)
        {
            perSecond = 0;
            return ValidityFlags.Warmup;
        }

        bool warm = watchedNs > _warmNs;
        perSecond = warm ? Raw(nowNs) : Raw(nowNs) / _halfLife.Lost(watchedNs);
        return warm ? ValidityFlags.None : ValidityFlags.Warmup;
    }
}
