using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using FlowEngine.Core;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Normalised;

/// <summary>
/// Runs of <c>market-data.xml</c> messages → market events, by the same rules as the venues' own formats. Instruments
/// are known by their id alone, so one decoder serves one venue. Allocates only when an instrument is new. Ingress
/// thread.
/// </summary>
internal sealed class NormalisedDecoder
{
    private readonly NormalisedInstruments _instruments;
    private readonly NormalisedOrders _orders;
    private readonly NormalisedChecks _checks;
    private readonly FeedCounters _counters;
    private long _captureTimeNs;
    private long _receiveTimeNs;

    public NormalisedDecoder(InstrumentTable table, FeedCounters counters)
    {
        _instruments = new NormalisedInstruments(table, counters);
        _orders = new NormalisedOrders(_instruments, counters);
        _checks = new NormalisedChecks(_instruments, counters);
        _counters = counters;
    }

    /// <summary>Decodes one run.</summary>
    [Hot]
    public void Decode<TSink>(ReadOnlySpan<byte> run, long captureTimeNs, long receiveTimeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        _captureTimeNs = captureTimeNs;
        _receiveTimeNs = receiveTimeNs;
        while (!run.IsEmpty)
        {
            DamageReason reason = DecodeMessage(run, out int length, ref sink);
            if (reason != DamageReason.None)
            {
                // Where this message ends is not known, so the rest of the run goes with it.
                _counters.CountDamage(reason, run);
                return;
            }

            run = run[length..];
        }
    }

    [Hot]
    private DamageReason DecodeMessage<TSink>(ReadOnlySpan<byte> run, out int length, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        length = 0;
        if (run.Length < Wire.MessageHeaderReader.Length)
        {
            return DamageReason.TruncatedPacket;
        }

        if (BinaryPrimitives.ReadUInt16LittleEndian(run[4..]) != Wire.SchemaInfo.Id)
        {
            return DamageReason.WrongSchema;
        }

        ushort template = BinaryPrimitives.ReadUInt16LittleEndian(run[2..]);
        int type = template - FeedMessageType.FirstNormalisedTemplate;
        if ((uint)type >= FeedMessageType.NormalisedCount)
        {
            return DamageReason.UnknownTemplate;
        }

        switch (template)
        {
            case Wire.LevelUpdateReader.TemplateId when Wire.LevelUpdateReader.TryWrap(run, out var levels):
                length = levels.EncodedLength;
                DecodeLevels(levels, run[..length], ref sink);
                break;
            case Wire.TradesReader.TemplateId when Wire.TradesReader.TryWrap(run, out var trades):
                length = trades.EncodedLength;
                DecodeTrades(trades, run[..length], ref sink);
                break;
            case Wire.SnapshotPieceReader.TemplateId when Wire.SnapshotPieceReader.TryWrap(run, out var piece):
                length = piece.EncodedLength;
                DecodeSnapshot(piece, run[..length], ref sink);
                break;
            case Wire.DerivativeTickerReader.TemplateId when Wire.DerivativeTickerReader.TryWrap(run, out var ticker):
                length = ticker.EncodedLength;
                DecodeTicker(ticker, run[..length], ref sink);
                break;
            case Wire.OrderUpdateReader.TemplateId when Wire.OrderUpdateReader.TryWrap(run, out var orders):
                length = orders.EncodedLength;
                _orders.Update(orders, run[..length], _receiveTimeNs, ref sink);
                break;
            case Wire.LiquidationOrderReader.TemplateId when Wire.LiquidationOrderReader.TryWrap(run, out var forced):
                length = forced.EncodedLength;
                DecodeLiquidation(forced, run[..length], ref sink);
                break;
            case Wire.InstrumentStatusReader.TemplateId when Wire.InstrumentStatusReader.TryWrap(run, out var status):
                length = status.EncodedLength;
                DecodeStatus(status, run[..length], ref sink);
                break;
            case Wire.InstrumentDefinitionReader.TemplateId
                when Wire.InstrumentDefinitionReader.TryWrap(run, out var definition):
                length = definition.EncodedLength;
                _instruments.Define(definition, run[..length], _captureTimeNs, _receiveTimeNs, ref sink);
                break;
            default:
                length = DecodeRarer(template, run, ref sink);
                break;
        }

        if (length == 0)
        {
            return WhyNotWrapped(run);
        }

        _counters.CountMessage(FeedMessageType.NormalisedStart + type);
        return DamageReason.None;
    }

