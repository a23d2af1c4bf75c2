using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Driver.Sending;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver;

/// <summary>A send endpoint as the conductor keeps it: with its counters and who uses it.</summary>
internal sealed class SendChannel(SendEndpoint endpoint, AtomicCounter status, int[] counterIds)
{
    public SendEndpoint Endpoint { get; } = endpoint;

    public UdpChannel Channel => Endpoint.Channel;

    /// <summary>State of the channel, for clients.</summary>
    public AtomicCounter Status { get; } = status;

    /// <summary>To be freed with it.</summary>
    public int[] CounterIds { get; } = counterIds;

    /// <summary>Publications that send through it.</summary>
    public int References { get; set; }

    /// <summary>Whether the sender is letting go of it.</summary>
    public bool IsClosing { get; set; }
}
