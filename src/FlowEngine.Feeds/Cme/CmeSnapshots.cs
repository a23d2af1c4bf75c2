using FlowEngine.Core;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.Cme;

namespace FlowEngine.Feeds.Cme;

/// <summary>
/// Snapshots → snapshot events. A book that is right is only held against a snapshot that speaks of its newest change;
/// snapshots of what the increments have not told yet are left to the next round. Ingress thread.
/// </summary>
[Hot]
internal sealed class CmeSnapshots
{
    private readonly CmeInstruments _instruments;
    private readonly FeedCounters _counters;
    private readonly CmeOutput _output;
    private int _id;
    private ulong _sequence;
    private long _timeNs;

    public CmeSnapshots(CmeInstruments instruments, FeedCounters counters, CmeOutput output)
    {
        _instruments = instruments;
        _counters = counters;
        _output = output;
    }

    /// <summary>A snapshot by price begins; it is whole in one message.</summary>
    /// <returns>False when it is of no use.</returns>
    public bool TryBegin<TSink>(int securityId, uint report, byte status, ulong timeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_instruments.TryFind(securityId, out _id))
        {
            return false;
        }

        _timeNs = (long)timeNs;
        ref CmeInstrument instrument = ref _instruments[_id];
        _instruments.Turn(_id, status, _timeNs, isOver: false, ref sink);
        if (instrument.Book != BookKind.PriceLevels)
        {
            return false;
        }

        if (report == 0)
        {
            // Nothing was ever told of it: the book is empty, and its first update will be number 1.
            if (instrument.NeedsSnapshot && instrument.LastReport == 0)
            {
                _instruments.Reset(_id, isEmpty: true, _timeNs, ref sink);
            }

            return false;
        }

        if (!TryPlace(ref instrument, report, instrument.LastReport))
        {
            return false;
        }

        if (report >= instrument.LastReport)
        {
            _instruments.Ladders.Forget(_id);
        }

