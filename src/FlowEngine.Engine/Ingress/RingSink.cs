using FlowEngine.Core;
using FlowEngine.Disruptor;
using FlowEngine.Feeds;
using FlowEngine.Market;

namespace FlowEngine.Engine;

/// <summary>
/// Where decoders write: slots of the ring, handed to the consumers when the packet is whole. Ingress thread only.
/// </summary>
[Hot]
public struct RingSink : IEventSink
{
    private readonly RingBuffer<MarketEvent> _ring;
    private long _claimed;
    private long _published;

    /// <summary>A sink over <paramref name="ring"/>, whose only producer it is.</summary>
    public RingSink(RingBuffer<MarketEvent> ring)
    {
        _ring = ring;
        _claimed = ring.Cursor;
        _published = _claimed;
    }

    /// <inheritdoc/>
    public ref MarketEvent Next()
    {
        _claimed = _ring.Next();
        ref var slot = ref _ring[_claimed];
        slot = default;
        return ref slot;
    }

    /// <summary>Publishes what was written since the last call.</summary>
    /// <returns>Events published.</returns>
    public int Flush()
    {
        var count = (int)(_claimed - _published);
        if (count > 0)
        {
            _ring.Publish(_claimed);
            _published = _claimed;
        }

        return count;
    }
}
