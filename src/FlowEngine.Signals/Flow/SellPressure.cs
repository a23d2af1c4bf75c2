using System.Runtime.CompilerServices;
using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>The seven legs of the composite, in the order they are published.</summary>
public enum PressureLeg
{
    /// <summary>-ofi_I (F3).</summary>
    Flow = 0,

    /// <summary>-I within 10 bps (B1).</summary>
    Book = 1,

    /// <summary>-TI (F5).</summary>
    Trades = 2,

    /// <summary>DTV - 0.5 (F6).</summary>
    DownTicks = 3,

    /// <summary>W_dir (B9).</summary>
    Withdrawal = 4,

    /// <summary>downStepShare (B10).</summary>
    DownSteps = 5,

    /// <summary>ln(1 + sold / ref) - ln(1 + bought / ref) of forced lots a second (L1).</summary>
    Liquidations = 6,
}

/// <summary>One value for each leg.</summary>
[InlineArray(Count)]
public struct PerLeg
{
    /// <summary>Legs of the composite.</summary>
    public const int Count = 7;

    private double _first;

    /// <summary>The default weights: 0.25, 0.15, 0.20, 0.10, 0.15, 0.05, 0.10.</summary>
    public static PerLeg DefaultWeights
    {
        get
        {
            PerLeg weights = default;
            ReadOnlySpan<double> values = [0.25, 0.15, 0.20, 0.10, 0.15, 0.05, 0.10];
            values.CopyTo(weights);
            return weights;
        }
    }
}

/// <summary>The composite and what it is made of.</summary>
public struct SellPressureValues
{
    /// <summary>-100 to 100, + is sell.</summary>
    public double Score;

    /// <summary>Weighted mean of the deviations times <see cref="Scale"/>, before tanh.</summary>
    public double Raw;

    /// <summary>w × z / Σ w × scale of each leg; 0 where it is not valid. They add up to <see
    /// cref="Raw"/>.</summary>
    public PerLeg Contributions;

    /// <summary>z of each leg, oriented so that + is sell, within ±4.</summary>
    public PerLeg Deviations;

    /// <summary>Weight of the valid legs over all, 0 to 1.</summary>
    public double Coverage;

    /// <summary>1 for the weighted mean, or Σ w / √(w'Cw) of the valid legs; 0 where none is.</summary>
    public double Scale;
}

/// <summary>
/// F9: each leg oriented so that + is sell, in deviations z from its own past (0.6; half-life 30 minutes), held within
/// ±4; raw = Σ w·z / Σ w over the valid legs; score = 100 × tanh(raw / 2). A weighted mean is the scaling of legs that
/// all move together, so the score never overstates; <see cref="CorrelationScale"/> gives the other.
/// <para>While the regime is CASCADING or EXHAUSTED means and deviations stand still, or a long cascade would become
/// the new normal.</para>
/// </summary>
public struct SellPressure
{
    /// <summary>Least coverage of a valid score.</summary>
    public const double LeastCoverage = 0.6;

    private const double MostDeviations = 4;
    private const double Half = 0.5;
    private const double FullScale = 100;

    private readonly HalfLife _halfLife;
    private readonly PerLeg _weights;
    private readonly PerLeg _floors;
    private readonly long _warmUpNs;
    private PerLegMoments _moments;
    private PerLegTime _first;
    private PerLegTime _last;

    /// <summary>No past yet.</summary>
    /// <param name="halfLife">Of what is usual; 30 minutes by default.</param>
    /// <param name="weights">One for each leg.</param>
    /// <param name="floors">Least deviation of each leg, in its own unit.</param>
    /// <param name="warmUpNs">How long a leg is flagged after it was first valid.</param>
    public SellPressure(HalfLife halfLife, in PerLeg weights, in PerLeg floors, long warmUpNs)
    {
        _halfLife = halfLife;
        _weights = weights;
        _floors = floors;
        _warmUpNs = warmUpNs;
    }

    /// <summary>The liquidation leg; 0 where <paramref name="reference"/> is not above 0, and then it is not
    /// valid.</summary>
    /// <param name="sold">Forced sells, lots a second.</param>
    /// <param name="bought">Forced buys, lots a second.</param>
    /// <param name="reference">Usual liquidated lots a second (L1).</param>
    [Hot]
    public static double LiquidationLeg(double sold, double bought, double reference) =>
        reference > 0 ? Elementary.Log1P(sold / reference) - Elementary.Log1P(bought / reference) : 0;

    /// <summary>What a leg is held against now. Changes nothing.</summary>
    public readonly ScoreLeg PastOf(PressureLeg leg)
    {
        ref readonly DecayedMoments past = ref _moments[(int)leg];
        return new ScoreLeg
        {
            HasPast = past.HasMean,
            Usual = past.Mean,
            Deviation = Math.Max(Math.Sqrt(past.Variance), _floors[(int)leg]),
            Weight = _weights[(int)leg],
        };
    }

