using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// What happens behind the touch: flow by level (F2, F3), and from the difference of two books what was added, traded
/// and cancelled (B9), and refilled (B8). Engine thread only.
/// </summary>
public struct DepthGroup
{
    private const int WatchedLevels = 32;

    private readonly BookDifference _difference;
    private readonly TradeAttribution _attribution;
    private MultiLevelOfi _levels;
    private IntegratedOfi _integrated = new(OfiLevels.Count);
    private Withdrawal _withdrawal;
    private RefillRatio _refill;
    private TouchState _touch;
    private long _mid2;
    private bool _frozen = true;

    /// <summary>Nothing seen yet.</summary>
    public DepthGroup(SetOptions options, Instrument instrument)
    {
        _difference = new BookDifference(WatchedLevels, instrument.FeedDepthLevels);
        _attribution = new TradeAttribution(options.TradesFollowBook);
        _withdrawal = new Withdrawal(new HalfLife(options.WithdrawalHalfLifeNs), options.WithdrawalBandBps);
        _refill = new RefillRatio(
            new HalfLife(options.RefillHalfLifeNs), (long)options.RefillTicks * instrument.TickQuanta);
    }

    /// <summary>Whether the newest whole second had events and depth (F3).</summary>
    public bool HasFlow { get; private set; }

    /// <summary>ofi_I of the newest second that had (F3).</summary>
    public readonly double Integrated => _integrated.Integrated;

    /// <summary>What the newest event changed in the levels watched.</summary>
    public readonly ReadOnlySpan<LevelStep> Steps => _difference.Steps;

    /// <summary>A print of the continuous market, before the book of its event.</summary>
    [Hot]
    public void Trade(int sign, long price, long lots, long nowNs)
    {
        if (sign == 0 || _frozen)
        {
            return;
        }

        if (_attribution.Trade(sign < 0 ? Side.Bid : Side.Ask, price, lots, nowNs, out LevelFlow flow))
        {
            Take(flow, nowNs);
        }
    }

    /// <summary>The book at the end of an event. O(levels watched).</summary>
    [Hot]
    public void Evaluate(in BookSide bids, in BookSide asks, BookStep step, in TouchState touch, long nowNs)
    {
        if (step != BookStep.Stepped)
        {
            Restart(bids, asks, step, touch);
            return;
        }

        _levels.Step(bids, asks);
        _integrated.Add(_levels.Event, _levels.DepthLots, _levels.FirstChanged, _levels.EndChanged);
        _difference.Step(bids, asks);
        TouchState before = _touch;
        _touch = new TouchState(
            Math.Max(before.BidPrice, touch.BidPrice), 0, Math.Min(before.AskPrice, touch.AskPrice), 0);
        foreach (ref readonly LevelStep change in _difference.Steps)
        {
            if (_attribution.Change(change, nowNs, out LevelFlow flow))
            {
                Take(flow, nowNs);
            }
        }

        _touch = touch;
        Expire(nowNs);
        _mid2 = touch.HasBoth ? touch.Mid2 : 0;
    }

    /// <summary>Lets go of what waited too long: on timers.</summary>
    [Hot]
    public void Expire(long nowNs)
    {
        while (_attribution.TryExpire(nowNs, out LevelFlow flow))
        {
            Take(flow, nowNs);
        }
    }

    /// <summary>Ends a second (F3).</summary>
    /// <param name="weights">Those in force.</param>
    [Hot]
    public void CloseSecond(in OfiWeights weights)
    {
        if (!_frozen)
        {
            HasFlow = _integrated.Close(weights) == ValidityFlags.None;
        }
    }

    /// <summary>Everything of the running event as of <paramref name="nowNs"/>.</summary>
    /// <returns>LowSamples where a side has seen nothing yet.</returns>
    [Hot]
    public readonly ValidityFlags Read(long nowNs, ref DepthFlowValues values)
    {
        values.LevelFlowSums = _levels.Sum;
        return _withdrawal.Read(nowNs, out values.Withdrawal)
            | _refill.Read(Side.Bid, nowNs, out values.BidRefill)
            | _refill.Read(Side.Ask, nowNs, out values.AskRefill);
    }

    /// <summary>W_dir as of <paramref name="nowNs"/>, + is sell.</summary>
    /// <returns>LowSamples where a side has seen nothing yet.</returns>
    [Hot]
    public readonly ValidityFlags ReadWithdrawal(long nowNs, out double direction)
    {
        ValidityFlags flags = _withdrawal.Read(nowNs, out WithdrawalLines lines);
        direction = lines.Direction;
        return flags;
    }

    /// <summary>What the newest whole second said of each level.</summary>
    [Hot]
    public readonly void ReadSecond(ref EstimateValues values)
    {
        values.LevelOfi = _integrated.Normalised;
        values.MeanDepth = _integrated.MeanDepth;
    }

    private void Restart(in BookSide bids, in BookSide asks, BookStep step, in TouchState touch)
    {
        _frozen = step == BookStep.Frozen;
        if (_frozen)
        {
            HasFlow = false;
            return;
        }

        _levels.Prime(bids, asks);
        _integrated.Reset();
        _difference.Prime(bids, asks);
        _attribution.Clear();
        _touch = touch;
        _mid2 = touch.HasBoth ? touch.Mid2 : 0;
    }

    private void Take(in LevelFlow flow, long nowNs)
    {
        _refill.Add(flow, flow.Side == Side.Bid ? _touch.BidPrice : _touch.AskPrice, nowNs);
        _withdrawal.Add(flow, _mid2, nowNs);
    }
}
