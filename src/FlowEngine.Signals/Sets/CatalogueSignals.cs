using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// What set <c>full</c> computes of one instrument beyond <see cref="SetSignals"/>, which it drives: the touch is fed
/// first each time, then this. By cadence: <see cref="FairValue"/> after each venue event; <see cref="Excitation"/>
/// with each score; <see cref="Shape"/> and <see cref="Resilience"/> every 100 ms; <see cref="Activity"/>, <see
/// cref="PriceImpact"/> and <see cref="Leverage"/> every second. What is crossed or has a gap freezes and starts anew
/// as the touch does. Engine thread only; nothing is allocated after the constructor.
/// </summary>
public sealed class CatalogueSignals
{
    private const int StressBandBps = 10;

    private readonly InstrumentSignals _touch;
    private readonly SetSignals _set;
    private readonly int _stressBand;
    private readonly ShapeGroup _shape;
    private readonly ExecutionGroup _execution;
    private FairValueGroup _fairValue;
    private ResilienceGroup _resilience;
    private ExcitationGroup _excitation;
    private ActivityGroup _activity;
    private PriceImpactGroup _priceImpact;
    private LeverageGroup _leverage;
    private LoopGroup _loops;
    private EventOrders _orders;
    private FairValueValues _fairValueValues;
    private ShapeValues _shapeValues;
    private ResilienceValues _resilienceValues;
    private ExcitationValues _excitationValues;
    private ActivityValues _activityValues;
    private PriceImpactValues _priceImpactValues;
    private LeverageValues _leverageValues;
    private LoopValues _loopValues;
    private ExecutionValues _executionValues;
    private ValidityFlags _shapeFlags = ValidityFlags.Warmup;

    /// <summary>Signals of an instrument that nothing is known of yet.</summary>
    /// <param name="options">Checked by <paramref name="set"/>.</param>
    /// <param name="signalOptions">Those of <paramref name="touch"/>.</param>
    /// <param name="instrument">Whose.</param>
    /// <param name="touch">Its touch, fed before this each time.</param>
    /// <param name="set">Its default set, which from now on only this feeds.</param>
    public CatalogueSignals(
        SetOptions options,
        SignalOptions signalOptions,
        Instrument instrument,
        InstrumentSignals touch,
        SetSignals set)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(signalOptions);
        ArgumentNullException.ThrowIfNull(instrument);
        ArgumentNullException.ThrowIfNull(touch);
        ArgumentNullException.ThrowIfNull(set);
        CatalogueOptions own = options.Catalogue;
        _touch = touch;
        _set = set;
        _stressBand = SignalWidths.Bands - 1;
        while (_stressBand > 0 && signalOptions.BandBps[_stressBand - 1] >= StressBandBps)
        {
            _stressBand--;
        }

