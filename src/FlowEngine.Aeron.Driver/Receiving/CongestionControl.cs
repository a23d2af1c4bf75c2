using FlowEngine.Core;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>
/// How much an image's sender may be ahead of it: a window that stays as it is, or one that follows losses. The window
/// is the conductor's, the measuring of the round trip the receiver's.
/// </summary>
[Hot]
internal sealed class CongestionControl
{
    private readonly CubicWindow? _cubic;

    /// <summary>A window of so many bytes.</summary>
    public CongestionControl(int windowLength)
    {
        InitialWindowLength = windowLength;
        MaxWindowLength = windowLength;
    }

    /// <summary>A window that follows losses.</summary>
    public CongestionControl(CubicWindow cubic)
    {
        _cubic = cubic;
        InitialWindowLength = cubic.InitialWindowLength;
        MaxWindowLength = cubic.MaxWindowLength;
    }

    /// <summary>Window before anything was received, bytes.</summary>
    public int InitialWindowLength { get; }

    /// <summary>Largest window, bytes.</summary>
    public int MaxWindowLength { get; }

    /// <summary>Follows the stream and says the window. Conductor's thread, every duty cycle.</summary>
    /// <param name="rebuild">What has happened.</param>
    /// <param name="isForced">Whether the sender must be told at once.</param>
    public int OnRebuild(in RebuildStep rebuild, out bool isForced)
    {
        if (_cubic is not null)
        {
            return _cubic.OnRebuild(rebuild, out isForced);
        }

        isForced = false;
        return MaxWindowLength;
    }

    /// <summary>Whether it is time to measure the round trip. Receiver's thread.</summary>
    public bool IsRttDue(long nowNs) => _cubic is not null && _cubic.IsRttDue(nowNs);

    /// <summary>A measurement was sent. Receiver's thread.</summary>
    public void OnRttSent(long nowNs) => _cubic?.OnRttSent(nowNs);

    /// <summary>A measurement came back. Receiver's thread.</summary>
    public void OnRtt(long nowNs, long rttNs) => _cubic?.OnRtt(nowNs, rttNs);

    /// <summary>Frees its counters. Conductor's thread.</summary>
    public void Free(CountersManager counters) => _cubic?.Free(counters);
}

/// <summary>One step of an image's reception, as congestion control sees it.</summary>
/// <param name="NowNs">Time of the duty cycle.</param>
/// <param name="ConsumedPosition">Position of the slowest subscriber.</param>
/// <param name="LastStatusPosition">What the sender was last told.</param>
/// <param name="IsLoss">Whether a new hole was seen.</param>
internal readonly record struct RebuildStep(
    long NowNs, long ConsumedPosition, long LastStatusPosition, bool IsLoss);
