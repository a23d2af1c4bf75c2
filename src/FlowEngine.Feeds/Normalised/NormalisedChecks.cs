using FlowEngine.Core;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Normalised;

/// <summary>What the normalised format says about whether a book is right → market events. Ingress thread.</summary>
internal sealed class NormalisedChecks
{
    private readonly NormalisedInstruments _instruments;
    private readonly FeedCounters _counters;

    public NormalisedChecks(NormalisedInstruments instruments, FeedCounters counters)
    {
        _instruments = instruments;
        _counters = counters;
    }

    /// <summary>The venue's best bid and ask.</summary>
    [Hot]
    public void Quote<TSink>(
        in Wire.BestQuoteReader quote, ReadOnlySpan<byte> message, long receiveTimeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_instruments.TryFind(quote.InstrumentId, out int id))
        {
            return;
        }

        DamageReason reason = CheckSide(quote.BidPrice, quote.BidLots);
        reason = reason == DamageReason.None ? CheckSide(quote.AskPrice, quote.AskLots) : reason;
        if (reason != DamageReason.None)
        {
            _counters.CountDamage(reason, message);
            EventEmission.EmitDamaged(ref sink, id, reason, 0, quote.VenueTime, receiveTimeNs).Flags
                |= EventFlags.EndOfEvent;
            return;
        }

        Emit(id, Side.Bid, quote.BidPrice, quote.BidLots, in quote, receiveTimeNs, ref sink);
        Emit(id, Side.Ask, quote.AskPrice, quote.AskLots, in quote, receiveTimeNs, ref sink).Flags
            = EventFlags.EndOfEvent;
    }

    /// <summary>The feed gives the book up.</summary>
    [Hot]
    public void Lost<TSink>(
        in Wire.BookLostReader lost, ReadOnlySpan<byte> message, long receiveTimeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_instruments.TryFind(lost.InstrumentId, out int id))
        {
            return;
        }

        if (lost.Reason > Wire.LossReason.Checksum)
        {
            _counters.CountDamage(DamageReason.BadEnum, message);
        }

        EventKind kind = lost.Reason == Wire.LossReason.Checksum ? EventKind.ChecksumMismatch : EventKind.Gap;
        ref MarketEvent slot = ref EventEmission.Emit(ref sink, id, kind, lost.VenueTime, receiveTimeNs);
        slot.VenueSequence = lost.Sequence;
        slot.Flags = EventFlags.EndOfEvent;
    }

    /// <summary>A new session.</summary>
    [Hot]
    public void Reset<TSink>(in Wire.SessionResetReader reset, long receiveTimeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (_instruments.TryFind(reset.InstrumentId, out int id))
        {
            _instruments[id].IsInSnapshot = false;
            ref MarketEvent slot = ref EventEmission.Emit(
                ref sink, id, EventKind.SessionReset, reset.VenueTime, receiveTimeNs);
            slot.VenueSequence = reset.Sequence;
            slot.Flags = EventFlags.EndOfEvent;
        }
    }

    [Hot]
    private static ref MarketEvent Emit<TSink>(
        int id, Side side, long price, long lots, in Wire.BestQuoteReader quote, long receiveTimeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref MarketEvent slot = ref EventEmission.Emit(
            ref sink, id, EventKind.BestLevel, quote.VenueTime, receiveTimeNs);
        slot.Side = side;
        slot.Price = lots == 0 ? 0 : price;
        slot.Quantity = lots;
        slot.VenueSequence = quote.Sequence;
        return ref slot;
    }

    private static DamageReason CheckSide(long price, long lots) =>
        lots == 0 ? DamageReason.None
        : lots is < 0 or > FeedLimits.MaxLots ? DamageReason.BadQuantity
        : NormalisedInstrument.CheckPrice(price);
}