        _fairValue = new FairValueGroup(own, instrument);
        _shape = new ShapeGroup(own, signalOptions.MaxWalkLevels, instrument);
        _resilience = new ResilienceGroup(options, signalOptions, instrument);
        _excitation = new ExcitationGroup(own);
        _activity = new ActivityGroup(own);
        _priceImpact = new PriceImpactGroup(own, instrument);
        _leverage = new LeverageGroup(own);
        _loops = new LoopGroup(own);
        _execution = new ExecutionGroup(own, signalOptions.MaxWalkLevels, instrument);
        _fairValueValues.UpProbability = QueueImbalance.ProbabilityUp(0, QueueWeights.Default);
        FairValueValidity = ShapeValidity = ResilienceValidity = ExcitationValidity = ValidityFlags.Warmup;
        ActivityValidity = PriceImpactValidity = LeverageValidity = ValidityFlags.Warmup;
        LoopValidity = ExecutionValidity = ValidityFlags.Warmup;
    }

    /// <summary>As of the newest <see cref="Evaluate"/>.</summary>
    public ref readonly FairValueValues FairValue => ref _fairValueValues;

    /// <summary>As of the newest <see cref="EvaluateShape"/>.</summary>
    public ref readonly ShapeValues Shape => ref _shapeValues;

    /// <summary>As of the newest <see cref="EvaluateShape"/>.</summary>
    public ref readonly ResilienceValues Resilience => ref _resilienceValues;

    /// <summary>As of the newest <see cref="EvaluateScore"/>.</summary>
    public ref readonly ExcitationValues Excitation => ref _excitationValues;

    /// <summary>As of the newest <see cref="CloseSecond"/>.</summary>
    public ref readonly ActivityValues Activity => ref _activityValues;

    /// <summary>As of the newest <see cref="CloseSecond"/>.</summary>
    public ref readonly PriceImpactValues PriceImpact => ref _priceImpactValues;

    /// <summary>As of the newest <see cref="CloseSecond"/>.</summary>
    public ref readonly LeverageValues Leverage => ref _leverageValues;

    /// <summary>As of the newest <see cref="CloseSecond"/>.</summary>
    public ref readonly LoopValues Loops => ref _loopValues;

    /// <summary>As of the newest <see cref="EvaluateExecution"/>.</summary>
    public ref readonly ExecutionValues Execution => ref _executionValues;

    /// <summary>Flags of <see cref="FairValue"/>.</summary>
    public ValidityFlags FairValueValidity { get; private set; }

    /// <summary>Flags of <see cref="Shape"/>.</summary>
    public ValidityFlags ShapeValidity { get; private set; }

    /// <summary>Flags of <see cref="Resilience"/>.</summary>
    public ValidityFlags ResilienceValidity { get; private set; }

    /// <summary>Flags of <see cref="Excitation"/>.</summary>
    public ValidityFlags ExcitationValidity { get; private set; }

    /// <summary>Flags of <see cref="Activity"/>.</summary>
    public ValidityFlags ActivityValidity { get; private set; }

    /// <summary>Flags of <see cref="PriceImpact"/>.</summary>
    public ValidityFlags PriceImpactValidity { get; private set; }

    /// <summary>Flags of <see cref="Leverage"/>.</summary>
    public ValidityFlags LeverageValidity { get; private set; }

    /// <summary>Flags of <see cref="Loops"/>.</summary>
    public ValidityFlags LoopValidity { get; private set; }

    /// <summary>Flags of <see cref="Execution"/>.</summary>
    public ValidityFlags ExecutionValidity { get; private set; }

    /// <summary>Takes a print that the touch has taken. O(terms of the kernel).</summary>
    [Hot]
    public void OnTrade(in MarketEvent trade)
    {
        _set.OnTrade(trade, ref _resilience);
        if (trade.Quantity <= 0)
        {
            return;
        }

        long nowNs = _touch.NowNs;
        int sign = _touch.LastSign;
        _excitation.Trade(trade, sign, nowNs);
        if ((trade.Flags & EventFlags.OffBook) == 0)
        {
            _orders.Add(sign, trade.Quantity);
            _fairValue.Trade(sign, trade.Price, trade.Quantity, nowNs);
            _priceImpact.Trade(sign, trade.Price, trade.Quantity, nowNs);
            _loops.Trade(sign, trade.Quantity);
        }
    }

    /// <summary>Takes mark, index and open interest that the touch has taken; other kinds are none of its
    /// business.</summary>
    [Hot]
    public void OnReference(in MarketEvent e)
    {
        _set.OnReference(e);
        switch (e.Kind)
        {
            case EventKind.OpenInterest when e.Quantity >= 0:
                _excitation.OpenInterest(e.Quantity);
                _leverage.OpenInterest(e.Quantity, Mid2(), _touch.NowNs);
                break;
            case EventKind.MarkPrice or EventKind.IndexPrice:
                _leverage.Prices(_touch.Cascade.MarkPrice, _touch.Cascade.IndexPrice, _touch.NowNs);
                break;
            default:
                break;
        }
    }

    /// <summary>The end of a venue event, after the touch's own. O(levels watched).</summary>
    /// <returns>Whether it had a forced trade: then the score is to be evaluated at once.</returns>
    [Hot]
    public bool Evaluate(in BookSide bids, in BookSide asks)
    {
        bool forced = _set.Evaluate(bids, asks, ref _resilience);
        long nowNs = _touch.NowNs;
        long mid2 = Mid2();
        BookStep step = _touch.LastStep;
        _resilience.Evaluate(bids, asks, step, _set.Steps, _touch.Boundary, nowNs);
        _excitation.EndEvent(_orders, _set.Parameters, nowNs);
        _activity.EndEvent(_orders, step, mid2, nowNs);
        _priceImpact.EndEvent(_orders, step, mid2, nowNs);
        _loops.EndEvent(step);
        FairValueValidity = _touch.TouchValidity
            | _fairValue.Evaluate(
                bids,
                asks,
                step,
                _touch.Boundary,
                _orders,
                _set.Parameters,
                _activityValues.LargeTradeLots,
                nowNs,
                ref _fairValueValues);
        _orders = default;
        return forced;
    }

    /// <summary>Score, regime, feedback and excitation as of the newest event. O(levels + forced levels).</summary>
    [Hot]
    public void EvaluateScore(in BookSide bids, in BookSide asks)
    {
        _set.EvaluateScore(bids, asks, ref _resilience);
        ExcitationValidity = _touch.TouchValidity
            | _excitation.Evaluate(
                _set.Score,
                _set.Feedback,
                _set.DepthFlow,
                _set.Parameters,
                _touch.Cascade.BasisBps,
                Mid2(),
                _touch.NowNs,
                ref _excitationValues);
    }

    /// <summary>Shape and resilience of the book as it is. O(levels).</summary>
    [Hot]
    public void EvaluateShape(in BookSide bids, in BookSide asks)
    {
        long nowNs = _touch.NowNs;
        long mid2 = Mid2();
        if (_touch.LastStep != BookStep.Frozen)
        {
            _shapeFlags = _shape.Evaluate(bids, asks, mid2, _touch.Impact.Sizes, ref _shapeValues);
            ref readonly LiquidityValues liquidity = ref _touch.Liquidity;
            if (mid2 > 0)
            {
                double depth = (double)liquidity.BidBandLots[_stressBand] + liquidity.AskBandLots[_stressBand];
                _resilience.Sample(liquidity.TimeWeightedSpread, depth, nowNs);
            }
        }

        ShapeValidity = _touch.TouchValidity | _shapeFlags;
        ResilienceValidity = _touch.TouchValidity | _resilience.Read(nowNs, ref _resilienceValues);
    }

    /// <summary>Ends a second of the pipeline's clock.</summary>
    [Hot]
    public void CloseSecond()
    {
        _set.CloseSecond();
        long nowNs = _touch.NowNs;
        ref readonly PressureValues pressure = ref _touch.Pressure;
        ref readonly LiquidityValues liquidity = ref _touch.Liquidity;
        const int Widest = SignalWidths.Bands - 1;
        double depth = (double)liquidity.BidBandLots[Widest] + liquidity.AskBandLots[Widest];
        ValidityFlags touch = _touch.TouchValidity;
        _priceImpact.CloseSecond(pressure.OfiSum, nowNs);
        ref readonly RegressionFit kyle = ref _set.Estimates.Kyle;
        double lambda = kyle.Slope;
        _loops.CloseSecond(pressure.OfiSum, Mid2(), _touch.Cascade.BasisBps);
        ActivityValidity = touch
            | _activity.Read(_touch.Impact.Sizes, _set.Parameters, nowNs, ref _activityValues);
        PriceImpactValidity = touch
            | _priceImpact.Read(
                pressure.AverageDepth, lambda, _set.Parameters.ImpactKernel, nowNs, ref _priceImpactValues);
        LeverageValidity = touch
            | _leverage.Read(_touch.Cascade.FundingRate, depth, _activityValues.DayLots, nowNs, ref _leverageValues);
        LoopValidity = touch | _set.FeedbackValidity | kyle.Flags | _priceImpactValues.FlowSlope.Flags
            | _loops.Read(_set.Feedback, lambda, _priceImpactValues.FlowSlope.Slope, ref _loopValues);
    }

    /// <summary>Prices orders on the book as it is: each second, after <see cref="CloseSecond"/>. O(slices ×
    /// levels).</summary>
    [Hot]
    public void EvaluateExecution(in BookSide bids, in BookSide asks)
    {
        if (_touch.LastStep == BookStep.Frozen)
        {
            ExecutionValidity |= _touch.TouchValidity;
            return;
        }

        ref readonly RegressionFit kyle = ref _set.Estimates.Kyle;
        ValidityFlags known = kyle.Flags | _activity.VolatilityFlags
            | (_priceImpactValues.KernelVersion > 0 ? ValidityFlags.None : ValidityFlags.LowSamples);
        var market = new ExecutionMarket(
            Math.Sqrt(_activityValues.OneSecond.Variance), kyle.Slope, _priceImpact.Transient, known);
        ExecutionValidity = _touch.TouchValidity
            | _execution.Read(
                bids, asks, _touch.Boundary, _touch.Impact.Sizes, market, _touch.NowNs, ref _executionValues);
    }

    // Of the touch that stands; none while it is frozen or has one side.
    private long Mid2() => _touch.Boundary.HasBoth ? Math.Max(0, _touch.Boundary.Mid2) : 0;
}
