using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Tests.Signals;

/// <summary>What <see cref="CatalogueByHand"/> says that orders cost: the schedule, and what a pool shares.</summary>
internal sealed class OrdersByHand
{
    private readonly Dictionary<string, double> _values;
    private readonly CatalogueOptions _own;
    private readonly double _lot;
    private readonly double _quantum;
    private readonly bool _hasPool;

    public OrdersByHand(CatalogueOptions own, Instrument instrument, Dictionary<string, double> values)
    {
        (_own, _values) = (own, values);
        _lot = instrument.Lot.ToDouble() * instrument.ContractMultiplier.ToDouble();
        _quantum = instrument.PriceQuantum.ToDouble();
        _hasPool = instrument.Contract != ContractKind.Inverse;
    }

    public void Second(
        SetSignals set, InstrumentSignals touch, TradesByHand trades, BookSide bids, BookSide asks)
    {
        TouchState best = touch.Boundary;
        bool isPriced = best.HasBoth && best.Mid2 > 0;
        var nothing = new Dictionary<string, double>();
        ValueFields.Flatten("Execution", default(ExecutionValues), nothing);
        foreach ((string name, double value) in nothing)
        {
            _values[name] = value;
        }

        if (!isPriced)
        {
            return;
        }

        PerSizeLots sizes = touch.Impact.Sizes;
        _values["Execution.Lots"] = sizes[3];
        Schedule("Bid", -1, bids, best, sizes[3], set, trades, touch.NowNs);
        Schedule("Ask", 1, asks, best, sizes[3], set, trades, touch.NowNs);
        if (_hasPool)
        {
            AutomatedPool own = _own.Pools.Single();
            double liquidity = own.Base * own.Quote / (_lot * _lot * _quantum);
            double mid = best.Mid2 / 2.0;
            var pool = new ConstantProduct(Math.Sqrt(liquidity / mid), Math.Sqrt(liquidity * mid), own.Fee);
            _values["Execution.PoolFallLots"] = pool.Base * (1 / Math.Sqrt(0.99) - 1);
            Share("BidPool", -1, bids, best, sizes, pool);
            Share("AskPool", 1, asks, best, sizes, pool);
        }
    }

    private void Schedule(
        string side,
        int sign,
        BookSide levels,
        TouchState touch,
        long lots,
        SetSignals set,
        TradesByHand trades,
        long now)
    {
        double deviation = Math.Sqrt(_values["Activity.OneSecond.Variance"]) * touch.Mid2 / 2.0;
        (long filled, double slippage) = Sweep(levels, sign, touch, lots);
        if (filled == 0 || deviation == 0)
        {
            return;
        }

        double half = (touch.AskPrice - touch.BidPrice) / 2.0;
        double perLot = Math.Max(
            (slippage - half) / filled,
            0.1 * Math.Max(half, 1) / (sign < 0 ? touch.BidLots : touch.AskLots));
        double permanent = Math.Max(0, set.Estimates.Kyle.Slope);
        double tau = (double)_own.ScheduleSeconds / _own.ScheduleSlices;
        var market = new AlmgrenChrissMarket
        {
            Deviation = deviation,
            FixedCost = half,
            Permanent = permanent,
            Temporary = (perLot + permanent / 2) * tau,
        };
        double aversion = _own.ScheduleAversion * _quantum * _lot;
        ExecutionSchedule best = AlmgrenChriss.Optimal(
            market, lots, _own.ScheduleSeconds, _own.ScheduleSlices, aversion);
        ExecutionSchedule straight = AlmgrenChriss.Optimal(
            market, lots, _own.ScheduleSeconds, _own.ScheduleSlices, 0);
        string path = $"Execution.{side}.";
        double perQuantum = 20_000.0 / touch.Mid2;
        _values[path + "ExpectedBps"] = best.ExpectedCost / lots * perQuantum;
        _values[path + "DeviationBps"] = best.Deviation / lots * perQuantum;
        _values[path + "StraightBps"] = straight.ExpectedCost / lots * perQuantum;
        _values[path + "StraightDeviationBps"] = straight.Deviation / lots * perQuantum;
        _values[path + "FirstShare"] = best.Trades[0] / lots;
        _values[path + "Urgency"] = best.Kappa * _own.ScheduleSeconds;
        (double live, long unfilled) = Live(levels, sign, touch, best.Trades, permanent, set, trades, now);
        _values[path + "LiveBps"] = live * perQuantum;
        _values[path + "UnfilledLots"] = unfilled;
    }

    // Slice by slice: the sweep, what is left of all trades at its time, and the permanent part of those before.
    private (double Quanta, long Unfilled) Live(
        BookSide levels,
        int sign,
        TouchState touch,
        double[] plan,
        double permanent,
        SetSignals set,
        TradesByHand trades,
        long now)
    {
        ImpactKernel kernel = set.Parameters.ImpactKernel;
        var done = new List<(int Sign, long Lots, long Time)>();
        double atStart = trades.ImpactAt(kernel, now, done);
        double planned = 0;
        double total = 0;
        long given = 0;
        long all = 0;
        long unfilled = 0;
        long stepNs = (long)(_own.ScheduleSeconds * 1e9 / _own.ScheduleSlices);
        for (int i = 0; i < plan.Length; i++)
        {
            planned += plan[i];
            long lots = (long)Math.Round(planned) - given;
            given += lots;
            (long filled, double slippage) = Sweep(levels, sign, touch, lots);
            double drift = sign * (trades.ImpactAt(kernel, now + i * stepNs, done) - atStart) + permanent * all;
            total += filled * (slippage + drift);
            done.Add((sign, filled, now + i * stepNs));
            all += filled;
            unfilled += lots - filled;
        }

        return (all > 0 ? total / all : 0, unfilled);
    }

    private static (long Filled, double Slippage) Sweep(BookSide levels, int sign, TouchState touch, long lots)
    {
        long filled = 0;
        double paid = 0;
        for (int rank = 0; rank < levels.Count && filled < lots; rank++)
        {
            long part = Math.Min(levels[rank].Lots, lots - filled);
            filled += part;
            paid += (double)part * levels[rank].Price;
        }

        return (filled, filled > 0 ? sign * (paid / filled - touch.Mid2 / 2.0) : 0);
    }

    private void Share(
        string side, int sign, BookSide levels, TouchState touch, PerSizeLots sizes, ConstantProduct pool)
    {
        for (int i = 0; i < SignalWidths.Sizes && sizes[i] > 0; i++)
        {
            PooledSweep.Walk(levels, sign, sizes[i], pool, touch, 1_000, out PooledLine line);
            _values[$"Execution.{side}.Bps[{i}]"] = line.Bps;
            _values[$"Execution.{side}.PoolBps[{i}]"] = line.PoolBps;
            _values[$"Execution.{side}.PoolLots[{i}]"] = line.PoolLots;
        }
    }
}
