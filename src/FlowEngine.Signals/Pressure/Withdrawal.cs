using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// B9: lots added A and cancelled C near the mid, decayed, a side; CAR = C / A, W = (C - A) / (C + A). W_dir = W_bid -
/// W_ask, + is sell: bids are pulled. W_mm = min(W_bid, W_ask), above 0 when makers leave both sides. Kirilenko, Kyle,
/// Samadi &amp; Tuzun (2017).
/// </summary>
public struct Withdrawal
{
    /// <summary>CAR is reported up to this.</summary>
    public const double MostRatio = 100;

    private const double NsPerSecond = 1e9;

    private readonly HalfLife _halfLife;
    private readonly int _bandBps;
    private readonly double _perTau;
    private DecayedPair _bid;
    private DecayedPair _ask;

    /// <summary>Nothing seen yet.</summary>
    /// <param name="halfLife">Of added and cancelled lots.</param>
    /// <param name="bandBps">How far from the mid a level counts; 10 by default.</param>
    public Withdrawal(HalfLife halfLife, int bandBps)
    {
        _halfLife = halfLife;
        _bandBps = bandBps;
        _perTau = NsPerSecond * Elementary.Ln2 / halfLife.Ns;
    }

    /// <summary>
    /// Takes what became of a level; <paramref name="mid2"/> is twice the mid before the event, as the pull moves it.
    /// </summary>
    [Hot]
    public void Add(in LevelFlow flow, long mid2, long nowNs)
    {
        if (Saturating.Abs(2 * flow.Price - mid2) > VolumeImbalance.Reach2(_bandBps, mid2))
        {
            return;
        }

        if (flow.Side == Side.Bid)
        {
            _bid.Add(flow.Added, flow.Cancelled, nowNs, _halfLife);
        }
        else
        {
            _ask.Add(flow.Added, flow.Cancelled, nowNs, _halfLife);
        }
    }

    /// <summary>All of it as of <paramref name="nowNs"/>.</summary>
    /// <returns>LowSamples where a side has seen neither.</returns>
    [Hot]
    public readonly ValidityFlags Read(long nowNs, out WithdrawalLines lines)
    {
        lines = default;
        _bid.At(nowNs, _halfLife, out double bidAdded, out double bidCancelled);
        _ask.At(nowNs, _halfLife, out double askAdded, out double askCancelled);
        ValidityFlags flags = Fill(bidAdded, bidCancelled, ref lines.Bid) | Fill(askAdded, askCancelled, ref lines.Ask);
        lines.Direction = lines.Bid.Balance - lines.Ask.Balance;
        lines.BothSides = Math.Min(lines.Bid.Balance, lines.Ask.Balance);
        return flags;
    }

    private readonly ValidityFlags Fill(double added, double cancelled, ref WithdrawalLine line)
    {
        line.AddedLots = added;
        line.CancelledLots = cancelled;
        line.CancelRatio = added > 0 ? Math.Min(cancelled / added, MostRatio) : cancelled > 0 ? MostRatio : 0;
        line.Balance = DecayedImbalance.Of(cancelled, added);
        line.NetLotsPerSecond = (cancelled - added) * _perTau;
        return added > 0 ? ValidityFlags.None : ValidityFlags.LowSamples;
    }
}

/// <summary>Withdrawal of one side.</summary>
public struct WithdrawalLine
{
    /// <summary>A: decayed lots added.</summary>
    public double AddedLots;

    /// <summary>C: decayed lots cancelled.</summary>
    public double CancelledLots;

    /// <summary>CAR = C / A, at most 100.</summary>
    public double CancelRatio;

    /// <summary>W = (C - A) / (C + A), -1 to 1; above 0 more leaves than comes.</summary>
    public double Balance;

    /// <summary>(C - A) / tau, lots a second.</summary>
    public double NetLotsPerSecond;
}

/// <summary>Withdrawal of both sides.</summary>
public struct WithdrawalLines
{
    /// <summary>The bids.</summary>
    public WithdrawalLine Bid;

    /// <summary>The asks.</summary>
    public WithdrawalLine Ask;

    /// <summary>W_dir, -2 to 2, + is sell.</summary>
    public double Direction;

    /// <summary>W_mm, -1 to 1; above 0 makers leave both sides.</summary>
    public double BothSides;
}
