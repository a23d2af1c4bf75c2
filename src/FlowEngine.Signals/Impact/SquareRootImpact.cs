using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// M7: I(Q) = Y × σ × √(Q / V), σ and V of a day; Y about 0.5 to 1. In the unit of σ. Toth et al. (2011); Sato &amp;
/// Kanazawa (2024).
/// </summary>
public static class SquareRootImpact
{
    /// <summary>The impact of a whole order; 0 without lots or volume.</summary>
    /// <param name="factor">Y.</param>
    /// <param name="dailyDeviation">σ, bps say.</param>
    /// <param name="lots">Q.</param>
    /// <param name="dailyLots">V.</param>
    [Hot]
    public static double Of(double factor, double dailyDeviation, double lots, double dailyLots) =>
        dailyLots > 0 && lots > 0 ? factor * dailyDeviation * Math.Sqrt(lots / dailyLots) : 0;
}

/// <summary>
/// M7, Almgren's form: permanent I = γ·σ·(X/V)·(Θ/V)^(1/4), cost J = I/2 + η·σ·|X/(V·T)|^(3/5), T in days; in the unit
/// of σ. Θ is the shares outstanding; for crypto (Θ/V)^(1/4) is 1. Almgren, Thum, Hauptmann &amp; Li (2005).
/// </summary>
/// <param name="Gamma">γ; 0.314 in the paper.</param>
/// <param name="Eta">η; 0.142 in the paper.</param>
public readonly record struct AlmgrenImpact(double Gamma, double Eta)
{
    private const double TemporaryExponent = 0.6;
    private const double Half = 0.5;

    /// <summary>The paper's coefficients.</summary>
    public static AlmgrenImpact Published => new(0.314, 0.142);

    /// <summary>I.</summary>
    /// <param name="dailyDeviation">σ.</param>
    /// <param name="share">X / V, + bought.</param>
    /// <param name="turnoverDays">Θ / V, 1 where there is no Θ.</param>
    [Hot]
    public double Permanent(double dailyDeviation, double share, double turnoverDays) =>
        Gamma * dailyDeviation * share * Math.Sqrt(Math.Sqrt(turnoverDays));

    /// <summary>The second half of J, at a steady pace over T days.</summary>
    [Hot]
    public double Temporary(double dailyDeviation, double share, double days) =>
        Eta * dailyDeviation * Elementary.Pow(Math.Abs(share) / days, TemporaryExponent);

    /// <summary>J: what the order pays on average.</summary>
    [Hot]
    public double Cost(double dailyDeviation, double share, double turnoverDays, double days) =>
        Half * Math.Abs(Permanent(dailyDeviation, share, turnoverDays)) + Temporary(dailyDeviation, share, days);
}
