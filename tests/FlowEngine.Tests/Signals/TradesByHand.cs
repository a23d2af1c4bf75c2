using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Tests.Signals;

/// <summary>What <see cref="CatalogueByHand"/> reads from trades and references: excitation, activity, price impact,
/// leverage.</summary>
internal sealed class TradesByHand
{
    private readonly Dictionary<string, double> _values;
    private readonly List<(int Sign, long Lots, long Time)> _orders = [];
    private readonly CatalogueOptions _own;
    private readonly RollingVolume _volume = new();
    private readonly TradeSizes _sizes;
    private readonly ResponseFunction _response;
    private readonly ImpactSplit _split;
    private readonly EffectiveSpread _spread;
    private readonly OpenInterestFlow _polls;
    private readonly Instrument _instrument;
    private RealisedVolatility _fast;
    private RealisedVolatility _slow;
    private OfiSlope _slope;
    private TrendGain _trend;
    private Amihud _amihud;
    private HasbrouckMoments _moments;
    private Funding _funding;
    private FlowPaths _paths;
    private TrendGain _makers;
    private long? _ofiSum;
    private CascadeEpisode _episode;
    private HawkesIntensity _sells;
    private HawkesIntensity _buys;
    private long _mid2;
    private long _barMinute;
    private long? _polledNs;
    private long? _openInterest;
    private (long Seen, long Taken, long Upper) _bound;

    public TradesByHand(CatalogueOptions own, Instrument instrument, Dictionary<string, double> values)
    {
        (_own, _instrument, _values) = (own, instrument, values);
        var volatility = new HalfLife(own.VolatilityHalfLifeNs);
        _fast = new RealisedVolatility(volatility, Fixtures.Second);
        _slow = new RealisedVolatility(volatility, 10 * Fixtures.Second);
        _sizes = new TradeSizes(new HalfLife(own.SizeHalfLifeNs));
        double perTrade = new HalfLife(own.ImpulseHalfLifeTrades).Lost(1);
        double perSecond = new HalfLife(own.SlopeHalfLifeSeconds).Lost(1);
        _response = new ResponseFunction(perTrade);
        _moments = new HasbrouckMoments(perTrade);
        _slope = new OfiSlope(perSecond);
        _trend = new TrendGain(perSecond);
        _makers = new TrendGain(perSecond);
        _paths = new FlowPaths(perSecond);
        _amihud = new Amihud(new HalfLife(own.AmihudHalfLifeMinutes).Lost(1));
        var markouts = new HalfLife(own.MarkoutHalfLifeNs);
        _split = new ImpactSplit(own.PermanentAfterNs, markouts, own.MarkoutCapacity);
        _spread = new EffectiveSpread(markouts, own.MarkoutCapacity, [.. own.HorizonsNs]);
        _polls = new OpenInterestFlow(own.OpenInterestStepNs, 1_000);
        _funding = new Funding(new HalfLife(own.PremiumHalfLifeNs));
        _episode = new CascadeEpisode(new HalfLife(own.FastForcedHalfLifeNs), new HalfLife(own.SlowForcedHalfLifeNs));
    }

    /// <summary>Forced or not: the venue's word on whose position was closed.</summary>
    public void Forced(in MarketEvent print, long now)
    {
        bool told = (print.Flags & EventFlags.SignInferred) == 0;
        int taker = !told ? 0 : print.Side == Side.Buy ? 1 : print.Side == Side.Sell ? -1 : 0;
        List<int> signs = [];
        if (print.Kind == EventKind.Liquidation)
        {
            signs.Add(taker);
        }

        if (print.Flags.HasFlag(EventFlags.MakerLiquidation))
        {
            signs.Add(-taker);
        }

        foreach (int sign in signs)
        {
            _episode.Liquidated(sign, print.Quantity, now);
            _bound.Seen += sign == _episode.Record.Sign ? print.Quantity : 0;
        }
    }

    public void Taken(int sign, long lots) => _bound.Taken += sign == _episode.Record.Sign ? lots : 0;

    public void OpenInterest(long lots, long mid2, long now)
    {
        if (_openInterest is { } before && _episode.IsOpen)
        {
            _bound.Upper += LiquidationBounds.Of(_bound.Seen, lots - before, _bound.Taken).UpperLots;
            _episode.AllowFor(_bound.Upper);
        }

        (_bound.Seen, _bound.Taken, _openInterest) = (0, 0, lots);
        if (mid2 > 0 && (_polledNs is not { } last || now - last >= _own.OpenInterestStepNs))
        {
            _polledNs = now;
            _polls.Add(lots, mid2, now);
        }
    }

    public void Basis(long mark, long index, long now) => _funding.Set(mark, index, now);

