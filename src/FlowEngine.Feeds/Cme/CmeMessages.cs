using FlowEngine.Core;
using Wire = FlowEngine.Messages.Cme;

namespace FlowEngine.Feeds.Cme;

/// <summary>
/// The venue's messages, each form to what it means. Messages without a place in the market's model (limits, requests
/// for quotes, logins, TCP sessions) are counted by their type alone. Ingress thread.
/// </summary>
[Hot]
internal sealed class CmeMessages
{
    private readonly CmeInstruments _instruments;
    private readonly CmeEvents _events;
    private readonly CmeUpdates _updates;
    private readonly CmeBookMessages _books;
    private readonly CmeSnapshotMessages _snapshots;

    public CmeMessages(
        CmeInstruments instruments,
        CmeEvents events,
        CmeUpdates updates,
        CmeSnapshots snapshots)
    {
        _instruments = instruments;
        _events = events;
        _updates = updates;
        _books = new CmeBookMessages(events, updates);
        _snapshots = new CmeSnapshotMessages(snapshots);
    }

    /// <summary>Decodes one message.</summary>
    /// <returns>False where it ends too early.</returns>
    public bool Decode<TSink>(CmeChannel channel, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        switch (CmeFraming.TemplateOf(message))
        {
            case Wire.BookUpdateReader.TemplateId or Wire.BookUpdate7Reader.TemplateId
                or Wire.BookUpdateLongReader.TemplateId or Wire.OrderUpdateReader.TemplateId
                or Wire.OrderUpdate7Reader.TemplateId or Wire.TradeSummaryReader.TemplateId
                or Wire.TradeSummary7Reader.TemplateId or Wire.TradeSummaryLongReader.TemplateId
                or Wire.TradeOldReader.TemplateId:
                return _books.Decode(channel, message, ref sink);
            case Wire.VolumeReader.TemplateId or Wire.VolumeLongReader.TemplateId
                or Wire.DailyStatisticsReader.TemplateId or Wire.DailyStatistics7Reader.TemplateId
                or Wire.SessionStatisticsReader.TemplateId or Wire.SessionStatistics7Reader.TemplateId
                or Wire.SessionStatisticsLongReader.TemplateId or Wire.LimitsReader.TemplateId
                or Wire.Limits7Reader.TemplateId:
                return DecodeStatistics(channel, message, ref sink);
            case Wire.SecurityStatusReader.TemplateId or Wire.WorkupStatusReader.TemplateId
                or Wire.ChannelResetReader.TemplateId:
                return DecodeStates(channel, message, ref sink);
            case Wire.SnapshotReader.TemplateId or Wire.Snapshot7Reader.TemplateId
                or Wire.SnapshotLongReader.TemplateId or Wire.OrderSnapshotReader.TemplateId
                or Wire.OrderSnapshot7Reader.TemplateId:
                return _snapshots.Decode(channel, message, ref sink);
            case Wire.FutureDefinition7Reader.TemplateId or Wire.SpreadDefinition7Reader.TemplateId
                or Wire.OptionDefinition7Reader.TemplateId
                or (>= Wire.FutureDefinitionReader.TemplateId and <= Wire.RepoDefinitionReader.TemplateId)
                or Wire.FxDefinitionReader.TemplateId:
                bool isWhole = CmeDefinition.TryRead(message, out CmeDefinition definition);
                if (isWhole)
                {
                    _instruments.Define(in definition, message, ref sink);
                }

                return isWhole;
            default:
                return true;
        }
    }

