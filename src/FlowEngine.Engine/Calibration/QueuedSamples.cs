using FlowEngine.Core;
using FlowEngine.Disruptor;

namespace FlowEngine.Engine;

/// <summary>Samples go to another thread through a ring; what finds it full is dropped and counted. Engine thread
/// only.</summary>
[Hot]
public readonly struct QueuedSamples : ISampleSink
{
    private readonly RingBuffer<CalibrationSample> _ring;
    private readonly EngineTotals _totals;

    /// <summary>The only producer of <paramref name="ring"/>.</summary>
    public QueuedSamples(RingBuffer<CalibrationSample> ring, EngineTotals totals)
    {
        _ring = ring;
        _totals = totals;
    }

    /// <inheritdoc/>
    public static bool TakesBoundaries => true;

    /// <inheritdoc/>
    public bool TryTake(in CalibrationSample sample)
    {
        if (!_ring.TryNext(1, out var sequence))
        {
            _totals.SamplesDropped++;
            return false;
        }

        _ring[sequence] = sample;
        _ring.Publish(sequence);
        return true;
    }
}
