using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Tests.Signals;

/// <summary>
/// What a published figure does when the market is mirrored, its lots multiplied or its prices shifted. A name that
/// begins with bid or ask belongs to a side, and the mirror swaps it.
/// </summary>
internal sealed record Figure(
    string Name, double LotExponent = 0, bool IsOdd = false, bool Mirrors = true, bool Shifts = true);

/// <summary>
/// All formulas that the engine does not wire yet, fed as their documents say, with one array of figures to read.
/// Allocates nothing after it was made.
/// </summary>
internal sealed class FormulaTape
{
    public static readonly Figure[] Figures =
    [
        new("B2 imbalance", IsOdd: true), new("bid B2", 1), new("ask B2", 1),
        new("bid B3 density"), new("ask B3 density"), new("bid B3 gap"), new("ask B3 gap"),
        new("B6 up", IsOdd: true), new("bid B7", 1), new("ask B7", 1),
        new("bid B8 refill"), new("ask B8 refill"), new("bid B8 half-life"), new("ask B8 half-life"),
        new("B9 direction", IsOdd: true), new("B9 both"), new("bid B9 ratio"), new("ask B9 ratio"), new("B9 stress"),
        new("bid B11"), new("ask B11"), new("bid B12"), new("ask B12"),
        new("F2 best", 1, IsOdd: true), new("F2 third", 1, IsOdd: true), new("F2 distance", 1, IsOdd: true),
        new("F3", IsOdd: true), new("F7"), new("F8 trades"), new("F8 lots", 1), new("F9", IsOdd: true),
        new("bid F10 lots", 1), new("ask F10 lots", 1), new("F11 variance", Mirrors: false, Shifts: false),
        new("F11 day", 1), new("F11 size", 1),
        new("bid M2 shift"), new("ask M2 shift"), new("bid M2 lots", 1), new("ask M2 lots", 1),
        new("M3", -1), new("M4", -1), new("M5", -1, Mirrors: false, Shifts: false), new("M6 products"),
        new("M6 response"), new("M6b", 1), new("M8", 0.5, IsOdd: true), new("M9"), new("M11 effective"),
        new("M11 realised"), new("bid M10"), new("ask M10"),
        new("bid L1", 1), new("ask L1", 1), new("L1 Fano"), new("L2"), new("L3"), new("L4", 1),
        new("bid L6 sold", 1), new("ask L6 sold", 1), new("bid L6 gain"), new("ask L6 gain"), new("L8"),
        new("L9", IsOdd: true),
    ];

    private static readonly HalfLife s_half = new(2 * Fixtures.Second);
    private static readonly OfiWeights s_weights = OfiWeights.Equal(5);

    private readonly long _unit;
    private readonly BookDifference _difference = new(32);
    private readonly TradeAttribution _attribution = new(tradesFollow: false);
    private readonly RecoverySpeed _bidRecovery = new(30 * Fixtures.Second, s_half);
    private readonly RecoverySpeed _askRecovery = new(30 * Fixtures.Second, s_half);
    private readonly RollingVolume _rolling = new();
    private readonly TradeSizes _sizes;
    private readonly Vpin _vpin;
    private readonly ResponseFunction _response = new(0.05);
    private readonly ImpactSplit _split = new(Fixtures.Second, s_half, 64);
    private readonly EffectiveSpread _effective = new(s_half, 64, 100_000_000, Fixtures.Second);
    private readonly LiquidationFlow _liquidations = new(s_half, s_half, 8);
    private readonly BranchingRatio _branching = new(Fixtures.Second, 16);
    private readonly OpenInterestFlow _openInterest = new(Fixtures.Second, 16);
    private readonly TransientImpact _quiet = new(new PropagatorKernel(1, ImpactShape.Logarithm, [0], [1]));
    private readonly LiquidationLevel[] _forced = new LiquidationLevel[3];
    private RefillRatio _refill = new(s_half, 5);
    private Withdrawal _withdrawal = new(s_half, 10_000);
    private MakerStress _stress = new(s_half, 0.1, 0.05);
    private LiquidityFate _fate;
    private Absorption _bidAbsorption;
    private Absorption _askAbsorption;
    private QueueImbalance _queue = new(s_half, 1);
    private MultiLevelOfi _ofi;
    private DistanceFlow _distance = new(2);
    private IntegratedOfi _integrated = new(5);
    private TradeIntensity _intensity = new(s_half, s_half, s_half);
    private SellPressure _pressure;
    private Sweeps _sweeps = new(s_half);
    private RealisedVolatility _volatility = new(s_half, Fixtures.Second);
    private BulkVolume _bulk = new(10, 0.1, 1);
    private KyleLambda _kyle = new(0.2);
    private OfiSlope _slope = new(0.2);
    private Amihud _amihud = new(0.2);
    private HasbrouckMoments _products = new(0.1);
    private TrendGain _trend = new(0.2);
    private TransientImpact _transient = new(PropagatorKernel.PowerLaw(1, ImpactShape.SquareRoot, 1, 0.5, 1));
    private HawkesIntensity _hawkes = new(new HawkesParameters(1, 0.5, 0.8, 1.2));
    private Funding _funding = new(s_half);
    private CascadeEpisode _episode = new(s_half, new HalfLife(20 * Fixtures.Second));
    private TwoSidedRegime _regime = new(new RegimeOptions());
    private TouchState _touch;
    private SellPressureValues _composite;
    private double _signedLots;
    private bool _primed;

