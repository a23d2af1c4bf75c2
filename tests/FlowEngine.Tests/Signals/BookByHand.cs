using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Tests.Signals;

/// <summary>What <see cref="CatalogueByHand"/> reads from the book: fair value, shape, resilience.</summary>
internal sealed class BookByHand
{
    private static readonly string[] s_sides = ["Bid", "Ask"];

    private readonly Dictionary<string, double> _values;
    private readonly SetOptions _options;
    private readonly CatalogueOptions _own;
    private readonly long _tick;
    private readonly BookDifference _difference = new(32);
    private readonly TradeAttribution _attribution = new(tradesFollow: false);
    private readonly RecoverySpeed[] _recoveries;
    private readonly long[] _byDistance = new long[10];
    private QueueImbalance _queue;
    private Absorption _bidAbsorption;
    private Absorption _askAbsorption;
    private Sweeps _sweeps;
    private LiquidityFate _fate;
    private MakerStress _stress;
    private long _mid2;
    private bool _isSound;
    private (long Bid, long Ask) _topFive;

    public BookByHand(
        SetOptions options, SignalOptions signalOptions, Instrument instrument, Dictionary<string, double> values)
    {
        _values = values;
        _options = options;
        _own = options.Catalogue;
        _tick = instrument.TickQuanta;
        _queue = new QueueImbalance(new HalfLife(_own.OneTickHalfLifeNs), _tick);
        _sweeps = new Sweeps(new HalfLife(_own.SweepHalfLifeNs));
        PerBandLots bands = default;
        foreach ((int i, int bps) in signalOptions.BandBps.Index())
        {
            bands[i] = bps;
        }

        _fate = new LiquidityFate(new HalfLife(_own.FateHalfLifeNs), bands);
        _stress = new MakerStress(new HalfLife(_own.StressHalfLifeNs), 0.1 * _tick, 0.05);
        var memory = new HalfLife(_own.RecoveryHalfLifeNs);
        _recoveries =
        [
            new RecoverySpeed(_own.RecoveryLimitNs, memory),
            new RecoverySpeed(_own.RecoveryLimitNs, memory),
        ];
    }

    public void Trade(int sign, long price, long lots, long now)
    {
        _sweeps.Add(sign, price, lots, now);
        if (sign == 0)
        {
            return;
        }

        if (sign < 0)
        {
            _bidAbsorption.Trade(price, lots);
        }
        else
        {
            _askAbsorption.Trade(price, lots);
        }

        if (_isSound && _attribution.Trade(sign < 0 ? Side.Bid : Side.Ask, price, lots, now, out LevelFlow flow))
        {
            _fate.Add(flow, _mid2, now);
        }
    }

    public void Event(
        InstrumentSignals touch,
        BookSide bids,
        BookSide asks,
        TouchState before,
        SetParameters parameters,
        double largeTradeLots)
    {
        BookStep step = touch.LastStep;
        long now = touch.NowNs;
        _sweeps.EndEvent(_topFive.Bid, _topFive.Ask);
        _isSound = step != BookStep.Frozen;
        _topFive = _isSound ? (TopFive(bids), TopFive(asks)) : (0, 0);
        long bidDepth = ImpactCurve.LotsToMove(bids, _options.RefillTicks * _tick + 1, 1_000);
        long askDepth = ImpactCurve.LotsToMove(asks, _options.RefillTicks * _tick + 1, 1_000);
        _queue.Set(touch.Boundary, now);
        switch (step)
        {
            case BookStep.Frozen:
                (_bidAbsorption, _askAbsorption) = (default, default);
                break;
            case BookStep.Started:
                (_bidAbsorption, _askAbsorption) = (default, default);
                _difference.Prime(bids, asks);
                _attribution.Clear();
                _recoveries[0].Prime(bidDepth);
                _recoveries[1].Prime(askDepth);
                Price(touch.Boundary, parameters, now);
                break;
            default:
                Levels(bids, asks, before, touch.Boundary, now);
                _recoveries[0].Set(bidDepth, now);
                _recoveries[1].Set(askDepth, now);
                Price(touch.Boundary, parameters, now);
                break;
        }

        _mid2 = touch.Boundary.HasBoth ? touch.Boundary.Mid2 : _isSound ? 0 : _mid2;
        Absorb(ref _bidAbsorption, "Bid", touch.Boundary.BidPrice, touch.Boundary.BidLots, largeTradeLots);
        Absorb(ref _askAbsorption, "Ask", touch.Boundary.AskPrice, touch.Boundary.AskLots, largeTradeLots);
        _values["FairValue.OneTickShare"] = _queue.OneTickShare(now);
        _values["FairValue.SweepCount"] = _sweeps.Count;
        ReadSweeps(now);
    }

