using FlowEngine.Core;
using Wire = FlowEngine.Messages.Cme;

namespace FlowEngine.Feeds.Cme;

/// <summary>Book and trade messages of all forms, entry by entry. Ingress thread.</summary>
[Hot]
internal sealed class CmeBookMessages
{
    private readonly CmeEvents _events;
    private readonly CmeUpdates _updates;

    public CmeBookMessages(CmeEvents events, CmeUpdates updates)
    {
        _events = events;
        _updates = updates;
    }

    /// <summary>Decodes one message.</summary>
    /// <returns>False where it ends too early.</returns>
    public bool Decode<TSink>(CmeChannel channel, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        switch (CmeFraming.TemplateOf(message))
        {
            case Wire.BookUpdateReader.TemplateId when Wire.BookUpdateReader.TryWrap(message, out var m):
                return DecodeBook(channel, m, message, ref sink);
            case Wire.BookUpdate7Reader.TemplateId when Wire.BookUpdate7Reader.TryWrap(message, out var m):
                return DecodeBook7(channel, m, message, ref sink);
            case Wire.BookUpdateLongReader.TemplateId when Wire.BookUpdateLongReader.TryWrap(message, out var m):
                return DecodeBookLong(channel, m, message, ref sink);
            case Wire.OrderUpdateReader.TemplateId when Wire.OrderUpdateReader.TryWrap(message, out var m):
                _events.Begin(channel, m.EventTime, ref sink);
                foreach (var x in m.Entries)
                {
                    var order = new CmeOrder(
                        x.SecurityId, x.OrderId, x.BookEntry, (Wire.OrderAction)x.Action, x.Price, 1, x.DisplayLots);
                    _updates.Order(channel, in order, message, ref sink);
                }

                return End(channel, m.Indicator, ref sink);
            case Wire.OrderUpdate7Reader.TemplateId when Wire.OrderUpdate7Reader.TryWrap(message, out var m):
                _events.Begin(channel, m.EventTime, ref sink);
                foreach (var x in m.Entries)
                {
                    var order = new CmeOrder(x.SecurityId, x.OrderId, x.BookEntry, (Wire.OrderAction)x.Action, x.Price,
                        CmeInstrument.From7, x.DisplayLots);
                    _updates.Order(channel, in order, message, ref sink);
                }

                return End(channel, m.Indicator, ref sink);
            default:
                return DecodeTrades(channel, message, ref sink);
        }
    }

    private bool DecodeBook<TSink>(
        CmeChannel channel, in Wire.BookUpdateReader m, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        _events.Begin(channel, m.EventTime, ref sink);
        foreach (var x in m.Entries)
        {
            var level = new CmeLevel(
                x.SecurityId, x.ReportSequence, x.BookEntry, x.Action, x.Level, x.Price, 1, CmeLevel.ToLots(x.Size));
            _updates.Level(channel, in level, message, ref sink);
        }

        var entries = m.Entries;
        foreach (var x in m.Orders)
        {
            if ((uint)(x.Reference - 1) < (uint)entries.Count)
            {
                var y = entries[x.Reference - 1];
                var order = new CmeOrder(
                    y.SecurityId, x.OrderId, y.BookEntry, x.OrderAction, y.Price, 1, x.DisplayLots);
                _updates.Order(channel, in order, message, ref sink);
            }
        }

        return End(channel, m.Indicator, ref sink);
    }

    private bool DecodeBook7<TSink>(
        CmeChannel channel, in Wire.BookUpdate7Reader m, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        _events.Begin(channel, m.EventTime, ref sink);
        foreach (var x in m.Entries)
        {
            var level = new CmeLevel(x.SecurityId, x.ReportSequence, x.BookEntry, x.Action, x.Level, x.Price,
                CmeInstrument.From7, CmeLevel.ToLots(x.Size));
            _updates.Level(channel, in level, message, ref sink);
        }

        var entries = m.Entries;
        foreach (var x in m.Orders)
        {
            if ((uint)(x.Reference - 1) < (uint)entries.Count)
            {
                var y = entries[x.Reference - 1];
                var order = new CmeOrder(y.SecurityId, x.OrderId, y.BookEntry, x.OrderAction, y.Price,
                    CmeInstrument.From7, x.DisplayLots);
                _updates.Order(channel, in order, message, ref sink);
            }
        }

        return End(channel, m.Indicator, ref sink);
    }

