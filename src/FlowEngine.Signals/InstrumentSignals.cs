using System.Diagnostics;
using System.Runtime.Intrinsics;
using FlowEngine.Core;
using FlowEngine.Core.Checks;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// All signals of one instrument. The engine feeds it every trade and reference event, and calls <see cref="Evaluate"/>
/// at each end of a venue event; the values then stand until the next call, and reading them changes nothing. Engine
/// thread only; nothing is allocated after the constructor. A pure function of its calls: no clock, no random source,
/// no maths library.
/// <para>A crossed book or a gap freezes what comes from the book: the values hold, only the event's order flow is 0,
/// and the first sound book after it is a new start. Trades go on. A start (first book, snapshot, gap healed, halt
/// begun or over) gives no difference signal and sets <see cref="ValidityFlags.Warmup"/>.</para>
/// </summary>
public sealed class InstrumentSignals
{
    private const ValidityFlags Freezing = ValidityFlags.Crossed | ValidityFlags.Gap;
    private const ValidityFlags Phase = ValidityFlags.Halted | ValidityFlags.Gap;
    private const ValidityFlags OfBookOnly = ValidityFlags.Warmup | ValidityFlags.Crossed | ValidityFlags.Locked
        | ValidityFlags.OneSided | ValidityFlags.Empty | ValidityFlags.PartialDepth | ValidityFlags.LowSamples;

    private static readonly TouchState s_nothing = new(TouchState.NoBid, 0, TouchState.NoAsk, 0);

    private readonly int _maxWalkLevels;
    private readonly int _feedDepthLevels;
    private readonly PerBandLots _bandBps;
    private readonly SweepSizes _sweepSizes;

    private SignalClock _clock;
    private OrderFlowImbalance _ofi;
    private TimeWeightedSpread _spread;
    private QuoteSteps _steps;
    private TradeSign _tradeSign;
    private SignedVolume _signedVolume;
    private TickVolume _tickVolume;
    private MinuteVolume _minuteVolume;
    private LiquidationTotals _liquidations;

    private PerBandLots _reach2;
    private long _reachMid2 = long.MinValue;
    private TouchState _boundary = s_nothing;
    private bool _hasBoundary;
    private bool _frozen = true;
    private bool _everPrimed;
    private ValidityFlags _phase;
    private ValidityFlags _lastingFlags;
    private ValidityFlags _eventFlags;
    private ulong _tradeCount;
    private ulong _inferredCount;
    private SignSource _signSource;
    private long _lastTradePrice = Optional.Null;
    private long _lastTradeLots;

    private TouchValues _touch;
    private PressureValues _pressure;
    private ImpactValues _impact;
    private LiquidityValues _liquidity;
    private CascadeValues _cascade;

    /// <summary>Signals of an instrument that nothing is known of yet.</summary>
    /// <param name="options">Validated here.</param>
    /// <param name="instrument">Its feed depth decides what <see cref="ValidityFlags.PartialDepth"/> means.</param>
    public InstrumentSignals(in SignalOptions options, Instrument instrument)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(instrument);
        options.Validate();
        _maxWalkLevels = options.MaxWalkLevels;
        _feedDepthLevels = instrument.FeedDepthLevels;
        for (int i = 0; i < SignalWidths.Bands; i++)
        {
            _bandBps[i] = options.BandBps[i];
        }

