using FlowEngine.Core;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// The newest moments of one side's trades, at most 30 minutes of them, for L2's fit, and the newest quarter of both
/// for the same fit at a second scale; each is made anew once a quarter of its moments are new. Calibrator's thread
/// only.
/// </summary>
public sealed class HawkesWindow
{
    /// <summary>Nanoseconds of a minute.</summary>
    public const long NsPerMinute = 60L * 1_000_000_000;

    private const long WindowNs = 30 * NsPerMinute;
    private const double NsPerSecond = 1e9;
    private const int LeastMoments = 100;
    private const int RecentShare = 4;

    private readonly long[] _times;
    private long _added;
    private long _solved;
    private long _solvedRecent;
    private long _startNs;
    private bool _isStarted;

    /// <summary>No moment yet.</summary>
    /// <param name="capacity">Moments kept.</param>
    public HawkesWindow(int capacity) => _times = new long[capacity];

    /// <summary>There is enough, and enough of it is new.</summary>
    public bool IsDue => IsDueFor(_solved, _times.Length);

    /// <summary>There is more than the newest quarter, and enough of that is new.</summary>
    public bool IsRecentDue => _added > RecentMoments && IsDueFor(_solvedRecent, RecentMoments);

    // Where all that is kept is few, a quarter of it would be too few.
    private int RecentMoments => Math.Max(LeastMoments, _times.Length / RecentShare);

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
        return TrySolve(version, _times.Length, nowNs - WindowNs, nowNs, values, seconds);
    }

    /// <summary>The same of the newest quarter of them, at most 7.5 minutes.</summary>
    public bool TrySolveRecent(uint version, long nowNs, Span<double> values, Span<double> seconds)
    {
        _solvedRecent = _added;
        return TrySolve(version, RecentMoments, nowNs - WindowNs / RecentShare, nowNs, values, seconds);
    }

    private bool IsDueFor(long solved, int most) =>
        _added >= LeastMoments && (_added - solved) * 4 >= Math.Min(_added, most);

    private bool TrySolve(
        uint version, int most, long earliestNs, long nowNs, Span<double> values, Span<double> seconds)
    {
        var held = (int)Math.Min(_added, most);

        // Where moments before these are known to be left out, these have been watched since the oldest of them, which
        // itself is then no part of what is explained.
        var isFull = _added > most;
        var startNs = Math.Max(isFull ? _times[(int)((_added - held) % _times.Length)] : _startNs, earliestNs);
        var count = 0;
        for (var i = _added - held; i < _added; i++)
        {
            var timeNs = _times[(int)(i % _times.Length)];
            if (timeNs > startNs || (timeNs == startNs && !isFull))
            {
                seconds[count++] = (timeNs - startNs) / NsPerSecond;
            }
        }

        if (count < LeastMoments - 1
            || HawkesFit.Solve(version, seconds[..count], (nowNs - startNs) / NsPerSecond) is not { } found)
        {
            return false;
        }

        (values[0], values[1], values[2]) = (found.Parameters.Base, found.Parameters.Jump, found.Parameters.Decay);
        return true;
    }
}
