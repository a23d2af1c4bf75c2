using FlowEngine.Core;
using FlowEngine.Core.Agents;
using FlowEngine.Disruptor;
using FlowEngine.Market;

namespace FlowEngine.Engine;

/// <summary>The engine's agent whatever its stages are: one virtual call a duty cycle, none a message.</summary>
public abstract class EngineAgent : IAgent
{
    /// <inheritdoc/>
    public string Name => "flowengine-engine";

    /// <summary>What this thread allocates.</summary>
    public AllocationMeter Allocations { get; } = new();

    /// <summary>Events whose handler threw: a fault of the program, never of its input.</summary>
    public abstract long Failures { get; }

    /// <summary>What was thrown last.</summary>
    public abstract Exception? LastFailure { get; }

    /// <inheritdoc/>
    public abstract void OnStart();

    /// <inheritdoc/>
    public abstract int DoWork(long nowNs);

    /// <summary>Handles what ingress published before it stopped, then closes egress.</summary>
    public abstract void OnClose();
}

/// <summary>The engine thread's duty cycle: handle what is in the ring, then send what had to wait.</summary>
public sealed class EngineAgent<THandler> : EngineAgent
    where THandler : struct, IEventHandler<MarketEvent>
{
    private readonly BatchEventProcessor<MarketEvent, THandler, BusySpinWait> _processor;
    private readonly EngineState _state;
    private readonly Egress _egress;
    private readonly CounterBoard _counters;

    /// <summary>Gates the ring with a new consumer that runs <paramref name="handler"/>.</summary>
    public EngineAgent(
        RingBuffer<MarketEvent> ring, THandler handler, EngineState state, Egress egress, CounterBoard counters)
    {
        _processor = new BatchEventProcessor<MarketEvent, THandler, BusySpinWait>(
            ring, ring.NewBarrier<BusySpinWait>(), handler);
        ring.AddGatingSequence(_processor.Sequence);
        _state = state;
        _egress = egress;
        _counters = counters;
    }

    /// <inheritdoc/>
    public override long Failures => _processor.Failures;

    /// <inheritdoc/>
    public override Exception? LastFailure => _processor.LastFailure;

    /// <inheritdoc/>
    public override void OnStart()
    {
        ((IAgent)_processor).OnStart();
        Sample();
    }

    /// <inheritdoc/>
    [Hot]
    public override int DoWork(long nowNs)
    {
        var work = _processor.DoWork(nowNs) + _egress.Flush();
        if (_counters.IsDue(nowNs))
        {
            _counters.Update();
            Sample();
        }

        return work;
    }

    /// <inheritdoc/>
    public override void OnClose()
    {
        while (_processor.DoWork(0) > 0)
        {
        }

        Sample();
        ((IAgent)_processor).OnClose();
        _counters.Update();
    }

    private void Sample() => Allocations.Sample(_state.Totals.SetUpBytes, _state.Totals.Events);
}
