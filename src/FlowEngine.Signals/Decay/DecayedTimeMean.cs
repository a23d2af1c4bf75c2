using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// Mean of a value over time, recent time weighing more: Σ x_i w_i / Σ w_i, where x_i stood from a to b and
/// w_i = 2^-((t-b)/h) - 2^-((t-a)/h). The newest value counts up to the moment of reading; before any time has passed
/// the mean is that value. Only a change of the value is stored, so how often it is told or read makes no difference.
/// </summary>
public struct DecayedTimeMean
{
    private double _weighted;
    private double _weight;
    private double _value;
    private long _sinceNs;
    private bool _running;

    /// <summary>From <paramref name="nowNs"/> on the value is <paramref name="value"/>.</summary>
    [Hot]
    public void Set(double value, long nowNs, HalfLife halfLife)
    {
        if (_running && value == _value)
        {
            return;
        }

        Roll(nowNs, halfLife);
        _value = value;
        _running = true;
    }

    /// <summary>
    /// From <paramref name="nowNs"/> on the value is unknown and its time does not count; the mean holds.
    /// </summary>
    [Hot]
    public void Pause(long nowNs, HalfLife halfLife)
    {
        if (_running)
        {
            Roll(nowNs, halfLife);
            _running = false;
        }
    }

    /// <summary>The mean as of <paramref name="nowNs"/>; 0 before the first value.</summary>
    [Hot]
    public readonly double At(long nowNs, HalfLife halfLife)
    {
        if (!_running)
        {
            return _weight > 0 ? _weighted / _weight : _value;
        }

        double fresh = halfLife.Lost(nowNs - _sinceNs);
        double kept = 1 - fresh;
        double weight = _weight * kept + fresh;
        return weight > 0 ? (_weighted * kept + _value * fresh) / weight : _value;
    }

    private void Roll(long nowNs, HalfLife halfLife)
    {
        // While paused only the ratio of the two counts: it must not be lost to rounding before it is to time.
        double fresh = _running ? halfLife.Lost(nowNs - _sinceNs) : 0;
        double kept = _running ? 1 - fresh : halfLife.Factor(nowNs - _sinceNs);
        _weighted = _weighted * kept + _value * fresh;
        _weight = _weight * kept + fresh;
        _sinceNs = nowNs;
    }
}
