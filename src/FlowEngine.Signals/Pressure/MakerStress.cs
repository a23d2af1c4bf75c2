using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// B9's widening: stress = max(0, min(z of the time-weighted spread, z of -ln depth)), in deviations from what was
/// usual. Both must be unusual, so that a flicker of the touch does not fire it.
/// </summary>
public struct MakerStress
{
    private const double LeastLots = 1;

    private readonly HalfLife _halfLife;
    private readonly double _spreadFloor;
    private readonly double _depthFloor;
    private DecayedMoments _spread;
    private DecayedMoments _depth;
    private long _startNs;
    private long _lastNs;

    /// <summary>Nothing usual yet.</summary>
    /// <param name="halfLife">Of what is usual; 30 minutes by default.</param>
    /// <param name="spreadFloor">Least deviation of the spread, quanta.</param>
    /// <param name="depthFloor">Least deviation of ln depth.</param>
    public MakerStress(HalfLife halfLife, double spreadFloor, double depthFloor)
    {
        _halfLife = halfLife;
        _spreadFloor = spreadFloor;
        _depthFloor = depthFloor;
    }

    /// <summary>Deviations of the spread in the newest sample.</summary>
    public double SpreadDeviations { get; private set; }

    /// <summary>Deviations of -ln depth in the newest sample; + is thinner than usual.</summary>
    public double DepthDeviations { get; private set; }

    /// <summary>The lesser of the two, 0 when either is usual.</summary>
    public readonly double Stress => Math.Max(0, Math.Min(SpreadDeviations, DepthDeviations));

    /// <summary>Takes a sample, at 100 ms timers say.</summary>
    /// <param name="spread">Time-weighted spread (B10), quanta.</param>
    /// <param name="depthLots">Lots within 10 bps of the mid, both sides.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <returns>Warmup until one half-life was watched.</returns>
    [Hot]
    public ValidityFlags Sample(double spread, double depthLots, long nowNs)
    {
        double thinness = -Elementary.Log(Math.Max(depthLots, LeastLots));
        SpreadDeviations = _spread.Standardise(spread, _spreadFloor);
        DepthDeviations = _depth.Standardise(thinness, _depthFloor);
        if (!_spread.HasMean)
        {
            _startNs = nowNs;
            _lastNs = nowNs;
        }

        double a = StartWeight.Of(_halfLife, nowNs - _lastNs, nowNs - _startNs);
        _spread.Add(spread, a);
        _depth.Add(thinness, a);
        _lastNs = nowNs;
        return nowNs - _startNs >= _halfLife.Ns ? ValidityFlags.None : ValidityFlags.Warmup;
    }
}
