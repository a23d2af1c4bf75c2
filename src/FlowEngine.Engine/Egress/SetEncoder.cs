using FlowEngine.Core;
using FlowEngine.Messages.Signals;
using FlowEngine.Signals;
using Wire = FlowEngine.Messages.Signals;

namespace FlowEngine.Engine;

/// <summary>What a set has beyond the touch, to SBE; the provenance is the caller's. Engine thread only.</summary>
[Hot]
public static class SetEncoder
{
    private const int Scales = 3;

    /// <summary>Template depthFlow.</summary>
    public static ProvenanceWriter DepthFlow(Span<byte> buffer, in DepthFlowValues values)
    {
        var writer = new DepthFlowWriter(buffer)
        {
            Withdrawal = values.Withdrawal.Direction,
            BothWithdraw = values.Withdrawal.BothSides,
            BidBalance = values.Withdrawal.Bid.Balance,
            AskBalance = values.Withdrawal.Ask.Balance,
            BidCancelRatio = values.Withdrawal.Bid.CancelRatio,
            AskCancelRatio = values.Withdrawal.Ask.CancelRatio,
            BidWithdrawnPerSecond = values.Withdrawal.Bid.NetLotsPerSecond,
            AskWithdrawnPerSecond = values.Withdrawal.Ask.NetLotsPerSecond,
            BidRefill = values.BidRefill.Ratio,
            AskRefill = values.AskRefill.Ratio,
        };
        for (var level = 0; level < OfiLevels.Count; level++)
        {
            writer.SetLevelFlowSums(level, values.LevelFlowSums[level]);
        }

        return writer.Provenance;
    }

    /// <summary>Template sellPressure.</summary>
    public static ProvenanceWriter SellPressure(Span<byte> buffer, in ScoreValues values)
    {
        var writer = new SellPressureWriter(buffer)
        {
            Score = values.Composite.Score,
            Raw = values.Composite.Raw,
            Coverage = values.Composite.Coverage,
            IntegratedOfi = values.IntegratedOfi,
            BandImbalance = values.BandImbalance,
            Regime = (Wire.Regime)(byte)values.Regime,
            Direction = (sbyte)values.Direction,
            Fall = (Wire.Regime)(byte)values.Fall,
            Squeeze = (Wire.Regime)(byte)values.Squeeze,
            Scale = values.Composite.Scale,
            CorrelationVersion = values.CorrelationVersion,
        };
        for (var leg = 0; leg < PerLeg.Count; leg++)
        {
            writer.SetContributions(leg, values.Composite.Contributions[leg]);
            writer.SetDeviations(leg, values.Composite.Deviations[leg]);
        }

        return writer.Provenance;
    }

    /// <summary>Template feedback.</summary>
    public static ProvenanceWriter Feedback(Span<byte> buffer, in FeedbackValues values)
    {
        ref readonly var fall = ref values.Fall;
        ref readonly var squeeze = ref values.Squeeze;
        var writer = new FeedbackWriter(buffer)
        {
            SoldPerSecond = fall.ForcedPerSecond,
            SoldPerSecondUpper = fall.ForcedPerSecondUpper,
            SoldShare = fall.ForcedShare,
            BoughtPerSecond = squeeze.ForcedPerSecond,
            BoughtPerSecondUpper = squeeze.ForcedPerSecondUpper,
            BoughtShare = squeeze.ForcedShare,
            UsualPerSecond = values.UsualForcedPerSecond,
            Fano = values.Fano,
            SellLoopGain = fall.LoopGain,
            BuyLoopGain = squeeze.LoopGain,
            SellGainBand = fall.GainBandQuanta,
            BuyGainBand = squeeze.GainBandQuanta,
            SellCriticalShock = fall.CriticalShockLots,
            BuyCriticalShock = squeeze.CriticalShockLots,
            SellFinalPrice = fall.FinalPrice,
            BuyFinalPrice = squeeze.FinalPrice,
            MapPrecision = values.MapPrecision,
            MapRecall = values.MapRecall,
            SellRefilledPrice = fall.RefilledPrice,
            BuyRefilledPrice = squeeze.RefilledPrice,
            SellRefilledAmplification = fall.RefilledAmplification,
            BuyRefilledAmplification = squeeze.RefilledAmplification,
        };
        writer.SetSellBranching(0, fall.BranchingShort);
        writer.SetSellBranching(1, fall.BranchingMiddle);
        writer.SetSellBranching(Scales - 1, fall.BranchingLong);
        writer.SetBuyBranching(0, squeeze.BranchingShort);
        writer.SetBuyBranching(1, squeeze.BranchingMiddle);
        writer.SetBuyBranching(Scales - 1, squeeze.BranchingLong);
        return writer.Provenance;
    }

    /// <summary>Template estimates.</summary>
    public static ProvenanceWriter Estimates(Span<byte> buffer, in EstimateValues values)
    {
        var writer = new EstimatesWriter(buffer)
        {
            MeanDepth = values.MeanDepth,
            Vpin = values.Vpin,
            VpinBucketLots = values.VpinBucketLots,
            Burst = values.Intensity.Burst,
            Lambda = values.Kyle.Slope,
            LambdaOrigin = values.Kyle.OriginSlope,
            LambdaRSquared = values.Kyle.RSquared,
            LambdaSamples = values.Kyle.EffectiveSamples,
            TransientLoad = values.TransientLoad,
            WeightsVersion = values.WeightsVersion,
            VpinRank = values.VpinRank,
            VpinRanked = (ulong)values.VpinRanked,
        };
        for (var level = 0; level < OfiLevels.Count; level++)
        {
            writer.SetLevelOfi(level, values.LevelOfi[level]);
        }

        SetLine(writer, 0, values.Intensity.Fast);
        SetLine(writer, 1, values.Intensity.Middle);
        SetLine(writer, Scales - 1, values.Intensity.Slow);
        return writer.Provenance;
    }

    private static void SetLine(EstimatesWriter writer, int scale, in IntensityLine line)
    {
        writer.SetTradesPerSecond(scale, line.TradesPerSecond);
        writer.SetLotsPerSecond(scale, line.LotsPerSecond);
        writer.SetSellLotsPerSecond(scale, line.SellLotsPerSecond);
    }
}
