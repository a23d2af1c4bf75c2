using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// What an order of a usual minute's volume would cost over time (M10), and what a pool beside the book would take of
/// each sweep size (M12). Looks at the book afresh each time: every second. Engine thread only.
/// </summary>
public readonly struct ExecutionGroup
{
    /// <summary>Most slices of the schedule.</summary>
    public const int MostSlices = 32;

    private const int WholeSize = 3;
    private const double NsPerSecond = 1e9;
    private const double Half = 0.5;
    private const double Percent = 0.01;

    private readonly ConstantProduct _pool;
    private readonly bool _hasPool;
    private readonly int _slices;
    private readonly double _seconds;
    private readonly double _aversion;
    private readonly int _maxWalkLevels;

    /// <summary>A look at books of <paramref name="instrument"/>.</summary>
    public ExecutionGroup(CatalogueOptions options, int maxWalkLevels, Instrument instrument)
    {
        double lot = instrument.Lot.ToDouble() * instrument.ContractMultiplier.ToDouble();
        double quantum = instrument.PriceQuantum.ToDouble();
        _slices = options.ScheduleSlices;
        _seconds = options.ScheduleSeconds;
        _maxWalkLevels = maxWalkLevels;

        // λ is for one of the quote currency, costs here are in quanta times lots.
        _aversion = options.ScheduleAversion * quantum * lot;
        foreach (AutomatedPool pool in options.Pools)
        {
            // A lot of an inverse contract is no base.
            bool isSame = string.Equals(pool.Symbol, instrument.Symbol, StringComparison.Ordinal);
            if (isSame && instrument.Contract is not (ContractKind.Inverse or ContractKind.Quanto))
            {
                _pool = new ConstantProduct(pool.Base / lot, pool.Quote / (quantum * lot), pool.Fee);
                _hasPool = true;
            }
        }
    }

    /// <summary>Prices everything on the book as it is. O(slices × levels).</summary>
    /// <param name="bids">Best bids.</param>
    /// <param name="asks">Best asks.</param>
    /// <param name="touch">The touch; both sides, or nothing is priced.</param>
    /// <param name="sizes">Sweep sizes, lots, ascending.</param>
    /// <param name="market">What else is known of the market.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="values">Receives all of it.</param>
    /// <returns>LowSamples where volatility, impact or the mid are not known; PartialDepth where the book can't fill
    /// the order.</returns>
    [Hot]
    public ValidityFlags Read(
        in BookSide bids,
        in BookSide asks,
        in TouchState touch,
        in PerSizeLots sizes,
        in ExecutionMarket market,
        long nowNs,
        ref ExecutionValues values)
    {
        values = default;
        if (!touch.HasBoth || touch.Mid2 <= 0)
        {
            return ValidityFlags.LowSamples;
        }

        values.Lots = sizes[WholeSize];
        ValidityFlags flags = Schedule(bids, touch, -1, values.Lots, market, nowNs, ref values.Bid)
            | Schedule(asks, touch, 1, values.Lots, market, nowNs, ref values.Ask);
        if (_hasPool)
        {
            ConstantProduct pool = _pool.At(touch.Mid2 * Half);
            values.PoolFallLots = pool.BaseToFall(Percent);
            flags |= Share(bids, touch, -1, sizes, pool, ref values.BidPool)
                | Share(asks, touch, 1, sizes, pool, ref values.AskPool);
        }

        return flags;
    }

    private ValidityFlags Schedule(
        in BookSide levels,
        in TouchState touch,
        int sign,
        long lots,
        in ExecutionMarket market,
        long nowNs,
        ref ScheduleLine line)
    {
        PerSizeLots whole = default;
        whole[..].Fill(lots);
        SweepCost.Walk(levels, sign, whole, touch, _maxWalkLevels, out SweepLines sweep);
        if (sweep[0].Filled == 0 || !(market.SecondDeviation > 0))
        {
            return ValidityFlags.LowSamples;
        }

        double mid = touch.Mid2 * Half;
        double permanent = Math.Max(0, market.Lambda);
        var costs = AlmgrenChrissMarket.OfBook(
            sweep[0], touch, sign, market.SecondDeviation * mid, permanent, _seconds / _slices);
        Span<double> trades = stackalloc double[MostSlices];
        Span<long> slices = stackalloc long[MostSlices];
        trades = trades[.._slices];
        AlmgrenChriss.Fill(costs, lots, _seconds, 0, trades);
        double straight = AlmgrenChriss.Cost(costs, trades, _seconds, out double straightDeviation);
        line.StraightBps = Spread.Bps(straight / lots, touch.Mid2);
        line.StraightDeviationBps = Spread.Bps(straightDeviation / lots, touch.Mid2);
        line.Urgency = AlmgrenChriss.Fill(costs, lots, _seconds, _aversion, trades) * _seconds;
        double best = AlmgrenChriss.Cost(costs, trades, _seconds, out double deviation);
        line.ExpectedBps = Spread.Bps(best / lots, touch.Mid2);
        line.DeviationBps = Spread.Bps(deviation / lots, touch.Mid2);
        line.FirstShare = trades[0] / lots;
        AlmgrenChriss.Whole(trades, slices);
        var plan = new SlicePlan((long)(_seconds * NsPerSecond / _slices), permanent, _maxWalkLevels);
        ValidityFlags flags = ExecutionCost.Estimate(
            levels, touch, sign, slices[.._slices], plan, market.Transient, nowNs, out ExecutionCostLine live);
        line.LiveBps = live.Bps;
        line.UnfilledLots = live.UnfilledLots;
        return flags | market.Flags;
    }

    private ValidityFlags Share(
        in BookSide levels,
        in TouchState touch,
        int sign,
        in PerSizeLots sizes,
        in ConstantProduct pool,
        ref PoolLine line)
    {
        ValidityFlags flags = ValidityFlags.None;
        for (int i = 0; i < SignalWidths.Sizes && sizes[i] > 0; i++)
        {
            flags |= PooledSweep.Walk(
                levels, sign, sizes[i], pool, touch, _maxWalkLevels, out PooledLine shared);
            line.Bps[i] = shared.Bps;
            line.PoolBps[i] = shared.PoolBps;
            line.PoolLots[i] = shared.PoolLots;
        }

        return flags;
    }
}

/// <summary>What a schedule's cost rests on beside the book.</summary>
/// <param name="SecondDeviation">Deviation of a second's log return (F11); 0 where it is not known.</param>
/// <param name="Lambda">M3, quanta a lot; below 0 counts as 0.</param>
/// <param name="Transient">M8 as it is now.</param>
/// <param name="Flags">LowSamples where one of them rests on too few.</param>
public readonly record struct ExecutionMarket(
    double SecondDeviation, double Lambda, TransientImpact Transient, ValidityFlags Flags);
