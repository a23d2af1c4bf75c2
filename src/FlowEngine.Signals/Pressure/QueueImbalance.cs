using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// B6: P(the next move of the mid is up) = 1 / (1 + e^-(b0 + b1·ρ)), ρ = (Qb - Qa) / (Qb + Qa). For instruments whose
/// spread is one tick nine tenths of the time, which it watches. Gould &amp; Bonart (2016).
/// </summary>
public struct QueueImbalance
{
    /// <summary>Least share of time at one tick for the estimate to mean anything.</summary>
    public const double LeastOneTickShare = 0.9;

    private readonly HalfLife _halfLife;
    private readonly long _tickQuanta;
    private DecayedTimeMean _oneTick;

    /// <summary>Nothing seen yet.</summary>
    /// <param name="halfLife">Of the share of time at one tick.</param>
    /// <param name="tickQuanta">Quanta of a tick.</param>
    public QueueImbalance(HalfLife halfLife, long tickQuanta)
    {
        _halfLife = halfLife;
        _tickQuanta = tickQuanta;
    }

    /// <summary>From <paramref name="nowNs"/> on this is the touch.</summary>
    [Hot]
    public void Set(in TouchState touch, long nowNs)
    {
        if (touch.HasBoth)
        {
            _oneTick.Set(touch.Spread <= _tickQuanta ? 1 : 0, nowNs, _halfLife);
        }
        else
        {
            _oneTick.Pause(nowNs, _halfLife);
        }
    }

    /// <summary>Share of time at a spread of one tick, 0 to 1.</summary>
    [Hot]
    public readonly double OneTickShare(long nowNs) => _oneTick.At(nowNs, _halfLife);

    /// <summary>The probability for a touch.</summary>
    /// <param name="touch">Both sides.</param>
    /// <param name="weights">The fitted coefficients.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="up">0 to 1; 0.5 when a side is empty.</param>
    /// <returns>LowSamples where the spread is too often wider than a tick, or a side is empty.</returns>
    [Hot]
    public readonly ValidityFlags Read(in TouchState touch, QueueWeights weights, long nowNs, out double up) =>
        Read(touch, weights, OneTickShare(nowNs), out up);

    /// <summary>The same for a share of time at one tick that was asked for already.</summary>
    [Hot]
    public static ValidityFlags Read(
        in TouchState touch, in QueueWeights weights, double oneTickShare, out double up)
    {
        up = touch.HasBoth ? ProbabilityUp(VolumeImbalance.Of(touch.BidLots, touch.AskLots), weights) : 0.5;
        return touch.HasBoth && oneTickShare >= LeastOneTickShare ? ValidityFlags.None : ValidityFlags.LowSamples;
    }

    /// <summary>The formula itself.</summary>
    [Hot]
    public static double ProbabilityUp(double imbalance, QueueWeights weights) =>
        Elementary.Logistic(weights.Constant + weights.Slope * imbalance);
}

/// <summary>Coefficients of B6.</summary>
/// <param name="Version">Which fit; 0 before the first.</param>
/// <param name="Constant">b0; 0 forces symmetry.</param>
/// <param name="Slope">b1.</param>
public readonly record struct QueueWeights(long Version, double Constant, double Slope)
{
    /// <summary>Before the first fit.</summary>
    public static QueueWeights Default => new(0, 0, 2);
}
