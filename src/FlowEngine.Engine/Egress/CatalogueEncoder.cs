using FlowEngine.Core;
using FlowEngine.Messages.Signals;
using FlowEngine.Signals;
using Wire = FlowEngine.Messages.Signals;

namespace FlowEngine.Engine;

/// <summary>What set <c>full</c> has beyond the default one, to SBE; the provenance is the caller's. Engine thread
/// only.</summary>
[Hot]
public static class CatalogueEncoder
{
    /// <summary>Template fairValue.</summary>
    public static ProvenanceWriter FairValue(Span<byte> buffer, in FairValueValues values)
    {
        ref readonly var sweep = ref values.LastSweep;
        var writer = new FairValueWriter(buffer)
        {
            Microprice = values.Microprice,
            UpProbability = values.UpProbability,
            OneTickShare = values.OneTickShare,
            BidAbsorption = values.BidAbsorption.Ratio,
            AskAbsorption = values.AskAbsorption.Ratio,
            BidAbsorbedLots = values.BidAbsorption.Lots,
            AskAbsorbedLots = values.AskAbsorption.Lots,
            BidSweeps = values.BidSweeps.Count,
            AskSweeps = values.AskSweeps.Count,
            BidSweptLots = values.BidSweeps.Lots,
            AskSweptLots = values.AskSweeps.Lots,
            Sweeps = (ulong)values.SweepCount,
            LastSweepVwap = sweep.Vwap,
            LastSweepLots = sweep.Lots,
            LastSweepQuanta = sweep.Quanta,
            LastSweepDepthShare = sweep.DepthShare,
            LastSweepPrices = (uint)sweep.Prices,
            MicropriceVersion = values.MicropriceVersion,
            QueueVersion = values.QueueVersion,
            LastSweepSign = (sbyte)sweep.Sign,
            Telling = (values.BidAbsorption.IsTelling ? Sides.Bid : Sides.None)
                | (values.AskAbsorption.IsTelling ? Sides.Ask : Sides.None),
        };
        return writer.Provenance;
    }

    /// <summary>Template bookShape.</summary>
    public static ProvenanceWriter BookShape(Span<byte> buffer, in ShapeValues values)
    {
        ref readonly var bid = ref values.Bid;
        ref readonly var ask = ref values.Ask;
        var writer = new BookShapeWriter(buffer)
        {
            DecayedImbalance = values.DecayedImbalance,
            BidDecayedLots = bid.DecayedLots,
            AskDecayedLots = ask.DecayedLots,
            DistanceImbalance = values.DistanceImbalance,
            HalfDistance = values.HalfDistance,
            DensityTick = values.DensityTick,
            DensityImbalance = values.DensityImbalance,
            BidSlope = bid.Slope,
            AskSlope = ask.Slope,
            SlopeImbalance = values.SlopeImbalance,
        };
        Set(writer.BidDensity, bid.Density);
        Set(writer.AskDensity, ask.Density);
        Set(writer.SellCurve, bid.Curve);
        Set(writer.BuyCurve, ask.Curve);
        for (var size = 0; size < SignalWidths.Sizes; size++)
        {
            writer.SetSellShift(size, bid.Shift2[size]);
            writer.SetBuyShift(size, ask.Shift2[size]);
        }

        for (var move = 0; move < CatalogueWidths.Moves; move++)
        {
            writer.SetBidLotsToMove(move, bid.LotsToMove[move]);
            writer.SetAskLotsToMove(move, ask.LotsToMove[move]);
        }

        return writer.Provenance;
    }

    /// <summary>Template resilience.</summary>
    public static ProvenanceWriter Resilience(Span<byte> buffer, in ResilienceValues values)
    {
        ref readonly var bid = ref values.Bid;
        ref readonly var ask = ref values.Ask;
        var writer = new ResilienceWriter(buffer)
        {
            Stress = values.Stress,
            SpreadDeviations = values.SpreadDeviations,
            DepthDeviations = values.DepthDeviations,
            BidRecoveryRate = bid.RecoveryRate,
            AskRecoveryRate = ask.RecoveryRate,
            BidRecoverySeconds = bid.RecoverySeconds,
            AskRecoverySeconds = ask.RecoverySeconds,
            BidRecovered = (ulong)bid.Recovered,
            AskRecovered = (ulong)ask.Recovered,
            BidCensored = (ulong)bid.Censored,
            AskCensored = (ulong)ask.Censored,
            BidConsumedOverall = bid.ConsumedOverall,
            AskConsumedOverall = ask.ConsumedOverall,
            DistanceQuanta = values.DistanceQuanta,
        };
        for (var bucket = 0; bucket < OfiLevels.Count; bucket++)
        {
            writer.SetDistanceFlowSums(bucket, values.DistanceFlowSums[bucket]);
        }

        for (var band = 0; band < SignalWidths.Bands; band++)
        {
            writer.SetBidConsumedShare(band, bid.ConsumedShare[band]);
            writer.SetAskConsumedShare(band, ask.ConsumedShare[band]);
        }

        return writer.Provenance;
    }

