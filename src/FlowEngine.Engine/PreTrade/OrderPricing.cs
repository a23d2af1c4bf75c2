using FlowEngine.Market;
using FlowEngine.Messages.PreTrade;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// Prices an order from one case and nothing else: M1, M7, M8, M10 and L6. For a thread that has time: it allocates,
/// and costs O(slices × levels).
/// </summary>
public sealed class OrderPricing
{
    private const double NsPerSecond = 1e9;
    private const double BpsPerUnit = 10_000;

    private readonly PreTradeCase _case;
    private readonly Instrument _instrument;
    private readonly OrderCost _cost = new();
    private readonly double _mid;

    private OrderPricing(PreTradeCase opened, Instrument instrument)
    {
        (_case, _instrument) = (opened, instrument);
        _mid = opened.Touch.Mid2 / 2.0;
    }

    private ref readonly OrderQuestion Question => ref _case.Question;

    private int MaxLevels => Math.Max(1, _case.Levels.Count);

    // λ of the request is for one of the quote currency, costs here are in quanta times lots.
    private double Aversion => Question.RiskAversion
        * _instrument.PriceQuantum.ToDouble() * _instrument.Lot.ToDouble() * _instrument.ContractMultiplier.ToDouble();

    /// <summary>Prices the case's question.</summary>
    /// <param name="opened">A filled case of status ok.</param>
    /// <param name="instrument">Its instrument.</param>
    public static OrderCost Of(PreTradeCase opened, Instrument instrument)
    {
        var pricing = new OrderPricing(opened, instrument);
        pricing.Read();
        return pricing._cost;
    }

    private void Read()
    {
        var lots = Question.Lots;
        PerSizeLots sizes = default;
        ReadOnlySpan<long> wanted = [lots / 10, lots / 4, lots / 2, lots, 2 * lots];
        for (var i = 0; i < wanted.Length; i++)
        {
            sizes[i] = Math.Max(1, wanted[i]);
        }

        SweepCost.Walk(_case.Levels, Question.Sign, sizes, _case.Touch, MaxLevels, out _cost.Sweeps);
        _cost.SpreadBps = Spread.Bps(_case.Touch);
        _cost.Missing |= _cost.Sweeps[3].Unfilled > 0 ? Missing.Depth : Missing.None;
        _cost.Missing |= _case.HasPast ? Missing.None : Missing.SignalSet;
        var impact = Impact();
        SquareRoot();
        Schedules(impact);
        Critical();
    }

    // M8 of all trades so far, with the scale that trades had on the mid and the decay of the literature.
    private TransientImpact? Impact()
    {
        if (!_case.HasPast || _case.MoveForRoot <= 0)
        {
            _cost.Missing |= Missing.Transient;
            return null;
        }

        var impact = _case.Transient.Scaled(_case.MoveForRoot);
        _cost.TransientNow = impact.At(_case.NowNs);
        _cost.TransientAtHorizon = impact.At(_case.NowNs + Question.HorizonNs);
        return impact;
    }

    // σ and V of one second instead of a day: the length cancels.
    private void SquareRoot()
    {
        if (_case.SecondDeviation <= 0 || _case.LotsPerSecond <= 0)
        {
            _cost.Missing |= Missing.SquareRoot;
            return;
        }

        _cost.SquareRootBps =
            SquareRootImpact.Of(1, _case.SecondDeviation * BpsPerUnit, Question.Lots, _case.LotsPerSecond);
    }

    private void Schedules(TransientImpact? impact)
    {
        var isKnown = _case.Kyle is { Flags: ValidityFlags.None, Slope: > 0 };
        _cost.Missing |= isKnown ? Missing.None : Missing.Lambda;
        if (_case.SecondDeviation <= 0 || _cost.Sweeps[3].Filled == 0)
        {
            _cost.Missing |= Missing.Schedule | Missing.Live;
            return;
        }

        var market = MarketOf(isKnown ? _case.Kyle.Slope : 0);
        _cost.Missing |= impact is null ? Missing.Live : Missing.None;
        _cost.Optimal = ScheduleOf(market, Aversion, impact);
        _cost.Straight = ScheduleOf(market, 0, impact);
    }

    private AlmgrenChrissMarket MarketOf(double permanent) => AlmgrenChrissMarket.OfBook(
        _cost.Sweeps[3], _case.Touch, Question.Sign, _case.SecondDeviation * _mid, permanent,
        Question.HorizonNs / NsPerSecond / Question.Slices);

    private PricedSchedule ScheduleOf(AlmgrenChrissMarket market, double aversion, TransientImpact? impact)
    {
        var (lots, slices) = (Question.Lots, Question.Slices);
        var schedule = AlmgrenChriss.Optimal(market, lots, Question.HorizonNs / NsPerSecond, slices, aversion);
        var whole = new long[slices];
        AlmgrenChriss.Whole(schedule.Trades, whole);
        double? live = null;
        var unfilled = 0L;
        if (impact is { } past)
        {
            ExecutionCost.Estimate(
                _case.Levels, _case.Touch, Question.Sign, whole,
                new SlicePlan(Question.HorizonNs / slices, market.Permanent, MaxLevels), past, _case.NowNs,
                out var cost);
            (live, unfilled) = (cost.Bps, cost.UnfilledLots);
        }

        return new PricedSchedule(
            whole,
            schedule.ExpectedCost / lots / _mid * BpsPerUnit,
            schedule.Deviation / lots / _mid * BpsPerUnit,
            live,
            unfilled);
    }

    private void Critical()
    {
        if (!_case.HasMap)
        {
            _cost.Missing |= Missing.Critical;
            return;
        }

        var flags = CriticalShock.Find(
            _case.Levels, _case.Forced, Question.Sign, CascadeRules.Default with { MaxLevels = MaxLevels },
            out var critical);
        _cost.CriticalLots = critical;
        _cost.Missing |= critical == 0 && (flags & ValidityFlags.PartialDepth) != 0
            ? Missing.BeyondBook
            : Missing.None;
    }
}