    public FormulaTape(long lotUnit)
    {
        _unit = lotUnit;
        _vpin = new Vpin(4, 50 * lotUnit);
        _sizes = new TradeSizes(s_half);
        PerBandLots bands = default;
        (bands[0], bands[1], bands[2], bands[3]) = (2_500, 5_000, 7_500, 10_000);
        _fate = new LiquidityFate(s_half, bands);
        PerLeg floors = default;
        floors[..].Fill(0.05);
        _pressure = new SellPressure(s_half, PerLeg.DefaultWeights, floors, Fixtures.Second);
    }

    /// <summary>A print: before the book of its event.</summary>
    public void Trade(Side aggressor, long price, long lots, bool isForced, long now)
    {
        int sign = aggressor == Side.Buy ? 1 : aggressor == Side.Sell ? -1 : 0;
        long mid2 = _touch.HasBoth ? _touch.Mid2 : 0;
        _sweeps.Add(sign, price, lots, now);
        _vpin.Trade(sign, lots);
        _intensity.Add(sign, lots, now);
        _rolling.Add(lots, now);
        _sizes.Add(lots, now);
        _ = _bulk.Trade(price, lots, out _, out _, out _);
        _kyle.Trade(sign, lots);
        _trend.Trade(sign, lots);
        _amihud.Trade((double)lots * price);
        _transient.Trade(sign, lots, now);
        _liquidations.Trade(sign, lots, now);
        _signedLots = _signedLots * 0.9 + sign * (double)lots / _unit;
        if (sign != 0)
        {
            Resting(sign < 0 ? Side.Bid : Side.Ask, price, lots, now);
        }

        if (mid2 > 0)
        {
            _products.Trade(sign, mid2);
            _response.Trade(sign, mid2);
            var markout = new Markout(sign, price, lots, mid2, mid2 + sign, now);
            _split.Add(markout);
            _effective.Add(markout);
        }

        if (isForced)
        {
            _liquidations.Add(sign, lots, lots, now);
            _episode.Liquidated(sign, lots, now);
            _hawkes.Add(now);
            _branching.Add(now);
        }
    }

    /// <summary>The end of a venue event, and a timer at once.</summary>
    public void Book(BookSide bids, BookSide asks, long now)
    {
        TouchState before = _touch;
        _touch = TouchState.Of(bids, asks);
        if (!_primed)
        {
            _difference.Prime(bids, asks);
            _ofi.Prime(bids, asks);
            _primed = true;
        }
        else
        {
            _difference.Step(bids, asks);
            _ofi.Step(bids, asks);
        }

        _sweeps.EndEvent(LotsNear(bids), LotsNear(asks));
        Levels(before, now);
        _integrated.Add(_ofi.Event, bids, asks);
        _integrated.Close(s_weights);
        _queue.Set(_touch, now);
        _bidAbsorption.Set(_touch.BidPrice, _touch.BidLots);
        _askAbsorption.Set(_touch.AskPrice, _touch.AskLots);
        _bidRecovery.Set(LotsNear(bids), now);
        _askRecovery.Set(LotsNear(asks), now);
        _liquidations.Pass(now);
        _branching.Pass(now);
        if (_touch.HasBoth)
        {
            Mid(bids, asks, now);
        }

        Composite(now);
    }

    /// <summary>All figures as of a time, in the order of <see cref="Figures"/>; changes nothing.</summary>
    public void Read(BookSide bids, BookSide asks, long now, Span<double> values)
    {
        int next = 0;
        ReadShape(bids, asks, now, values, ref next);
        ReadFlow(now, values, ref next);
        ReadImpact(bids, asks, now, values, ref next);
        ReadFeedback(bids, asks, now, values, ref next);
        if (next != Figures.Length)
        {
            throw new InvalidOperationException($"{next} figures for {Figures.Length} names");
        }
    }

