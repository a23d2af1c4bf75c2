using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// What feeds itself: forced trades with their bounds (L1), branching ratio of each side's trades (L3), the map of
/// forced lots that open interest leaves (L5), loop gain and critical shock over it (L6). Engine thread only.
/// </summary>
public struct FeedbackGroup
{
    private const int MapBuckets = 1024;
    private const double MapLowest = 0.7;
    private const double MapWidth = 0.6;
    private const double MapMargin = 0.22;
    private const int ForecastsKept = 64;
    private const int FanoSeconds = 60;
    private const int ScoreReachBuckets = 2;
    private const long ForecastNs = 5_000_000_000;
    private const long UsualNs = 1_800_000_000_000;
    private const double NsPerSecond = 1e9;
    private const double MostRefill = 1L << 53;

    private readonly LiquidationFlow _forced;
    private readonly BranchingRatio _sells;
    private readonly BranchingRatio _buys;
    private readonly LiquidationMap? _map;
    private readonly CascadeScore? _score;
    private readonly LeverageMix _mix;
    private readonly double _seedShare;
    private readonly double _refillSeconds;
    private readonly int _loopBandBps;
    private readonly bool _isInverse;
    private KnownPositions _known;
    private DecayedRate _soldUpper;
    private DecayedRate _boughtUpper;
    private long _openInterest = Optional.Null;
    private long _anchor;
    private long _seenSold;
    private long _seenBought;
    private long _takerSold;
    private long _takerBought;
    private bool _sold;
    private bool _bought;

    /// <summary>Nothing seen yet. A map only for what has open interest to be forced, no spot, and for known
    /// positions.</summary>
    public FeedbackGroup(SetOptions options, Instrument instrument)
    {
        var halfLife = new HalfLife(options.LiquidationHalfLifeNs);
        _forced = new LiquidationFlow(halfLife, new HalfLife(UsualNs), FanoSeconds);
        _soldUpper = new DecayedRate(halfLife);
        _boughtUpper = new DecayedRate(halfLife);
        _sells = new BranchingRatio(options.BranchingWindowNs, options.BranchingWindows);
        _buys = new BranchingRatio(options.BranchingWindowNs, options.BranchingWindows);
        _mix = new LeverageMix(0, options.Maintenance, [.. options.Leverages], [.. options.LeverageShares]);
        _seedShare = options.SeedShare;
        _loopBandBps = options.LoopBandBps;
        _refillSeconds = options.CascadeLatencyNs / NsPerSecond;
        _isInverse = instrument.Contract == ContractKind.Inverse;
        _known = new KnownPositions(options.Positions, instrument);
        if (_known.Any || instrument.Contract is ContractKind.Linear or ContractKind.Inverse or ContractKind.Quanto)
        {
            _map = new LiquidationMap(0, 1, MapBuckets);
            _score = new CascadeScore(0, ForecastNs, new HalfLife(UsualNs), ForecastsKept);
        }
    }

    /// <summary>Whether a price has laid the map of forced lots, by open interest or known positions (L5).</summary>
    public readonly bool HasMap => _map is not null && _anchor > 0;

    /// <summary>Forced lots from the nearest price on: longs for a fall, shorts for a squeeze (L5).</summary>
    /// <param name="sign">-1 for a fall, 1 for a squeeze.</param>
    /// <param name="levels">Receives them.</param>
    /// <returns>Levels written.</returns>
    [Hot]
    public readonly int ReadForced(int sign, Span<LiquidationLevel> levels) =>
        !HasMap ? 0 : sign < 0 ? _map!.ReadLongs(levels) : _map!.ReadShorts(levels);

    /// <summary>Flags of what a fall is read from.</summary>
    public ValidityFlags FallFlags { get; private set; }

    /// <summary>Flags of what a squeeze is read from.</summary>
    public ValidityFlags SqueezeFlags { get; private set; }