    /// <summary>Template excitation.</summary>
    public static ProvenanceWriter Excitation(Span<byte> buffer, in ExcitationValues values)
    {
        ref readonly var episode = ref values.Episode;
        var writer = new ExcitationWriter(buffer)
        {
            Acceleration = values.Acceleration,
            EpisodeStart = episode.StartNs,
            EpisodeEnd = episode.EndNs,
            EpisodeExtremeTime = episode.ExtremeNs,
            EpisodeHalfBackTime = episode.HalfBackNs,
            EpisodeStartMid2 = episode.StartMid2,
            EpisodeExtremeMid2 = episode.ExtremeMid2,
            EpisodePeakRate = episode.PeakRate,
            EpisodeLots = episode.LowerLots,
            EpisodeLotsUpper = episode.UpperLots,
            EpisodeBps = values.EpisodeBps,
            EpisodeSign = (sbyte)episode.Sign,
            Cues = (Wire.ExhaustionCues)(byte)values.Cues,
            SellDecay = values.Sells.Decay,
            BuyDecay = values.Buys.Decay,
            RecentSellBranching = values.Sells.Recent.Branching,
            RecentBuyBranching = values.Buys.Recent.Branching,
            RecentSellDecay = values.Sells.Recent.Decay,
            RecentBuyDecay = values.Buys.Recent.Decay,
            RecentSellVersion = values.Sells.Recent.Version,
            RecentBuyVersion = values.Buys.Recent.Version,
            AtBound = (values.Sells.IsAtBound ? HawkesFits.Sells : HawkesFits.None)
                | (values.Buys.IsAtBound ? HawkesFits.Buys : HawkesFits.None)
                | (values.Sells.Recent.IsAtBound ? HawkesFits.RecentSells : HawkesFits.None)
                | (values.Buys.Recent.IsAtBound ? HawkesFits.RecentBuys : HawkesFits.None),
        };
        Set(writer.Sells, values.Sells);
        Set(writer.Buys, values.Buys);
        return writer.Provenance;
    }

    /// <summary>Template activity.</summary>
    public static ProvenanceWriter Activity(Span<byte> buffer, in ActivityValues values)
    {
        var writer = new ActivityWriter(buffer)
        {
            VarianceOneSecond = values.OneSecond.Variance,
            VarianceTenSeconds = values.TenSeconds.Variance,
            DailyBpsOneSecond = values.OneSecond.DailyBps,
            DailyBpsTenSeconds = values.TenSeconds.DailyBps,
            DayLots = values.DayLots,
            MeanTradeLots = values.MeanTradeLots,
            LargeTradeLots = values.LargeTradeLots,
            VolumeSeason = values.VolumeSeason,
            VolatilitySeason = values.VolatilitySeason,
            VolumeSeasonVersion = values.VolumeSeasonVersion,
            VolatilitySeasonVersion = values.VolatilitySeasonVersion,
        };
        for (var size = 0; size < SignalWidths.Sizes; size++)
        {
            writer.SetSizes(size, values.Sizes[size]);
            writer.SetSquareRootBps(size, values.SquareRootBps[size]);
        }

        return writer.Provenance;
    }

    /// <summary>Template priceImpact.</summary>
    public static ProvenanceWriter PriceImpact(Span<byte> buffer, in PriceImpactValues values)
    {
        var writer = new PriceImpactWriter(buffer)
        {
            DepthRatio = values.DepthRatio,
            Amihud = values.Amihud,
            AmihudMinutes = (ulong)values.AmihudMinutes,
            PermanentQuanta = values.PermanentQuanta,
            FifthQuanta = values.FifthQuanta,
            TradesPerTrade = values.TradesPerTrade,
            TrendGain = values.TrendGain,
            Amplification = values.Amplification,
            ImmediateQuanta = values.ImmediateQuanta,
            PermanentShare = values.PermanentShare,
            EffectiveSpread = values.EffectiveSpread,
            Dropped = (ulong)values.Dropped,
            TransientQuanta = values.TransientQuanta,
            KernelPermanent = values.KernelPermanent,
            KernelExplained = values.KernelExplained,
            KernelVersion = values.KernelVersion,
        };
        for (var term = 0; term < KernelGrid.Terms; term++)
        {
            writer.SetKernel(term, values.Kernel[term]);
        }

        Set(writer.FlowSlope, values.FlowSlope);
        Set(writer.Trend, values.Trend);
        for (var lag = 0; lag < CatalogueWidths.Lags; lag++)
        {
            writer.SetResponse(lag, values.Response[lag]);
        }

        for (var horizon = 0; horizon < CatalogueWidths.Horizons; horizon++)
        {
            writer.SetRealisedSpread(horizon, values.RealisedSpread[horizon]);
        }

        return writer.Provenance;
    }

