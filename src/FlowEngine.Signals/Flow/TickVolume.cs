using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// F6: decayed lots traded on up-ticks and down-ticks, DTV = V_down / (V_up + V_down). The prints of one venue event
/// are merged first, at their volume-weighted price; the direction is the sign of the last change of that price, a
/// zero-tick inherits it, and the first event has none and is not counted. Needs no aggressor flag. Prices compare
/// exactly: whole quanta, then the fraction.
/// </summary>
public struct TickVolume
{
    private readonly HalfLife _halfLife;
    private DecayedPair _lots;
    private MergedPrice _last;
    private bool _hasLast;
    private int _direction;

    private Int128 _pendingNotional;
    private long _pendingLots;
    private long _pendingPrice;
    private long _pendingNs;
    private bool _pendingMixed;

    /// <summary>No print seen yet.</summary>
    public TickVolume(HalfLife halfLife) => _halfLife = halfLife;

    /// <summary>Adds a print of the running venue event.</summary>
    /// <param name="price">Quanta.</param>
    /// <param name="lots">More than 0.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    [Hot]
    public void Add(long price, long lots, long nowNs)
    {
        _pendingMixed |= _pendingLots > 0 && price != _pendingPrice;
        _pendingPrice = price;
        _pendingLots = Saturating.Add(_pendingLots, lots);
        _pendingNotional += Math.BigMul(price, lots);
        _pendingNs = nowNs;
    }

    /// <summary>Ends the venue event: its prints count as one.</summary>
    [Hot]
    public void EndEvent()
    {
        if (_pendingLots == 0)
        {
            return;
        }

        MergedPrice price = _pendingMixed
            ? MergedPrice.Of(_pendingNotional, _pendingLots)
            : new MergedPrice(_pendingPrice, 0, 1);
        int change = _hasLast ? price.CompareTo(_last) : 0;
        _direction = change != 0 ? change : _direction;
        _last = price;
        _hasLast = true;
        _lots.Add(_direction > 0 ? _pendingLots : 0, _direction < 0 ? _pendingLots : 0, _pendingNs, _halfLife);
        _pendingNotional = 0;
        _pendingLots = 0;
        _pendingMixed = false;
    }

    /// <summary>
    /// Forgets the last price: the next event has no direction. After a snapshot, a gap or a halt (signals.md 0.2).
    /// </summary>
    [Hot]
    public void Reprime()
    {
        _hasLast = false;
        _direction = 0;
    }

    /// <summary>V_up and V_down as of <paramref name="nowNs"/>; after <see cref="EndEvent"/>.</summary>
    [Hot]
    public readonly void At(long nowNs, out double upLots, out double downLots) =>
        _lots.At(nowNs, _halfLife, out upLots, out downLots);

    /// <summary>DTV: 0 to 1, 0.5 neutral, + is sell; 0 when nothing was counted.</summary>
    [Hot]
    public static double DownShare(double upLots, double downLots)
    {
        double sum = upLots + downLots;
        return sum > 0 ? downLots / sum : 0;
    }
}
