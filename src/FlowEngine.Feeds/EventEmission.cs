using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Feeds;

/// <summary>Fills the fields that every event of a decoder has.</summary>
[Hot]
internal static class EventEmission
{
    /// <summary>Takes the next slot of the sink.</summary>
    public static ref MarketEvent Emit<TSink>(
        ref TSink sink, int instrumentId, EventKind kind, long venueTimeNs, long receiveTimeNs)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref MarketEvent slot = ref sink.Next();
        slot.InstrumentId = instrumentId;
        slot.Kind = kind;
        slot.VenueTime = venueTimeNs;
        slot.ReceiveTime = receiveTimeNs;
        return ref slot;
    }

    /// <summary>
    /// Tells in band that input of an instrument was refused; where the book can no longer be right, as a gap too:
    /// lostSequence is the venue sequence of the refused book change, 0 for what is no book change.
    /// </summary>
    /// <returns>The last event emitted.</returns>
    public static ref MarketEvent EmitDamaged<TSink>(
        ref TSink sink, int instrumentId, DamageReason reason, ulong lostSequence, long venueTimeNs, long receiveTimeNs)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref MarketEvent slot = ref Emit(ref sink, instrumentId, EventKind.Damaged, venueTimeNs, receiveTimeNs);
        slot.Id = (ulong)reason;
        slot.Flags = EventFlags.Damaged;
        if (lostSequence == 0)
        {
            return ref slot;
        }

        ref MarketEvent gap = ref Emit(ref sink, instrumentId, EventKind.Gap, venueTimeNs, receiveTimeNs);
        gap.Flags = EventFlags.Damaged;
        gap.VenueSequence = lostSequence;
        return ref gap;
    }
}
