using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver;

/// <summary>A client as the driver knows it: by the id in its commands and the heartbeat counter it writes.</summary>
internal sealed class DriverClient(long clientId, AtomicCounter heartbeat)
{
    public long ClientId { get; } = clientId;

    /// <summary>Last sign of life, epoch ms.</summary>
    public AtomicCounter Heartbeat { get; } = heartbeat;

    /// <summary>Counter ids by registration id.</summary>
    public Dictionary<long, int> Counters { get; } = [];
}
