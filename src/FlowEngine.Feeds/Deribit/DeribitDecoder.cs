using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using FlowEngine.Core;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.Deribit;

namespace FlowEngine.Feeds.Deribit;

/// <summary>
/// Deribit multicast datagrams → market events. A message that is refused is counted and, where it names an instrument,
/// told in band; the messages around it are decoded. Allocates only when an instrument is seen for the first time.
/// Ingress thread.
/// </summary>
internal sealed class DeribitDecoder
{
    private readonly DeribitInstruments _instruments;
    private readonly FeedCounters _counters;
    private readonly ChannelTable _channels;
    private long _captureTimeNs;
    private long _receiveTimeNs;

    public DeribitDecoder(InstrumentTable table, FeedCounters counters)
    {
        _instruments = new DeribitInstruments(table, counters);
        _counters = counters;
        _channels = new ChannelTable(counters);
    }

    /// <summary>Decodes one datagram.</summary>
    [Hot]
    public void Decode<TSink>(ReadOnlySpan<byte> datagram, long captureTimeNs, long receiveTimeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (datagram.Length < DeribitFraming.FrameHeaderLength)
        {
            _counters.CountDamage(DamageReason.TruncatedPacket, datagram);
            return;
        }

        int packetLength = BinaryPrimitives.ReadUInt16LittleEndian(datagram);
        ushort channelId = BinaryPrimitives.ReadUInt16LittleEndian(datagram[2..]);
        uint sequence = BinaryPrimitives.ReadUInt32LittleEndian(datagram[4..]);
        ReadOnlySpan<byte> messages = datagram[DeribitFraming.FrameHeaderLength..];
        if (packetLength != messages.Length)
        {
            bool isShort = packetLength > messages.Length;
            _counters.CountDamage(isShort ? DamageReason.TruncatedPacket : DamageReason.BadFrameLength, datagram);
            return;
        }

        if (!_channels.TryAccept(channelId, sequence, captureTimeNs))
        {
            return;
        }

        _captureTimeNs = captureTimeNs;
        _receiveTimeNs = receiveTimeNs;
        while (!messages.IsEmpty)
        {
            DamageReason reason = DeribitFraming.Measure(messages, out int length);
            if (reason == DamageReason.None
                && BinaryPrimitives.ReadUInt16LittleEndian(messages[4..]) != DeribitFraming.SchemaId)
            {
                reason = DamageReason.WrongSchema;
            }

            if (reason != DamageReason.None)
            {
                // Where this message ends is not known for sure, so the rest of the packet goes with it.
                _counters.CountDamage(reason, messages);
                return;
            }

            DecodeMessage(messages[..length], channelId, ref sink);
            messages = messages[length..];
        }
    }

    [Hot]
    private void DecodeMessage<TSink>(ReadOnlySpan<byte> message, ushort channelId, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ushort template = BinaryPrimitives.ReadUInt16LittleEndian(message[2..]);
        int type = template - FeedMessageType.FirstDeribitTemplate;
        if ((uint)type >= FeedMessageType.NormalisedStart)
        {
            _counters.CountDamage(DamageReason.UnknownTemplate, message);
            return;
        }

        _counters.CountMessage(FeedMessageType.DeribitStart + type);
        bool isWhole = true;
        switch (template)
        {
            case Wire.BookReader.TemplateId:
                isWhole = Wire.BookReader.TryWrap(message, out var book);
                if (isWhole && _instruments.TryFind(book.InstrumentId, out int id))
                {
                    DecodeBook(book, id, message, ref sink);
                }

                break;
            case Wire.TickerReader.TemplateId:
                isWhole = Wire.TickerReader.TryWrap(message, out var ticker);
                if (isWhole && _instruments.TryFind(ticker.InstrumentId, out id))
                {
                    DecodeTicker(ticker, id, message, ref sink);
                }

                break;
            case Wire.TradesReader.TemplateId:
                isWhole = Wire.TradesReader.TryWrap(message, out var trades);
                if (isWhole && _instruments.TryFind(trades.InstrumentId, out id))
                {
                    DecodeTrades(trades, id, message, ref sink);
                }

                break;
            case Wire.SnapshotReader.TemplateId:
                isWhole = Wire.SnapshotReader.TryWrap(message, out var snapshot);
                if (isWhole)
                {
                    DecodeSnapshot(snapshot, channelId, message, ref sink);
                }

                break;
            case Wire.SnapshotStartReader.TemplateId or Wire.SnapshotEndReader.TemplateId:
                _channels.IsSnapshotSound(channelId) = true;
                break;
            case Wire.InstrumentReader.TemplateId or Wire.InstrumentV2Reader.TemplateId:
                isWhole = TryDefine(template, message, ref sink);
                break;
            default:
                isWhole = DeribitNotices.TryCheck(template, message, out DamageReason reason);
                if (isWhole && reason != DamageReason.None)
                {
                    _counters.CountDamage(reason, message);
                }

                break;
        }

        if (!isWhole)
        {
            _counters.CountDamage(DamageReason.ShortBlock, message);
        }
    }

