using FlowEngine.Core;
using Wire = FlowEngine.Messages.Cme;

namespace FlowEngine.Feeds.Cme;

/// <summary>Snapshot messages of all forms, entry by entry. Ingress thread.</summary>
[Hot]
internal sealed class CmeSnapshotMessages
{
    private readonly CmeSnapshots _snapshots;

    public CmeSnapshotMessages(CmeSnapshots snapshots) => _snapshots = snapshots;

    /// <summary>Decodes one message.</summary>
    /// <returns>False where it ends too early.</returns>
    public bool Decode<TSink>(CmeChannel channel, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        switch (CmeFraming.TemplateOf(message))
        {
            case Wire.SnapshotReader.TemplateId when Wire.SnapshotReader.TryWrap(message, out var m):
                DecodeLevels(m, message, ref sink);
                return true;
            case Wire.Snapshot7Reader.TemplateId when Wire.Snapshot7Reader.TryWrap(message, out var m):
                DecodeLevels7(m, message, ref sink);
                return true;
            case Wire.SnapshotLongReader.TemplateId when Wire.SnapshotLongReader.TryWrap(message, out var m):
                DecodeLevelsLong(m, message, ref sink);
                return true;
            case Wire.OrderSnapshotReader.TemplateId when Wire.OrderSnapshotReader.TryWrap(message, out var m):
                DecodeOrders(channel, m, message, ref sink);
                return true;
            case Wire.OrderSnapshot7Reader.TemplateId when Wire.OrderSnapshot7Reader.TryWrap(message, out var m):
                DecodeOrders7(channel, m, message, ref sink);
                return true;
            default:
                return false;
        }
    }

    private void DecodeLevels<TSink>(in Wire.SnapshotReader m, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_snapshots.TryBegin(m.SecurityId, m.ReportSequence, m.Status, m.EventTime, ref sink))
        {
            return;
        }

        foreach (var x in m.Entries)
        {
            ulong lots = CmeLevel.ToLots(x.Size);
            DamageReason reason = _snapshots.Level(
                x.EntryType, x.Level, x.Price, 1, lots, m.ReportSequence, ref sink);
            if (reason != DamageReason.None)
            {
                _snapshots.Refuse(reason, message, ref sink);
                return;
            }
        }

        _snapshots.End(m.ReportSequence, ref sink);
        foreach (var x in m.Entries)
        {
            _snapshots.Statistic(x.EntryType, CmeLevel.ToLots(x.Size), ref sink);
        }
    }

    private void DecodeLevels7<TSink>(in Wire.Snapshot7Reader m, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_snapshots.TryBegin(m.SecurityId, m.ReportSequence, m.Status, m.EventTime, ref sink))
        {
            return;
        }

        foreach (var x in m.Entries)
        {
            ulong lots = CmeLevel.ToLots(x.Size);
            DamageReason reason = _snapshots.Level(
                x.EntryType, x.Level, x.Price, CmeInstrument.From7, lots, m.ReportSequence, ref sink);
            if (reason != DamageReason.None)
            {
                _snapshots.Refuse(reason, message, ref sink);
                return;
            }
        }

        _snapshots.End(m.ReportSequence, ref sink);
        foreach (var x in m.Entries)
        {
            _snapshots.Statistic(x.EntryType, CmeLevel.ToLots(x.Size), ref sink);
        }
    }

    private void DecodeLevelsLong<TSink>(in Wire.SnapshotLongReader m, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_snapshots.TryBegin(m.SecurityId, m.ReportSequence, m.Status, m.EventTime, ref sink))
        {
            return;
        }

        foreach (var x in m.Entries)
        {
            DamageReason reason = _snapshots.Level(
                x.EntryType, x.Level, x.Price, 1, x.Size, m.ReportSequence, ref sink);
            if (reason != DamageReason.None)
            {
                _snapshots.Refuse(reason, message, ref sink);
                return;
            }
        }

        _snapshots.End(m.ReportSequence, ref sink);
        foreach (var x in m.Entries)
        {
            _snapshots.Statistic(x.EntryType, x.Size, ref sink);
        }
    }

    private void DecodeOrders<TSink>(
        CmeChannel channel, in Wire.OrderSnapshotReader m, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_snapshots.TryBeginOrders(
            m.SecurityId, m.LastPacket, m.Chunk, m.Chunks, m.EventTime, channel, ref sink))
        {
            return;
        }

        foreach (var x in m.Entries)
        {
            DamageReason reason = _snapshots.Order(x.OrderId, x.BookEntry, x.Price, 1, x.DisplayLots, ref sink);
            if (reason != DamageReason.None)
            {
                _snapshots.Refuse(reason, message, ref sink);
                return;
            }
        }

        _snapshots.EndOrders(m.Chunk == m.Chunks, ref sink);
    }

    private void DecodeOrders7<TSink>(
        CmeChannel channel, in Wire.OrderSnapshot7Reader m, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_snapshots.TryBeginOrders(
            m.SecurityId, m.LastPacket, m.Chunk, m.Chunks, m.EventTime, channel, ref sink))
        {
            return;
        }

        foreach (var x in m.Entries)
        {
            DamageReason reason = _snapshots.Order(
                x.OrderId, x.BookEntry, x.Price, CmeInstrument.From7, x.DisplayLots, ref sink);
            if (reason != DamageReason.None)
            {
                _snapshots.Refuse(reason, message, ref sink);
                return;
            }
        }

        _snapshots.EndOrders(m.Chunk == m.Chunks, ref sink);
    }
}
