using FlowEngine.Core;
using FlowEngine.Core.Checks;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// What a set computes of one instrument beyond <see cref="InstrumentSignals"/>, which is called first each time. By
/// cadence: <see cref="DepthFlow"/> after each venue event; <see cref="Score"/> and <see cref="Feedback"/> every 100 ms
/// and with each event that had a forced trade; <see cref="Estimates"/> every second. What is crossed or has a gap
/// freezes and starts anew as the touch does. Engine thread only; nothing is allocated after the constructor.
/// </summary>
public sealed class SetSignals
{
    private const int ScoreBandBps = 10;
    private const double MinutesPerDay = 1440;

    private readonly InstrumentSignals _touch;
    private readonly int _band;
    private readonly bool _scalesByCorrelation;
    private DepthGroup _depth;
    private TradeGroup _trades;
    private FeedbackGroup _feedback;
    private ScoreGroup _score;
    private DepthFlowValues _depthFlowValues;
    private ScoreValues _scoreValues;
    private FeedbackValues _feedbackValues;
    private EstimateValues _estimateValues;
    private bool _forced;

    /// <summary>Signals of an instrument that nothing is known of yet.</summary>
    /// <param name="options">Validated here.</param>
    /// <param name="signalOptions">Those of <paramref name="touch"/>.</param>
    /// <param name="instrument">Whose.</param>
    /// <param name="touch">Its touch, fed before this each time.</param>
    public SetSignals(SetOptions options, SignalOptions signalOptions, Instrument instrument, InstrumentSignals touch)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(signalOptions);
        ArgumentNullException.ThrowIfNull(instrument);
        ArgumentNullException.ThrowIfNull(touch);
        options.Validate();
        _touch = touch;
        _band = SignalWidths.Bands - 1;
        while (_band > 0 && signalOptions.BandBps[_band - 1] >= ScoreBandBps)
        {
            _band--;
        }

