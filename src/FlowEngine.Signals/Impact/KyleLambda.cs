using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// M3: dMid = λ × y + e over intervals (1 s, or volume bars), y the signed lots of aggressors; quanta a lot, decayed.
/// Whole ticks bias λ to 0 in deep books. Kyle (1985).
/// </summary>
public struct KyleLambda
{
    private const double Half = 0.5;

    private readonly double _newShare;
    private DecayedRegression _regression;
    private long _flow;
    private long _mid2;
    private bool _hasMid;

    /// <summary>No interval yet.</summary>
    /// <param name="newShare">Weight of a new interval, 0 to 1.</param>
    public KyleLambda(double newShare) => _newShare = newShare;

    /// <summary>The estimate.</summary>
    public readonly RegressionFit Fit => _regression.Fit;

    /// <summary>A trade of sign 1, -1 or 0.</summary>
    [Hot]
    public void Trade(int sign, long lots) => _flow = Saturating.Add(_flow, sign * lots);

    /// <summary>Ends the interval at a mid; the first only tells where the next begins.</summary>
    [Hot]
    public void Close(long mid2)
    {
        if (_hasMid)
        {
            _regression.Add(_flow, ((double)mid2 - _mid2) * Half, _newShare);
        }

        _flow = 0;
        _mid2 = mid2;
        _hasMid = true;
    }

    /// <summary>Forgets the running interval: after a snapshot, a gap, a halt, or without a mid.</summary>
    [Hot]
    public void Reset()
    {
        _flow = 0;
        _hasMid = false;
    }
}