    private bool DecodeBookLong<TSink>(
        CmeChannel channel, in Wire.BookUpdateLongReader m, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        _events.Begin(channel, m.EventTime, ref sink);
        foreach (var x in m.Entries)
        {
            var level = new CmeLevel(
                x.SecurityId, x.ReportSequence, x.BookEntry, x.Action, x.Level, x.Price, 1, x.Size);
            _updates.Level(channel, in level, message, ref sink);
        }

        var entries = m.Entries;
        foreach (var x in m.Orders)
        {
            if ((uint)(x.Reference - 1) < (uint)entries.Count)
            {
                var y = entries[x.Reference - 1];
                var order = new CmeOrder(
                    y.SecurityId, x.OrderId, y.BookEntry, x.OrderAction, y.Price, 1, x.DisplayLots);
                _updates.Order(channel, in order, message, ref sink);
            }
        }

        return End(channel, m.Indicator, ref sink);
    }

    private bool DecodeTrades<TSink>(CmeChannel channel, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        switch (CmeFraming.TemplateOf(message))
        {
            case Wire.TradeSummaryReader.TemplateId when Wire.TradeSummaryReader.TryWrap(message, out var m):
                _events.Begin(channel, m.EventTime, ref sink);
                foreach (var x in m.Entries)
                {
                    var trade = new CmeTrade(x.SecurityId, x.ReportSequence, x.Action, x.Aggressor, x.Price, 1,
                        CmeLevel.ToLots(x.Size), x.TradeEntryIdIsNull ? 0 : x.TradeEntryId);
                    _updates.Trade(channel, in trade, message, ref sink);
                }

                return End(channel, m.Indicator, ref sink);
            case Wire.TradeSummary7Reader.TemplateId when Wire.TradeSummary7Reader.TryWrap(message, out var m):
                _events.Begin(channel, m.EventTime, ref sink);
                foreach (var x in m.Entries)
                {
                    var trade = new CmeTrade(x.SecurityId, x.ReportSequence, x.Action, x.Aggressor, x.Price,
                        CmeInstrument.From7, CmeLevel.ToLots(x.Size), x.TradeEntryIdIsNull ? 0 : x.TradeEntryId);
                    _updates.Trade(channel, in trade, message, ref sink);
                }

                return End(channel, m.Indicator, ref sink);
            case Wire.TradeSummaryLongReader.TemplateId when Wire.TradeSummaryLongReader.TryWrap(message, out var m):
                _events.Begin(channel, m.EventTime, ref sink);
                foreach (var x in m.Entries)
                {
                    var trade = new CmeTrade(x.SecurityId, x.ReportSequence, x.Action, x.Aggressor, x.Price, 1, x.Size,
                        x.TradeEntryId);
                    _updates.Trade(channel, in trade, message, ref sink);
                }

                return End(channel, m.Indicator, ref sink);
            case Wire.TradeOldReader.TemplateId when Wire.TradeOldReader.TryWrap(message, out var m):
                _events.Begin(channel, m.EventTime, ref sink);
                foreach (var x in m.Entries)
                {
                    var trade = new CmeTrade(x.SecurityId, x.ReportSequence, x.Action, x.Aggressor, x.Price,
                        CmeInstrument.From7, CmeLevel.ToLots(x.Size), 0);
                    _updates.Trade(channel, in trade, message, ref sink);
                }

                return End(channel, m.Indicator, ref sink);
            default:
                return false;
        }
    }

    private bool End<TSink>(CmeChannel channel, Wire.MatchEvent indicator, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if ((indicator & Wire.MatchEvent.EndOfEvent) != 0)
        {
            _events.End(channel, ref sink);
        }

        return true;
    }
}
