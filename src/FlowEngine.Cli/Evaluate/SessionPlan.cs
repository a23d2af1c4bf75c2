using FlowEngine.Feeds.Readers;

namespace FlowEngine.Cli.Evaluate;

/// <summary>
/// How time is cut: half-open intervals from the session's start, windows of whole numbers of them. The session of US
/// equities (LOBSTER, Lean) is 09:30 to 16:00 New York; others begin with the first event and end with the last.
/// </summary>
/// <param name="OpenNs">Start, nanoseconds since epoch.</param>
/// <param name="Intervals">Most intervals; those of other sessions end with the file.</param>
/// <param name="IntervalNs">Length of an interval.</param>
/// <param name="WindowIntervals">Intervals of a window.</param>
/// <param name="IsFixed">Whether the session has all its intervals, whenever its last event is.</param>
internal sealed record SessionPlan(long OpenNs, int Intervals, long IntervalNs, int WindowIntervals, bool IsFixed)
{
    private const long HourNs = 3_600_000_000_000;
    private const long SessionNs = 13 * HourNs / 2;
    private const long OpenAfterMidnightNs = 19 * HourNs / 2;
    private const int MostIntervals = 10_000_000;

    /// <summary>The plan of a file.</summary>
    /// <param name="format">How the file is written.</param>
    /// <param name="firstNs">When its first event was.</param>
    /// <param name="intervalNs">Length of an interval.</param>
    /// <param name="windowNs">Length of a window, a multiple of it.</param>
    public static SessionPlan Of(InputFormat format, long firstNs, long intervalNs, long windowNs)
    {
        var window = (int)(windowNs / intervalNs);
        if (format is not (InputFormat.Lobster or InputFormat.Lean))
        {
            return new SessionPlan(firstNs, MostIntervals, intervalNs, window, false);
        }

        // New York is four or five hours behind, and nothing trades within five hours of its midnight.
        var day = DateOnly.FromDateTime(DateTime.UnixEpoch.AddTicks((firstNs - (5 * HourNs)) / 100));
        return new SessionPlan(
            EasternTime.MidnightNs(day) + OpenAfterMidnightNs, (int)(SessionNs / intervalNs), intervalNs, window, true);
    }

    /// <summary>The interval of a time; below 0 before the session.</summary>
    public int IntervalOf(long timeNs) =>
        timeNs < OpenNs ? -1 : (int)Math.Min((timeNs - OpenNs) / IntervalNs, int.MaxValue);

    /// <summary>When an interval begins.</summary>
    public long StartNs(int interval) => OpenNs + (interval * IntervalNs);
}