    /// <summary>The same as a weighted mean.</summary>
    [Hot]
    public ValidityFlags Evaluate(
        in PerLeg legs, uint valid, bool learn, long nowNs, out SellPressureValues values) =>
        Evaluate(legs, valid, learn, default, nowNs, out values);

    /// <summary>Standardises the legs as of now, then takes them into the past unless that stands still.</summary>
    /// <param name="legs">Each in its own unit, oriented so that + is sell.</param>
    /// <param name="valid">Bit n is set where leg n is valid now.</param>
    /// <param name="learn">False while CASCADING or EXHAUSTED.</param>
    /// <param name="correlation">C of the legs, for the scaling by it; empty for the weighted mean.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="values">The composite.</param>
    /// <returns>LowSamples below a coverage of 0.6; Warmup while a valid leg is new.</returns>
    [Hot]
    public ValidityFlags Evaluate(
        in PerLeg legs,
        uint valid,
        bool learn,
        ReadOnlySpan<double> correlation,
        long nowNs,
        out SellPressureValues values)
    {
        PerLeg deviations = default;
        ValidityFlags flags = ValidityFlags.None;
        for (int i = 0; i < PerLeg.Count; i++)
        {
            if ((valid >> i & 1) == 0)
            {
                // Time without a value weighs nothing once it is back.
                _last[i] = nowNs;
                continue;
            }

            ref DecayedMoments past = ref _moments[i];
            deviations[i] = past.Standardise(legs[i], _floors[i]);
            bool isFirst = !past.HasMean;
            _first[i] = isFirst ? nowNs : _first[i];
            flags |= nowNs - _first[i] < _warmUpNs ? ValidityFlags.Warmup : ValidityFlags.None;
            if (learn || isFirst)
            {
                past.Add(legs[i], StartWeight.Of(_halfLife, isFirst ? 0 : nowNs - _last[i], nowNs - _first[i]));
            }

            // Nor does time that stood still.
            _last[i] = nowNs;
        }

        return flags | Compose(deviations, valid, _weights, ScaleOf(valid, correlation), out values);
    }

    // Of the legs that are valid: the others say nothing, neither alone nor together.
    private readonly double ScaleOf(uint valid, ReadOnlySpan<double> correlation)
    {
        if (correlation.IsEmpty)
        {
            return 1;
        }

        PerLeg weights = default;
        for (int i = 0; i < PerLeg.Count; i++)
        {
            weights[i] = (valid >> i & 1) != 0 ? _weights[i] : 0;
        }

        return CorrelationScale(weights, correlation);
    }

    /// <summary>The formula itself.</summary>
    /// <param name="deviations">z of each leg, + is sell; held within ±4.</param>
    /// <param name="valid">Bit n is set where leg n is valid.</param>
    /// <param name="weights">One for each leg.</param>
    /// <param name="scale">1 for the weighted mean, or <see cref="CorrelationScale"/>.</param>
    /// <param name="values">The composite.</param>
    /// <returns>LowSamples below a coverage of 0.6.</returns>
    [Hot]
    public static ValidityFlags Compose(
        in PerLeg deviations, uint valid, in PerLeg weights, double scale, out SellPressureValues values)
    {
        values = default;
        double all = 0;
        double used = 0;
        for (int i = 0; i < PerLeg.Count; i++)
        {
            all += weights[i];
            used += (valid >> i & 1) != 0 ? weights[i] : 0;
        }

        if (!(used > 0))
        {
            return ValidityFlags.LowSamples;
        }

        double raw = 0;
        for (int i = 0; i < PerLeg.Count; i++)
        {
            bool counts = (valid >> i & 1) != 0;
            double z = counts ? Math.Clamp(deviations[i], -MostDeviations, MostDeviations) : 0;
            values.Deviations[i] = z;
            values.Contributions[i] = z * weights[i] / used * scale;
            raw += values.Contributions[i];
        }

        values.Raw = raw;
        values.Scale = scale;
        values.Score = FullScale * Elementary.Tanh(raw * Half);
        values.Coverage = used / all;
        return values.Coverage < LeastCoverage ? ValidityFlags.LowSamples : ValidityFlags.None;
    }

    /// <summary>Σ w / √(w'Cw): 1 where all legs move together, more where they are independent.</summary>
    /// <param name="weights">One for each leg.</param>
    /// <param name="correlation">C, seven by seven, row after row.</param>
    [Hot]
    public static double CorrelationScale(in PerLeg weights, ReadOnlySpan<double> correlation)
    {
        double sum = 0;
        double square = 0;
        for (int i = 0; i < PerLeg.Count; i++)
        {
            sum += weights[i];
            for (int j = 0; j < PerLeg.Count; j++)
            {
                square += weights[i] * weights[j] * correlation[i * PerLeg.Count + j];
            }
        }

        return square > 0 ? sum / Math.Sqrt(square) : 1;
    }

    [InlineArray(PerLeg.Count)]
    private struct PerLegMoments
    {
        private DecayedMoments _first;
    }

    [InlineArray(PerLeg.Count)]
    private struct PerLegTime
    {
        private long _first;
    }
}
