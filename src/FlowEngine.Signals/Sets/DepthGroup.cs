using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// What happens behind the touch: flow by level (F2, F3), and what was added, traded and cancelled (B9), and refilled
/// (B8): from the difference of two books held against the trades, or from the orders themselves where they are known.
/// Engine thread only.
/// </summary>
public struct DepthGroup
{
    private const int WatchedLevels = 32;

    private readonly BookDifference _difference;
    private readonly TradeAttribution _attribution;
    private readonly OrderLedger _orders = new();
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

    /// <summary>Whole seconds that had events and depth (F3).</summary>
    public readonly long FlowSeconds => _integrated.Intervals;

    /// <summary>What the newest event changed in the levels watched.</summary>
    public readonly ReadOnlySpan<LevelStep> Steps => _difference.Steps;

    /// <summary>A print of the continuous market, before the book of its event.</summary>
    [Hot]
    public void Trade<TTap>(int sign, long price, long lots, long nowNs, ref TTap tap)
        where TTap : struct, ILevelFlowTap
    {
        // Where executions are told the trades say nothing more of who left the book.
        if (sign == 0 || _frozen || _orders.TellsExecutions)
        {
            return;
        }

        if (_attribution.Trade(sign < 0 ? Side.Bid : Side.Ask, price, lots, nowNs, out LevelFlow flow))
        {
            Take(flow, nowNs, ref tap);
        }
    }

    /// <summary>What an event did to an order of a book of orders.</summary>
    [Hot]
    public readonly void Order(EventKind kind, in RestingOrder before, in RestingOrder after)
    {
        bool told = _orders.TellsExecutions;
        _orders.Take(kind, before, after);
        if (_orders.TellsExecutions != told)
        {
            // The trades that wait are those whose executions are being told.
            _attribution.Clear();
        }
    }

    /// <summary>The book at the end of an event. O(levels watched).</summary>
    [Hot]
    public void Evaluate<TTap>(
        in BookSide bids, in BookSide asks, BookStep step, in TouchState touch, long nowNs, ref TTap tap)
        where TTap : struct, ILevelFlowTap
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
        if (_orders.IsWhole)
        {
            Attribute(bids, asks, nowNs, ref tap);
        }
        else
        {
            foreach (ref readonly LevelStep change in _difference.Steps)
            {
                Attribute(change, nowNs, ref tap);
            }
        }

        _orders.Clear();
        _touch = touch;
        Expire(nowNs, ref tap);
        _mid2 = touch.HasBoth ? touch.Mid2 : 0;
    }

    /// <summary>Lets go of what waited too long: on timers.</summary>
    [Hot]
    public void Expire<TTap>(long nowNs, ref TTap tap)
        where TTap : struct, ILevelFlowTap
    {
        while (_attribution.TryExpire(nowNs, out LevelFlow flow))
        {
            Take(flow, nowNs, ref tap);
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

    /// <summary>How fast makers come back, as of <paramref name="nowNs"/>.</summary>
    [Hot]
    public readonly RefillRates ReadRefill(long nowNs) => _refill.Rates(nowNs);

    private void Attribute<TTap>(in LevelStep change, long nowNs, ref TTap tap)
        where TTap : struct, ILevelFlowTap
    {
        if (_attribution.Change(change, nowNs, out LevelFlow flow))
        {
            Take(flow, nowNs, ref tap);
        }
    }

    // Orders known one by one: what came, what traded and what was pulled, each by the venue's word.
    private void Attribute<TTap>(in BookSide bids, in BookSide asks, long nowNs, ref TTap tap)
        where TTap : struct, ILevelFlowTap
    {
        foreach (ref readonly OrderFlow level in _orders.Flows)
        {
            if (!TryLots(level, level.Side == Side.Bid ? bids : asks, out long before, out long after))
            {
                continue;
            }

            if (level.Added > 0)
            {
                Take(new LevelFlow(level.Side, level.Price, level.Added, 0, 0, before, after), nowNs, ref tap);
            }

            if (_orders.TellsExecutions)
            {
                var left = new LevelFlow(level.Side, level.Price, 0, level.Traded, level.Cancelled, before, after);
                if (left.Removed > 0)
                {
                    Take(left, nowNs, ref tap);
                }
            }
            else if (level.Cancelled > 0)
            {
                long had = Saturating.Add(after, level.Cancelled);
                Attribute(new LevelStep(level.Side, level.Price, had, after), nowNs, ref tap);
            }
        }
    }

    // Lots at a level before and after the event; false beyond the levels watched.
    private readonly bool TryLots(in OrderFlow level, BookSide levels, out long before, out long after)
    {
        foreach (ref readonly LevelStep step in _difference.Steps)
        {
            if (step.Price == level.Price && step.Side == level.Side)
            {
                (before, after) = (step.Before, step.After);
                return true;
            }
        }

        long sign = level.Side == Side.Bid ? -1 : 1;
        after = 0;
        int rank = 0;
        int limit = Math.Min(levels.Count, WatchedLevels);
        while (rank < limit && sign * (levels[rank].Price - level.Price) < 0)
        {
            rank++;
        }

        if (rank < limit && levels[rank].Price == level.Price)
        {
            after = levels[rank].Lots;
        }

        before = Math.Max(0, after - level.Net);
        return rank < limit || limit < WatchedLevels;
    }

    private void Restart(in BookSide bids, in BookSide asks, BookStep step, in TouchState touch)
    {
        _frozen = step == BookStep.Frozen;
        _orders.Clear();
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

    private void Take<TTap>(in LevelFlow flow, long nowNs, ref TTap tap)
        where TTap : struct, ILevelFlowTap
    {
        _refill.Add(flow, flow.Side == Side.Bid ? _touch.BidPrice : _touch.AskPrice, nowNs);
        _withdrawal.Add(flow, _mid2, nowNs);
        tap.Take(flow, _mid2, nowNs);
    }
}
