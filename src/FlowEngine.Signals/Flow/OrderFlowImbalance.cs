using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// F1: e = 1{Pb ≥ Pb'}·qb - 1{Pb ≤ Pb'}·qb' - 1{Pa ≤ Pa'}·qa + 1{Pa ≥ Pa'}·qa' in lots, + is buy, over one venue event
/// (primes are the state before). Published: e, its integer sum, its decayed sum, and that over the average depth
/// AD = mean over time of (qb + qa) / 2. Cont, Kukanov &amp; Stoikov (2014), eq. 2.
/// </summary>
public struct OrderFlowImbalance
{
    private const double Half = 0.5;

    private readonly HalfLife _flowHalfLife;
    private readonly HalfLife _depthHalfLife;
    private TouchState _last;
    private DecayedSum _flow;
    private DecayedTimeMean _depth;

    /// <summary>No touch seen yet: <see cref="Prime"/> first.</summary>
    /// <param name="flowHalfLife">Of the decayed sum.</param>
    /// <param name="depthHalfLife">Of the average depth.</param>
    public OrderFlowImbalance(HalfLife flowHalfLife, HalfLife depthHalfLife)
    {
        _flowHalfLife = flowHalfLife;
        _depthHalfLife = depthHalfLife;
        _last = new TouchState(TouchState.NoBid, 0, TouchState.NoAsk, 0);
    }

    /// <summary>Lots of order flow in the newest event; 0 after <see cref="Prime"/>.</summary>
    public long Event { get; private set; }

    /// <summary>Sum of all events, lots.</summary>
    public long Sum { get; private set; }

    /// <summary>The event value from one touch to the next.</summary>
    [Hot]
    public static long EventValue(in TouchState before, in TouchState after)
    {
        long bid = (after.BidPrice >= before.BidPrice ? after.BidLots : 0)
            - (after.BidPrice <= before.BidPrice ? before.BidLots : 0);
        long ask = (after.AskPrice >= before.AskPrice ? before.AskLots : 0)
            - (after.AskPrice <= before.AskPrice ? after.AskLots : 0);
        return Saturating.Add(bid, ask);
    }

    /// <summary>Takes the touch as the state before the next event: a snapshot is never order flow.</summary>
    [Hot]
    public void Prime(in TouchState touch, long nowNs)
    {
        Event = 0;
        SetTouch(touch, nowNs);
    }

    /// <summary>Adds the event that led to this touch.</summary>
    [Hot]
    public void Step(in TouchState touch, long nowNs)
    {
        Event = EventValue(_last, touch);
        Sum = Saturating.Add(Sum, Event);
        _flow.Add(Event, nowNs, _flowHalfLife);
        SetTouch(touch, nowNs);
    }

    /// <summary>From <paramref name="nowNs"/> on the touch is unknown: its depth does not count.</summary>
    [Hot]
    public void Pause(long nowNs) => _depth.Pause(nowNs, _depthHalfLife);

    /// <summary>Decayed sum as of <paramref name="nowNs"/>, lots.</summary>
    [Hot]
    public readonly double Decayed(long nowNs) => _flow.At(nowNs, _flowHalfLife);

    /// <summary>AD as of <paramref name="nowNs"/>, lots.</summary>
    [Hot]
    public readonly double AverageDepth(long nowNs) => _depth.At(nowNs, _depthHalfLife) * Half;

    private void SetTouch(in TouchState touch, long nowNs)
    {
        _last = touch;
        double lots = (double)touch.BidLots + touch.AskLots;
        if (lots > 0)
        {
            _depth.Set(lots, nowNs, _depthHalfLife);
        }
        else
        {
            // Counting the time without a book as depth 0 would blow up the first flow that refills it.
            Pause(nowNs);
        }
    }
}