    public void Event(
        List<(int Sign, long Price, long Lots)> prints,
        BookStep step,
        TouchState before,
        TouchState after,
        SetParameters parameters,
        long now)
    {
        long mid2 = after.HasBoth ? after.Mid2 : 0;
        long midBefore2 = before.HasBoth ? before.Mid2 : 0;
        foreach ((int sign, long price, long lots) in prints)
        {
            _trend.Trade(sign, lots);
            _paths.Trade(sign, lots);
            double value = lots * (_instrument.Lot.ToDouble() * _instrument.ContractMultiplier.ToDouble());
            _amihud.Trade(_instrument.Contract == ContractKind.Inverse
                ? value
                : value * (price * _instrument.PriceQuantum.ToDouble()));
            if (midBefore2 > 0)
            {
                _spread.Add(new Markout(sign, price, lots, midBefore2, midBefore2, now));
            }
        }

        List<(int Sign, long Lots)> orders = [.. prints.GroupBy(x => x.Sign).Select(x => (x.Key, x.Sum(y => y.Lots)))];
        foreach ((int sign, long lots) in orders.OrderBy(x => x.Sign == 0 ? 2 : -x.Sign))
        {
            _volume.Add(lots, now);
            _sizes.Add(lots, now);
        }

        _orders.AddRange(orders.Where(x => x.Sign != 0).Select(x => (x.Sign, x.Lots, now)));
        Excite(ref _sells, parameters.SellHawkes, orders.Any(x => x.Sign < 0), now);
        Excite(ref _buys, parameters.BuyHawkes, orders.Any(x => x.Sign > 0), now);
        if (step == BookStep.Stepped)
        {
            Impulses(orders, midBefore2, mid2, now);
        }
        else
        {
            Restart(now);
        }

        _fast.Set(mid2, now);
        _slow.Set(mid2, now);
        if (mid2 != _mid2)
        {
            _split.Set(mid2, now);
            _spread.Set(mid2, now);
        }

        _mid2 = mid2;
    }

    public void Score(SetSignals set, InstrumentSignals touch)
    {
        long now = touch.NowNs;
        Regime running = _episode.Record.Sign < 0 ? set.Score.Fall : set.Score.Squeeze;
        if (_episode.IsOpen && running is Regime.Calm or Regime.Pressured)
        {
            _episode.End(now);
        }

        if (!_episode.IsOpen && set.Score.Regime == Regime.Cascading && _mid2 > 0)
        {
            _episode.Begin(-set.Score.Direction, _mid2, now);
            _bound = default;
        }

        FeedbackLine line = _episode.Record.Sign < 0 ? set.Feedback.Fall : set.Feedback.Squeeze;
        RefillLine refill = _episode.Record.Sign < 0 ? set.DepthFlow.BidRefill : set.DepthFlow.AskRefill;
        var inputs = new EpisodeInputs(
            line.ForcedPerSecond,
            refill.Ratio,
            set.DepthFlow.Withdrawal.BothSides,
            touch.Cascade.BasisBps,
            line.LoopGain);
        _values["Excitation.Cues"] = (double)_episode.Follow(_mid2, inputs, now);
        _episode.ReadAcceleration(now, out double acceleration);
        _values["Excitation.Acceleration"] = acceleration;
        _values["Excitation.EpisodeBps"] = _episode.Record.DropBps;
        ValueFields.Flatten("Excitation.Episode", _episode.Record, _values);
        Read("Excitation.Sells.", _sells, now);
        Read("Excitation.Buys.", _buys, now);
        Scale("Excitation.Sells.Recent.", set.Parameters.RecentSellHawkes);
        Scale("Excitation.Buys.Recent.", set.Parameters.RecentBuyHawkes);
    }

    public void Second(SetSignals set, InstrumentSignals touch)
    {
        long now = touch.NowNs;
        _split.Set(_mid2, now);
        _spread.Set(_mid2, now);
        if (_mid2 > 0)
        {
            _slope.Close(touch.Pressure.OfiSum, _mid2);
            _trend.Close(_mid2);
        }
        else
        {
            _slope.Reset();
            _trend.Reset();
        }

        if (now / (60 * Fixtures.Second) != _barMinute)
        {
            _barMinute = now / (60 * Fixtures.Second);
            _amihud.Close(_mid2);
        }

        Activity(set.Parameters, touch.Impact.Sizes, now);
        PriceImpact(touch.Pressure.AverageDepth, set.Estimates.Kyle.Slope, now);
        Transient(set.Parameters.ImpactKernel, now);
        Leverage(touch, now);
        Loops(set, touch);
    }