    /// <summary>A print: of the continuous market, or off the book, where only what was forced counts.</summary>
    /// <param name="trade">The print, of more than 0 lots.</param>
    /// <param name="sign">Its sign as found (F4).</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <returns>Whether it was forced.</returns>
    [Hot]
    public bool Trade(in MarketEvent trade, int sign, long nowNs)
    {
        if ((trade.Flags & EventFlags.OffBook) == 0)
        {
            _forced.Trade(sign, trade.Quantity, nowNs);
            _takerSold = Saturating.Add(_takerSold, sign < 0 ? trade.Quantity : 0);
            _takerBought = Saturating.Add(_takerBought, sign > 0 ? trade.Quantity : 0);
            _sold |= sign < 0;
            _bought |= sign > 0;
            Pass(trade.Price, nowNs);
        }

        ForcedSides forced = ForcedSides.Of(trade);
        if (forced.IsTaker)
        {
            Force(forced.TakerSign, trade.Price, trade.Quantity, nowNs);
        }

        if (forced.IsMaker)
        {
            Force(-forced.TakerSign, trade.Price, trade.Quantity, nowNs);
        }

        return forced.Any;
    }

    /// <summary>A poll of open interest: what was opened goes into the map, what was closed bounds the forced
    /// lots.</summary>
    /// <param name="lots">Open interest.</param>
    /// <param name="price">Where it trades, quanta; 0 or less where that is not known.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    [Hot]
    public void OpenInterest(long lots, long price, long nowNs)
    {
        bool known = _openInterest != Optional.Null;
        long change = known ? lots - _openInterest : 0;
        if (known)
        {
            _soldUpper.Add(LiquidationBounds.Of(_seenSold, change, _takerSold).UpperLots, nowNs);
            _boughtUpper.Add(LiquidationBounds.Of(_seenBought, change, _takerBought).UpperLots, nowNs);
        }

        (_seenSold, _seenBought, _takerSold, _takerBought) = (0, 0, 0, 0);
        if (_map is not null && price > 0 && !_known.Any)
        {
            Anchor(_map, price);
            long opened = known ? change : (long)(lots * _seedShare);
            _map.AddOpenInterest(opened, known ? _openInterest : 0, price, _mix, _isInverse);
        }

        _openInterest = lots;
    }

    /// <summary>The end of a venue event: its sells are one, and its buys.</summary>
    [Hot]
    public void EndEvent(long nowNs)
    {
        if (_sold)
        {
            _sells.Add(nowNs);
        }

        if (_bought)
        {
            _buys.Add(nowNs);
        }

        (_sold, _bought) = (false, false);
    }

    /// <summary>Rates, ratios and what the map says of the book as it is now. O(levels + forced levels).</summary>
    /// <param name="bids">Best bids.</param>
    /// <param name="asks">Best asks.</param>
    /// <param name="frozen">They are crossed or have a gap: what comes from them holds.</param>
    /// <param name="refill">How fast makers come back.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="values">Receives all of it.</param>
    [Hot]
    public ValidityFlags Evaluate(
        BookSide bids, BookSide asks, bool frozen, in RefillRates refill, long nowNs, ref FeedbackValues values)
    {
        _forced.Pass(nowNs);
        _sells.Pass(nowNs);
        _buys.Pass(nowNs);
        ValidityFlags flags = _forced.Read(nowNs, out LiquidationLines lines) & ValidityFlags.LowSamples;
        ref FeedbackLine fall = ref values.Fall;
        ref FeedbackLine squeeze = ref values.Squeeze;
        fall.ForcedPerSecond = lines.SoldPerSecond;
        fall.ForcedPerSecondUpper = Math.Max(lines.SoldPerSecond, _soldUpper.Raw(nowNs));
        fall.ForcedShare = lines.SoldShare;
        squeeze.ForcedPerSecond = lines.BoughtPerSecond;
        squeeze.ForcedPerSecondUpper = Math.Max(lines.BoughtPerSecond, _boughtUpper.Raw(nowNs));
        squeeze.ForcedShare = lines.BoughtShare;
        values.UsualForcedPerSecond = lines.UsualPerSecond;
        values.Fano = lines.Fano;
        FallFlags = flags | _sells.Read(out fall.BranchingShort, out fall.BranchingMiddle, out fall.BranchingLong);
        SqueezeFlags = flags
            | _buys.Read(out squeeze.BranchingShort, out squeeze.BranchingMiddle, out squeeze.BranchingLong);
        if (!frozen)
        {
            Project(bids, asks, refill, ref fall, ref squeeze);
        }

        if (_score is not null)
        {
            _ = _score.Read(nowNs, out values.MapPrecision, out values.MapRecall);
        }

        return FallFlags | SqueezeFlags;
    }

