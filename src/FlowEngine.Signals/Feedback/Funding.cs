using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// L7 beside the basis: what funding comes to in a year, f × (24 / interval) × 365, and the premium over time. A
/// discount while prices fall is forced selling of the perpetual, not news.
/// </summary>
public struct Funding
{
    private const double HoursPerYear = 24 * 365;

    private readonly HalfLife _halfLife;
    private DecayedTimeMean _premium;
    private bool _known;

    /// <summary>No premium yet.</summary>
    /// <param name="halfLife">Of the mean premium.</param>
    public Funding(HalfLife halfLife)
    {
        _halfLife = halfLife;
    }

    /// <summary>Annualised rate in the unit of the rate; 0 without an interval.</summary>
    /// <param name="rate">Of one interval.</param>
    /// <param name="intervalHours">1, 4 or 8.</param>
    [Hot]
    public static double Annualised(double rate, double intervalHours) =>
        intervalHours > 0 ? rate * HoursPerYear / intervalHours : 0;

    /// <summary>From <paramref name="nowNs"/> on the basis is this; unknown where mark or index is.</summary>
    [Hot]
    public void Set(long mark, long index, long nowNs)
    {
        if (Basis.TryBps(mark, index, out double bps))
        {
            _premium.Set(bps, nowNs, _halfLife);
            _known = true;
        }
        else
        {
            _premium.Pause(nowNs, _halfLife);
        }
    }

    /// <summary>Mean premium over time, basis points.</summary>
    /// <returns>LowSamples before the first.</returns>
    [Hot]
    public readonly ValidityFlags Read(long nowNs, out double bps)
    {
        bps = _premium.At(nowNs, _halfLife);
        return _known ? ValidityFlags.None : ValidityFlags.LowSamples;
    }
}
