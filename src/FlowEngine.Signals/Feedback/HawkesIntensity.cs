using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>L2's parameters. Immutable.</summary>
/// <param name="Version">Which fit; 0 before the first.</param>
/// <param name="Base">μ, events a second that nothing caused.</param>
/// <param name="Jump">α, by how much an event raises the intensity, 1/s.</param>
/// <param name="Decay">β, how fast that fades, 1/s, above 0.</param>
public readonly record struct HawkesParameters(long Version, double Base, double Jump, double Decay)
{
    /// <summary>n = α / β: events that one event causes.</summary>
    public double BranchingRatio => Decay > 0 ? Jump / Decay : 0;
}

/// <summary>
/// L2: λ(t) = μ + α·R, R ← R·e^(-β·dt), and R + 1 with each event; events of one moment are one (their sizes add up
/// elsewhere), or n would be inflated. O(1). The log likelihood and the compensator come along: Σ ln λ- and μT + n(N -
/// R). Hawkes (1971); Ozaki (1979).
/// </summary>
public struct HawkesIntensity
{
    private const double NsPerSecond = 1e9;

    private HawkesParameters _parameters;
    private double _excitation;
    private double _carried;
    private double _logSum;
    private long _events;
    private long _lastNs;
    private long _startNs;
    private bool _started;

    /// <summary>No event yet.</summary>
    public HawkesIntensity(HawkesParameters parameters) => _parameters = parameters;

    /// <summary>The parameters in use.</summary>
    public readonly HawkesParameters Parameters => _parameters;

    /// <summary>Distinct moments with events.</summary>
    public readonly long Events => _events;

    /// <summary>Takes other parameters from now on; the likelihood starts anew, the excitation stays.</summary>
    [Hot]
    public void Set(HawkesParameters parameters, long nowNs)
    {
        _excitation = ExcitationAt(nowNs);
        _carried = _excitation;
        _lastNs = nowNs;
        _parameters = parameters;
        _logSum = 0;
        _events = 0;
        _started = false;
        Start(nowNs);
    }

    /// <summary>Starts to watch, if it has not yet.</summary>
    [Hot]
    public void Start(long nowNs)
    {
        if (!_started)
        {
            _started = true;
            _startNs = nowNs;
        }
    }

    /// <summary>An event.</summary>
    [Hot]
    public void Add(long nowNs)
    {
        Start(nowNs);
        if (_events > 0 && nowNs == _lastNs)
        {
            return;
        }

        double before = At(nowNs);
        _logSum += before > 0 ? Elementary.Log(before) : 0;
        _excitation = ExcitationAt(nowNs) + 1;
        _lastNs = nowNs;
        _events++;
    }

    /// <summary>λ as of <paramref name="nowNs"/>, events a second.</summary>
    [Hot]
    public readonly double At(long nowNs) => _parameters.Base + _parameters.Jump * ExcitationAt(nowNs);

    /// <summary>
    /// Probability of an event within a time from now: 1 - e^-∫λ, ∫λ = μ·dt + n·R·(1 - e^(-β·dt)).
    /// </summary>
    [Hot]
    public readonly double ProbabilityWithin(double seconds, long nowNs)
    {
        double excited = -Elementary.ExpMinus1(-_parameters.Decay * seconds) * ExcitationAt(nowNs);
        return -Elementary.ExpMinus1(-(_parameters.Base * seconds + _parameters.BranchingRatio * excited));
    }

    /// <summary>∫λ from the start to <paramref name="nowNs"/>: the events that were expected.</summary>
    [Hot]
    public readonly double Compensator(long nowNs)
    {
        double seconds = _started ? (nowNs - _startNs) / NsPerSecond : 0;
        return _parameters.Base * seconds + _parameters.BranchingRatio * (_carried + _events - ExcitationAt(nowNs));
    }

    /// <summary>Log likelihood of what was seen up to <paramref name="nowNs"/>.</summary>
    [Hot]
    public readonly double LogLikelihood(long nowNs) => _logSum - Compensator(nowNs);

    private readonly double ExcitationAt(long nowNs) =>
        _excitation * Elementary.Exp(-_parameters.Decay * ((nowNs - _lastNs) / NsPerSecond));
}