    // Rows and checksums are for tools that verify: a book does not need them.
    [Hot]
    private int DecodeRarer<TSink>(ushort template, ReadOnlySpan<byte> run, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        var length = 0;
        switch (template)
        {
            case Wire.ClearBookReader.TemplateId when Wire.ClearBookReader.TryWrap(run, out var clear):
                length = clear.EncodedLength;
                DecodeClear(clear, ref sink);
                break;
            case Wire.OrderSnapshotPieceReader.TemplateId
                when Wire.OrderSnapshotPieceReader.TryWrap(run, out var orderPiece):
                length = orderPiece.EncodedLength;
                _orders.Snapshot(orderPiece, run[..length], _receiveTimeNs, ref sink);
                break;
            case Wire.BestQuoteReader.TemplateId when Wire.BestQuoteReader.TryWrap(run, out var quote):
                length = quote.EncodedLength;
                _checks.Quote(quote, run[..length], _receiveTimeNs, ref sink);
                break;
            case Wire.BookRowReader.TemplateId when Wire.BookRowReader.TryWrap(run, out var row):
                length = row.EncodedLength;
                break;
            case Wire.BookChecksumReader.TemplateId when Wire.BookChecksumReader.TryWrap(run, out var checksum):
                length = checksum.EncodedLength;
                break;
            case Wire.BookLostReader.TemplateId when Wire.BookLostReader.TryWrap(run, out var lost):
                length = lost.EncodedLength;
                _checks.Lost(lost, run[..length], _receiveTimeNs, ref sink);
                break;
            case Wire.SessionResetReader.TemplateId when Wire.SessionResetReader.TryWrap(run, out var reset):
                length = reset.EncodedLength;
                _checks.Reset(reset, _receiveTimeNs, ref sink);
                break;
            default:
                break;
        }

        return length;
    }

    private static DamageReason WhyNotWrapped(ReadOnlySpan<byte> run)
    {
        int blockLength = BinaryPrimitives.ReadUInt16LittleEndian(run);
        if (blockLength > run.Length - Wire.MessageHeaderReader.Length)
        {
            return DamageReason.TruncatedPacket;
        }

        // Every message but the smallest has more than this in its block; what fits and still fails does so in its
        // group.
        return blockLength < Wire.InstrumentStatusReader.BlockLength ? DamageReason.ShortBlock : DamageReason.BadGroup;
    }

    [Hot]
    private void DecodeLevels<TSink>(in Wire.LevelUpdateReader update, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_instruments.TryFind(update.InstrumentId, out int id))
        {
            return;
        }

        ref readonly NormalisedInstrument instrument = ref _instruments[id];
        EventFlags flags = ToFlags(update.Flags);
        scoped ref MarketEvent slot = ref Unsafe.NullRef<MarketEvent>();
        foreach (var level in update.Levels)
        {
            DamageReason reason = CheckLevel(level.Action, level.Side, level.Price, level.Lots, in instrument);
            if (reason != DamageReason.None)
            {
                Refuse(reason, id, LostSequence(update.Sequence), update.VenueTime, message, ref sink);
                return;
            }

            // The first three kinds are numbered like the schema's actions.
            slot = ref Emit(id, (EventKind)level.Action, update.VenueTime, ref sink);
            slot.Side = (Side)level.Side;
            slot.Flags = flags;
            slot.Price = level.Price;
            slot.Quantity = level.Action == Wire.LevelAction.Delete ? 0 : level.Lots;
            slot.VenueSequence = update.Sequence;
            slot.Id = update.PreviousSequence;
        }

