using FlowEngine.Core.Agents;
using FlowEngine.Core.Time;

namespace FlowEngine.Engine;

/// <summary>
/// Ingress and engine on one thread: what ingress publishes is handled in the same duty cycle. The ring stays between
/// them, so that values and digest are those of two threads.
/// </summary>
public sealed class SharedAgent<TIngress, TEngine> : IAgent
    where TIngress : IAgent
    where TEngine : IAgent
{
    private readonly TIngress _ingress;
    private readonly TEngine _engine;
    private readonly Ingress _counts;
    private readonly EngineState _state;

    /// <summary>Joins the two agents of one pipeline.</summary>
    public SharedAgent(TIngress ingress, TEngine engine, Pipeline pipeline)
    {
        _ingress = ingress;
        _engine = engine;
        _counts = pipeline.Ingress;
        _state = pipeline.State;
    }

    /// <inheritdoc/>
    public string Name => "flowengine";

    /// <summary>What the thread allocates.</summary>
    public AllocationMeter Allocations { get; } = new();

    /// <inheritdoc/>
    public void OnStart()
    {
        _ingress.OnStart();
        _engine.OnStart();
        Sample();
    }

    /// <inheritdoc/>
    public int DoWork(long nowNs)
    {
        var work = _ingress.DoWork(nowNs) + _engine.DoWork(nowNs);
        if (work == 0)
        {
            Sample();
        }

        return work;
    }

    /// <summary>Works until nothing is left to take in or to handle, then closes both.</summary>
    public void OnClose()
    {
        while (_ingress.DoWork(SystemClock.Nanos()) + _engine.DoWork(SystemClock.Nanos()) > 0 || _counts.IsWaiting)
        {
        }

        Sample();
        _ingress.OnClose();
        _engine.OnClose();
    }

    private void Sample() =>
        Allocations.Sample(_counts.SetUpBytes + _state.Totals.SetUpBytes, _state.Totals.Events);
}
