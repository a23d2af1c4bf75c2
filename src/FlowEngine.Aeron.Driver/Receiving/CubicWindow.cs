using FlowEngine.Core;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>
/// A window that shrinks by a fifth with each loss and grows back along a cubic curve: slowly near where the loss was,
/// fast beyond (CUBIC, RFC 8312). In datagrams of the stream's MTU.
/// </summary>
[Hot]
internal sealed class CubicWindow
{
    private const int InitialDatagrams = 10;
    private const double Scale = 0.4;
    private const double Decrease = 0.2;
    private const int RttTimeoutMultiple = 4;
    private const double NsPerSecond = 1e9;
    private const long MaxRttNs = 100_000_000_000;

    private readonly int _mtuLength;
    private readonly int _maxDatagrams;
    private readonly bool _measuresRtt;
    private readonly long _initialRttNs;
    private readonly AtomicCounter _rttCounter;
    private readonly AtomicCounter _windowCounter;

    // Conductor's.
    private int _datagrams;
    private int _datagramsAtLoss;
    private double _secondsToRegain;
    private long _lastLossNs;
    private long _lastUpdateNs;

    // Receiver's.
    private long _lastRttNs;
    private long _rttTimeoutNs;

    /// <param name="maxWindowLength">Largest window, bytes.</param>
    /// <param name="mtuLength">Longest datagram of the stream.</param>
    /// <param name="initialRttNs">Round trip until one is measured; also how often the window grows.</param>
    /// <param name="measuresRtt">Whether the round trip is measured.</param>
    /// <param name="rttCounter">Shows the round trip, ns.</param>
    /// <param name="windowCounter">Shows the window, bytes.</param>
    /// <param name="nowNs">Time of the duty cycle.</param>
    public CubicWindow(
        int maxWindowLength,
        int mtuLength,
        long initialRttNs,
        bool measuresRtt,
        AtomicCounter rttCounter,
        AtomicCounter windowCounter,
        long nowNs)
    {
        MaxWindowLength = maxWindowLength;
        _mtuLength = mtuLength;
        _maxDatagrams = Math.Max(maxWindowLength / mtuLength, 1);
        _datagrams = Math.Min(InitialDatagrams, _maxDatagrams);
        InitialWindowLength = _datagrams * mtuLength;
        _datagramsAtLoss = _maxDatagrams;
        _secondsToRegain = SecondsToRegain(_datagramsAtLoss);
        _measuresRtt = measuresRtt;
        _initialRttNs = initialRttNs;
        _rttTimeoutNs = initialRttNs * RttTimeoutMultiple;
        _rttCounter = rttCounter;
        _windowCounter = windowCounter;
        _lastLossNs = nowNs;
        _lastUpdateNs = nowNs;
        _rttCounter.Set(0);
        _windowCounter.Set(InitialWindowLength);
    }

    /// <summary>Window before anything was received, bytes.</summary>
    public int InitialWindowLength { get; }

    /// <summary>Largest window, bytes.</summary>
    public int MaxWindowLength { get; }

    /// <summary>Follows the stream and says the window. Conductor's thread, every duty cycle.</summary>
    public int OnRebuild(in RebuildStep rebuild, out bool isForced)
    {
        isForced = false;
        if (rebuild.IsLoss)
        {
            isForced = true;
            _datagramsAtLoss = _datagrams;
            _secondsToRegain = SecondsToRegain(_datagrams);
            _datagrams = Math.Max((int)(_datagrams * (1.0 - Decrease)), 1);
            _lastLossNs = rebuild.NowNs;
        }
        else if (_datagrams < _maxDatagrams && rebuild.NowNs - _lastUpdateNs > _initialRttNs)
        {
            var secondsSinceLoss = (rebuild.NowNs - _lastLossNs) / NsPerSecond;
            var distance = secondsSinceLoss - _secondsToRegain;
            var growth = Scale * distance * distance * distance;

            // As a long: after days without loss the curve leaves an int.
            _datagrams = (int)Math.Clamp(_datagramsAtLoss + (long)growth, 1, _maxDatagrams);
            _lastUpdateNs = rebuild.NowNs;
        }
        else if (_datagrams == 1 && rebuild.ConsumedPosition > rebuild.LastStatusPosition)
        {
            // A quarter of one datagram is less than any step: tell every one.
            isForced = true;
        }

        var window = _datagrams * _mtuLength;
        _windowCounter.Set(window);
        return window;
    }

    /// <summary>Whether it is time to measure the round trip. Receiver's thread.</summary>
    public bool IsRttDue(long nowNs) => _measuresRtt && nowNs - _lastRttNs > _rttTimeoutNs;

    /// <summary>A measurement was sent. Receiver's thread.</summary>
    public void OnRttSent(long nowNs) => _lastRttNs = nowNs;

    /// <summary>A measurement came back. Receiver's thread.</summary>
    public void OnRtt(long nowNs, long rttNs)
    {
        // It is computed from what a stranger sent.
        if (rttNs is < 0 or > MaxRttNs)
        {
            return;
        }

        _lastRttNs = nowNs;
        _rttCounter.Set(rttNs);
        _rttTimeoutNs = Math.Max(rttNs, _initialRttNs) * RttTimeoutMultiple;
    }

    /// <summary>Frees its counters. Conductor's thread.</summary>
    public void Free(CountersManager counters)
    {
        counters.Free(_rttCounter.Id);
        counters.Free(_windowCounter.Id);
    }

    private static double SecondsToRegain(int datagrams) => Math.Cbrt(datagrams * Decrease / Scale);
}
