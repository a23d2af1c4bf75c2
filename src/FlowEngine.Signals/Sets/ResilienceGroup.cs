using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// Whether liquidity is good for what it says: how fast depth comes back (B8b), whether makers shy away (B9), whether
/// lots that leave were traded or pulled (B11), and where lots come and go (F2 by distance). Engine thread only.
/// </summary>
public struct ResilienceGroup : ILevelFlowTap
{
    private const double SpreadFloorTicks = 0.1;
    private const double DepthFloor = 0.05;

    private readonly RecoverySpeed _bid;
    private readonly RecoverySpeed _ask;
    private readonly long _reachQuanta;
    private readonly int _reachLevels;
    private readonly long _distanceQuanta;
    private LiquidityFate _fate;
    private DistanceFlow _distance;
    private TouchState _touch;
    private MakerStress _stress;
    private ValidityFlags _stressFlags = ValidityFlags.Warmup;

    /// <summary>Nothing seen yet.</summary>
    public ResilienceGroup(SetOptions options, SignalOptions signalOptions, Instrument instrument)
    {
        CatalogueOptions own = options.Catalogue;
        var memory = new HalfLife(own.RecoveryHalfLifeNs);
        _bid = new RecoverySpeed(own.RecoveryLimitNs, memory);
        _ask = new RecoverySpeed(own.RecoveryLimitNs, memory);
        _reachQuanta = (long)options.RefillTicks * instrument.TickQuanta + 1;
        _reachLevels = (int)Math.Min(_reachQuanta, signalOptions.MaxWalkLevels);
        _distanceQuanta = (long)own.DistanceTicks * instrument.TickQuanta;
        _distance = new DistanceFlow(_distanceQuanta);
        PerBandLots bands = default;
        for (int i = 0; i < SignalWidths.Bands; i++)
        {
            bands[i] = signalOptions.BandBps[i];
        }

        _fate = new LiquidityFate(new HalfLife(own.FateHalfLifeNs), bands);
        _stress = new MakerStress(
            new HalfLife(own.StressHalfLifeNs), SpreadFloorTicks * instrument.TickQuanta, DepthFloor);
    }

    /// <inheritdoc/>
    [Hot]
    public void Take(in LevelFlow flow, long mid2, long nowNs) => _fate.Add(flow, mid2, nowNs);

    /// <summary>The book at the end of an event. O(levels that refill looks at).</summary>
    /// <param name="bids">Best bids.</param>
    /// <param name="asks">Best asks.</param>
    /// <param name="step">What the touch made of them.</param>
    /// <param name="changes">What the event changed in the levels watched.</param>
    /// <param name="touch">The touch after it.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    [Hot]
    public void Evaluate(
        in BookSide bids,
        in BookSide asks,
        BookStep step,
        ReadOnlySpan<LevelStep> changes,
        in TouchState touch,
        long nowNs)
    {
        if (step == BookStep.Frozen)
        {
            return;
        }

        TouchState before = _touch;
        _touch = touch;
        if (step == BookStep.Stepped)
        {
            _distance.Begin();
            foreach (ref readonly LevelStep change in changes)
            {
                _distance.Add(change, before, touch);
            }
        }

        long bidLots = ImpactCurve.LotsToMove(bids, _reachQuanta, _reachLevels);
        long askLots = ImpactCurve.LotsToMove(asks, _reachQuanta, _reachLevels);
        if (step == BookStep.Started)
        {
            _bid.Prime(bidLots);
            _ask.Prime(askLots);
            return;
        }

        _bid.Set(bidLots, nowNs);
        _ask.Set(askLots, nowNs);
    }

    /// <summary>Takes a sample of what is usual: on 100 ms timers, of a sound book with both sides.</summary>
    /// <param name="spread">Time-weighted, quanta.</param>
    /// <param name="depthLots">Near the mid, both sides.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    [Hot]
    public void Sample(double spread, double depthLots, long nowNs) =>
        _stressFlags = _stress.Sample(spread, depthLots, nowNs);

    /// <summary>Everything as of <paramref name="nowNs"/>.</summary>
    /// <returns>LowSamples where a side had no recoveries or lost nothing yet; Warmup until what is usual is
    /// known.</returns>
    [Hot]
    public readonly ValidityFlags Read(long nowNs, ref ResilienceValues values)
    {
        values.Stress = _stress.Stress;
        values.SpreadDeviations = _stress.SpreadDeviations;
        values.DepthDeviations = _stress.DepthDeviations;
        values.DistanceFlowSums = _distance.Sum;
        values.DistanceQuanta = _distanceQuanta;
        return _stressFlags
            | Read(Side.Bid, _bid, nowNs, ref values.Bid)
            | Read(Side.Ask, _ask, nowNs, ref values.Ask);
    }

    private readonly ValidityFlags Read(Side side, RecoverySpeed recovery, long nowNs, ref ResilienceLine line)
    {
        line.RecoveryRate = recovery.LastRate;
        line.Recovered = recovery.Recovered;
        line.Censored = recovery.Censored;
        for (int band = 0; band < SignalWidths.Bands; band++)
        {
            _ = _fate.Read(side, band, nowNs, out line.ConsumedShare[band]);
        }

        return recovery.ReadHalfLife(out line.RecoverySeconds) | _fate.Read(side, nowNs, out line.ConsumedOverall);
    }
}
