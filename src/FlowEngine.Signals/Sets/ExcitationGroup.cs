using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// How orders excite each other: self-excitation of sells and of buys (L2), acceleration of forced trades and the
/// course of a cascade (L8). Engine thread only.
/// </summary>
public struct ExcitationGroup
{
    private readonly double _soonSeconds;
    private HawkesIntensity _sells;
    private HawkesIntensity _buys;
    private CascadeEpisode _episode;
    private uint _sellVersion;
    private uint _buyVersion;
    private long _openInterest = Optional.Null;
    private long _seenLots;
    private long _takenLots;
    private long _upperLots;

    /// <summary>Nothing seen yet.</summary>
    public ExcitationGroup(CatalogueOptions options)
    {
        _soonSeconds = options.SoonSeconds;
        _episode = new CascadeEpisode(
            new HalfLife(options.FastForcedHalfLifeNs), new HalfLife(options.SlowForcedHalfLifeNs));
    }

    /// <summary>A print: of the continuous market, or off the book, where only what was forced counts.</summary>
    [Hot]
    public void Trade(in MarketEvent trade, int sign, long nowNs)
    {
        bool counts = (trade.Flags & EventFlags.OffBook) == 0 && sign == _episode.Record.Sign;
        _takenLots = Saturating.Add(_takenLots, counts ? trade.Quantity : 0);
        ForcedSides forced = ForcedSides.Of(trade);
        if (forced.IsTaker)
        {
            Force(forced.TakerSign, trade.Quantity, nowNs);
        }

        if (forced.IsMaker)
        {
            Force(-forced.TakerSign, trade.Quantity, nowNs);
        }
    }

    /// <summary>The end of a venue event: its sells are one, and its buys.</summary>
    [Hot]
    public void EndEvent(in EventOrders orders, SetParameters parameters, long nowNs)
    {
        uint sellVersion = parameters.VersionOf(ParameterKind.SellHawkes);
        uint buyVersion = parameters.VersionOf(ParameterKind.BuyHawkes);
        if (sellVersion != _sellVersion)
        {
            _sells.Set(parameters.SellHawkes, nowNs);
            _sellVersion = sellVersion;
        }

        if (buyVersion != _buyVersion)
        {
            _buys.Set(parameters.BuyHawkes, nowNs);
            _buyVersion = buyVersion;
        }

        // Before there are parameters nothing fades, so nothing may gather.
        if (orders.SoldLots > 0 && sellVersion > 0)
        {
            _sells.Add(nowNs);
        }

        if (orders.BoughtLots > 0 && buyVersion > 0)
        {
            _buys.Add(nowNs);
        }
    }

    /// <summary>A poll of open interest: what was closed bounds the forced lots of a running episode.</summary>
    [Hot]
    public void OpenInterest(long lots)
    {
        if (_openInterest != Optional.Null && _episode.IsOpen)
        {
            LiquidationBounds bounds = LiquidationBounds.Of(_seenLots, lots - _openInterest, _takenLots);
            _upperLots = Saturating.Add(_upperLots, bounds.UpperLots);
            _episode.AllowFor(_upperLots);
        }

        (_seenLots, _takenLots) = (0, 0);
        _openInterest = lots;
    }

    /// <summary>Follows the regime and everything as of <paramref name="nowNs"/>: with each score.</summary>
    /// <param name="score">The regime.</param>
    /// <param name="feedback">Forced rates and loop gains.</param>
    /// <param name="depth">Refill and withdrawal.</param>
    /// <param name="parameters">In force.</param>
    /// <param name="basisBps">L7; 0 where it is not known.</param>
    /// <param name="mid2">Twice the mid; 0 where there is none.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="values">Receives all of it.</param>
    /// <returns>LowSamples without parameters, or without forced trades.</returns>
    [Hot]
    public ValidityFlags Evaluate(
        in ScoreValues score,
        in FeedbackValues feedback,
        in DepthFlowValues depth,
        SetParameters parameters,
        double basisBps,
        long mid2,
        long nowNs,
        ref ExcitationValues values)
    {
        Turn(score, mid2, nowNs);
        bool isFall = _episode.Record.Sign < 0;
        double refill = isFall ? depth.BidRefill.Ratio : depth.AskRefill.Ratio;
        double rate = isFall ? feedback.Fall.ForcedPerSecond : feedback.Squeeze.ForcedPerSecond;
        double gain = isFall ? feedback.Fall.LoopGain : feedback.Squeeze.LoopGain;
        values.Cues = _episode.Follow(
            mid2, new EpisodeInputs(rate, refill, depth.Withdrawal.BothSides, basisBps, gain), nowNs);
        values.Episode = _episode.Record;
        values.EpisodeBps = values.Episode.DropBps;
        ValidityFlags flags = _episode.ReadAcceleration(nowNs, out values.Acceleration);
        Read(_sells, _sellVersion, nowNs, ref values.Sells);
        Read(_buys, _buyVersion, nowNs, ref values.Buys);
        Read(parameters.RecentSellHawkes, ref values.Sells.Recent);
        Read(parameters.RecentBuyHawkes, ref values.Buys.Recent);
        return flags | (_sellVersion > 0 && _buyVersion > 0 ? ValidityFlags.None : ValidityFlags.LowSamples);
    }

    private void Turn(in ScoreValues score, long mid2, long nowNs)
    {
        if (_episode.IsOpen)
        {
            Regime own = _episode.Record.Sign < 0 ? score.Fall : score.Squeeze;
            if (own is not (Regime.Cascading or Regime.Exhausted))
            {
                _episode.End(nowNs);
            }
        }

        if (!_episode.IsOpen && score.Regime == Regime.Cascading && mid2 > 0)
        {
            _episode.Begin(-score.Direction, mid2, nowNs);
            (_seenLots, _takenLots, _upperLots) = (0, 0, 0);
        }
    }

    private void Force(int sign, long lots, long nowNs)
    {
        _episode.Liquidated(sign, lots, nowNs);
        _seenLots = Saturating.Add(_seenLots, sign == _episode.Record.Sign ? lots : 0);
    }

    private readonly void Read(in HawkesIntensity stream, uint version, long nowNs, ref ExcitationLine line)
    {
        line.Version = version;
        if (version > 0)
        {
            line.Intensity = stream.At(nowNs);
            line.Branching = stream.Parameters.BranchingRatio;
            line.ProbabilitySoon = stream.ProbabilityWithin(_soonSeconds, nowNs);
            line.Decay = stream.Parameters.Decay;
            line.IsAtBound = HawkesFit.IsAtBound(line.Decay);
        }
    }

    private static void Read(in HawkesParameters recent, ref ExcitationScale scale)
    {
        scale.Version = (uint)recent.Version;
        if (scale.Version > 0)
        {
            scale.Branching = recent.BranchingRatio;
            scale.Decay = recent.Decay;
            scale.IsAtBound = HawkesFit.IsAtBound(recent.Decay);
        }
    }
}
