using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Cme;

/// <summary>
/// The door to the sink: never more events a packet than <see cref="FeedLimits.MaxEventsPerPacket"/>, whatever a packet
/// says of whole groups of instruments. Ingress thread.
/// </summary>
[Hot]
internal sealed class CmeOutput
{
    private readonly FeedCounters _counters;
    private MarketEvent _leftOut;
    private int _room;

    public CmeOutput(FeedCounters counters) => _counters = counters;

    /// <summary>When ingress saw the packet.</summary>
    public long ReceiveTimeNs { get; private set; }

    /// <summary>When the packet was captured.</summary>
    public long CaptureTimeNs { get; private set; }

    /// <summary>A packet begins.</summary>
    public void Begin(long captureTimeNs, long receiveTimeNs)
    {
        CaptureTimeNs = captureTimeNs;
        ReceiveTimeNs = receiveTimeNs;
        _room = FeedLimits.MaxEventsPerPacket;
    }

    /// <summary>Takes the next slot of the sink.</summary>
    public ref MarketEvent Emit<TSink>(ref TSink sink, int id, EventKind kind, long venueTimeNs)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (_room == 0)
        {
            _counters.EventsLeftOut++;
            _leftOut = default;
            return ref _leftOut;
        }

        _room--;
        return ref EventEmission.Emit(ref sink, id, kind, venueTimeNs, ReceiveTimeNs);
    }

    /// <summary>Hands on an event that was made before.</summary>
    public void Copy<TSink>(ref TSink sink, in MarketEvent e)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref MarketEvent slot = ref Emit(ref sink, e.InstrumentId, e.Kind, e.VenueTime);
        slot = e;
        slot.ReceiveTime = ReceiveTimeNs;
    }

    /// <summary>Says whether an instrument trades, as a venue event of its own.</summary>
    public void EmitStatus<TSink>(ref TSink sink, int id, TradingStatus status, long venueTimeNs)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref MarketEvent slot = ref Emit(ref sink, id, EventKind.Status, venueTimeNs);
        slot.Quantity = (long)status;
        slot.Flags = EventFlags.EndOfEvent;
    }
}
