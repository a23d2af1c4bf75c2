using FlowEngine.Core;
using FlowEngine.Disruptor;
using FlowEngine.Market;

namespace FlowEngine.Engine;

/// <summary>
/// Ingress's side of the calibration: what was found enters the ring here and nowhere else. From a queue, whenever
/// something is in it; or stepped: at each boundary of the schedule ingress holds back the next packet until the engine
/// has handled everything before it, calibrates, and lets the runs follow right behind the boundary's timer, so that
/// equal packets give equal events. Ingress thread only.
/// </summary>
public sealed class ParameterFeed
{
    private readonly ParameterQueue? _queue;
    private readonly Calibrator? _stepped;
    private CalibrationSchedule _schedule;
    private long _boundaryNs;
    private bool _isSolving;

    /// <summary>From a queue that another thread fills.</summary>
    public ParameterFeed(ParameterQueue queue) => _queue = queue;

    /// <summary>Steps <paramref name="calibrator"/>, which the engine thread feeds.</summary>
    public ParameterFeed(Calibrator calibrator, CalibrationSchedule schedule)
    {
        _stepped = calibrator;
        _schedule = schedule;
    }

    /// <summary>A boundary has to be calibrated before the next packet is taken.</summary>
    public bool IsHolding { get; private set; }

    /// <summary>A timer went into the ring.</summary>
    [Hot]
    public void OnTimer(long boundaryNs)
    {
        if (_stepped is not null && _schedule.Pass(boundaryNs))
        {
            _boundaryNs = boundaryNs;
            IsHolding = true;
        }
    }

    /// <summary>Writes the runs that are there and have room; the caller publishes them.</summary>
    /// <returns>False while the next packet has to wait.</returns>
    [Hot]
    public bool TryPass(RingBuffer<MarketEvent> ring, ref RingSink sink)
    {
        _queue?.Move(ring, ref sink);
        return !IsHolding || TryStep(ring, ref sink);
    }

    private bool TryStep(RingBuffer<MarketEvent> ring, ref RingSink sink)
    {
        if (!_isSolving)
        {
            // All slots are free once the engine has handled the timer and all before it: then it has no sample to
            // give, and what it gave can be seen here.
            if (!ring.HasAvailableCapacity(ring.Capacity))
            {
                return false;
            }

            _stepped!.Begin(_boundaryNs);
            _isSolving = true;
        }

        while (ring.HasAvailableCapacity(ParameterRun.MostEvents))
        {
            var run = _stepped!.SolveNext();
            if (run is null)
            {
                _isSolving = false;
                IsHolding = false;
                return true;
            }

            for (var i = 0; i < run.Events; i++)
            {
                run.Write(i, out sink.Next());
            }
        }

        return false;
    }
}