    private void Project(
        BookSide bids, BookSide asks, in RefillRates refill, ref FeedbackLine fall, ref FeedbackLine squeeze)
    {
        Span<LiquidationLevel> forced = stackalloc LiquidationLevel[ForecastsKept];
        int longs = _map?.ReadLongs(forced) ?? 0;
        FallFlags |= Project(bids, asks, forced[..longs], -1, refill.BidLotsPerSecond, ref fall);
        int shorts = _map?.ReadShorts(forced) ?? 0;
        SqueezeFlags |= Project(asks, bids, forced[..shorts], 1, refill.AskLotsPerSecond, ref squeeze);
    }

    private readonly ValidityFlags Project(
        BookSide levels,
        BookSide opposite,
        ReadOnlySpan<LiquidationLevel> forced,
        int sign,
        double refillPerSecond,
        ref FeedbackLine line)
    {
        CascadeRules rules = CascadeRules.Default;
        long best = levels.TryBest(out PriceLevel level) ? level.Price : 0;
        long reach = VolumeImbalance.Reach2(_loopBandBps, best);
        ValidityFlags flags = LoopGain.Scan(levels, forced, sign, reach, out line.LoopGain, out long band);
        line.GainBandQuanta = band == LoopGain.NoBand ? Optional.Null : band;
        flags |= CriticalShock.Find(levels, forced, sign, rules, out long lots);
        line.CriticalShockLots = lots > 0 ? lots : Optional.Null;
        (line.FinalPrice, line.RefilledPrice, line.RefilledAmplification) = (Optional.Null, Optional.Null, 0);
        if (lots > 0)
        {
            long oppositeBest = opposite.TryBest(out PriceLevel other) ? other.Price : best;
            flags |= CascadeProjection.Run(levels, oppositeBest, forced, sign, lots, rules, out CascadeOutcome outcome);
            line.FinalPrice = outcome.FinalPrice;
            rules = rules with { RefillLots = (long)Math.Min(refillPerSecond * _refillSeconds, MostRefill) };
            _ = CascadeProjection.Run(levels, oppositeBest, forced, sign, lots, rules, out outcome);
            line.RefilledPrice = outcome.FinalPrice;
            line.RefilledAmplification = outcome.Amplification;
        }

        return flags;
    }

    private void Force(int sign, long price, long lots, long nowNs)
    {
        _forced.Add(sign, lots, (double)lots * price, nowNs);
        _seenSold = Saturating.Add(_seenSold, sign < 0 ? lots : 0);
        _seenBought = Saturating.Add(_seenBought, sign > 0 ? lots : 0);
        _score?.Liquidated(price, lots, nowNs);
    }

    private void Pass(long price, long nowNs)
    {
        if (_known.Any)
        {
            _known.Pass(price);
            Anchor(_map!, price);
        }

        if (_anchor > 0)
        {
            _map?.PassPrice(price, _score, nowNs);
        }
    }

    // Lays the map around the price, again when the price has run to near its end.
    private void Anchor(LiquidationMap map, long price)
    {
        if (_anchor > 0 && Saturating.Abs(price - _anchor) <= _anchor * MapMargin)
        {
            return;
        }

        _anchor = price;
        long bucketQuanta = (long)(price * MapWidth / MapBuckets) + 1;
        map.Start((long)(price * MapLowest), bucketQuanta);
        _known.AddTo(map);
        _score?.SetReach(ScoreReachBuckets * bucketQuanta);
    }
}
