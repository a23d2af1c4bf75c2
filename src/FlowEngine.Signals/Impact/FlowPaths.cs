using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// L6's parallel paths through takers: flow of an interval on the mid's move and the premium's change of the one
/// before, both at once, so that nothing counts twice. With φ lots a quantum at an unchanged premium, ψ lots a basis
/// point at an unchanged mid, and κ basis points that the premium follows a quantum, the gains are λφ (trend) and λψκ
/// (funding). They add up to the gain of M6b, which knows the move alone.
/// </summary>
public struct FlowPaths
{
    private const double Half = 0.5;

    // Below this share of independent variation the two can't be told apart.
    private const double LeastIndependence = 1e-9;

    private readonly double _newShare;
    private DecayedRegression _flowOnMove;
    private DecayedRegression _flowOnPremium;
    private DecayedRegression _premiumOnMove;
    private long _flow;
    private long _mid2;
    private double _premium;
    private double _lastMove;
    private double _lastChange;
    private int _seen;

    /// <summary>No interval yet.</summary>
    /// <param name="newShare">Weight of a new interval, 0 to 1.</param>
    public FlowPaths(double newShare) => _newShare = newShare;

    /// <summary>A trade of sign 1, -1 or 0.</summary>
    [Hot]
    public void Trade(int sign, long lots) => _flow = Saturating.Add(_flow, sign * lots);

    /// <summary>Ends the interval.</summary>
    /// <param name="mid2">Twice the mid.</param>
    /// <param name="premiumBps">Mark over index (L7); 0 throughout where it is not known.</param>
    /// <returns>Lots that takers bought in it.</returns>
    [Hot]
    public long Close(long mid2, double premiumBps)
    {
        double move = ((double)mid2 - _mid2) * Half;
        double change = premiumBps - _premium;
        if (_seen == 2)
        {
            _flowOnMove.Add(_lastMove, _flow, _newShare);
            _flowOnPremium.Add(_lastChange, _flow, _newShare);
            _premiumOnMove.Add(_lastMove, _lastChange, _newShare);
        }

        long flow = _flow;
        (_lastMove, _lastChange, _mid2, _premium, _flow) = (move, change, mid2, premiumBps, 0);
        _seen = Math.Min(_seen + 1, 2);
        return flow;
    }

    /// <summary>Forgets the running intervals: after a snapshot, a gap, a halt, or without a mid.</summary>
    [Hot]
    public void Reset()
    {
        _flow = 0;
        _seen = 0;
    }

    /// <summary>The gains.</summary>
    /// <param name="lambda">M3, quanta a lot.</param>
    /// <param name="trend">λφ.</param>
    /// <param name="funding">λψκ; 0 where the premium is not known, or says what the move says.</param>
    [Hot]
    public readonly void Read(double lambda, out double trend, out double funding)
    {
        double moves = _flowOnMove.Variance;
        double changes = _flowOnPremium.Variance;
        double both = _premiumOnMove.Covariance;
        double flowOnMove = _flowOnMove.Covariance;
        double independent = moves * changes - both * both;
        (trend, funding) = (moves > 0 ? lambda * flowOnMove / moves : 0, 0);
        if (independent > LeastIndependence * moves * changes)
        {
            double perPremium = (moves * _flowOnPremium.Covariance - both * flowOnMove) / independent;
            funding = lambda * perPremium * (both / moves);
            trend -= funding;
        }
    }
}
