using FlowEngine.Core;
using FlowEngine.Core.Checks;

namespace FlowEngine.Signals;

/// <summary>
/// Two decayed sums on one clock (bought and sold, up and down): one decay serves both. Lazy as <see
/// cref="DecayedSum"/>.
/// </summary>
public struct DecayedPair
{
    private double _first;
    private double _second;
    private long _lastNs;

    /// <summary>
    /// Adds to both at <paramref name="nowNs"/>, which never runs backwards; two zeros change nothing.
    /// </summary>
    [Hot]
    public void Add(double first, double second, long nowNs, HalfLife halfLife)
    {
        if (first == 0 && second == 0)
        {
            return;
        }

        Check.That(nowNs >= _lastNs || (_first == 0 && _second == 0));
        double factor = halfLife.Factor(nowNs - _lastNs);
        _first = _first * factor + first;
        _second = _second * factor + second;
        _lastNs = nowNs;
    }

    /// <summary>Both sums as of <paramref name="nowNs"/>.</summary>
    [Hot]
    public readonly void At(long nowNs, HalfLife halfLife, out double first, out double second)
    {
        double factor = halfLife.Factor(nowNs - _lastNs);
        first = _first * factor;
        second = _second * factor;
    }
}
