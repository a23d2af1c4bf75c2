using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// B8 (a): RR = decayed lots added near the touch / decayed lots that trades removed there, a side. Below 1 takers
/// outrun makers. Foucault, Kadan &amp; Kandel (2005); Large (2007).
/// </summary>
public struct RefillRatio
{
    private const double NsPerSecond = 1e9;

    private readonly HalfLife _halfLife;
    private readonly long _reachQuanta;
    private DecayedPair _bid;
    private DecayedPair _ask;

    /// <summary>Nothing seen yet.</summary>
    /// <param name="halfLife">1.386 s for tau = 2 s.</param>
    /// <param name="reachQuanta">How far from the touch of the same side a level counts.</param>
    public RefillRatio(HalfLife halfLife, long reachQuanta)
    {
        _halfLife = halfLife;
        _reachQuanta = reachQuanta;
    }

    /// <summary>Takes what became of a level; <paramref name="touchPrice"/> is the better of the side's bests before
    /// and after the event.</summary>
    [Hot]
    public void Add(in LevelFlow flow, long touchPrice, long nowNs)
    {
        if (Saturating.Abs(flow.Price - touchPrice) > _reachQuanta)
        {
            return;
        }

        if (flow.Side == Side.Bid)
        {
            _bid.Add(flow.Added, flow.Traded, nowNs, _halfLife);
        }
        else
        {
            _ask.Add(flow.Added, flow.Traded, nowNs, _halfLife);
        }
    }

    /// <summary>Lots added near the touch a second, as of <paramref name="nowNs"/>.</summary>
    [Hot]
    public readonly RefillRates Rates(long nowNs)
    {
        _bid.At(nowNs, _halfLife, out double bidAdded, out _);
        _ask.At(nowNs, _halfLife, out double askAdded, out _);
        double perSecond = NsPerSecond * Elementary.Ln2 / _halfLife.Ns;
        return new RefillRates(bidAdded * perSecond, askAdded * perSecond);
    }

    /// <summary>RR of a side as of <paramref name="nowNs"/>.</summary>
    /// <param name="side">Bid or ask.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="line">Decayed lots and their ratio; 0 when nothing traded.</param>
    /// <returns>LowSamples when nothing traded.</returns>
    [Hot]
    public readonly ValidityFlags Read(Side side, long nowNs, out RefillLine line)
    {
        line = default;
        if (side == Side.Bid)
        {
            _bid.At(nowNs, _halfLife, out line.AddedLots, out line.TakenLots);
        }
        else
        {
            _ask.At(nowNs, _halfLife, out line.AddedLots, out line.TakenLots);
        }

        bool known = line.TakenLots > 0;
        line.Ratio = known ? line.AddedLots / line.TakenLots : 0;
        return known ? ValidityFlags.None : ValidityFlags.LowSamples;
    }
}

/// <summary>Refill of one side.</summary>
public struct RefillLine
{
    /// <summary>Decayed lots added near the touch.</summary>
    public double AddedLots;

    /// <summary>Decayed lots that trades removed there.</summary>
    public double TakenLots;

    /// <summary>Added over taken; 0 when nothing traded.</summary>
    public double Ratio;
}