    public void Shape(InstrumentSignals touch, BookSide bids, BookSide asks)
    {
        long now = touch.NowNs;
        long mid2 = touch.Boundary.HasBoth ? touch.Boundary.Mid2 : 0;
        if (touch.LastStep != BookStep.Frozen)
        {
            long half = Math.Max(_own.HalfDistanceTicks, mid2 * _own.HalfDistanceBps / 20_000 / _tick) * _tick;
            long bucket = Math.Max(1, mid2 * _own.DensityTickBps / 20_000 / _tick) * _tick;
            _values["Shape.HalfDistance"] = half;
            _values["Shape.DensityTick"] = bucket;
            Look("Bid", bids, half, bucket, mid2, touch.Impact.Sizes);
            Look("Ask", asks, half, bucket, mid2, touch.Impact.Sizes);
            Compare("DecayedImbalance", _values["Shape.Bid.DecayedLots"], _values["Shape.Ask.DecayedLots"]);
            Compare("DensityImbalance", _values["Shape.Bid.Density.Occupied"], _values["Shape.Ask.Density.Occupied"]);
            Compare("SlopeImbalance", _values["Shape.Bid.Slope"], _values["Shape.Ask.Slope"]);
            Compare("DistanceImbalance", Near(bids, mid2), Near(asks, mid2));
            if (mid2 > 0)
            {
                LiquidityValues l = touch.Liquidity;
                _stress.Sample(l.TimeWeightedSpread, l.BidBandLots[0] + l.AskBandLots[0], now);
            }
        }

        _values["Resilience.Stress"] = _stress.Stress;
        _values["Resilience.SpreadDeviations"] = _stress.SpreadDeviations;
        _values["Resilience.DepthDeviations"] = _stress.DepthDeviations;
        _values["Resilience.DistanceQuanta"] = _own.DistanceTicks * _tick;
        foreach ((int i, long lots) in _byDistance.Index())
        {
            _values[$"Resilience.DistanceFlowSums[{i}]"] = lots;
        }

        foreach ((int i, string side) in s_sides.Index())
        {
            string path = $"Resilience.{side}.";
            Side resting = i == 0 ? Side.Bid : Side.Ask;
            _values[path + "RecoveryRate"] = _recoveries[i].LastRate;
            _values[path + "Recovered"] = _recoveries[i].Recovered;
            _values[path + "Censored"] = _recoveries[i].Censored;
            _recoveries[i].ReadHalfLife(out double seconds);
            _values[path + "RecoverySeconds"] = seconds;
            _fate.Read(resting, now, out double overall);
            _values[path + "ConsumedOverall"] = overall;
            for (int band = 0; band < SignalWidths.Bands; band++)
            {
                _fate.Read(resting, band, now, out double consumed);
                _values[$"{path}ConsumedShare[{band}]"] = consumed;
            }
        }
    }

    private void Price(TouchState touch, SetParameters parameters, long now)
    {
        bool fitted = Microprice.Read(touch, parameters.Microprice, out double price) == ValidityFlags.None;
        _values["FairValue.Microprice"] = price;
        _values["FairValue.MicropriceVersion"] = fitted ? parameters.Microprice!.Version : 0;
        _queue.Read(touch, parameters.QueueImbalance, now, out double up);
        _values["FairValue.UpProbability"] = up;
        _values["FairValue.QueueVersion"] = parameters.QueueImbalance.Version;
    }