    /// <summary>M8 of all orders so far, later ones added.</summary>
    public double ImpactAt(ImpactKernel kernel, long ns, IEnumerable<(int Sign, long Lots, long Time)> later)
    {
        double impact = 0;
        for (int k = 0; k < KernelGrid.Terms; k++)
        {
            double tauNs = KernelGrid.TausSeconds[k] * 1e9;
            impact += kernel.Weights[k] * _orders.Concat(later).Where(order => order.Time <= ns)
                .Sum(order => order.Sign * Math.Sqrt(order.Lots) * Math.Exp((order.Time - ns) / tauNs));
        }

        return impact;
    }

    private static void Excite(ref HawkesIntensity stream, HawkesParameters inForce, bool hasEvent, long now)
    {
        if (inForce.Version != stream.Parameters.Version)
        {
            stream.Set(inForce, now);
        }

        if (hasEvent && inForce.Version > 0)
        {
            stream.Add(now);
        }
    }

    private void Read(string path, in HawkesIntensity stream, long now)
    {
        bool fitted = stream.Parameters.Version > 0;
        _values[path + "Intensity"] = fitted ? stream.At(now) : 0;
        _values[path + "Branching"] = stream.Parameters.BranchingRatio;
        _values[path + "ProbabilitySoon"] = fitted ? stream.ProbabilityWithin(_own.SoonSeconds, now) : 0;
        _values[path + "Version"] = stream.Parameters.Version;
        Scale(path, stream.Parameters);
    }

    private void Scale(string path, HawkesParameters parameters)
    {
        bool fitted = parameters.Version > 0;
        _values[path + "Branching"] = fitted ? parameters.Jump / parameters.Decay : 0;
        _values[path + "Decay"] = parameters.Decay;
        _values[path + "IsAtBound"] = fitted && parameters.Decay is 0.1 or 10_000 ? 1 : 0;
        _values[path + "Version"] = parameters.Version;
    }

    private void Impulses(List<(int Sign, long Lots)> orders, long midBefore2, long mid2, long now)
    {
        // In the order of their first prints.
        foreach ((int sign, long lots) in orders.Where(x => x.Sign != 0 && midBefore2 > 0))
        {
            _moments.Trade(sign, midBefore2);
            _response.Trade(sign, midBefore2);
            if (mid2 > 0)
            {
                _split.Add(new Markout(sign, 0, lots, midBefore2, mid2, now));
            }
        }
    }

    private void Restart(long now)
    {
        _moments.Reset();
        _response.Reset();
        _split.Clear();
        _spread.Clear();
        _slope.Reset();
        _trend.Reset();
        ResetLoops();
        _amihud.Close(0);
        _fast.Set(0, now);
        _slow.Set(0, now);
    }

    private void Activity(SetParameters parameters, PerSizeLots sizes, long now)
    {
        _fast.Read(out double variance, out double dailyBps);
        _values["Activity.OneSecond.Variance"] = variance;
        _values["Activity.OneSecond.DailyBps"] = dailyBps;
        _slow.Read(out double slowVariance, out double slowBps);
        _values["Activity.TenSeconds.Variance"] = slowVariance;
        _values["Activity.TenSeconds.DailyBps"] = slowBps;
        _volume.Read(now, out double day);
        _values["Activity.DayLots"] = day;
        _sizes.Read(out double mean, out double large);
        _values["Activity.MeanTradeLots"] = mean;
        _values["Activity.LargeTradeLots"] = large;
        _values["Activity.VolumeSeason"] = parameters.VolumeSeason.At(now);
        _values["Activity.VolumeSeasonVersion"] = parameters.VolumeSeason.Version;
        _values["Activity.VolatilitySeason"] = parameters.VolatilitySeason.At(now);
        _values["Activity.VolatilitySeasonVersion"] = parameters.VolatilitySeason.Version;
        for (int i = 0; i < SignalWidths.Sizes; i++)
        {
            _values[$"Activity.Sizes[{i}]"] = sizes[i];
            _values[$"Activity.SquareRootBps[{i}]"] =
                SquareRootImpact.Of(_own.SquareRootFactor, dailyBps, sizes[i], day);
        }
    }

