using FlowEngine.Core;
using FlowEngine.Core.Checks;

namespace FlowEngine.Signals;

/// <summary>
/// Exponentially decayed sum S(t) = Σ x_i × 2^-((t - t_i)/h), lazy: it stores S at the last addition, and reading
/// decays a copy. Reading never changes a later value, and an addition of 0 changes nothing at all. Zero when made.
/// </summary>
public struct DecayedSum
{
    private double _sum;
    private long _lastNs;

    /// <summary>Adds <paramref name="x"/> at <paramref name="nowNs"/>, which never runs backwards.</summary>
    [Hot]
    public void Add(double x, long nowNs, HalfLife halfLife)
    {
        if (x == 0)
        {
            return;
        }

        Check.That(nowNs >= _lastNs || _sum == 0);
        _sum = _sum * halfLife.Factor(nowNs - _lastNs) + x;
        _lastNs = nowNs;
    }

    /// <summary>The sum as of <paramref name="nowNs"/>.</summary>
    [Hot]
    public readonly double At(long nowNs, HalfLife halfLife) => _sum * halfLife.Factor(nowNs - _lastNs);
}
