using FlowEngine.Aeron;
using FlowEngine.Core;
using FlowEngine.Core.Agents;

namespace FlowEngine.Engine;

/// <summary>
/// The ingress thread's duty cycle on a live feed: poll Aeron; while the feed is idle, keep the pipeline's clock going.
/// </summary>
public sealed class IngressAgent : IAgent
{
    private const int FragmentLimit = 16;

    private readonly Ingress _ingress;
    private readonly Subscription _subscription;
    private readonly bool _idleTimers;
    private readonly PreTradePort? _questions;
    private ControlledFragmentAssembler<Ingress> _assembler;

    /// <summary>An agent that feeds <paramref name="ingress"/> from <paramref name="subscription"/>.</summary>
    /// <param name="ingress">Takes the packets.</param>
    /// <param name="subscription">Where they come from.</param>
    /// <param name="idleTimers">False under a digest: then only capture time makes timers.</param>
    /// <param name="questions">Where pre-trade questions come in; null for nowhere.</param>
    public IngressAgent(
        Ingress ingress, Subscription subscription, bool idleTimers, PreTradePort? questions = null)
    {
        _questions = questions;
        _ingress = ingress;
        _subscription = subscription;
        _idleTimers = idleTimers;
        _assembler = new ControlledFragmentAssembler<Ingress>(ingress);
    }

    /// <inheritdoc/>
    public string Name => "flowengine-ingress";

    /// <summary>What this thread allocates.</summary>
    public AllocationMeter Allocations { get; } = new();

    /// <inheritdoc/>
    public void OnStart() => Sample();

    /// <inheritdoc/>
    [Hot]
    public int DoWork(long nowNs)
    {
        var work = _subscription.ControlledPoll(ref _assembler, FragmentLimit);
        if (work == 0)
        {
            Sample();
            if (_idleTimers)
            {
                work = _ingress.TickWhileIdle(nowNs);
            }
        }

        // Not while half a message waits for room: a question comes between packets.
        if (_questions is not null && !_ingress.IsWaiting)
        {
            work += _questions.Poll();
        }

        return work;
    }

    /// <summary>Takes in what was published before the stop.</summary>
    public void OnClose()
    {
        while (_subscription.ControlledPoll(ref _assembler, FragmentLimit) > 0 || _ingress.IsWaiting)
        {
            // The engine thread still runs: the ring will have room.
            Thread.Yield();
        }

        Sample();
    }

    private void Sample() => Allocations.Sample(_ingress.SetUpBytes, _ingress.Events);
}