    private bool DecodeStatistics<TSink>(CmeChannel channel, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        switch (CmeFraming.TemplateOf(message))
        {
            case Wire.VolumeReader.TemplateId when Wire.VolumeReader.TryWrap(message, out var m):
                _events.Begin(channel, m.EventTime, ref sink);
                foreach (var x in m.Entries)
                {
                    _updates.Other(channel, x.SecurityId, x.ReportSequence, ref sink);
                }

                return End(channel, m.Indicator, ref sink);
            case Wire.VolumeLongReader.TemplateId when Wire.VolumeLongReader.TryWrap(message, out var m):
                _events.Begin(channel, m.EventTime, ref sink);
                foreach (var x in m.Entries)
                {
                    _updates.Other(channel, x.SecurityId, x.ReportSequence, ref sink);
                }

                return End(channel, m.Indicator, ref sink);
            case Wire.SessionStatisticsReader.TemplateId when Wire.SessionStatisticsReader.TryWrap(message, out var m):
                _events.Begin(channel, m.EventTime, ref sink);
                foreach (var x in m.Entries)
                {
                    _updates.Other(channel, x.SecurityId, x.ReportSequence, ref sink);
                }

                return End(channel, m.Indicator, ref sink);
            case Wire.SessionStatistics7Reader.TemplateId
                when Wire.SessionStatistics7Reader.TryWrap(message, out var m):
                _events.Begin(channel, m.EventTime, ref sink);
                foreach (var x in m.Entries)
                {
                    _updates.Other(channel, x.SecurityId, x.ReportSequence, ref sink);
                }

                return End(channel, m.Indicator, ref sink);
            default:
                return DecodeRarerStatistics(channel, message, ref sink);
        }
    }

    private bool DecodeRarerStatistics<TSink>(CmeChannel channel, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        switch (CmeFraming.TemplateOf(message))
        {
            case Wire.SessionStatisticsLongReader.TemplateId
                when Wire.SessionStatisticsLongReader.TryWrap(message, out var m):
                _events.Begin(channel, m.EventTime, ref sink);
                foreach (var x in m.Entries)
                {
                    _updates.Other(channel, x.SecurityId, x.ReportSequence, ref sink);
                }

                return End(channel, m.Indicator, ref sink);
            case Wire.LimitsReader.TemplateId when Wire.LimitsReader.TryWrap(message, out var m):
                _events.Begin(channel, m.EventTime, ref sink);
                foreach (var x in m.Entries)
                {
                    _updates.Other(channel, x.SecurityId, x.ReportSequence, ref sink);
                }

                return End(channel, m.Indicator, ref sink);
            case Wire.Limits7Reader.TemplateId when Wire.Limits7Reader.TryWrap(message, out var m):
                _events.Begin(channel, m.EventTime, ref sink);
                foreach (var x in m.Entries)
                {
                    _updates.Other(channel, x.SecurityId, x.ReportSequence, ref sink);
                }

                return End(channel, m.Indicator, ref sink);
            case Wire.DailyStatisticsReader.TemplateId when Wire.DailyStatisticsReader.TryWrap(message, out var m):
                _events.Begin(channel, m.EventTime, ref sink);
                foreach (var x in m.Entries)
                {
                    _updates.Statistic(channel, x.SecurityId, x.ReportSequence, x.EntryType, x.Size, ref sink);
                }

                return End(channel, m.Indicator, ref sink);
            case Wire.DailyStatistics7Reader.TemplateId when Wire.DailyStatistics7Reader.TryWrap(message, out var m):
                _events.Begin(channel, m.EventTime, ref sink);
                foreach (var x in m.Entries)
                {
                    _updates.Statistic(channel, x.SecurityId, x.ReportSequence, x.EntryType, x.Size, ref sink);
                }

                return End(channel, m.Indicator, ref sink);
            default:
                return false;
        }
    }

    private bool DecodeStates<TSink>(CmeChannel channel, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        switch (CmeFraming.TemplateOf(message))
        {
            case Wire.SecurityStatusReader.TemplateId when Wire.SecurityStatusReader.TryWrap(message, out var m):
                if (m.SecurityIdIsNull)
                {
                    _instruments.TurnGroup(CmeDefinition.Pack(m.Group), CmeDefinition.Pack(m.Asset), m.Status,
                        channel, (long)m.EventTime, ref sink);
                }
                else if (_instruments.TryFind(m.SecurityId, out int id))
                {
                    _instruments.Turn(id, m.Status, (long)m.EventTime, isOver: false, ref sink);
                }

                return true;
            case Wire.WorkupStatusReader.TemplateId when Wire.WorkupStatusReader.TryWrap(message, out var m):
                if (_instruments.TryFind(m.SecurityId, out int worked))
                {
                    _instruments.Turn(worked, m.Status, (long)m.EventTime, isOver: false, ref sink);
                }

                return true;
            case Wire.ChannelResetReader.TemplateId when Wire.ChannelResetReader.TryWrap(message, out var m):
                _events.End(channel, ref sink);
                _instruments.Reset(channel, isEmpty: true, (long)m.EventTime, ref sink);
                return true;
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