        _sweepSizes = new SweepSizes(options);
        _ofi = new OrderFlowImbalance(
            new HalfLife(options.OfiHalfLifeNs), new HalfLife(options.AverageDepthHalfLifeNs));
        _spread = new TimeWeightedSpread(new HalfLife(options.SpreadHalfLifeNs));
        _steps = new QuoteSteps(new HalfLife(options.QuoteStepHalfLifeNs));
        _signedVolume = new SignedVolume(new HalfLife(options.SignedVolumeHalfLifeNs));
        _tickVolume = new TickVolume(new HalfLife(options.TickVolumeHalfLifeNs));
        _minuteVolume = new MinuteVolume(new HalfLife(options.MinuteVolumeHalfLifeNs));
        _touch.BidPrice = Optional.Null;
        _touch.AskPrice = Optional.Null;
        _touch.LastTradePrice = Optional.Null;
        _cascade.OpenInterest = Optional.Null;
        _cascade.MarkPrice = Optional.Null;
        _cascade.IndexPrice = Optional.Null;
        _cascade.FundingRate = Optional.Null;
        Validity = TouchValidity = PressureValidity = LiquidityValidity = ImpactValidity = ValidityFlags.Warmup;
    }

    /// <summary>Best levels and newest print, as of <see cref="Evaluate"/>.</summary>
    public ref readonly TouchValues Touch => ref _touch;

    /// <summary>Book imbalance, order flow and signed volume, as of <see cref="Evaluate"/>.</summary>
    public ref readonly PressureValues Pressure => ref _pressure;

    /// <summary>Sweep costs, as of <see cref="EvaluateImpact"/>.</summary>
    public ref readonly ImpactValues Impact => ref _impact;

    /// <summary>Spread and depth, as of <see cref="Evaluate"/>.</summary>
    public ref readonly LiquidityValues Liquidity => ref _liquidity;

    /// <summary>Liquidations and references, as of the newest event of either.</summary>
    public ref readonly CascadeValues Cascade => ref _cascade;

    /// <summary>
    /// Flags of whichever of <see cref="Evaluate"/> and <see cref="EvaluateImpact"/> was called last: of all it
    /// computed.
    /// </summary>
    public ValidityFlags Validity { get; private set; }

    /// <summary>Flags of <see cref="Touch"/> alone.</summary>
    public ValidityFlags TouchValidity { get; private set; }

    /// <summary>Flags of <see cref="Pressure"/> alone.</summary>
    public ValidityFlags PressureValidity { get; private set; }

    /// <summary>Flags of <see cref="Impact"/> alone.</summary>
    public ValidityFlags ImpactValidity { get; private set; }

    /// <summary>Flags of <see cref="Liquidity"/> alone.</summary>
    public ValidityFlags LiquidityValidity { get; private set; }

    /// <summary>
    /// Flags of <see cref="Cascade"/> alone: nothing about the shape of the book; LowSamples where there is no basis.
    /// </summary>
    public ValidityFlags CascadeValidity => (TouchValidity & ~OfBookOnly)
        | (Basis.TryBps(_cascade.MarkPrice, _cascade.IndexPrice, out _)
            ? ValidityFlags.None
            : ValidityFlags.LowSamples);

    /// <summary>Decay clock: the newest venue time, nanoseconds since epoch.</summary>
    public long NowNs => _clock.NowNs;

    /// <summary>The touch before the running venue event; empty where it is not known or frozen.</summary>
    public ref readonly TouchState Boundary => ref _boundary;

    /// <summary>Sign of the newest print: 1 bought, -1 sold, 0 nobody knows.</summary>
    public int LastSign { get; private set; }

    /// <summary>What the newest <see cref="Evaluate"/> made of the book.</summary>
    public BookStep LastStep { get; private set; }

    /// <summary>Venue times that ran backwards and were clamped.</summary>
    public long TimeRegressions => _clock.Regressions;

    /// <summary>Prints of 0 or fewer lots: left out, and flagged as damaged input.</summary>
    public long RefusedTrades { get; private set; }

    /// <summary>Takes a print (Trade or Liquidation). Its effect shows after <see cref="Evaluate"/>. O(1).</summary>
    /// <param name="trade">The print.</param>
    /// <param name="bids">The book at that moment; asked only until there is an event boundary to go by.</param>
    /// <param name="asks">Its other side.</param>
    [Hot]
    public void OnTrade(in MarketEvent trade, in BookSide bids, in BookSide asks)
    {
        if (trade.Quantity <= 0)
        {
            RefusedTrades++;
            _eventFlags |= ValidityFlags.DamagedInput;
            return;
        }

        AdvanceClock(trade.VenueTime);
        bool throttled = (trade.Flags & EventFlags.ThrottledSource) != 0;
        bool damaged = (trade.Flags & EventFlags.Damaged) != 0;
        _lastingFlags |= throttled ? ValidityFlags.ThrottledInput : ValidityFlags.None;
        _eventFlags |= damaged ? ValidityFlags.DamagedInput : ValidityFlags.None;

        // The quote rule asks for the quotes before the trade's event: within it the levels may have changed already.
        TouchState before = _hasBoundary ? _boundary : TouchState.Of(bids, asks);
        int sign = _tradeSign.Classify(trade, before, out _signSource);
        LastSign = sign;
        _tradeCount++;
        _inferredCount += _signSource is SignSource.Quote or SignSource.Tick ? 1u : 0u;
        _liquidations.Add(trade);
        _cascade.LiquidatedLongLots = _liquidations.LongLots;
        _cascade.LiquidatedShortLots = _liquidations.ShortLots;
        _cascade.Liquidations = _liquidations.Count;
        if ((trade.Flags & EventFlags.OffBook) != 0)
        {
            return;
        }

        long nowNs = _clock.NowNs;
        _signedVolume.Add(sign, trade.Quantity, nowNs);
        _tickVolume.Add(trade.Price, trade.Quantity, nowNs);
        _minuteVolume.Add(trade.Quantity, nowNs);
        _lastTradePrice = trade.Price;
        _lastTradeLots = trade.Quantity;
    }

    /// <summary>Mean lots of a minute.</summary>
    /// <returns>False until a minute was watched, or below one lot.</returns>
    [Hot]
    public bool TryMeanMinute(out double lots) => _minuteVolume.TryMean(_clock.NowNs, out lots);

    /// <summary>
    /// Takes a mark price, index price, open interest or funding rate; other kinds are none of its business. O(1).
    /// </summary>
    [Hot]
    public void OnReference(in MarketEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.MarkPrice:
                _cascade.MarkPrice = e.Price;
                break;
            case EventKind.IndexPrice:
                _cascade.IndexPrice = e.Price;
                break;
            case EventKind.OpenInterest:
                _cascade.OpenInterest = e.Quantity;
                return;
            case EventKind.Funding:
                _cascade.FundingRate = e.Price;
                return;
            default:
                return;
        }

        _ = Basis.TryBps(_cascade.MarkPrice, _cascade.IndexPrice, out _cascade.BasisBps);
    }

    /// <summary>
    /// Computes touch, pressure and liquidity at the end of a venue event. O(levels in the widest band).
    /// </summary>
    /// <param name="bids">The book after the event.</param>
    /// <param name="asks">Its other side.</param>
    /// <param name="book">What the book says of itself.</param>
    /// <param name="venueTimeNs">Time of the event: decay is read as of it.</param>
    /// <param name="reprime">Whether the book comes from a snapshot, not from the book before.</param>
    [Hot]
    public void Evaluate(
        in BookSide bids, in BookSide asks, ValidityFlags book, long venueTimeNs, bool reprime)
    {
        AdvanceClock(venueTimeNs);
        long nowNs = _clock.NowNs;
        TouchState touch = TouchState.Of(bids, asks);
        ValidityFlags flags = book | touch.Shape() | _lastingFlags | _eventFlags;
        _eventFlags = ValidityFlags.None;

        bool restart = reprime || ((flags ^ _phase) & Phase) != 0;
        _phase = flags & Phase;
        EndTradeEvent(nowNs, restart);

        _hasBoundary = true;
        if ((flags & Freezing) != 0)
        {
            Freeze(nowNs);
            flags |= _everPrimed ? ValidityFlags.None : ValidityFlags.Warmup;
        }
        else
        {
            bool prime = restart || _frozen;
            flags |= prime ? ValidityFlags.Warmup : ValidityFlags.None;
            MoveTouch(touch, nowNs, prime);
            ReadTouch(touch, nowNs);
            flags |= ReadDepth(touch, bids, asks);
        }

        TouchValidity = book | (flags & ~(ValidityFlags.PartialDepth | ValidityFlags.LowSamples));
        PressureValidity = flags | ReadTrades(nowNs);
        LiquidityValidity = flags | ReadSteps(nowNs);
        Validity = PressureValidity | LiquidityValidity;
        AssertFinite();
    }

    /// <summary>Computes the sweep costs, as of the last <see cref="Evaluate"/>'s time. O(levels walked).</summary>
    /// <param name="bids">The book as it is now.</param>
    /// <param name="asks">Its other side.</param>
    /// <param name="book">What the book says of itself.</param>
    [Hot]
    public void EvaluateImpact(in BookSide bids, in BookSide asks, ValidityFlags book)
    {
        TouchState touch = TouchState.Of(bids, asks);
        ValidityFlags flags = book | touch.Shape() | _lastingFlags;
        flags |= _everPrimed ? ValidityFlags.None : ValidityFlags.Warmup;
        if ((flags & Freezing) == 0)
        {
            long nowNs = _clock.NowNs;
            bool known = _sweepSizes.Fill(_minuteVolume, _ofi.AverageDepth(nowNs), nowNs, out PerSizeLots sizes);
            flags |= known ? ValidityFlags.None : ValidityFlags.LowSamples;
            SweepCost.Walk(bids, -1, sizes, touch, _maxWalkLevels, out SweepLines sell);
            SweepCost.Walk(asks, 1, sizes, touch, _maxWalkLevels, out SweepLines buy);
            StoreImpact(sizes, sell, buy);
            flags |= Depth(sell[SignalWidths.Sizes - 1].Unfilled > 0, bids.Count);
            flags |= Depth(buy[SignalWidths.Sizes - 1].Unfilled > 0, asks.Count);
            flags |= touch.HasBoth && touch.Mid2 <= 0 ? ValidityFlags.LowSamples : ValidityFlags.None;
        }

        ImpactValidity = flags;
        Validity = flags | (LiquidityValidity & (ValidityFlags.LowSamples | ValidityFlags.PartialDepth));
        AssertFinite();
    }

    private void AdvanceClock(long venueTimeNs) =>
        _eventFlags |= _clock.Advance(venueTimeNs) ? ValidityFlags.None : ValidityFlags.Clamped;

    private void EndTradeEvent(long nowNs, bool restart)
    {
        if (restart)
        {
            _tickVolume.Reprime();
        }

        _minuteVolume.Start(nowNs);
        _minuteVolume.EndEvent();
        _signedVolume.EndEvent();
        _tickVolume.EndEvent();
    }

    private void Freeze(long nowNs)
    {
        // Held values would be taken for new ones where a consumer adds them up.
        LastStep = BookStep.Frozen;
        _pressure.OfiEvent = 0;
        _boundary = s_nothing;
        if (!_frozen)
        {
            _frozen = true;
            _ofi.Pause(nowNs);
            _spread.Pause(nowNs);
        }
    }

    private void MoveTouch(in TouchState touch, long nowNs, bool prime)
    {
        LastStep = prime ? BookStep.Started : BookStep.Stepped;
        if (prime)
        {
            _ofi.Prime(touch, nowNs);
            _steps.Prime(touch);
            _frozen = false;
            _everPrimed = true;
        }
        else
        {
            _ofi.Step(touch, nowNs);
            _steps.Step(touch, nowNs);
        }

        _spread.Set(touch, nowNs);
        _boundary = touch;
    }

    private void ReadTouch(in TouchState touch, long nowNs)
    {
        _touch.BidPrice = touch.HasBid ? touch.BidPrice : Optional.Null;
        _touch.BidLots = touch.BidLots;
        _touch.AskPrice = touch.HasAsk ? touch.AskPrice : Optional.Null;
        _touch.AskLots = touch.AskLots;
        _touch.WeightedMid = WeightedMid.Of(touch);
        _liquidity.Spread = touch.HasBoth ? touch.Spread : 0;
        _liquidity.SpreadBps = Spread.Bps(touch);

        double averageDepth = _ofi.AverageDepth(nowNs);
        double flow = _ofi.Decayed(nowNs);
        _pressure.OfiEvent = _ofi.Event;
        _pressure.OfiSum = _ofi.Sum;
        _pressure.OfiDecayed = flow;
        _pressure.AverageDepth = averageDepth;
        _pressure.OfiNormalised = averageDepth > 0 ? flow / averageDepth : 0;
    }

    private ValidityFlags ReadDepth(in TouchState touch, in BookSide bids, in BookSide asks)
    {
        long mid2 = touch.HasBoth ? touch.Mid2 : 0;
        if (mid2 != _reachMid2)
        {
            MoveBands(mid2);
        }

        VolumeImbalance.Measure(bids, -1, mid2, _reach2, _maxWalkLevels, out SideDepth bid);
        VolumeImbalance.Measure(asks, 1, mid2, _reach2, _maxWalkLevels, out SideDepth ask);
        Vector256<double> top = VolumeImbalance.Of(
            Vector256.Create(bid.Top1, bid.Top3, bid.Top5, bid.Top10),
            Vector256.Create(ask.Top1, ask.Top3, ask.Top5, ask.Top10));
        _pressure.Imbalance1 = top[0];
        _pressure.Imbalance3 = top[1];
        _pressure.Imbalance5 = top[2];
        _pressure.Imbalance10 = top[3];
        VolumeImbalance.Of(Vector256.LoadUnsafe(in bid.Bands[0]), Vector256.LoadUnsafe(in ask.Bands[0]))
            .StoreUnsafe(ref _pressure.BandImbalance[0]);

        _liquidity.BidBandLots = bid.Bands;
        _liquidity.AskBandLots = ask.Bands;
        _liquidity.BidLevels = (uint)bids.Count;
        _liquidity.AskLevels = (uint)asks.Count;

        // The narrowest band is the first to be empty: where the spread is wider than it, or there is no mid above 0.
        bool empty = touch.HasBoth && bid.Bands[0] == 0 && ask.Bands[0] == 0;
        bool fewLevels = _feedDepthLevels is > 0 and < 10;
        return Depth(bid.ReachedEnd, bids.Count) | Depth(ask.ReachedEnd, asks.Count)
            | (fewLevels ? ValidityFlags.PartialDepth : ValidityFlags.None)
            | (empty || _pressure.AverageDepth <= 0 ? ValidityFlags.LowSamples : ValidityFlags.None);
    }

    private void MoveBands(long mid2)
    {
        _reachMid2 = mid2;
        for (int i = 0; i < SignalWidths.Bands; i++)
        {
            _reach2[i] = VolumeImbalance.Reach2((int)_bandBps[i], mid2);
        }
    }

    /// <summary>PartialDepth where a window ran out of levels on a side that may go on beyond them.</summary>
    private ValidityFlags Depth(bool ranOut, int levels) =>
        ranOut && (levels > _maxWalkLevels || (_feedDepthLevels > 0 && levels >= _feedDepthLevels))
            ? ValidityFlags.PartialDepth
            : ValidityFlags.None;

    private ValidityFlags ReadTrades(long nowNs)
    {
        _touch.LastTradePrice = _lastTradePrice;
        _touch.LastTradeLots = _lastTradeLots;
        _pressure.TradeCount = _tradeCount;
        _pressure.InferredCount = _inferredCount;
        _pressure.SignSource = _signSource;
        _pressure.CumulativeVolumeDelta = _signedVolume.CumulativeDelta(nowNs);
        _signedVolume.At(nowNs, out double buy, out double sell);
        _tickVolume.At(nowNs, out double up, out double down);
        _pressure.BuyLots = buy;
        _pressure.SellLots = sell;
        _pressure.TradeImbalance = SignedVolume.Imbalance(buy, sell);
        _pressure.UpTickLots = up;
        _pressure.DownTickLots = down;
        _pressure.DownTickShare = TickVolume.DownShare(up, down);
        return buy + sell > 0 && up + down > 0 ? ValidityFlags.None : ValidityFlags.LowSamples;
    }

    private ValidityFlags ReadSteps(long nowNs)
    {
        if (_frozen)
        {
            return ValidityFlags.None;
        }

        QuoteStepSums steps = _steps.At(nowNs);
        _liquidity.TimeWeightedSpread = _spread.At(nowNs);
        _liquidity.BidRetreat = steps.BidRetreat;
        _liquidity.AskAdvance = steps.AskAdvance;
        _liquidity.BidAdvance = steps.BidAdvance;
        _liquidity.AskRetreat = steps.AskRetreat;
        _liquidity.DownStepShare = steps.DownStepShare;
        _liquidity.NarrowingBySellers = steps.NarrowingBySellers;
        return steps.IsEmpty ? ValidityFlags.LowSamples : ValidityFlags.None;
    }

    private void StoreImpact(in PerSizeLots sizes, in SweepLines sell, in SweepLines buy)
    {
        _impact.Sizes = sizes;
        for (int i = 0; i < SignalWidths.Sizes; i++)
        {
            _impact.SellFilled[i] = sell[i].Filled;
            _impact.SellVwap[i] = sell[i].Vwap;
            _impact.SellSlippage[i] = sell[i].Slippage;
            _impact.SellSlippageBps[i] = sell[i].SlippageBps;
            _impact.SellWorst[i] = sell[i].Worst;
            _impact.BuyFilled[i] = buy[i].Filled;
            _impact.BuyVwap[i] = buy[i].Vwap;
            _impact.BuySlippage[i] = buy[i].Slippage;
            _impact.BuySlippageBps[i] = buy[i].SlippageBps;
            _impact.BuyWorst[i] = buy[i].Worst;
        }
    }

    /// <summary>NaN and infinity are bugs; either would show in the sum.</summary>
    [Conditional("FLOW_CHECKS")]
    private void AssertFinite()
    {
        ref readonly PressureValues p = ref _pressure;
        ref readonly LiquidityValues l = ref _liquidity;
        double sum = _touch.WeightedMid + p.Imbalance1 + p.Imbalance3 + p.Imbalance5 + p.Imbalance10 + p.OfiDecayed
            + p.OfiNormalised + p.AverageDepth + p.BuyLots + p.SellLots + p.TradeImbalance + p.UpTickLots
            + p.DownTickLots + p.DownTickShare + l.SpreadBps + l.TimeWeightedSpread + l.BidRetreat + l.AskAdvance
            + l.BidAdvance + l.AskRetreat + l.DownStepShare + l.NarrowingBySellers + _cascade.BasisBps;
        foreach (double imbalance in p.BandImbalance)
        {
            sum += imbalance;
        }

        for (int i = 0; i < SignalWidths.Sizes; i++)
        {
            sum += _impact.SellVwap[i] + _impact.SellSlippage[i] + _impact.SellSlippageBps[i];
            sum += _impact.BuyVwap[i] + _impact.BuySlippage[i] + _impact.BuySlippageBps[i];
        }

        Check.That(double.IsFinite(sum));
    }
}
