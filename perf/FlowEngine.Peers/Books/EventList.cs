using FlowEngine.Feeds;
using FlowEngine.Market;

namespace FlowEngine.Peers.Books;

/// <summary>The events of one packet.</summary>
internal struct EventList() : IEventSink
{
    private readonly MarketEvent[] _events = new MarketEvent[FeedLimits.MaxEventsPerPacket];
    private int _count;

    public readonly ReadOnlySpan<MarketEvent> Events => _events.AsSpan(0, _count);

    public ref MarketEvent Next()
    {
        ref var next = ref _events[_count++];
        next = default;
        return ref next;
    }

    public void Clear() => _count = 0;
}
