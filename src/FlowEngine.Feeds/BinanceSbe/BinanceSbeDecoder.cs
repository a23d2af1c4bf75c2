using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using FlowEngine.Core;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.Binance;

namespace FlowEngine.Feeds.BinanceSbe;

/// <summary>
/// Messages of Binance's SBE streams → market events. A symbol is defined by the first message that names it. Chains
/// of book updates are told as they are (U - 1 before, u after): the book finds the holes. Allocates only for new
/// symbols. Ingress thread.
/// </summary>
internal sealed class BinanceSbeDecoder
{
    private readonly BinanceSymbols _symbols;
    private readonly FeedCounters _counters;
    private long _receiveTimeNs;

    public BinanceSbeDecoder(InstrumentTable table, FeedCounters counters)
    {
        _symbols = new BinanceSymbols(table, counters);
        _counters = counters;
    }

    /// <summary>Decodes one message.</summary>
    [Hot]
    public void Decode<TSink>(ReadOnlySpan<byte> message, long receiveTimeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        _receiveTimeNs = receiveTimeNs;
        if (message.Length < Wire.MessageHeaderReader.Length)
        {
            _counters.CountDamage(DamageReason.TruncatedPacket, message);
            return;
        }

        ushort template = BinaryPrimitives.ReadUInt16LittleEndian(message[2..]);
        int type = template - FeedMessageType.FirstBinanceTemplate;
        if (BinaryPrimitives.ReadUInt16LittleEndian(message[4..]) != Wire.SchemaInfo.Id
            || (uint)type >= FeedMessageType.BinanceCount)
        {
            bool isSchema = BinaryPrimitives.ReadUInt16LittleEndian(message[4..]) == Wire.SchemaInfo.Id;
            _counters.CountDamage(isSchema ? DamageReason.UnknownTemplate : DamageReason.WrongSchema, message);
            return;
        }

        _counters.CountMessage(FeedMessageType.BinanceStart + type);
        switch (template)
        {
            case Wire.TradesReader.TemplateId when Wire.TradesReader.TryWrap(message, out var trades):
                DecodeTrades(trades, message, ref sink);
                break;
            case Wire.BestBidAskReader.TemplateId when Wire.BestBidAskReader.TryWrap(message, out var best):
                DecodeBest(best, message, ref sink);
                break;
            case Wire.DepthDiffReader.TemplateId when Wire.DepthDiffReader.TryWrap(message, out var diff):
                DecodeDiff(diff, message, ref sink);
                break;
            case Wire.DepthSnapshotReader.TemplateId when Wire.DepthSnapshotReader.TryWrap(message, out var snapshot):
                DecodeSnapshot(snapshot, message, ref sink);
                break;
            default:
                _counters.CountDamage(DamageReason.ShortBlock, message);
                break;
        }
    }

    [Hot]
    private void DecodeTrades<TSink>(in Wire.TradesReader trades, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        var units = new BinanceUnits(trades.PriceExponent, trades.QuantityExponent);
        bool isTimed = BinanceUnits.TryToNanos(trades.TransactTimeUs, out long timeNs);
        if (!Find(trades.Symbol, ref units, isTimed, timeNs, message, out int id, ref sink))
        {
            return;
        }

        scoped ref MarketEvent slot = ref Unsafe.NullRef<MarketEvent>();
        foreach (var print in trades.Prints)
        {
            DamageReason reason = print.IsBuyerMaker > Wire.Boolean.Yes ? DamageReason.BadEnum : DamageReason.None;
            reason = units.Read(print.Price, print.Quantity, isEmptyAllowed: false, reason, out PriceLevel level);
            if (reason != DamageReason.None)
            {
                // One print less leaves the others right.
                _counters.CountDamage(reason, message);
                slot = ref EventEmission.EmitDamaged(ref sink, id, reason, 0, timeNs, _receiveTimeNs);
                continue;
            }

            _counters.Trades++;
            slot = ref EventEmission.Emit(ref sink, id, EventKind.Trade, timeNs, _receiveTimeNs);
            slot.Side = print.IsBuyerMaker == Wire.Boolean.Yes ? Side.Sell : Side.Buy;
            slot.Price = level.Price;
            slot.Quantity = level.Lots;
            slot.Id = (ulong)print.TradeId;
        }

        EndEvent(ref slot);
    }