        _scalesByCorrelation = options.ScoreByCorrelation;
        Parameters = new SetParameters(instrument.TickQuanta);
        _depth = new DepthGroup(options, instrument);
        _trades = new TradeGroup(options);
        _feedback = new FeedbackGroup(options, instrument);
        _score = new ScoreGroup(options);
        ClearLine(ref _feedbackValues.Fall);
        ClearLine(ref _feedbackValues.Squeeze);
        DepthFlowValidity = ScoreValidity = FeedbackValidity = EstimateValidity = ValidityFlags.Warmup;
    }

    /// <summary>What slow work found, which these signals run on.</summary>
    public SetParameters Parameters { get; }

    /// <summary>As of the newest <see cref="Evaluate"/>.</summary>
    public ref readonly DepthFlowValues DepthFlow => ref _depthFlowValues;

    /// <summary>As of the newest <see cref="EvaluateScore"/>.</summary>
    public ref readonly ScoreValues Score => ref _scoreValues;

    /// <summary>As of the newest <see cref="EvaluateScore"/>.</summary>
    public ref readonly FeedbackValues Feedback => ref _feedbackValues;

    /// <summary>As of the newest <see cref="CloseSecond"/>.</summary>
    public ref readonly EstimateValues Estimates => ref _estimateValues;

    /// <summary>Whole seconds that <see cref="EstimateValues.LevelOfi"/> was told of.</summary>
    public long FlowSeconds => _depth.FlowSeconds;

    /// <summary>Bit n is set where leg n was known to the newest <see cref="Score"/>.</summary>
    public uint ScoredLegs { get; private set; }

    /// <summary>What the newest event changed in the levels watched.</summary>
    public ReadOnlySpan<LevelStep> Steps => _depth.Steps;

    /// <summary>Flags of <see cref="DepthFlow"/>.</summary>
    public ValidityFlags DepthFlowValidity { get; private set; }

    /// <summary>Flags of <see cref="Score"/>.</summary>
    public ValidityFlags ScoreValidity { get; private set; }

    /// <summary>Flags of <see cref="Feedback"/>.</summary>
    public ValidityFlags FeedbackValidity { get; private set; }

    /// <summary>Flags of <see cref="Estimates"/>.</summary>
    public ValidityFlags EstimateValidity { get; private set; }

    /// <summary>M8 for a scale of 1, as of now: a copy, to read on from.</summary>
    public TransientImpact Transient => _trades.Transient;

    /// <summary>Whether there is a map of forced lots (L5).</summary>
    public bool HasMap => _feedback.HasMap;

    /// <summary>Forced lots from the nearest price on (L5); sign -1 for a fall, 1 for a squeeze.</summary>
    /// <returns>Levels written.</returns>
    [Hot]
    public int ReadForced(int sign, Span<LiquidationLevel> levels) => _feedback.ReadForced(sign, levels);

    /// <summary>Takes a print that the touch has taken. O(terms of the kernel).</summary>
    [Hot]
    public void OnTrade(in MarketEvent trade)
    {
        NoLevelFlowTap nobody = default;
        OnTrade(trade, ref nobody);
    }

    /// <summary>The same, and tells <paramref name="tap"/> what became of levels.</summary>
    [Hot]
    public void OnTrade<TTap>(in MarketEvent trade, ref TTap tap)
        where TTap : struct, ILevelFlowTap
    {
        if (trade.Quantity <= 0)
        {
            return;
        }

        long nowNs = _touch.NowNs;
        int sign = _touch.LastSign;
        _forced |= _feedback.Trade(trade, sign, nowNs);
        if ((trade.Flags & EventFlags.OffBook) == 0)
        {
            _depth.Trade(sign, trade.Price, trade.Quantity, nowNs, ref tap);
            _trades.Trade(sign, trade.Quantity, nowNs);
        }
    }

    /// <summary>Takes what an event did to an order of a book of orders that was live before and after it.</summary>
    /// <param name="kind">What the venue said.</param>
    /// <param name="before">The order before it; no lots where it did not rest.</param>
    /// <param name="after">The same after it.</param>
    [Hot]
    public void OnOrder(EventKind kind, in RestingOrder before, in RestingOrder after) =>
        _depth.Order(kind, before, after);

    /// <summary>Takes open interest; other kinds are none of its business.</summary>
    [Hot]
    public void OnReference(in MarketEvent e)
    {
        if (e.Kind == EventKind.OpenInterest && e.Quantity >= 0)
        {
            ref readonly TouchState touch = ref _touch.Boundary;
            _feedback.OpenInterest(e.Quantity, touch.HasBoth ? touch.BidPrice : 0, _touch.NowNs);
        }
    }

    /// <summary>The end of a venue event, after the touch's own. O(levels watched).</summary>
    /// <returns>Whether it had a forced trade: then the score is to be evaluated at once.</returns>
    [Hot]
    public bool Evaluate(in BookSide bids, in BookSide asks)
    {
        NoLevelFlowTap nobody = default;
        return Evaluate(bids, asks, ref nobody);
    }

    /// <summary>The same, and tells <paramref name="tap"/> what became of levels.</summary>
    [Hot]
    public bool Evaluate<TTap>(in BookSide bids, in BookSide asks, ref TTap tap)
        where TTap : struct, ILevelFlowTap
    {
        long nowNs = _touch.NowNs;
        _depth.Evaluate(bids, asks, _touch.LastStep, _touch.Boundary, nowNs, ref tap);
        _feedback.EndEvent(nowNs);
        if (_touch.LastStep != BookStep.Stepped)
        {
            _trades.Restart();
        }

        DepthFlowValidity = _touch.TouchValidity | _depth.Read(nowNs, ref _depthFlowValues);
        bool forced = _forced;
        _forced = false;
        return forced;
    }

    /// <summary>Score, regime and feedback as of the newest event. O(levels + forced levels).</summary>
    [Hot]
    public void EvaluateScore(in BookSide bids, in BookSide asks)
    {
        NoLevelFlowTap nobody = default;
        EvaluateScore(bids, asks, ref nobody);
    }

    /// <summary>The same, and tells <paramref name="tap"/> what became of levels.</summary>
    [Hot]
    public void EvaluateScore<TTap>(in BookSide bids, in BookSide asks, ref TTap tap)
        where TTap : struct, ILevelFlowTap
    {
        long nowNs = _touch.NowNs;
        bool frozen = _touch.LastStep == BookStep.Frozen;
        if (!frozen)
        {
            _depth.Expire(nowNs, ref tap);
        }

        ValidityFlags own = _feedback.Evaluate(
            bids, asks, frozen, _depth.ReadRefill(nowNs), nowNs, ref _feedbackValues);
        FeedbackValidity = _touch.TouchValidity | own;
        uint valid = 0;
        ReadLegs(frozen, nowNs, ref valid, out PerLeg legs);
        ScoredLegs = valid;
        _scoreValues.CorrelationVersion =
            _scalesByCorrelation ? Parameters.VersionOf(ParameterKind.LegCorrelation) : 0;
        ScoreValidity = _touch.TouchValidity
            | _score.Evaluate(
                legs,
                valid,
                _scoreValues.CorrelationVersion > 0 ? Parameters.LegCorrelation : default,
                _feedbackValues,
                _feedback.FallFlags,
                _feedback.SqueezeFlags,
                nowNs,
                ref _scoreValues);
        AssertFinite();
    }

    /// <summary>Ends a second of the pipeline's clock.</summary>
    [Hot]
    public void CloseSecond()
    {
        long nowNs = _touch.NowNs;
        ref readonly TouchState touch = ref _touch.Boundary;
        bool known = _touch.TryMeanMinute(out double minuteLots);
        if (Parameters.DayLots > 0)
        {
            // A whole day says more of what is usual than the minutes just past.
            known = true;
            minuteLots = Parameters.DayLots / MinutesPerDay;
        }

        long flowSeconds = _depth.FlowSeconds;
        _depth.CloseSecond(Parameters.OfiWeights);
        if (_depth.FlowSeconds != flowSeconds)
        {
            _estimateValues.WeightsVersion = (uint)Parameters.OfiWeights.Version;
        }

        _trades.CloseSecond(touch.HasBoth ? touch.Mid2 : 0, known ? minuteLots : 0, nowNs);
        _depth.ReadSecond(ref _estimateValues);
        EstimateValidity = _touch.TouchValidity | _trades.Read(nowNs, ref _estimateValues);
    }

    /// <summary>The score's legs as they are now, and what each is held against. Changes nothing.</summary>
    /// <param name="legs">Receives seven, in the order of <see cref="PressureLeg"/>.</param>
    public void ReadLegs(Span<ScoreLeg> legs)
    {
        uint valid = 0;
        (double flow, double book) = (_scoreValues.IntegratedOfi, _scoreValues.BandImbalance);
        ReadLegs(_touch.LastStep == BookStep.Frozen, _touch.NowNs, ref valid, out PerLeg values);
        (_scoreValues.IntegratedOfi, _scoreValues.BandImbalance) = (flow, book);
        for (int i = 0; i < PerLeg.Count; i++)
        {
            legs[i] = _score.PastOf((PressureLeg)i);
            legs[i].Value = values[i];
            legs[i].IsKnown = (valid >> i & 1) != 0;
        }
    }

    private void ReadLegs(bool frozen, long nowNs, ref uint valid, out PerLeg legs)
    {
        legs = default;
        ref readonly PressureValues p = ref _touch.Pressure;
        ref readonly LiquidityValues l = ref _touch.Liquidity;
        _scoreValues.IntegratedOfi = _depth.Integrated;
        _scoreValues.BandImbalance = p.BandImbalance[_band];
        bool pulled = _depth.ReadWithdrawal(nowNs, out double withdrawal) == ValidityFlags.None;
        bool stepped = l.BidRetreat + l.AskAdvance + l.BidAdvance + l.AskRetreat > 0;
        double usual = _feedbackValues.UsualForcedPerSecond;
        ScoreGroup.Take(ref legs, ref valid, PressureLeg.Flow, !frozen && _depth.HasFlow, -_depth.Integrated);
        ScoreGroup.Take(
            ref legs,
            ref valid,
            PressureLeg.Book,
            !frozen && l.BidBandLots[_band] + l.AskBandLots[_band] > 0,
            -p.BandImbalance[_band]);
        ScoreGroup.Take(ref legs, ref valid, PressureLeg.Trades, p.BuyLots + p.SellLots > 0, -p.TradeImbalance);
        ScoreGroup.Take(
            ref legs,
            ref valid,
            PressureLeg.DownTicks,
            p.UpTickLots + p.DownTickLots > 0,
            ScoreGroup.DownTicks(p.DownTickShare));
        ScoreGroup.Take(ref legs, ref valid, PressureLeg.Withdrawal, !frozen && pulled, withdrawal);
        ScoreGroup.Take(ref legs, ref valid, PressureLeg.DownSteps, !frozen && stepped, l.DownStepShare);
        ScoreGroup.Take(
            ref legs,
            ref valid,
            PressureLeg.Liquidations,
            usual > 0,
            SellPressure.LiquidationLeg(
                _feedbackValues.Fall.ForcedPerSecond, _feedbackValues.Squeeze.ForcedPerSecond, usual));
    }

    private static void ClearLine(ref FeedbackLine line)
    {
        line.GainBandQuanta = Optional.Null;
        line.CriticalShockLots = Optional.Null;
        line.FinalPrice = Optional.Null;
        line.RefilledPrice = Optional.Null;
    }

    /// <summary>NaN and infinity are bugs; either would show in the sum.</summary>
    [System.Diagnostics.Conditional("FLOW_CHECKS")]
    private void AssertFinite()
    {
        ref readonly FeedbackLine f = ref _feedbackValues.Fall;
        ref readonly FeedbackLine s = ref _feedbackValues.Squeeze;
        Check.That(double.IsFinite(
            _scoreValues.Composite.Raw + _scoreValues.IntegratedOfi + f.LoopGain + s.LoopGain + f.BranchingShort
            + s.BranchingShort + f.ForcedPerSecondUpper + s.ForcedPerSecondUpper + _estimateValues.Vpin
            + _estimateValues.Kyle.Slope + _depthFlowValues.Withdrawal.Direction));
    }
}
