using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// B10: the four steps of the touch, decayed sums of quanta. bidRetreat = max(0, b0 - b1): buyers leave, the spread
/// widens; askAdvance = max(0, a0 - a1): sellers undercut, it narrows; bidAdvance and askRetreat the other way. A side
/// that is or was empty takes no step.
/// <para>downStepShare = ((bidRetreat + askAdvance) - (bidAdvance + askRetreat)) / all, + is sell;
/// narrowingBySellers = askAdvance / (askAdvance + bidRetreat).</para>
/// </summary>
public struct QuoteSteps
{
    private readonly HalfLife _halfLife;
    private QuoteStepSums _sums;
    private long _lastNs;
    private TouchState _last;

    /// <summary>No touch seen yet: <see cref="Prime"/> first.</summary>
    public QuoteSteps(HalfLife halfLife)
    {
        _halfLife = halfLife;
        _last = new TouchState(TouchState.NoBid, 0, TouchState.NoAsk, 0);
    }

    /// <summary>Takes the touch as the state to step from: no step.</summary>
    [Hot]
    public void Prime(in TouchState touch) => _last = touch;

    /// <summary>Adds the steps from the last touch to this one.</summary>
    [Hot]
    public void Step(in TouchState touch, long nowNs)
    {
        double bid = touch.HasBid && _last.HasBid ? (double)touch.BidPrice - _last.BidPrice : 0;
        double ask = touch.HasAsk && _last.HasAsk ? (double)touch.AskPrice - _last.AskPrice : 0;
        _last = touch;
        if (bid == 0 && ask == 0)
        {
            return;
        }

        _sums = At(nowNs);
        _lastNs = nowNs;
        _sums.BidRetreat += bid < 0 ? -bid : 0;
        _sums.BidAdvance += bid > 0 ? bid : 0;
        _sums.AskAdvance += ask < 0 ? -ask : 0;
        _sums.AskRetreat += ask > 0 ? ask : 0;
    }

    /// <summary>The sums as of <paramref name="nowNs"/>.</summary>
    [Hot]
    public readonly QuoteStepSums At(long nowNs)
    {
        double factor = _halfLife.Factor(nowNs - _lastNs);
        QuoteStepSums sums = _sums;
        sums.BidRetreat *= factor;
        sums.AskAdvance *= factor;
        sums.BidAdvance *= factor;
        sums.AskRetreat *= factor;
        return sums;
    }
}

/// <summary>Decayed quanta of each kind of step.</summary>
public struct QuoteStepSums
{
    /// <summary>The best bid stepped down.</summary>
    public double BidRetreat;

    /// <summary>The best ask stepped down.</summary>
    public double AskAdvance;

    /// <summary>The best bid stepped up.</summary>
    public double BidAdvance;

    /// <summary>The best ask stepped up.</summary>
    public double AskRetreat;

    /// <summary>Whether no step is left to divide by.</summary>
    public readonly bool IsEmpty => !(BidRetreat + AskAdvance + (BidAdvance + AskRetreat) > 0);

    /// <summary>Down steps less up steps over all; -1 to 1, + is sell; 0 when there was no step.</summary>
    public readonly double DownStepShare
    {
        get
        {
            double down = BidRetreat + AskAdvance;
            double up = BidAdvance + AskRetreat;
            return down + up > 0 ? (down - up) / (down + up) : 0;
        }
    }

    /// <summary>Share of the down steps that narrowed the spread; 0 when there was none.</summary>
    public readonly double NarrowingBySellers
    {
        get
        {
            double down = AskAdvance + BidRetreat;
            return down > 0 ? AskAdvance / down : 0;
        }
    }
}