    [Hot]
    private void DecodeBest<TSink>(in Wire.BestBidAskReader best, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        var units = new BinanceUnits(best.PriceExponent, best.QuantityExponent);
        bool isTimed = BinanceUnits.TryToNanos(best.EventTimeUs, out long timeNs);
        if (!Find(best.Symbol, ref units, isTimed, timeNs, message, out int id, ref sink))
        {
            return;
        }

        DamageReason reason = best.BookUpdateId > 0 ? DamageReason.None : DamageReason.BadQuantity;
        reason = units.Read(best.BidPrice, best.BidQuantity, isEmptyAllowed: true, reason, out PriceLevel bid);
        reason = units.Read(best.AskPrice, best.AskQuantity, isEmptyAllowed: true, reason, out PriceLevel ask);
        if (reason != DamageReason.None)
        {
            Refuse(reason, id, 0, timeNs, message, ref sink);
            return;
        }

        EmitBest(id, Side.Bid, bid, (ulong)best.BookUpdateId, timeNs, ref sink);
        EndEvent(ref EmitBest(id, Side.Ask, ask, (ulong)best.BookUpdateId, timeNs, ref sink));
    }

    [Hot]
    private void DecodeDiff<TSink>(in Wire.DepthDiffReader diff, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        var units = new BinanceUnits(diff.PriceExponent, diff.QuantityExponent);
        bool isTimed = BinanceUnits.TryToNanos(diff.EventTimeUs, out long timeNs);
        if (!Find(diff.Symbol, ref units, isTimed, timeNs, message, out int id, ref sink))
        {
            return;
        }

        ref BinanceSymbol symbol = ref _symbols[id];
        ulong first = (ulong)diff.FirstBookUpdateId;
        ulong last = (ulong)diff.LastBookUpdateId;
        if (diff.FirstBookUpdateId <= 0 || last < first)
        {
            symbol.Break();
            Refuse(DamageReason.BadQuantity, id, symbol.LastUpdate, timeNs, message, ref sink);
            return;
        }

        // Updates without a level make no event: the next one builds on what came before them.
        ulong before = symbol.LastUpdate == first - 1 && symbol.BuiltOn != 0 ? symbol.BuiltOn : first - 1;
        symbol.Follow(first, last);
        scoped ref MarketEvent slot = ref Unsafe.NullRef<MarketEvent>();
        foreach (var level in diff.Bids)
        {
            DamageReason reason = units.Read(
                level.Price, level.Quantity, isEmptyAllowed: true, DamageReason.None, out PriceLevel change);
            if (reason != DamageReason.None)
            {
                symbol.Break();
                Refuse(reason, id, last, timeNs, message, ref sink);
                return;
            }

            slot = ref EmitChange(id, Side.Bid, change, before, last, timeNs, ref sink);
        }

        foreach (var level in diff.Asks)
        {
            DamageReason reason = units.Read(
                level.Price, level.Quantity, isEmptyAllowed: true, DamageReason.None, out PriceLevel change);
            if (reason != DamageReason.None)
            {
                symbol.Break();
                Refuse(reason, id, last, timeNs, message, ref sink);
                return;
            }

            slot = ref EmitChange(id, Side.Ask, change, before, last, timeNs, ref sink);
        }

        symbol.BuiltOn = Unsafe.IsNullRef(ref slot) ? before : 0;
        EndEvent(ref slot);
    }

