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

    /// <summary>Says that the table has a new instrument, and whether it trades.</summary>
    public static void EmitDefined<TSink>(
        ref TSink sink,
        int instrumentId,
        ulong venueInstrumentId,
        TradingStatus status,
        long captureTimeNs,
        long receiveTimeNs)
        where TSink : struct, IEventSink, allows ref struct
    {
        Emit(ref sink, instrumentId, EventKind.InstrumentDefined, captureTimeNs, receiveTimeNs).Id = venueInstrumentId;
        EmitStatus(ref sink, instrumentId, status, captureTimeNs, receiveTimeNs);
    }

    /// <summary>Says whether an instrument trades, as a venue event of its own.</summary>
    public static void EmitStatus<TSink>(
        ref TSink sink, int instrumentId, TradingStatus status, long venueTimeNs, long receiveTimeNs)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref MarketEvent slot = ref Emit(ref sink, instrumentId, EventKind.Status, venueTimeNs, receiveTimeNs);
        slot.Quantity = (long)status;
        slot.Flags = EventFlags.EndOfEvent;
    }
}
