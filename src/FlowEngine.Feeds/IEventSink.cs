using FlowEngine.Market;

namespace FlowEngine.Feeds;

/// <summary>
/// Where a decoder writes its events. A struct type argument, so that it costs no call. Ingress thread.
/// </summary>
public interface IEventSink
{
    /// <summary>
    /// A zeroed slot for the next event; it stays writable until the packet ends. At most
    /// <see cref="FeedLimits.MaxEventsPerPacket"/> a packet.
    /// </summary>
    ref MarketEvent Next();
}
