using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// Decay clock of one instrument: venue time that never runs backwards, t = max(t', venue) (signals.md 0.3). Starts at
/// 0, so times before 1970 are clamped too.
/// </summary>
public struct SignalClock
{
    /// <summary>Nanoseconds since epoch, the latest venue time seen.</summary>
    public long NowNs { get; private set; }

    /// <summary>Times that ran backwards and were clamped.</summary>
    public long Regressions { get; private set; }

    /// <summary>Moves to <paramref name="venueTimeNs"/>.</summary>
    /// <returns>False when that time lies before the clock, which then stands.</returns>
    [Hot]
    public bool Advance(long venueTimeNs)
    {
        if (venueTimeNs < NowNs)
        {
            Regressions++;
            return false;
        }

        NowNs = venueTimeNs;
        return true;
    }
}
