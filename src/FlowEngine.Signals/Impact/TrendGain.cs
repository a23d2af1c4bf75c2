using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// M6b: φ = change of flow for a past move, lots a quantum, from intervals: signed lots of one on the mid's move of the
/// one before. With λ of M3, quanta a lot, the loop through those who follow trends has the gain G = λ·φ; a move is
/// amplified by 1 / (1 - G) while G is below 1. A negative φ absorbs.
/// </summary>
public struct TrendGain
{
    private const double Half = 0.5;

    private readonly double _newShare;
    private DecayedRegression _regression;
    private long _flow;
    private long _mid2;
    private double _lastMove;
    private int _seen;

    /// <summary>No interval yet.</summary>
    /// <param name="newShare">Weight of a new interval, 0 to 1.</param>
    public TrendGain(double newShare) => _newShare = newShare;

    /// <summary>φ.</summary>
    public readonly RegressionFit Fit => _regression.Fit;

    /// <summary>A trade of sign 1, -1 or 0.</summary>
    [Hot]
    public void Trade(int sign, long lots) => _flow = Saturating.Add(_flow, sign * lots);

    /// <summary>Ends the interval at a mid.</summary>
    [Hot]
    public void Close(long mid2)
    {
        double move = ((double)mid2 - _mid2) * Half;
        if (_seen == 2)
        {
            _regression.Add(_lastMove, _flow, _newShare);
        }

        _lastMove = move;
        _mid2 = mid2;
        _flow = 0;
        _seen = Math.Min(_seen + 1, 2);
    }

    /// <summary>Forgets the running intervals: after a snapshot, a gap, a halt, or without a mid.</summary>
    [Hot]
    public void Reset()
    {
        _flow = 0;
        _seen = 0;
    }

    /// <summary>G and the amplification.</summary>
    /// <param name="lambda">M3, quanta a lot.</param>
    /// <param name="trend">φ, lots a quantum.</param>
    /// <param name="gain">G.</param>
    /// <param name="amplification">1 / (1 - G); 0 where G is 1 or more and moves feed themselves.</param>
    [Hot]
    public static void Of(double lambda, double trend, out double gain, out double amplification)
    {
        gain = lambda * trend;
        amplification = gain < 1 ? 1 / (1 - gain) : 0;
    }
}