    private void PriceImpact(double averageDepth, double lambda, long now)
    {
        ValueFields.Flatten("PriceImpact.FlowSlope", _slope.Fit, _values);
        _values["PriceImpact.DepthRatio"] = _slope.Fit.Slope * 2 * averageDepth;
        _amihud.Read(out double amihud);
        _values["PriceImpact.Amihud"] = amihud;
        _values["PriceImpact.AmihudMinutes"] = _amihud.Bars;
        HasbrouckVar? fit = HasbrouckFit.Solve(_moments);
        fit = fit is { IsStable: true } ? fit : null;
        double permanent = 0;
        double flow = 0;
        fit?.Limit(out permanent, out flow);
        _values["PriceImpact.PermanentQuanta"] = permanent;
        _values["PriceImpact.TradesPerTrade"] = flow;
        _values["PriceImpact.FifthQuanta"] = fit?.Cumulative(5) ?? 0;
        for (int i = 0; i < CatalogueWidths.Lags; i++)
        {
            _response.Read(i, out double quanta);
            _values[$"PriceImpact.Response[{i}]"] = quanta;
        }

        ValueFields.Flatten("PriceImpact.Trend", _trend.Fit, _values);
        TrendGain.Of(lambda, _trend.Fit.Slope, out double gain, out double amplification);
        _values["PriceImpact.TrendGain"] = gain;
        _values["PriceImpact.Amplification"] = amplification;
        _split.Read(now, out double total, out double share);
        _values["PriceImpact.ImmediateQuanta"] = total;
        _values["PriceImpact.PermanentShare"] = share;
        _spread.ReadEffective(out double effective);
        _values["PriceImpact.EffectiveSpread"] = effective;
        for (int i = 0; i < CatalogueWidths.Horizons; i++)
        {
            _spread.ReadRealised(i, out double realised);
            _values[$"PriceImpact.RealisedSpread[{i}]"] = realised;
        }

        _values["PriceImpact.Dropped"] = _split.Dropped + _spread.Dropped;
    }

    private void Transient(ImpactKernel kernel, long now)
    {
        for (int k = 0; k < KernelGrid.Terms; k++)
        {
            _values[$"PriceImpact.Kernel[{k}]"] = kernel.Weights[k];
        }

        _values["PriceImpact.TransientQuanta"] = ImpactAt(kernel, now, []);
        _values["PriceImpact.KernelPermanent"] = kernel.Permanent;
        _values["PriceImpact.KernelExplained"] = kernel.Explained;
        _values["PriceImpact.KernelVersion"] = kernel.Version;
    }

    // Each second's move, premium and flows, and what the fits make of all pairs of neighbours.
    private void Loops(SetSignals set, InstrumentSignals touch)
    {
        if (_mid2 > 0)
        {
            long taken = _paths.Close(_mid2, touch.Cascade.BasisBps);
            long flow = _ofiSum is { } before ? touch.Pressure.OfiSum - before - taken : 0;
            _makers.Trade(Math.Sign(flow), Math.Abs(flow));
            _makers.Close(_mid2);
            _ofiSum = touch.Pressure.OfiSum;
        }
        else
        {
            ResetLoops();
        }

        _paths.Read(set.Estimates.Kyle.Slope, out double trend, out double funding);
        double makers = _slope.Fit.Slope * _makers.Fit.Slope;
        ValueFields.Flatten("Loops.MakerFlow", _makers.Fit, _values);
        (_values["Loops.Trend"], _values["Loops.Funding"], _values["Loops.Makers"]) = (trend, funding, makers);
        foreach ((string side, double forced) in new[]
            { ("Bid", set.Feedback.Fall.LoopGain), ("Ask", set.Feedback.Squeeze.LoopGain) })
        {
            double total = forced + (trend + funding + makers);
            _values[$"Loops.{side}.Forced"] = forced;
            _values[$"Loops.{side}.Total"] = total;
            _values[$"Loops.{side}.Amplification"] = total >= 1 ? 0 : 1 / (1 - total);
        }
    }

    private void ResetLoops()
    {
        _paths.Reset();
        _makers.Reset();
        _ofiSum = null;
    }

    private void Leverage(InstrumentSignals touch, long now)
    {
        _polls.Read(60 * Fixtures.Second, now, out OpenInterestChange minute);
        _polls.Read(300 * Fixtures.Second, now, out OpenInterestChange five);
        ValueFields.Flatten("Leverage.Minute", minute, _values);
        ValueFields.Flatten("Leverage.FiveMinutes", five, _values);
        double depth = touch.Liquidity.BidBandLots[3] + touch.Liquidity.AskBandLots[3];
        double day = _values["Activity.DayLots"];
        _values["Leverage.OverDepth"] = depth > 0 ? touch.Cascade.OpenInterest / depth : 0;
        _values["Leverage.OverDayLots"] = day > 0 ? touch.Cascade.OpenInterest / day : 0;
        _funding.Read(now, out double premium);
        _values["Leverage.MeanPremiumBps"] = premium;
        long rate = touch.Cascade.FundingRate;
        _values["Leverage.AnnualFunding"] =
            rate == Optional.Null ? 0 : rate * 1e-9 * (24 / _own.FundingHours) * 365;
    }
}