    private void ReadShape(BookSide bids, BookSide asks, long now, Span<double> values, ref int next)
    {
        long mid2 = _touch.HasBoth ? _touch.Mid2 : 0;
        DecayedImbalance.Weigh(bids, new HalfLife(2), 100, out double bidWeight);
        DecayedImbalance.Weigh(asks, new HalfLife(2), 100, out double askWeight);
        values[next++] = DecayedImbalance.Of(bidWeight, askWeight);
        values[next++] = bidWeight;
        values[next++] = askWeight;
        BookDensity.Measure(bids, 1, 16, out SideDensity bidDensity);
        BookDensity.Measure(asks, 1, 16, out SideDensity askDensity);
        values[next++] = bidDensity.Density;
        values[next++] = askDensity.Density;
        values[next++] = bidDensity.FirstGap;
        values[next++] = askDensity.FirstGap;
        _queue.Read(_touch, QueueWeights.Default, now, out double up);
        values[next++] = up - 0.5;
        DepthSlope.Measure(bids, mid2, 5, out double bidSlope);
        DepthSlope.Measure(asks, mid2, 5, out double askSlope);
        values[next++] = mid2 > 0 ? bidSlope : 0;
        values[next++] = mid2 > 0 ? askSlope : 0;
        _refill.Read(Side.Bid, now, out RefillLine bidRefill);
        _refill.Read(Side.Ask, now, out RefillLine askRefill);
        values[next++] = bidRefill.Ratio;
        values[next++] = askRefill.Ratio;
        _bidRecovery.ReadHalfLife(out values[next++]);
        _askRecovery.ReadHalfLife(out values[next++]);
        _withdrawal.Read(now, out WithdrawalLines lines);
        values[next++] = lines.Direction;
        values[next++] = lines.BothSides;
        values[next++] = lines.Bid.CancelRatio;
        values[next++] = lines.Ask.CancelRatio;
        values[next++] = _stress.Stress;
        _fate.Read(Side.Bid, now, out values[next++]);
        _fate.Read(Side.Ask, now, out values[next++]);
        _bidAbsorption.Read(0, out values[next++]);
        _askAbsorption.Read(0, out values[next++]);
    }

    private void ReadFlow(long now, Span<double> values, ref int next)
    {
        values[next++] = _ofi.Sum[0];
        values[next++] = _ofi.Sum[2];
        values[next++] = _distance.Sum[1];
        values[next++] = _integrated.Integrated;
        _vpin.Read(out values[next++]);
        _intensity.Read(now, out IntensityLines intensity);
        values[next++] = intensity.Fast.TradesPerSecond;
        values[next++] = intensity.Slow.LotsPerSecond;
        values[next++] = _composite.Score;
        _sweeps.Read(-1, now, out _, out values[next++]);
        _sweeps.Read(1, now, out _, out values[next++]);
        _volatility.Read(out values[next++], out _);
        _rolling.Read(now, out values[next++]);
        _sizes.Read(out values[next++], out _);
    }

    private void ReadImpact(BookSide bids, BookSide asks, long now, Span<double> values, ref int next)
    {
        PerSizeLots sizes = default;
        for (int i = 0; i < SignalWidths.Sizes; i++)
        {
            sizes[i] = (i + 1) * 20 * _unit;
        }

        ImpactCurve.Walk(bids, sizes, 100, out PerSizeLots bidShifts);
        ImpactCurve.Walk(asks, sizes, 100, out PerSizeLots askShifts);
        ImpactCurve.Fit(sizes, bidShifts, out _);
        values[next++] = bidShifts[1];
        values[next++] = askShifts[1];
        values[next++] = ImpactCurve.LotsToMove(bids, 3, 100);
        values[next++] = ImpactCurve.LotsToMove(asks, 3, 100);
        values[next++] = _kyle.Fit.OriginSlope;
        values[next++] = _slope.Fit.OriginSlope;
        _amihud.Read(out values[next++]);
        values[next++] = _products.R0X1;
        _response.Read(0, out values[next++]);
        values[next++] = _trend.Fit.OriginSlope;
        values[next++] = _transient.At(now);
        _split.Read(now, out _, out values[next++]);
        _effective.ReadEffective(out values[next++]);
        _effective.ReadRealised(0, out values[next++]);
        var still = new SlicePlan(Fixtures.Second, 0, 100);
        ReadOnlySpan<long> slices = [15 * _unit, 30 * _unit];
        ExecutionCost.Estimate(bids, _touch, -1, slices, still, _quiet, now, out ExecutionCostLine sell);
        ExecutionCost.Estimate(asks, _touch, 1, slices, still, _quiet, now, out ExecutionCostLine buy);
        values[next++] = sell.QuantaPerLot;
        values[next++] = buy.QuantaPerLot;
    }

