using System.Runtime.CompilerServices;
using FlowEngine.Core;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Normalised;

/// <summary>Orders and snapshots by order of the normalised format → market events. Ingress thread.</summary>
internal sealed class NormalisedOrders
{
    private readonly NormalisedInstruments _instruments;
    private readonly FeedCounters _counters;

    public NormalisedOrders(NormalisedInstruments instruments, FeedCounters counters)
    {
        _instruments = instruments;
        _counters = counters;
    }

    /// <summary>Hands on the order changes of one message; one bad change makes the rest of it unusable.</summary>
    [Hot]
    public void Update<TSink>(
        in Wire.OrderUpdateReader update, ReadOnlySpan<byte> message, long receiveTimeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_instruments.TryFind(update.InstrumentId, out int id))
        {
            return;
        }

        ref readonly NormalisedInstrument instrument = ref _instruments[id];
        EventFlags flags = NormalisedDecoder.ToFlags(update.Flags);
        scoped ref MarketEvent slot = ref Unsafe.NullRef<MarketEvent>();
        foreach (var order in update.Orders)
        {
            DamageReason reason = Check(order.Action, order.Side, order.Price, order.Lots, in instrument);
            if (reason != DamageReason.None)
            {
                ulong lost = NormalisedDecoder.LostSequence(update.Sequence);
                _counters.CountDamage(reason, message);
                EventEmission.EmitDamaged(ref sink, id, reason, lost, update.VenueTime, receiveTimeNs).Flags
                    |= EventFlags.EndOfEvent;
                return;
            }

            // Kinds and actions are numbered in the same order.
            var kind = (EventKind)((byte)EventKind.OrderAdd + ((byte)order.Action - (byte)Wire.OrderAction.Add));
            slot = ref EventEmission.Emit(ref sink, id, kind, update.VenueTime, receiveTimeNs);
            slot.Side = (Side)order.Side;
            slot.Flags = flags;
            slot.Price = order.Price;
            slot.Quantity = order.Action == Wire.OrderAction.Delete ? 0 : order.Lots;
            slot.VenueSequence = update.Sequence;
            slot.Id = order.OrderId;
        }

        NormalisedDecoder.EndEvent(update.Flags, ref slot);
    }

    /// <summary>Hands on one piece of a snapshot by order, as <see cref="EventKind.OrderAdd"/>.</summary>
    [Hot]
    public void Snapshot<TSink>(
        in Wire.OrderSnapshotPieceReader piece, ReadOnlySpan<byte> message, long receiveTimeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_instruments.TryFind(piece.InstrumentId, out int id))
        {
            return;
        }

        ref NormalisedInstrument instrument = ref _instruments[id];
        if (piece.IsFirst != 1 && (!instrument.IsInSnapshot || instrument.SnapshotSequence != piece.Sequence))
        {
            instrument.IsInSnapshot = false;
            _counters.SnapshotPiecesSkipped++;
            return;
        }

        DamageReason reason = piece.IsFirst <= 1 && piece.IsLast <= 1 ? DamageReason.None : DamageReason.BadEnum;
        foreach (var order in piece.Orders)
        {
            reason = reason == DamageReason.None
                ? Check(Wire.OrderAction.Add, order.Side, order.Price, order.Lots, in instrument)
                : reason;
        }

        if (reason != DamageReason.None)
        {
            instrument.IsInSnapshot = false;
            _counters.CountDamage(reason, message);
            EventEmission.EmitDamaged(ref sink, id, reason, 0, piece.VenueTime, receiveTimeNs).Flags
                |= EventFlags.EndOfEvent;
            return;
        }

        if (piece.IsFirst == 1)
        {
            instrument.SnapshotSequence = piece.Sequence;
            Emit(id, EventKind.SnapshotBegin, in piece, receiveTimeNs, ref sink);
        }

        foreach (var order in piece.Orders)
        {
            ref MarketEvent slot = ref Emit(id, EventKind.OrderAdd, in piece, receiveTimeNs, ref sink);
            slot.Side = (Side)order.Side;
            slot.Price = order.Price;
            slot.Quantity = order.Lots;
            slot.Id = order.OrderId;
        }

        instrument.IsInSnapshot = piece.IsLast == 0;
        if (piece.IsLast == 1)
        {
            Emit(id, EventKind.SnapshotEnd, in piece, receiveTimeNs, ref sink).Flags |= EventFlags.EndOfEvent;
        }
    }

    // What a book does not look at may hold anything: price and side of an execution or a deletion, side of a change.
    [Hot]
    private static DamageReason Check(
        Wire.OrderAction action, Wire.Side side, long price, long lots, in NormalisedInstrument instrument)
    {
        if (action is < Wire.OrderAction.Add or > Wire.OrderAction.Execute || side > Wire.Side.Ask
            || (action == Wire.OrderAction.Add && side == Wire.Side.Unknown))
        {
            return DamageReason.BadEnum;
        }

        DamageReason reason = action is Wire.OrderAction.Add or Wire.OrderAction.Modify
            ? instrument.CheckLevelPrice(price)
            : NormalisedInstrument.CheckPrice(price);
        return reason == DamageReason.None && action != Wire.OrderAction.Delete
            ? NormalisedInstrument.CheckLots(lots)
            : reason;
    }

    [Hot]
    private static ref MarketEvent Emit<TSink>(
        int id, EventKind kind, in Wire.OrderSnapshotPieceReader piece, long receiveTimeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref MarketEvent slot = ref EventEmission.Emit(ref sink, id, kind, piece.VenueTime, receiveTimeNs);
        slot.Flags = EventFlags.Snapshot;
        slot.VenueSequence = piece.Sequence;
        return ref slot;
    }
}
