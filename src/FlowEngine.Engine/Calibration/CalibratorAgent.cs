using FlowEngine.Core.Agents;
using FlowEngine.Disruptor;

namespace FlowEngine.Engine;

/// <summary>
/// The calibrator's duty cycle on a cold thread of its own: take the samples that are there, find one set of
/// parameters, leave it for ingress.
/// </summary>
public sealed class CalibratorAgent : IAgent
{
    private const int SamplesPerCycle = 4096;

    private readonly BatchEventProcessor<CalibrationSample, Handler, BusySpinWait> _samples;
    private readonly Calibrator _calibrator;
    private readonly ParameterQueue _queue;
    private ParameterRun? _waiting;

    /// <summary>Gates <paramref name="ring"/> with a consumer that feeds <paramref name="calibrator"/>.</summary>
    public CalibratorAgent(RingBuffer<CalibrationSample> ring, Calibrator calibrator, ParameterQueue queue)
    {
        _calibrator = calibrator;
        _queue = queue;
        _samples = new BatchEventProcessor<CalibrationSample, Handler, BusySpinWait>(
            ring, ring.NewBarrier<BusySpinWait>(), new Handler(calibrator))
        {
            MaxBatchSize = SamplesPerCycle,
        };
        ring.AddGatingSequence(_samples.Sequence);
    }

    /// <inheritdoc/>
    public string Name => "flowengine-calibrator";

    /// <summary>What a fit threw last: a fault of the program.</summary>
    public Exception? LastFailure => _samples.LastFailure;

    /// <summary>Times a result had to wait because the queue to ingress was full.</summary>
    public long QueueFull { get; private set; }

    /// <inheritdoc/>
    public int DoWork(long nowNs)
    {
        var work = _samples.DoWork(nowNs);
        var isNew = _waiting is null;
        _waiting ??= _calibrator.SolveNext();
        if (_waiting is null)
        {
            return work;
        }

        if (_queue.TryPublish(_waiting))
        {
            _waiting = null;
            return work + 1;
        }

        QueueFull += isNew ? 1 : 0;
        return work;
    }

    private readonly struct Handler(Calibrator calibrator) : IEventHandler<CalibrationSample>
    {
        public void OnStart()
        {
        }

        public void OnEvent(ref CalibrationSample evt, long sequence, bool endOfBatch)
        {
            if (evt.Kind == SampleKind.Boundary)
            {
                calibrator.Begin(evt.TimeNs);
            }
            else
            {
                calibrator.Take(in evt);
            }
        }

        public void OnShutdown()
        {
        }
    }
}