    private void ReadFeedback(BookSide bids, BookSide asks, long now, Span<double> values, ref int next)
    {
        _liquidations.Read(now, out LiquidationLines lines);
        values[next++] = lines.SoldPerSecond;
        values[next++] = lines.BoughtPerSecond;
        values[next++] = lines.Fano;
        values[next++] = _hawkes.At(now);
        _branching.Read(out values[next++], out _, out _);
        _openInterest.Read(2 * Fixtures.Second, now, out OpenInterestChange change);
        values[next++] = change.Lots;
        Force(-1, _touch.BidPrice);
        CascadeProjection.Run(bids, _touch.AskPrice, _forced, -1, 30 * _unit, CascadeRules.Default, out var fall);
        LoopGain.Scan(bids, _forced, -1, 40, out double bidGain, out _);
        CriticalShock.Find(bids, _forced, -1, CascadeRules.Default, out _);
        Force(1, _touch.AskPrice);
        CascadeProjection.Run(asks, _touch.BidPrice, _forced, 1, 30 * _unit, CascadeRules.Default, out var squeeze);
        LoopGain.Scan(asks, _forced, 1, 40, out double askGain, out _);
        values[next++] = fall.Sold;
        values[next++] = squeeze.Sold;
        values[next++] = bidGain;
        values[next++] = askGain;
        _episode.ReadAcceleration(now, out values[next++]);
        values[next++] = _regime.Direction * (int)_regime.State;
    }

    private void Force(int sign, long best)
    {
        for (int i = 0; i < _forced.Length; i++)
        {
            _forced[i] = new LiquidationLevel(best + sign * (2 + 3 * i), 25.0 * _unit);
        }
    }

    private void Resting(Side side, long price, long lots, long now)
    {
        if (_attribution.Trade(side, price, lots, now, out LevelFlow flow))
        {
            Tell(flow, now);
        }

        if (side == Side.Bid)
        {
            _bidAbsorption.Trade(price, lots);
        }
        else
        {
            _askAbsorption.Trade(price, lots);
        }
    }

    private void Levels(in TouchState before, long now)
    {
        _distance.Begin();
        foreach (ref readonly LevelStep step in _difference.Steps)
        {
            _distance.Add(step, before, _touch);
            if (_attribution.Change(step, now, out LevelFlow flow))
            {
                Tell(flow, now);
            }
        }

        while (_attribution.TryExpire(now, out LevelFlow late))
        {
            Tell(late, now);
        }
    }

    private void Tell(in LevelFlow flow, long now)
    {
        // Every band is wide open here: an edge would not lie at the same place in the mirror.
        const long Mid2 = 2 * Script.Centre + 1;
        _refill.Add(flow, flow.Price, now);
        _withdrawal.Add(flow, Mid2, now);
        _fate.Add(flow, Mid2, now);
    }

    private void Mid(BookSide bids, BookSide asks, long now)
    {
        long mid2 = _touch.Mid2;
        _stress.Sample(_touch.Spread, LotsNear(bids) + LotsNear(asks), now);
        _volatility.Set(mid2, now);
        _kyle.Close(mid2);
        _slope.Close(_ofi.Sum[0], mid2);
        _amihud.Close(mid2);
        _trend.Close(mid2);
        _split.Set(mid2, now);
        _effective.Set(mid2, now);
        _openInterest.Add(LotsNear(bids) + LotsNear(asks), mid2, now);
        _funding.Set(mid2, mid2 + 1, now);
        _funding.Read(now, out _);
        _episode.Follow(mid2, default, now);
    }

    private void Composite(long now)
    {
        _withdrawal.Read(now, out WithdrawalLines lines);
        _liquidations.Read(now, out LiquidationLines forced);
        PerLeg legs = default;
        legs[0] = -_integrated.Integrated;
        legs[1] = -VolumeImbalance.Of(_touch.BidLots, _touch.AskLots);
        legs[2] = -_signedLots;
        legs[4] = lines.Direction;
        legs[6] = SellPressure.LiquidationLeg(forced.SoldPerSecond, forced.BoughtPerSecond, forced.UsualPerSecond);
        _pressure.Evaluate(legs, 0b1010111, _regime.MayLearn, now, out _composite);
        var fall = new RegimeInputs(_composite.Score, forced.SoldShare, 0.7, 0.5, true, true);
        var squeeze = new RegimeInputs(-_composite.Score, forced.BoughtShare, 0.7, 0.5, true, true);
        _regime.Evaluate(fall, squeeze);
    }

    private static long LotsNear(BookSide side)
    {
        long lots = 0;
        for (int rank = 0; rank < Math.Min(side.Count, 5); rank++)
        {
            lots += side[rank].Lots;
        }

        return lots;
    }
}
