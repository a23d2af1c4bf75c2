using FlowEngine.Disruptor;
using FlowEngine.Market;

namespace FlowEngine.Engine;

/// <summary>Stages with somebody looking over their shoulder.</summary>
public struct TappedStages<THandler> : IEventHandler<MarketEvent>
    where THandler : struct, IEventHandler<MarketEvent>
{
    private readonly IEventTap _tap;
    private THandler _stages;

    /// <summary>Shows what <paramref name="stages"/> do to <paramref name="tap"/>.</summary>
    public TappedStages(IEventTap tap, THandler stages)
    {
        _tap = tap;
        _stages = stages;
    }

    /// <inheritdoc/>
    public void OnStart() => _stages.OnStart();

    /// <inheritdoc/>
    public void OnEvent(ref MarketEvent evt, long sequence, bool endOfBatch)
    {
        _tap.Before(in evt, sequence);
        _stages.OnEvent(ref evt, sequence, endOfBatch);
        _tap.After(in evt, sequence);
    }

    /// <inheritdoc/>
    public void OnShutdown() => _stages.OnShutdown();
}