    [Hot]
    private bool TryDefine<TSink>(ushort template, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (template == Wire.InstrumentReader.TemplateId && Wire.InstrumentReader.TryWrap(message, out var first))
        {
            var definition = new DeribitDefinition(in first);
            _instruments.Define(in definition, message, _captureTimeNs, _receiveTimeNs, ref sink);
            return true;
        }

        if (template == Wire.InstrumentV2Reader.TemplateId && Wire.InstrumentV2Reader.TryWrap(message, out var second))
        {
            var definition = new DeribitDefinition(in second);
            _instruments.Define(in definition, message, _captureTimeNs, _receiveTimeNs, ref sink);
            return true;
        }

        return false;
    }

    [Hot]
    private void DecodeBook<TSink>(
        in Wire.BookReader book, int id, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref readonly DeribitInstrument instrument = ref _instruments[id];
        bool isTimed = DeribitInstrument.TryToNanos(book.TimestampMs, out long venueTimeNs);
        if (!isTimed || book.IsLast > Wire.YesNo.Yes)
        {
            DamageReason reason = isTimed ? DamageReason.BadEnum : DamageReason.BadTime;
            Refuse(reason, id, book.ChangeId, _captureTimeNs, message, ref sink);
            return;
        }

        ulong changeId = book.ChangeId;
        ulong prevChangeId = book.PrevChangeId;
        scoped ref MarketEvent slot = ref Unsafe.NullRef<MarketEvent>();
        foreach (var change in book.ChangesList)
        {
            long lots = 0;
            bool isEnum = change.Side <= Wire.BookSide.Bid && change.Change <= Wire.BookChange.Deleted;
            DamageReason reason = isEnum ? instrument.ToQuanta(change.Price, out long quanta) : BadEnum(out quanta);
            bool isDeleted = change.Change == Wire.BookChange.Deleted;
            if (reason == DamageReason.None && !isDeleted)
            {
                reason = instrument.ToLots(change.Amount, out lots);
            }

            if (reason != DamageReason.None)
            {
                Refuse(reason, id, changeId, venueTimeNs, message, ref sink);
                return;
            }

            slot = ref Emit(id, isDeleted ? EventKind.LevelDelete : EventKind.LevelSet, venueTimeNs, ref sink);
            slot.Side = change.Side == Wire.BookSide.Bid ? Side.Bid : Side.Ask;
            slot.Price = quanta;
            slot.Quantity = lots;
            slot.VenueSequence = changeId;
            slot.Id = prevChangeId;
        }

        if (book.IsLast == Wire.YesNo.Yes)
        {
            EndEvent(ref slot);
        }
    }

