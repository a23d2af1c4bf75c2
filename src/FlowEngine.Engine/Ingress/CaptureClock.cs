using FlowEngine.Core;

namespace FlowEngine.Engine;

/// <summary>
/// The pipeline's clock: runs on capture time, in steps of 100 ms, and never backwards. While a live feed is idle it
/// runs on from the last packet by the monotonic clock, a little late so that packets under way still come first.
/// </summary>
[Hot]
public struct CaptureClock
{
    /// <summary>Nanoseconds between two timer events.</summary>
    public const long TickNs = 100_000_000;

    private const long IdleLagNs = 2 * TickNs;

    // A pause this long (a week-end between two captures, a corrupt stamp) is jumped over with a single timer.
    private const long LongestPauseNs = 3_600_000_000_000;

    private long _lastCapture;
    private long _lastSeenNs;
    private bool _started;

    /// <summary>
    /// The next boundary, nanoseconds since epoch; a timer event is due once capture time reaches it.
    /// </summary>
    public long NextBoundary { get; private set; }

    /// <summary>Takes note of a packet.</summary>
    /// <param name="captureTime">Its capture time, nanoseconds since epoch.</param>
    /// <param name="nowNs">Monotonic nanoseconds.</param>
    public void OnPacket(long captureTime, long nowNs)
    {
        if (!_started)
        {
            _started = true;
            NextBoundary = ((captureTime / TickNs) + 1) * TickNs;
        }
        else if (captureTime - NextBoundary > LongestPauseNs)
        {
            NextBoundary = captureTime / TickNs * TickNs;
        }

        _lastCapture = Math.Max(_lastCapture, captureTime);
        _lastSeenNs = nowNs;
    }

    /// <summary>Whether the boundary lies at or before <paramref name="captureTime"/>.</summary>
    public readonly bool IsDue(long captureTime) => _started && NextBoundary <= captureTime;

    /// <summary>Whether the feed has been idle so long that the boundary is due by the monotonic clock.</summary>
    public readonly bool IsDueWhileIdle(long nowNs) =>
        _started && nowNs - _lastSeenNs > IdleLagNs && NextBoundary <= _lastCapture + (nowNs - _lastSeenNs) - IdleLagNs;

    /// <summary>Moves to the boundary after.</summary>
    public void Advance() => NextBoundary += TickNs;
}
