using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>The composite of seven legs (F9) and the regime that it and the feedback make (L9). Engine thread
/// only.</summary>
public struct ScoreGroup
{
    private const double NeutralShare = 0.5;

    private SellPressure _pressure;
    private TwoSidedRegime _regime;

    /// <summary>No past yet, CALM.</summary>
    public ScoreGroup(SetOptions options)
    {
        PerLeg weights = default;
        PerLeg floors = default;
        for (int i = 0; i < PerLeg.Count; i++)
        {
            weights[i] = options.ScoreWeights[i];
            floors[i] = options.ScoreFloors[i];
        }

        _pressure = new SellPressure(new HalfLife(options.ScoreHalfLifeNs), weights, floors, options.ScoreWarmUpNs);
        _regime = new TwoSidedRegime(options.Regime);
    }

    /// <summary>What a leg is read from, and whether it is known now.</summary>
    /// <param name="legs">Receives the leg.</param>
    /// <param name="valid">Receives its bit.</param>
    /// <param name="leg">Which one.</param>
    /// <param name="known">Whether it is known now.</param>
    /// <param name="value">Oriented so that + is sell.</param>
    [Hot]
    public static void Take(ref PerLeg legs, ref uint valid, PressureLeg leg, bool known, double value)
    {
        legs[(int)leg] = known ? value : 0;
        valid |= known ? 1u << (int)leg : 0;
    }

    /// <summary>Down-tick share as a leg: 0 is neutral.</summary>
    [Hot]
    public static double DownTicks(double share) => share - NeutralShare;

    /// <summary>What a leg is held against now. Changes nothing.</summary>
    public readonly ScoreLeg PastOf(PressureLeg leg) => _pressure.PastOf(leg);

    /// <summary>Scores the legs as of now and moves the regime.</summary>
    /// <param name="legs">Oriented so that + is sell.</param>
    /// <param name="valid">A bit for each that is known.</param>
    /// <param name="correlation">C of the legs to scale by; empty for the weighted mean.</param>
    /// <param name="feedback">As of now.</param>
    /// <param name="fallFlags">Whether what a fall is read from is known.</param>
    /// <param name="squeezeFlags">The same of a squeeze: one side's silence says nothing of the other.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="values">Score and regime.</param>
    /// <returns>Flags of the score.</returns>
    [Hot]
    public ValidityFlags Evaluate(
        in PerLeg legs,
        uint valid,
        ReadOnlySpan<double> correlation,
        in FeedbackValues feedback,
        ValidityFlags fallFlags,
        ValidityFlags squeezeFlags,
        long nowNs,
        ref ScoreValues values)
    {
        ValidityFlags flags = _pressure.Evaluate(
            legs, valid, _regime.MayLearn, correlation, nowNs, out values.Composite);
        bool isScored = (flags & (ValidityFlags.LowSamples | ValidityFlags.Warmup)) == 0;
        _ = _regime.Evaluate(
            Inputs(feedback.Fall, values.Composite.Score, isScored, fallFlags),
            Inputs(feedback.Squeeze, -values.Composite.Score, isScored, squeezeFlags));
        values.Regime = _regime.State;
        values.Direction = _regime.Direction;
        values.Fall = _regime.Fall;
        values.Squeeze = _regime.Squeeze;
        return flags;
    }

    private static RegimeInputs Inputs(in FeedbackLine line, double score, bool isScored, ValidityFlags flags)
    {
        bool isValid = isScored && (flags & ValidityFlags.LowSamples) == 0;
        return new(score, line.ForcedShare, line.BranchingShort, line.LoopGain, isScored, isValid);
    }
}