    /// <summary>Template leverage.</summary>
    public static ProvenanceWriter Leverage(Span<byte> buffer, in LeverageValues values)
    {
        var writer = new LeverageWriter(buffer)
        {
            OverDepth = values.OverDepth,
            OverDayLots = values.OverDayLots,
            AnnualFunding = values.AnnualFunding,
            MeanPremiumBps = values.MeanPremiumBps,
            MinuteFlow = (Wire.PositionFlow)(byte)values.Minute.Flow,
            FiveMinuteFlow = (Wire.PositionFlow)(byte)values.FiveMinutes.Flow,
        };
        Set(writer.Minute, values.Minute);
        Set(writer.FiveMinutes, values.FiveMinutes);
        return writer.Provenance;
    }

    /// <summary>Template loopGains.</summary>
    public static ProvenanceWriter LoopGains(Span<byte> buffer, in LoopValues values)
    {
        var writer = new LoopGainsWriter(buffer)
        {
            SellForced = values.Bid.Forced,
            BuyForced = values.Ask.Forced,
            Trend = values.Trend,
            Funding = values.Funding,
            Makers = values.Makers,
            SellTotal = values.Bid.Total,
            BuyTotal = values.Ask.Total,
            SellAmplification = values.Bid.Amplification,
            BuyAmplification = values.Ask.Amplification,
        };
        Set(writer.MakerFlow, values.MakerFlow);
        return writer.Provenance;
    }

    /// <summary>Template execution.</summary>
    public static ProvenanceWriter Execution(Span<byte> buffer, in ExecutionValues values)
    {
        ref readonly var bid = ref values.BidPool;
        ref readonly var ask = ref values.AskPool;
        var writer = new ExecutionWriter(buffer)
        {
            Lots = values.Lots,
            PoolFallLots = values.PoolFallLots,
        };
        Set(writer.Sell, values.Bid);
        Set(writer.Buy, values.Ask);
        for (var size = 0; size < SignalWidths.Sizes; size++)
        {
            writer.SetSellSharedBps(size, bid.Bps[size]);
            writer.SetBuySharedBps(size, ask.Bps[size]);
            writer.SetSellPoolBps(size, bid.PoolBps[size]);
            writer.SetBuyPoolBps(size, ask.PoolBps[size]);
            writer.SetSellPoolLots(size, bid.PoolLots[size]);
            writer.SetBuyPoolLots(size, ask.PoolLots[size]);
        }

        return writer.Provenance;
    }

    private static void Set(ScheduleWriter writer, in ScheduleLine line)
    {
        writer.ExpectedBps = line.ExpectedBps;
        writer.DeviationBps = line.DeviationBps;
        writer.StraightBps = line.StraightBps;
        writer.StraightDeviationBps = line.StraightDeviationBps;
        writer.LiveBps = line.LiveBps;
        writer.FirstShare = line.FirstShare;
        writer.Urgency = line.Urgency;
        writer.UnfilledLots = line.UnfilledLots;
    }

    private static void Set(DensityWriter writer, in SideDensity density)
    {
        writer.Mask = density.Mask;
        writer.FirstGap = density.FirstGap;
        writer.Occupied = (uint)density.Occupied;
        writer.MaxGap = (uint)density.MaxGap;
        writer.MeanGap = density.MeanGap;
        writer.Density = density.Density;
        writer.LotsPerTick = density.LotsPerTick;
    }

    private static void Set(PowerLawWriter writer, in PowerLine law)
    {
        writer.Factor = law.Factor;
        writer.Exponent = law.Exponent;
        writer.RSquared = law.RSquared;
    }

    private static void Set(RegressionWriter writer, in RegressionFit fit)
    {
        writer.Slope = fit.Slope;
        writer.OriginSlope = fit.OriginSlope;
        writer.RSquared = fit.RSquared;
        writer.Samples = fit.EffectiveSamples;
    }

    private static void Set(HawkesWriter writer, in ExcitationLine line)
    {
        writer.Intensity = line.Intensity;
        writer.Branching = line.Branching;
        writer.ProbabilitySoon = line.ProbabilitySoon;
        writer.Version = line.Version;
    }

    private static void Set(OpenInterestChangeWriter writer, in OpenInterestChange change)
    {
        writer.Lots = change.Lots;
        writer.Share = change.Share;
        writer.Mid2Change = change.Mid2Change;
    }
}
