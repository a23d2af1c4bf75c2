using FlowEngine.Cli.Evaluate;
using FlowEngine.Cli.Frame;
using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Cli.Cost;

/// <summary>Answers one request from the book and the past of one moment.</summary>
internal sealed class CostEstimate
{
    private const int MaxLevels = 16_384;
    private const int MostForced = 4096;
    private const double PropagatorExponent = 0.5;
    private const double LeastShareOfSpread = 0.1;
    private const double BpsPerUnit = 10_000;

    private readonly MarketPast _past;
    private readonly CostRequest _request;
    private readonly Instrument _instrument;
    private readonly InstrumentBook _book;
    private readonly TouchState _touch;
    private readonly long _lots;
    private readonly double _mid;
    private readonly decimal _lot;

    /// <summary>An estimate as of where the past ends.</summary>
    /// <exception cref="UserError">There is no book of two sides, or the size is less than a lot.</exception>
    public CostEstimate(MarketPast past, CostRequest request, string path)
    {
        (_past, _request) = (past, request);
        if (past is not { Instrument: { } instrument, Book: { } book })
        {
            throw new UserError($"{path}: no such instrument up to that moment: see 'flowengine book {path}'");
        }

        (_instrument, _book) = (instrument, book);
        _touch = TouchState.Of(book.Bids, book.Asks);
        if (book.State != BookState.Live || _touch.Shape() is not (ValidityFlags.None or ValidityFlags.Locked))
        {
            throw new UserError($"{path}: {instrument.Symbol} has no book of two sides at that moment "
                + $"({book.State}, {_touch.Shape()}): use another --at");
        }

        _lot = instrument.Lot.ToDecimal();
        var lots = decimal.Floor(request.Size / _lot);
        _lots = lots is >= 1 and <= 1_000_000_000_000_000 ? (long)lots
            : throw UserError.Usage($"--size is {request.Size}: {instrument.Symbol} trades in lots of {_lot}");
        _mid = _touch.Mid2 / 2.0;
    }

    private BookSide Levels => _request.Sign < 0 ? _book.Bids : _book.Asks;

    /// <summary>The answer.</summary>
    public CostResult Read()
    {
        PerSizeLots sizes = default;
        long[] wanted = [_lots / 10, _lots / 4, _lots / 2, _lots, 2 * _lots];
        for (var i = 0; i < wanted.Length; i++)
        {
            sizes[i] = Math.Max(1, wanted[i]);
        }

        SweepCost.Walk(Levels, _request.Sign, sizes, _touch, MaxLevels, out var lines);
        var impact = Impact();
        var deviation = _past.SecondDeviation;
        var lotsPerSecond = _past.NowNs > _past.FirstNs
            ? _past.Prints.Sum(print => (double)print.Lots) / ((_past.NowNs - _past.FirstNs) / 1e9)
            : 0;
        var horizonSeconds = _request.HorizonNs / 1e9;

        // σ and V of one second instead of a day: the length cancels.
        var root = deviation is { } sigma && lotsPerSecond > 0
            ? SquareRootImpact.Of(1, sigma * BpsPerUnit, _lots, lotsPerSecond)
            : (double?)null;
        var market = deviation is { } known ? MarketOf(known * _mid, lines[3], horizonSeconds) : null;
        return new CostResult(
            _instrument.Symbol,
            LiquidationStudy.Text(_past.NowNs),
            _past.NowNs,
            _book.VenueSequence,
            _request.Sign < 0 ? "sell" : "buy",
            _lots * _lot,
            horizonSeconds,
            _mid * Quantum,
            Spread.Bps(_touch),
            Sweeps(lines),
            impact is { } path ? path.At(_past.NowNs) / Tick : null,
            impact is { } later ? later.At(_past.NowNs + _request.HorizonNs) / Tick : null,
            root,
            market is null ? null : ScheduleOf(market, horizonSeconds, Aversion, impact),
            market is null ? null : ScheduleOf(market, horizonSeconds, 0, impact),
            CriticalOf(),
            new CostInputs(
                deviation * BpsPerUnit * Math.Sqrt(horizonSeconds),
                lotsPerSecond * 3600 * (double)_lot,
                _past.Lambda / Tick / (double)_lot,
                _past.MoveForRoot / Tick,
                _past.Prints.Count));
    }

    private double Quantum => _instrument.PriceQuantum.ToDouble();

    private double Tick => Math.Max(1, _instrument.TickQuanta);