    [Hot]
    private void DecodeTrades<TSink>(
        in Wire.TradesReader trades, int id, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref readonly DeribitInstrument instrument = ref _instruments[id];
        scoped ref MarketEvent slot = ref Unsafe.NullRef<MarketEvent>();
        foreach (var trade in trades.TradesList)
        {
            long lots = 0;
            bool isEnum = trade.Direction <= Wire.Direction.NoDirection && trade.Liquidation <= Wire.Liquidation.Both;
            DamageReason reason = isEnum ? instrument.ToQuanta(trade.Price, out long quanta) : BadEnum(out quanta);
            reason = reason == DamageReason.None ? instrument.ToLots(trade.Amount, out lots) : reason;
            if (!DeribitInstrument.TryToNanos(trade.TimestampMs, out long venueTimeNs) && reason == DamageReason.None)
            {
                reason = DamageReason.BadTime;
            }

            if (reason != DamageReason.None)
            {
                // One print less leaves the others right: the damage is told and the message goes on.
                _counters.CountDamage(reason, message);
                slot = ref EventEmission.EmitDamaged(ref sink, id, reason, 0, _captureTimeNs, _receiveTimeNs);
                continue;
            }

            _counters.Trades++;
            bool isForced = trade.Liquidation >= Wire.Liquidation.Taker;
            slot = ref Emit(id, isForced ? EventKind.Liquidation : EventKind.Trade, venueTimeNs, ref sink);
            slot.Side = trade.Direction switch
            {
                Wire.Direction.Buy => Side.Buy,
                Wire.Direction.Sell => Side.Sell,
                _ => Side.Unknown,
            };
            slot.Price = quanta;
            slot.Quantity = lots;
            slot.VenueSequence = trade.TradeSeq;
            slot.Id = trade.TradeId;
            bool isMakerForced = trade.Liquidation is Wire.Liquidation.Maker or Wire.Liquidation.Both;
            slot.Flags = (isMakerForced ? EventFlags.MakerLiquidation : EventFlags.None)
                | (IsGiven(trade.BlockTradeId) || IsGiven(trade.ComboTradeId) ? EventFlags.OffBook : EventFlags.None);
        }

        EndEvent(ref slot);
    }

    [Hot]
    private void DecodeSnapshot<TSink>(
        in Wire.SnapshotReader snapshot, ushort channelId, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref bool isSound = ref _channels.IsSnapshotSound(channelId);
        bool isPieceSound = isSound;
        bool isLast = snapshot.IsLastInBook == Wire.YesNo.Yes;
        // After a gap nobody can tell a first piece from a later one; the piece after a last one is a first one.
        isSound |= isLast;
        if (!_instruments.TryFind(snapshot.InstrumentId, out int id))
        {
            return;
        }

        ref DeribitInstrument instrument = ref _instruments[id];
        if (!isPieceSound)
        {
            instrument.IsInSnapshot = false;
            _counters.SnapshotPiecesSkipped++;
            return;
        }

        DamageReason reason = CheckSnapshot(snapshot, in instrument, out long venueTimeNs);
        if (reason != DamageReason.None)
        {
            // Nothing of the piece was handed on: a book that was right before stays so and waits for the next
            // snapshot.
            instrument.IsInSnapshot = false;
            isSound = isLast;
            Refuse(reason, id, 0, _captureTimeNs, message, ref sink);
            return;
        }

        ulong changeId = snapshot.ChangeId;
        if (!instrument.IsInSnapshot || instrument.SnapshotChangeId != changeId)
        {
            instrument.SnapshotChangeId = changeId;
            EmitSnapshot(id, EventKind.SnapshotBegin, changeId, venueTimeNs, ref sink);
        }

        foreach (var level in snapshot.LevelsList)
        {
            ref MarketEvent slot = ref EmitSnapshot(id, EventKind.SnapshotLevel, changeId, venueTimeNs, ref sink);
            slot.Side = level.Side == Wire.BookSide.Bid ? Side.Bid : Side.Ask;
            instrument.ToQuanta(level.Price, out slot.Price);
            instrument.ToLots(level.Amount, out slot.Quantity);
        }

        instrument.IsInSnapshot = !isLast;
        if (isLast)
        {
            EndEvent(ref EmitSnapshot(id, EventKind.SnapshotEnd, changeId, venueTimeNs, ref sink));
        }
    }

