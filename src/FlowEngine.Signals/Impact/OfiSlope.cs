using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// M4: dMid = β × OFI + e over intervals; theory says β = 1 / (2·AD), so β × 2·AD is about 1, and drifts where depth
/// hides. Quanta a lot. Cont, Kukanov &amp; Stoikov (2014).
/// </summary>
public struct OfiSlope
{
    private const double Half = 0.5;

    private readonly double _newShare;
    private DecayedRegression _regression;
    private long _sum;
    private long _mid2;
    private bool _hasLast;

    /// <summary>No interval yet.</summary>
    /// <param name="newShare">Weight of a new interval, 0 to 1.</param>
    public OfiSlope(double newShare) => _newShare = newShare;

    /// <summary>β.</summary>
    public readonly RegressionFit Fit => _regression.Fit;

    /// <summary>Move that theory expects of a flow, quanta; 0 without depth.</summary>
    /// <param name="flowLots">OFI.</param>
    /// <param name="averageDepth">AD, lots.</param>
    [Hot]
    public static double Expected(double flowLots, double averageDepth) =>
        averageDepth > 0 ? flowLots / (2 * averageDepth) : 0;

    /// <summary>Ends an interval.</summary>
    /// <param name="ofiSum">Σ e of all time (F1); the interval's is the difference.</param>
    /// <param name="mid2">Twice the mid.</param>
    [Hot]
    public void Close(long ofiSum, long mid2)
    {
        if (_hasLast)
        {
            _regression.Add((double)ofiSum - _sum, ((double)mid2 - _mid2) * Half, _newShare);
        }

        _sum = ofiSum;
        _mid2 = mid2;
        _hasLast = true;
    }

    /// <summary>Forgets where the running interval began: after a snapshot, a gap, a halt, or without a mid.</summary>
    [Hot]
    public void Reset() => _hasLast = false;

    /// <summary>β and β × 2·AD.</summary>
    [Hot]
    public readonly ValidityFlags Read(double averageDepth, out double slope, out double depthRatio)
    {
        RegressionFit fit = Fit;
        slope = fit.Slope;
        depthRatio = fit.Slope * 2 * averageDepth;
        return fit.Flags;
    }
}