    // λ is for one of the quote currency, costs are in quanta times lots.
    private double Aversion =>
        _request.RiskAversion * Quantum * (double)_lot * _instrument.ContractMultiplier.ToDouble();

    private List<SweepResult> Sweeps(in SweepLines lines)
    {
        var results = new List<SweepResult>();
        foreach (ref readonly var line in lines[..])
        {
            results.Add(new SweepResult(
                line.Size * _lot, line.Filled * _lot, line.Unfilled * _lot, line.Vwap * Quantum, line.Worst * Quantum,
                line.Slippage / Tick, line.SlippageBps, line.Levels));
        }

        return results;
    }

    // M8 of all trades so far, with the scale that trades had on the mid and the decay of the literature.
    private TransientImpact? Impact()
    {
        if (_past.MoveForRoot is not { } scale)
        {
            return null;
        }

        var impact = new TransientImpact(
            PropagatorKernel.PowerLaw(0, ImpactShape.SquareRoot, scale, PropagatorExponent, startSeconds: 1));
        foreach (var print in _past.Prints)
        {
            impact.Trade(print.Sign, print.Lots, print.TimeNs);
        }

        return impact;
    }

    // The book's own shape gives η: what a sweep of the whole costs beyond the half spread, per lot.
    private AlmgrenChrissMarket MarketOf(double deviation, in SweepLine whole, double horizonSeconds)
    {
        var half = _touch.Spread / 2.0;
        var touchLots = Math.Max(1, _request.Sign < 0 ? _touch.BidLots : _touch.AskLots);
        var perLot = Math.Max(
            (whole.Slippage - half) / Math.Max(1, whole.Filled),
            LeastShareOfSpread * Math.Max(half, 1) / touchLots);
        var tau = horizonSeconds / _request.Slices;
        var permanent = _past.Lambda ?? 0;
        return new AlmgrenChrissMarket
        {
            Deviation = deviation,
            FixedCost = half,
            Permanent = permanent,
            Temporary = (perLot * tau) + (permanent * tau / 2),
        };
    }

    private ScheduleResult ScheduleOf(
        AlmgrenChrissMarket market, double horizonSeconds, double aversion, TransientImpact? impact)
    {
        var schedule = AlmgrenChriss.Optimal(market, _lots, horizonSeconds, _request.Slices, aversion);
        long[] slices = Whole(schedule.Trades);
        double? live = null;
        var unfilled = 0L;
        if (impact is { } past)
        {
            ExecutionCost.Estimate(
                Levels, _touch, _request.Sign, slices,
                new SlicePlan(_request.HorizonNs / _request.Slices, market.Permanent, MaxLevels), past, _past.NowNs,
                out var cost);
            (live, unfilled) = (cost.Bps, cost.UnfilledLots);
        }

        return new ScheduleResult(
            [.. slices.Select(lots => lots * _lot)],
            schedule.ExpectedCost / _lots / _mid * BpsPerUnit,
            schedule.Deviation / _lots / _mid * BpsPerUnit,
            live,
            unfilled * _lot);
    }

    // Whole lots that add up: what rounding leaves goes on.
    private static long[] Whole(double[] trades)
    {
        var slices = new long[trades.Length];
        var (planned, given) = (0.0, 0L);
        for (var i = 0; i < trades.Length; i++)
        {
            planned += trades[i];
            slices[i] = (long)Math.Round(planned) - given;
            given += slices[i];
        }

        return slices;
    }

    private CriticalResult CriticalOf()
    {
        if (_past.Map is not { } map)
        {
            return new CriticalResult(null, false, "the file tells no open interest, so there is no liquidation map");
        }

        var forced = new LiquidationLevel[MostForced];
        var count = _request.Sign < 0 ? map.ReadLongs(forced) : map.ReadShorts(forced);
        var flags = CriticalShock.Find(
            Levels, forced.AsSpan(0, count), _request.Sign, CascadeRules.Default with { MaxLevels = MaxLevels },
            out var critical);
        const string Basis = "of open interest that came since the file's start, by the default leverage mix";
        return critical > 0
            ? new CriticalResult(critical * _lot, _lots >= critical, Basis)
            : new CriticalResult(null, false, (flags & ValidityFlags.PartialDepth) != 0
                ? $"no shock within the book doubles itself, and liquidations {Basis} lie beyond it"
                : $"no shock doubles itself: {count} price buckets {Basis}");
    }
}