        Begin(ref sink);
        return true;
    }

    /// <summary>Where a snapshot by price ends: positions are known from here.</summary>
    public void End<TSink>(uint report, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref CmeInstrument instrument = ref _instruments[_id];
        if (report >= instrument.LastReport)
        {
            instrument.LastReport = report;
            instrument.EventSequence = report;
        }

        Finish(ref instrument, ref sink);
    }

    /// <summary>A piece of a snapshot by order begins.</summary>
    /// <returns>False when it is of no use.</returns>
    public bool TryBeginOrders<TSink>(
        int securityId, uint lastPacket, uint chunk, uint chunks, ulong timeNs, CmeChannel channel, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_instruments.TryFind(securityId, out _id) || _instruments[_id].Book != BookKind.Orders)
        {
            return false;
        }

        ref CmeInstrument instrument = ref _instruments[_id];
        _timeNs = (long)timeNs;
        bool isNext = chunk == 1 || (chunk == instrument.NextChunk && lastPacket == instrument.SnapshotSequence);
        if (!isNext || chunk == 0 || chunk > chunks)
        {
            instrument.NextChunk = 0;
            _counters.SnapshotPiecesSkipped++;
            return false;
        }

        if (chunk == 1)
        {
            instrument.NextChunk = 0;
            if (!TryPlace(ref instrument, lastPacket, channel.Expected - 1))
            {
                return false;
            }

            instrument.SnapshotSequence = lastPacket;
            instrument.PlacedSequence = _sequence;
            Begin(ref sink);
        }

        _sequence = instrument.PlacedSequence;

        instrument.NextChunk = chunk + 1;
        return true;
    }

    /// <summary>Where a piece of a snapshot by order ends.</summary>
    public void EndOrders<TSink>(bool isLast, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (isLast)
        {
            ref CmeInstrument instrument = ref _instruments[_id];
            instrument.NextChunk = 0;
            Finish(ref instrument, ref sink);
        }
    }

    /// <summary>One level.</summary>
    /// <returns>Why it was refused.</returns>
    public DamageReason Level<TSink>(
        byte type, int position, long price, int toE9, ulong lots, uint report, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        var entry = (Wire.BookEntry)type;
        bool isImplied = entry is Wire.BookEntry.ImpliedBid or Wire.BookEntry.ImpliedOffer;
        bool isBid = entry is Wire.BookEntry.Bid or Wire.BookEntry.ImpliedBid;
        ref readonly CmeInstrument instrument = ref _instruments[_id];
        int depth = isImplied ? instrument.ImpliedDepth : instrument.Depth;
        if ((!isImplied && !isBid && entry != Wire.BookEntry.Offer) || (isImplied && depth == 0))
        {
            return DamageReason.None;
        }

        if (price == long.MaxValue || lots is 0 or > FeedLimits.MaxLots)
        {
            return price == long.MaxValue ? DamageReason.NaNPrice : DamageReason.BadQuantity;
        }

        DamageReason reason = instrument.ToQuanta(price, toE9, out long quanta);
        if (reason != DamageReason.None)
        {
            return reason;
        }

        ref MarketEvent slot = ref EmitPiece(EventKind.SnapshotLevel, isBid, quanta, (long)lots, ref sink);
        slot.Flags |= isImplied ? EventFlags.ImpliedLevel : EventFlags.None;
        if ((uint)(position - 1) < (uint)depth && report >= instrument.LastReport)
        {
            _instruments.Ladders.Side(_id, isBid, isImplied)[position - 1] = quanta;
        }

        return DamageReason.None;
    }

    /// <summary>One order.</summary>
    /// <returns>Why it was refused.</returns>
    public DamageReason Order<TSink>(
        ulong orderId, Wire.BookEntry entry, long price, int toE9, int lots, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (entry is not (Wire.BookEntry.Bid or Wire.BookEntry.Offer))
        {
            return entry == Wire.BookEntry.EmptyBook ? DamageReason.None : DamageReason.BadEnum;
        }

        DamageReason reason = lots <= 0
            ? DamageReason.BadQuantity
            : _instruments[_id].ToQuanta(price, toE9, out _);
        if (reason != DamageReason.None)
        {
            return reason;
        }

        _instruments[_id].ToQuanta(price, toE9, out long quanta);
        EmitPiece(EventKind.OrderAdd, entry == Wire.BookEntry.Bid, quanta, lots, ref sink).Id = orderId;
        return DamageReason.None;
    }

    /// <summary>A piece could not be read: the book waits for the next round.</summary>
    public void Refuse<TSink>(DamageReason reason, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        _counters.CountDamage(reason, message);
        _instruments[_id].NextChunk = 0;
        _instruments.Ladders.Forget(_id);
        ref MarketEvent slot = ref _output.Emit(ref sink, _id, EventKind.Damaged, _timeNs);
        slot.Id = (ulong)reason;
        slot.Flags = EventFlags.Damaged;
        // A piece that no snapshot may have: the one under way is void.
        ref MarketEvent piece = ref _output.Emit(ref sink, _id, EventKind.SnapshotEnd, _timeNs);
        piece.VenueSequence = _sequence;
        piece.Flags = EventFlags.Snapshot | EventFlags.Damaged | EventFlags.EndOfEvent;
    }

    /// <summary>Open interest comes with a snapshot too.</summary>
    public void Statistic<TSink>(byte type, ulong lots, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (type == CmeLevel.OpenInterestEntry && lots is > 0 and <= FeedLimits.MaxLots)
        {
            ref MarketEvent slot = ref _output.Emit(ref sink, _id, EventKind.OpenInterest, _timeNs);
            slot.Quantity = (long)lots;
            slot.Flags = EventFlags.EndOfEvent;
        }
    }

    // Which of the book's own sequences the snapshot speaks of.
    private bool TryPlace(ref CmeInstrument instrument, ulong sequence, ulong newest)
    {
        if (instrument.NeedsSnapshot)
        {
            _sequence = sequence;
            return true;
        }

        if (sequence > newest)
        {
            _counters.SnapshotPiecesSkipped++;
            return false;
        }

        _sequence = sequence >= instrument.BookSequence && instrument.BookSequence != 0
            ? instrument.BookSequence
            : sequence;
        return true;
    }

    private void Begin<TSink>(ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref MarketEvent slot = ref _output.Emit(ref sink, _id, EventKind.SnapshotBegin, _timeNs);
        slot.Flags = EventFlags.Snapshot;
        slot.VenueSequence = _sequence;
    }

    private void Finish<TSink>(ref CmeInstrument instrument, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (instrument.NeedsSnapshot && _sequence >= instrument.Floor)
        {
            instrument.NeedsSnapshot = false;
            instrument.IsFresh = false;
            instrument.BookSequence = Math.Max(instrument.BookSequence, _sequence);
        }

        ref MarketEvent slot = ref _output.Emit(ref sink, _id, EventKind.SnapshotEnd, _timeNs);
        slot.Flags = EventFlags.Snapshot | EventFlags.EndOfEvent;
        slot.VenueSequence = _sequence;
    }

    private ref MarketEvent EmitPiece<TSink>(EventKind kind, bool isBid, long quanta, long lots, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref MarketEvent slot = ref _output.Emit(ref sink, _id, kind, _timeNs);
        slot.Flags = EventFlags.Snapshot;
        slot.VenueSequence = _sequence;
        slot.Side = isBid ? Side.Bid : Side.Ask;
        slot.Price = quanta;
        slot.Quantity = lots;
        return ref slot;
    }
}