    [Hot]
    private static DamageReason CheckSnapshot(
        in Wire.SnapshotReader snapshot, in DeribitInstrument instrument, out long venueTimeNs)
    {
        if (!DeribitInstrument.TryToNanos(snapshot.TimestampMs, out venueTimeNs))
        {
            return DamageReason.BadTime;
        }

        if (snapshot.IsLastInBook > Wire.YesNo.Yes || snapshot.IsBookComplete > Wire.YesNo.Yes)
        {
            return DamageReason.BadEnum;
        }

        foreach (var level in snapshot.LevelsList)
        {
            DamageReason reason = level.Side <= Wire.BookSide.Bid
                ? instrument.ToQuanta(level.Price, out _)
                : DamageReason.BadEnum;
            reason = reason == DamageReason.None ? instrument.ToLots(level.Amount, out _) : reason;
            if (reason != DamageReason.None)
            {
                return reason;
            }
        }

        return DamageReason.None;
    }

    [Hot]
    private void DecodeTicker<TSink>(
        in Wire.TickerReader message, int id, ReadOnlySpan<byte> bytes, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref DeribitInstrument instrument = ref _instruments[id];
        DamageReason reason = DeribitTicker.Read(message, in instrument, out DeribitTicker ticker);
        if (reason != DamageReason.None)
        {
            Refuse(reason, id, 0, _captureTimeNs, bytes, ref sink);
            return;
        }

        scoped ref MarketEvent slot = ref Unsafe.NullRef<MarketEvent>();
        if (ticker.Status != instrument.Status)
        {
            instrument.Status = ticker.Status;
            slot = ref Emit(id, EventKind.Status, ticker.VenueTimeNs, ref sink);
            slot.Quantity = (long)ticker.Status;
        }

        if ((ticker.Given & DeribitTicker.Parts.Mark) != 0)
        {
            slot = ref Emit(id, EventKind.MarkPrice, ticker.VenueTimeNs, ref sink);
            slot.Price = ticker.Mark;
        }

        if ((ticker.Given & DeribitTicker.Parts.Index) != 0)
        {
            slot = ref Emit(id, EventKind.IndexPrice, ticker.VenueTimeNs, ref sink);
            slot.Price = ticker.Index;
        }

        if ((ticker.Given & DeribitTicker.Parts.OpenInterest) != 0)
        {
            slot = ref Emit(id, EventKind.OpenInterest, ticker.VenueTimeNs, ref sink);
            slot.Quantity = ticker.OpenInterest;
        }

        if ((ticker.Given & DeribitTicker.Parts.Funding) != 0)
        {
            slot = ref Emit(id, EventKind.Funding, ticker.VenueTimeNs, ref sink);
            slot.Price = ticker.Funding;
        }

        slot = ref Emit(id, EventKind.BestLevel, ticker.VenueTimeNs, ref sink);
        slot.Side = Side.Bid;
        slot.Price = ticker.Bid.Price;
        slot.Quantity = ticker.Bid.Lots;
        slot = ref Emit(id, EventKind.BestLevel, ticker.VenueTimeNs, ref sink);
        slot.Side = Side.Ask;
        slot.Price = ticker.Ask.Price;
        slot.Quantity = ticker.Ask.Lots;
        EndEvent(ref slot);
    }

    [Hot]
    private ref MarketEvent Emit<TSink>(int id, EventKind kind, long venueTimeNs, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct =>
        ref EventEmission.Emit(ref sink, id, kind, venueTimeNs, _receiveTimeNs);

    [Hot]
    private ref MarketEvent EmitSnapshot<TSink>(int id, EventKind kind, ulong changeId, long venueTimeNs,
        ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref MarketEvent slot = ref Emit(id, kind, venueTimeNs, ref sink);
        slot.Flags = EventFlags.Snapshot;
        slot.VenueSequence = changeId;
        return ref slot;
    }

    [Hot]
    private void Refuse<TSink>(
        DamageReason reason, int id, ulong lostSequence, long venueTimeNs, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        _counters.CountDamage(reason, message);
        EndEvent(ref EventEmission.EmitDamaged(ref sink, id, reason, lostSequence, venueTimeNs, _receiveTimeNs));
    }

    [Hot]
    private static void EndEvent(ref MarketEvent last)
    {
        if (!Unsafe.IsNullRef(ref last))
        {
            last.Flags |= EventFlags.EndOfEvent;
        }
    }

    private static DamageReason BadEnum(out long quanta)
    {
        quanta = 0;
        return DamageReason.BadEnum;
    }

    private static bool IsGiven(ulong id) => id is not (0 or ulong.MaxValue);
}
