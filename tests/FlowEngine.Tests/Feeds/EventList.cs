using FlowEngine.Feeds;
using FlowEngine.Market;

namespace FlowEngine.Tests.Feeds;

/// <summary>A sink that keeps one packet's events in an array, as the ring does.</summary>
internal struct EventList : IEventSink
{
    private readonly MarketEvent[] _slots = new MarketEvent[FeedLimits.MaxEventsPerPacket];

    public EventList()
    {
    }

    public int Count { get; private set; }

    public readonly ReadOnlySpan<MarketEvent> Events => _slots.AsSpan(0, Count);

    public ref MarketEvent Next()
    {
        _slots[Count] = default;
        return ref _slots[Count++];
    }

    public void Clear() => Count = 0;
}
