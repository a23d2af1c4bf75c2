using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// B10: Σ s·dt / Σ dt, exponentially weighted by time, in quanta. Time without two sides does not count.
/// </summary>
public struct TimeWeightedSpread
{
    private readonly HalfLife _halfLife;
    private DecayedTimeMean _mean;

    /// <summary>No spread seen yet.</summary>
    public TimeWeightedSpread(HalfLife halfLife) => _halfLife = halfLife;

    /// <summary>From <paramref name="nowNs"/> on this is the touch.</summary>
    [Hot]
    public void Set(in TouchState touch, long nowNs)
    {
        if (touch.HasBoth)
        {
            _mean.Set(touch.Spread, nowNs, _halfLife);
        }
        else
        {
            Pause(nowNs);
        }
    }

    /// <summary>From <paramref name="nowNs"/> on the spread is unknown.</summary>
    [Hot]
    public void Pause(long nowNs) => _mean.Pause(nowNs, _halfLife);

    /// <summary>The mean as of <paramref name="nowNs"/>.</summary>
    [Hot]
    public readonly double At(long nowNs) => _mean.At(nowNs, _halfLife);
}