        EndEvent(update.Flags, ref slot);
    }

    [Hot]
    private static DamageReason CheckLevel(
        Wire.LevelAction action, Wire.Side side, long price, long lots, in NormalisedInstrument instrument)
    {
        if (action is < Wire.LevelAction.Set or > Wire.LevelAction.Delete
            || side is not (Wire.Side.Bid or Wire.Side.Ask))
        {
            return DamageReason.BadEnum;
        }

        DamageReason reason = instrument.CheckLevelPrice(price);
        if (reason != DamageReason.None)
        {
            return reason;
        }

        return action switch
        {
            Wire.LevelAction.Set => NormalisedInstrument.CheckLots(lots),
            Wire.LevelAction.Delta => lots is >= -FeedLimits.MaxLots and <= FeedLimits.MaxLots and not 0
                ? DamageReason.None
                : DamageReason.BadQuantity,
            _ => DamageReason.None,
        };
    }

    [Hot]
    private void DecodeSnapshot<TSink>(in Wire.SnapshotPieceReader piece, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_instruments.TryFind(piece.InstrumentId, out int id))
        {
            return;
        }

        ref NormalisedInstrument instrument = ref _instruments[id];
        ulong sequence = piece.Sequence;
        if (piece.IsFirst != 1 && (!instrument.IsInSnapshot || instrument.SnapshotSequence != sequence))
        {
            instrument.IsInSnapshot = false;
            _counters.SnapshotPiecesSkipped++;
            return;
        }

        DamageReason reason = piece.IsFirst <= 1 && piece.IsLast <= 1 ? DamageReason.None : DamageReason.BadEnum;
        foreach (var level in piece.Levels)
        {
            bool isSide = level.Side is Wire.Side.Bid or Wire.Side.Ask;
            reason = reason == DamageReason.None && !isSide ? DamageReason.BadEnum : reason;
            reason = reason == DamageReason.None ? instrument.CheckLevelPrice(level.Price) : reason;
            reason = reason == DamageReason.None ? NormalisedInstrument.CheckLots(level.Lots) : reason;
        }

        if (reason != DamageReason.None)
        {
            instrument.IsInSnapshot = false;
            Refuse(reason, id, 0, piece.VenueTime, message, ref sink);
            return;
        }

        if (piece.IsFirst == 1)
        {
            instrument.SnapshotSequence = sequence;
            EmitSnapshot(id, EventKind.SnapshotBegin, sequence, piece.VenueTime, ref sink);
        }

        foreach (var level in piece.Levels)
        {
            ref MarketEvent slot = ref EmitSnapshot(id, EventKind.SnapshotLevel, sequence, piece.VenueTime, ref sink);
            slot.Side = (Side)level.Side;
            slot.Price = level.Price;
            slot.Quantity = level.Lots;
        }

        instrument.IsInSnapshot = piece.IsLast == 0;
        if (piece.IsLast == 1)
        {
            EmitSnapshot(id, EventKind.SnapshotEnd, sequence, piece.VenueTime, ref sink).Flags |= EventFlags.EndOfEvent;
        }
    }

    [Hot]
    private void DecodeTrades<TSink>(in Wire.TradesReader trades, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_instruments.TryFind(trades.InstrumentId, out int id))
        {
            return;
        }

        EventFlags flags = ToFlags(trades.Flags);
        scoped ref MarketEvent slot = ref Unsafe.NullRef<MarketEvent>();
        foreach (var print in trades.Prints)
        {
            bool isEnum = print.Aggressor <= Wire.Side.Ask && print.Liquidation <= Wire.Liquidation.Both;
            DamageReason reason = isEnum ? NormalisedInstrument.CheckPrice(print.Price) : DamageReason.BadEnum;
            reason = reason == DamageReason.None ? NormalisedInstrument.CheckLots(print.Lots) : reason;
            if (reason != DamageReason.None)
            {
                // One print less leaves the others right: the damage is told and the message goes on.
                _counters.CountDamage(reason, message);
                slot = ref EventEmission.EmitDamaged(ref sink, id, reason, 0, trades.VenueTime, _receiveTimeNs);
                continue;
            }

            _counters.Trades++;
            bool isForced = print.Liquidation >= Wire.Liquidation.Taker;
            bool isMakerForced = print.Liquidation is Wire.Liquidation.Maker or Wire.Liquidation.Both;
            slot = ref Emit(id, isForced ? EventKind.Liquidation : EventKind.Trade, trades.VenueTime, ref sink);
            slot.Side = (Side)print.Aggressor;
            slot.Flags = flags | (isMakerForced ? EventFlags.MakerLiquidation : EventFlags.None);
            slot.Price = print.Price;
            slot.Quantity = print.Lots;
            slot.Id = print.TradeId;
        }

        EndEvent(trades.Flags, ref slot);
    }

    [Hot]
    private void DecodeLiquidation<TSink>(
        in Wire.LiquidationOrderReader order, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_instruments.TryFind(order.InstrumentId, out int id))
        {
            return;
        }

        bool isSide = order.Side is Wire.Side.Bid or Wire.Side.Ask;
        DamageReason reason = isSide ? NormalisedInstrument.CheckPrice(order.Price) : DamageReason.BadEnum;
        reason = reason == DamageReason.None ? NormalisedInstrument.CheckLots(order.Lots) : reason;
        if (reason != DamageReason.None)
        {
            Refuse(reason, id, 0, order.VenueTime, message, ref sink);
            return;
        }

        ref MarketEvent slot = ref Emit(id, EventKind.Liquidation, order.VenueTime, ref sink);
        slot.Side = (Side)order.Side;
        slot.Flags = ToFlags(order.Flags);
        slot.Price = order.Price;
        slot.Quantity = order.Lots;
        EndEvent(order.Flags, ref slot);
    }

    [Hot]
    private void DecodeTicker<TSink>(in Wire.DerivativeTickerReader ticker, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_instruments.TryFind(ticker.InstrumentId, out int id))
        {
            return;
        }

        bool hasOpenInterest = !ticker.OpenInterestIsNull;
        if (!IsFixed9(ticker.MarkPrice) || !IsFixed9(ticker.IndexPrice) || !IsFixed9(ticker.FundingRate)
            || (hasOpenInterest && ticker.OpenInterest is < 0 or > FeedLimits.MaxLots))
        {
            bool isPrice = !hasOpenInterest || ticker.OpenInterest is >= 0 and <= FeedLimits.MaxLots;
            Refuse(isPrice ? DamageReason.BadPrice : DamageReason.BadQuantity, id, 0, ticker.VenueTime, message,
                ref sink);
            return;
        }

        scoped ref MarketEvent slot = ref Unsafe.NullRef<MarketEvent>();
        if (!ticker.MarkPriceIsNull)
        {
            slot = ref Emit(id, EventKind.MarkPrice, ticker.VenueTime, ref sink);
            slot.Price = ticker.MarkPrice;
        }

        if (!ticker.IndexPriceIsNull)
        {
            slot = ref Emit(id, EventKind.IndexPrice, ticker.VenueTime, ref sink);
            slot.Price = ticker.IndexPrice;
        }

        if (hasOpenInterest)
        {
            slot = ref Emit(id, EventKind.OpenInterest, ticker.VenueTime, ref sink);
            slot.Quantity = ticker.OpenInterest;
        }

        if (!ticker.FundingRateIsNull)
        {
            slot = ref Emit(id, EventKind.Funding, ticker.VenueTime, ref sink);
            slot.Price = ticker.FundingRate;
        }

        EndEvent(Wire.UpdateFlags.EndOfEvent, ref slot);
    }

    [Hot]
    private void DecodeStatus<TSink>(
        in Wire.InstrumentStatusReader status, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_instruments.TryFind(status.InstrumentId, out int id))
        {
            return;
        }

        if (status.Status > Wire.TradingStatus.Expired)
        {
            Refuse(DamageReason.BadEnum, id, 0, status.VenueTime, message, ref sink);
            return;
        }

        _instruments[id].Status = (TradingStatus)status.Status;
        EventEmission.EmitStatus(ref sink, id, (TradingStatus)status.Status, status.VenueTime, _receiveTimeNs);
    }

    [Hot]
    private void DecodeClear<TSink>(in Wire.ClearBookReader clear, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (_instruments.TryFind(clear.InstrumentId, out int id))
        {
            ref MarketEvent slot = ref Emit(id, EventKind.Clear, clear.VenueTime, ref sink);
            slot.VenueSequence = clear.Sequence;
            slot.Flags = EventFlags.EndOfEvent;
        }
    }

    [Hot]
    private ref MarketEvent Emit<TSink>(int id, EventKind kind, long venueTimeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct =>
        ref EventEmission.Emit(ref sink, id, kind, venueTimeNs, _receiveTimeNs);

    [Hot]
    private ref MarketEvent EmitSnapshot<TSink>(int id, EventKind kind, ulong sequence, long venueTimeNs,
        ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref MarketEvent slot = ref Emit(id, kind, venueTimeNs, ref sink);
        slot.Flags = EventFlags.Snapshot;
        slot.VenueSequence = sequence;
        return ref slot;
    }

    [Hot]
    private void Refuse<TSink>(
        DamageReason reason, int id, ulong lostSequence, long venueTimeNs, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        _counters.CountDamage(reason, message);
        EventEmission.EmitDamaged(ref sink, id, reason, lostSequence, venueTimeNs, _receiveTimeNs).Flags
            |= EventFlags.EndOfEvent;
    }

    // A venue without sequences has lost a book change all the same: any number but 0 says so.
    internal static ulong LostSequence(ulong sequence) => sequence == 0 ? 1 : sequence;

    private static bool IsFixed9(long value) =>
        value is >= -FeedLimits.MaxFixed9 and <= FeedLimits.MaxFixed9 or long.MinValue;

    [Hot]
    internal static EventFlags ToFlags(Wire.UpdateFlags flags) =>
        ((flags & Wire.UpdateFlags.Implied) != 0 ? EventFlags.ImpliedLevel : EventFlags.None)
        | ((flags & Wire.UpdateFlags.Throttled) != 0 ? EventFlags.ThrottledSource : EventFlags.None)
        | ((flags & Wire.UpdateFlags.OffBook) != 0 ? EventFlags.OffBook : EventFlags.None)
        | ((flags & Wire.UpdateFlags.LosesPriority) != 0 ? EventFlags.LosesPriority : EventFlags.None)
        | ((flags & Wire.UpdateFlags.KeepsPriority) != 0 ? EventFlags.KeepsPriority : EventFlags.None);

    [Hot]
    internal static void EndEvent(Wire.UpdateFlags flags, ref MarketEvent last)
    {
        if ((flags & Wire.UpdateFlags.EndOfEvent) != 0 && !Unsafe.IsNullRef(ref last))
        {
            last.Flags |= EventFlags.EndOfEvent;
        }
    }
}
