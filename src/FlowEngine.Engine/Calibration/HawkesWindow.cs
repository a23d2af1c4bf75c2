using FlowEngine.Core;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// The newest moments of one side's trades, at most 30 minutes of them, for L2's fit; it is made anew once a quarter of
/// them are new. Calibrator's thread only.
/// </summary>
public sealed class HawkesWindow
{
    /// <summary>Nanoseconds of a minute.</summary>
    public const long NsPerMinute = 60L * 1_000_000_000;

    private const long WindowNs = 30 * NsPerMinute;
    private const double NsPerSecond = 1e9;
    private const int LeastMoments = 100;

    private readonly long[] _times;
    private long _added;
    private long _solved;
    private long _startNs;
    private bool _isStarted;

    /// <summary>No moment yet.</summary>
    /// <param name="capacity">Moments kept.</param>
    public HawkesWindow(int capacity) => _times = new long[capacity];

    /// <summary>There is enough, and enough of it is new.</summary>
    public bool IsDue => _added >= LeastMoments && (_added - _solved) * 4 >= Math.Min(_added, _times.Length);

    /// <summary>Starts to watch, if it has not yet.</summary>
    [Hot]
    public void Start(long nowNs)
    {
        _startNs = _isStarted ? _startNs : nowNs;
        _isStarted = true;
    }

    /// <summary>A venue event with trades of this side, never before the last; those of one moment are one.</summary>
    [Hot]
    public void Add(long nowNs)
    {
        if (_added > 0 && nowNs == _times[(int)((_added - 1) % _times.Length)])
        {
            return;
        }

        _times[(int)(_added++ % _times.Length)] = nowNs;
    }

    /// <summary>Fits the moments held.</summary>
    /// <param name="version">Which fit.</param>
    /// <param name="nowNs">Until when was watched.</param>
    /// <param name="values">μ, α, β.</param>
    /// <param name="seconds">Room for the moments kept; overwritten.</param>
    /// <returns>False where too few are left in the window.</returns>
    public bool TrySolve(uint version, long nowNs, Span<double> values, Span<double> seconds)
    {
        _solved = _added;
        var held = (int)Math.Min(_added, _times.Length);

        // A full ring has been watched since its oldest moment, which itself is then no part of what is explained.
        var isFull = _added > _times.Length;
        var startNs = Math.Max(isFull ? _times[(int)(_added % _times.Length)] : _startNs, nowNs - WindowNs);
        var count = 0;
        for (var i = _added - held; i < _added; i++)
        {
            var timeNs = _times[(int)(i % _times.Length)];
            if (timeNs > startNs || (timeNs == startNs && !isFull))
            {
                seconds[count++] = (timeNs - startNs) / NsPerSecond;
            }
        }

        if (count < LeastMoments
            || HawkesFit.Solve(version, seconds[..count], (nowNs - startNs) / NsPerSecond) is not { } found)
        {
            return false;
        }

        (values[0], values[1], values[2]) = (found.Parameters.Base, found.Parameters.Jump, found.Parameters.Decay);
        return true;
    }
}