    [Hot]
    private void DecodeSnapshot<TSink>(in Wire.DepthSnapshotReader snapshot, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        var units = new BinanceUnits(snapshot.PriceExponent, snapshot.QuantityExponent);
        bool isTimed = BinanceUnits.TryToNanos(snapshot.EventTimeUs, out long timeNs);
        if (!Find(snapshot.Symbol, ref units, isTimed, timeNs, message, out int id, ref sink))
        {
            return;
        }

        DamageReason reason = snapshot.BookUpdateId > 0 ? DamageReason.None : DamageReason.BadQuantity;
        foreach (var level in snapshot.Bids)
        {
            reason = units.Read(level.Price, level.Quantity, isEmptyAllowed: false, reason, out _);
        }

        foreach (var level in snapshot.Asks)
        {
            reason = units.Read(level.Price, level.Quantity, isEmptyAllowed: false, reason, out _);
        }

        if (reason != DamageReason.None)
        {
            Refuse(reason, id, 0, timeNs, message, ref sink);
            return;
        }

        ulong sequence = (ulong)snapshot.BookUpdateId;
        ref BinanceSymbol symbol = ref _symbols[id];
        if (symbol.IsChained)
        {
            // The best levels of a book that is told whole say nothing that its chain does not.
            _counters.SnapshotPiecesSkipped++;
            return;
        }

        EmitSnapshot(id, EventKind.SnapshotBegin, sequence, timeNs, ref sink);
        foreach (var level in snapshot.Bids)
        {
            EmitLevel(id, Side.Bid, units.Read(level.Price, level.Quantity), sequence, timeNs, ref sink);
        }

        foreach (var level in snapshot.Asks)
        {
            EmitLevel(id, Side.Ask, units.Read(level.Price, level.Quantity), sequence, timeNs, ref sink);
        }

        EndEvent(ref EmitSnapshot(id, EventKind.SnapshotEnd, sequence, timeNs, ref sink));
        symbol.Begin(sequence);
    }

    [Hot]
    private bool Find<TSink>(
        ReadOnlySpan<byte> name,
        ref BinanceUnits units,
        bool isTimed,
        long timeNs,
        ReadOnlySpan<byte> message,
        out int id,
        ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        id = -1;
        if (!isTimed)
        {
            _counters.CountDamage(DamageReason.BadTime, message);
            return false;
        }

        return _symbols.TryFind(name, ref units, timeNs, _receiveTimeNs, message, out id, ref sink);
    }

    [Hot]
    private ref MarketEvent EmitChange<TSink>(
        int id, Side side, PriceLevel change, ulong before, ulong last, long timeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        EventKind kind = change.Lots == 0 ? EventKind.LevelDelete : EventKind.LevelSet;
        ref MarketEvent slot = ref EventEmission.Emit(ref sink, id, kind, timeNs, _receiveTimeNs);
        slot.Side = side;
        slot.Price = change.Price;
        slot.Quantity = change.Lots;
        slot.VenueSequence = last;
        slot.Id = before;
        return ref slot;
    }

    [Hot]
    private ref MarketEvent EmitBest<TSink>(
        int id, Side side, PriceLevel level, ulong sequence, long timeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref MarketEvent slot = ref EventEmission.Emit(ref sink, id, EventKind.BestLevel, timeNs, _receiveTimeNs);
        slot.Side = side;
        slot.Price = level.Price;
        slot.Quantity = level.Lots;
        slot.VenueSequence = sequence;
        return ref slot;
    }

    [Hot]
    private ref MarketEvent EmitSnapshot<TSink>(int id, EventKind kind, ulong sequence, long timeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref MarketEvent slot = ref EventEmission.Emit(ref sink, id, kind, timeNs, _receiveTimeNs);
        slot.Flags = EventFlags.Snapshot;
        slot.VenueSequence = sequence;
        return ref slot;
    }

    [Hot]
    private void EmitLevel<TSink>(
        int id, Side side, PriceLevel level, ulong sequence, long timeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref MarketEvent slot = ref EmitSnapshot(id, EventKind.SnapshotLevel, sequence, timeNs, ref sink);
        slot.Side = side;
        slot.Price = level.Price;
        slot.Quantity = level.Lots;
    }

    [Hot]
    private void Refuse<TSink>(
        DamageReason reason, int id, ulong lostSequence, long timeNs, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        _counters.CountDamage(reason, message);
        EndEvent(ref EventEmission.EmitDamaged(ref sink, id, reason, lostSequence, timeNs, _receiveTimeNs));
    }

    [Hot]
    private static void EndEvent(ref MarketEvent last)
    {
        if (!Unsafe.IsNullRef(ref last))
        {
            last.Flags |= EventFlags.EndOfEvent;
        }
    }
}