    private void Levels(BookSide bids, BookSide asks, TouchState before, TouchState after, long now)
    {
        _difference.Step(bids, asks);
        foreach (LevelStep change in _difference.Steps)
        {
            bool isBid = change.Side == Side.Bid;
            long distance = isBid
                ? Math.Max(before.BidPrice, after.BidPrice) - change.Price
                : change.Price - Math.Min(before.AskPrice, after.AskPrice);
            long bucket = Math.Min(9, distance / (_own.DistanceTicks * _tick));
            _byDistance[bucket] += (isBid ? 1 : -1) * (change.After - change.Before);
            if (_attribution.Change(change, now, out LevelFlow flow))
            {
                _fate.Add(flow, before.HasBoth ? before.Mid2 : 0, now);
            }
        }

        Xunit.Assert.False(_attribution.TryExpire(now, out _));
    }

    private void Absorb(ref Absorption absorption, string side, long price, long lots, double largeTradeLots)
    {
        absorption.Set(price, lots);
        _values[$"FairValue.{side}Absorption.IsTelling"] = absorption.Read(largeTradeLots, out double ratio) ? 1 : 0;
        _values[$"FairValue.{side}Absorption.Ratio"] = ratio;
        _values[$"FairValue.{side}Absorption.Lots"] = absorption.AbsorbedLots;
    }

    private void ReadSweeps(long now)
    {
        Sweep last = _sweeps.Last;
        _values["FairValue.LastSweep.Sign"] = last.Sign;
        _values["FairValue.LastSweep.Prices"] = last.Prices;
        _values["FairValue.LastSweep.Lots"] = last.Lots;
        _values["FairValue.LastSweep.Quanta"] = last.Quanta;
        _values["FairValue.LastSweep.Vwap"] = last.Vwap;
        _values["FairValue.LastSweep.DepthShare"] = last.DepthShare;
        foreach ((int i, string side) in s_sides.Index())
        {
            _sweeps.Read(i == 0 ? -1 : 1, now, out double count, out double lots);
            _values[$"FairValue.{side}Sweeps.Count"] = count;
            _values[$"FairValue.{side}Sweeps.Lots"] = lots;
        }
    }

    private void Look(string side, BookSide levels, long half, long bucket, long mid2, PerSizeLots sizes)
    {
        string path = $"Shape.{side}.";
        DecayedImbalance.Weigh(levels, new HalfLife(half), _own.WeighedLevels, out double weight);
        _values[path + "DecayedLots"] = weight;
        BookDensity.Measure(levels, bucket, _own.DensityTicks, out SideDensity density);
        ValueFields.Flatten(path + "Density", density, _values);
        DepthSlope.Measure(levels, mid2, _own.SlopeLevels, out double slope);
        _values[path + "Slope"] = mid2 > 0 ? slope : 0;
        ImpactCurve.Walk(levels, sizes, 1_000, out PerSizeLots shifts);
        ImpactCurve.Fit(sizes, shifts, out PowerLaw law);
        _values[path + "Curve.Factor"] = law.Factor;
        _values[path + "Curve.Exponent"] = law.Exponent;
        _values[path + "Curve.RSquared"] = law.RSquared;
        for (int i = 0; i < SignalWidths.Sizes; i++)
        {
            _values[$"{path}Shift2[{i}]"] = shifts[i] == ImpactCurve.Exhausted ? Optional.Null : shifts[i];
        }

        foreach ((int i, int ticks) in new[] { 1, 5, 10 }.Index())
        {
            _values[$"{path}LotsToMove[{i}]"] = ImpactCurve.LotsToMove(levels, ticks * _tick, 1_000);
        }
    }

    private void Compare(string name, double bid, double ask) =>
        _values["Shape." + name] = bid + ask > 0 ? (bid - ask) / (bid + ask) : 0;

    private double Near(BookSide levels, long mid2) =>
        mid2 > 0 ? DecayedImbalance.WeighByDistance(levels, mid2, _own.WeighedLevels) : 0;

    private static long TopFive(BookSide levels)
    {
        long lots = 0;
        for (int rank = 0; rank < Math.Min(5, levels.Count); rank++)
        {
            lots += levels[rank].Lots;
        }

        return lots;
    }
}
