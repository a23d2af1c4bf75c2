using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// F5: Vb, Vs decayed lots bought and sold by aggressors; TI = (Vb - Vs) / (Vb + Vs); CVD = Σ sign × lots, an integer,
/// from 00:00 UTC of venue time. Prints of one moment and side are added up before they are decayed, so that however a
/// venue cuts an order into prints, the same order gives the same bits.
/// </summary>
public struct SignedVolume
{
    private const long NsPerDay = 86_400L * 1_000_000_000;

    private readonly HalfLife _halfLife;
    private DecayedPair _lots;
    private long _pendingBuy;
    private long _pendingSell;
    private long _pendingNs;
    private long _cvd;
    private long _cvdDay;

    /// <summary>No print seen yet.</summary>
    public SignedVolume(HalfLife halfLife) => _halfLife = halfLife;

    /// <summary>Adds a print of sign 1 or -1; 0 is nobody's and adds nothing.</summary>
    [Hot]
    public void Add(int sign, long lots, long nowNs)
    {
        if (nowNs != _pendingNs)
        {
            EndEvent();
            _pendingNs = nowNs;
        }

        if (sign == 0)
        {
            return;
        }

        _pendingBuy = Saturating.Add(_pendingBuy, sign > 0 ? lots : 0);
        _pendingSell = Saturating.Add(_pendingSell, sign < 0 ? lots : 0);
        _cvd = Saturating.Add(CumulativeDelta(nowNs), sign * lots);
        _cvdDay = nowNs / NsPerDay;
    }

    /// <summary>Ends the venue event: what was added up since the last is decayed from its time on.</summary>
    [Hot]
    public void EndEvent()
    {
        _lots.Add(_pendingBuy, _pendingSell, _pendingNs, _halfLife);
        _pendingBuy = 0;
        _pendingSell = 0;
    }

    /// <summary>Vb and Vs as of <paramref name="nowNs"/>; after <see cref="EndEvent"/>.</summary>
    [Hot]
    public readonly void At(long nowNs, out double buyLots, out double sellLots) =>
        _lots.At(nowNs, _halfLife, out buyLots, out sellLots);

    /// <summary>CVD as of <paramref name="nowNs"/>: 0 from midnight to the day's first signed print.</summary>
    [Hot]
    public readonly long CumulativeDelta(long nowNs) => nowNs / NsPerDay == _cvdDay ? _cvd : 0;

    /// <summary>TI; 0 when nothing was traded.</summary>
    [Hot]
    public static double Imbalance(double buyLots, double sellLots)
    {
        double sum = buyLots + sellLots;
        return sum > 0 ? (buyLots - sellLots) / sum : 0;
    }
}
