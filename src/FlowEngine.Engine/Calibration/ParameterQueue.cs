using FlowEngine.Disruptor;
using FlowEngine.Market;

namespace FlowEngine.Engine;

/// <summary>
/// Whole runs on their way from the calibrator's thread to ingress: a bounded queue of one producer and one consumer.
/// </summary>
public sealed class ParameterQueue : IDisposable
{
    private const int Capacity = 4096;

    private readonly RingBuffer<MarketEvent> _ring = new(Capacity);
    private readonly Sequence _taken = new();

    /// <summary>Takes the memory: 256 KiB.</summary>
    public ParameterQueue() => _ring.AddGatingSequence(_taken);

    /// <summary>Leaves a run for ingress, which sees all of it or nothing. Calibrator's thread only.</summary>
    /// <returns>False where there is no room: try again later.</returns>
    public bool TryPublish(ParameterRun run)
    {
        if (!_ring.TryNext(run.Events, out var last))
        {
            return false;
        }

        var first = last - run.Events + 1;
        for (var i = 0; i < run.Events; i++)
        {
            run.Write(i, out _ring[first + i]);
        }

        _ring.Publish(last);
        return true;
    }

    /// <summary>
    /// Moves the runs that are there into the engine's ring, as long as that has room for the next one as a whole;
    /// the caller publishes them. Ingress thread only.
    /// </summary>
    public void Move(RingBuffer<MarketEvent> ring, ref RingSink sink)
    {
        var taken = _taken.Acquire(); // written by this thread
        while (taken < _ring.Cursor) // pairs with the release of the cursor in TryPublish
        {
            var events = (int)_ring[taken + 1].Quantity + 2;
            if (!ring.HasAvailableCapacity(events))
            {
                return;
            }

            for (var i = 0; i < events; i++)
            {
                sink.Next() = _ring[++taken];
            }

            _taken.Release(taken); // pairs with the acquire of whoever looks for room in TryPublish
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _ring.Dispose();
}
