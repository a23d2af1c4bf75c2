using System.Runtime.InteropServices;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Databento;

/// <summary>
/// What a DBN file's reader keeps of one instrument: the orders that rest (cancellations tell only what is taken away),
/// the venue event under way, and the last row of levels.
/// </summary>
internal sealed class DbnInstrument
{
    // Beyond these a file is wrong or hostile: the event is handed on in parts, further orders are refused.
    private const int MaxEventEntries = 100_000;
    private const int MaxOrders = 4_000_000;

    private readonly long _step;
    private readonly Dictionary<ulong, RunOrder> _orders = [];
    private readonly List<RunOrder> _changes = [];
    private readonly List<RunTrade> _trades = [];
    private readonly List<RunLevel> _row = [];
    private readonly List<RunLevel> _rowBefore = [];
    private readonly List<RunLevel> _levels = [];
    private long _venueTimeNs;
    private long _receiveTimeNs;
    private bool _isSnapshot;
    private bool _hasRow;
    private bool _isPreOpen;

    public DbnInstrument(ReaderInstrument definition, long step)
    {
        Definition = definition;
        _step = step;
    }

    public ReaderInstrument Definition { get; }

    /// <summary>Takes a record of one order in; the event is written when it ends.</summary>
    /// <returns>Why it was refused; null when it was not.</returns>
    public string? ReadOrder(in DbnRecord record, NormalisedRun run, ReadStatistics statistics)
    {
        bool isSnapshot = (record.Flags & DbnFlags.Snapshot) != 0;
        if (_isSnapshot && !isSnapshot)
        {
            EndSnapshot(run);
        }

        (_venueTimeNs, _receiveTimeNs) = (record.VenueTimeNs, record.ReceiveTimeNs);
        if (isSnapshot && !_isSnapshot)
        {
            EndEvent(run);
            _orders.Clear();
            _isSnapshot = true;
        }

        string? fault = record.Action switch
        {
            DbnAction.Clear => Clear(isSnapshot, run),
            DbnAction.Add => Add(in record),
            DbnAction.Modify => Modify(in record, statistics),
            DbnAction.Cancel => Cancel(in record, statistics),
            DbnAction.Trade => Trade(in record),
            // What a fill leaves of the order follows as its own record.
            DbnAction.Fill => null,
            (DbnAction)(byte)'N' => null,
            _ => $"action {(byte)record.Action}",
        };
        if (_isSnapshot && (record.Flags & DbnFlags.Last) != 0)
        {
            EndSnapshot(run);
        }
        else if (!_isSnapshot && ((record.Flags & DbnFlags.Last) != 0 || _changes.Count >= MaxEventEntries))
        {
            EndEvent(run);
        }

        return fault;
    }

    /// <summary>Writes what a row of levels changes, and the trade it tells.</summary>
    /// <returns>Why it was refused; null when it was not.</returns>
    public string? ReadLevels(in DbnRecord record, NormalisedRun run)
    {
        (_venueTimeNs, _receiveTimeNs) = (record.VenueTimeNs, record.ReceiveTimeNs);
        bool isSampled = record.Type >= DbnRecordType.ConsolidatedSecond;
        bool isTrade = record.Type == DbnRecordType.Trade || (!isSampled && record.Action == DbnAction.Trade)
            || record.Type == DbnRecordType.ConsolidatedTrade;
        if (isTrade)
        {
            string? fault = Trade(in record);
            if (fault is not null)
            {
                return fault;
            }
        }

        if (record.Levels > 0 && !TryRow(in record))
        {
            _trades.Clear();
            return "a level off the price grid";
        }

        bool hasChanges = record.Levels > 0 && Compare();
        WriteTrades(run, endsEvent: !hasChanges);
        if (hasChanges)
        {
            WriteRow(in record, isSampled ? Wire.UpdateFlags.Throttled : Wire.UpdateFlags.None, run);
        }

        return null;
    }

    /// <summary>Hands a trading phase on.</summary>
    public void ReadStatus(in DbnRecord record, NormalisedRun run)
    {
        _isPreOpen = false;
        run.Status(Definition, record.VenueTimeNs, record.Status);
    }

    /// <summary>Writes what is still under way at the end of the file.</summary>
    public void End(NormalisedRun run)
    {
        if (_isSnapshot)
        {
            EndSnapshot(run);
        }
        else
        {
            EndEvent(run);
        }
    }

    private string? Add(in DbnRecord record)
    {
        if (!TryOrder(in record, Wire.OrderAction.Add, out RunOrder order))
        {
            return "an order without side, size, or a price on the grid";
        }

        if (_orders.Count >= MaxOrders)
        {
            return $"more than {MaxOrders} orders rest";
        }

        _orders[order.Id] = order;
        _changes.Add(order);
        return null;
    }

    private string? Modify(in DbnRecord record, ReadStatistics statistics)
    {
        if (!TryOrder(in record, Wire.OrderAction.Modify, out RunOrder order))
        {
            return "an order without side, size, or a price on the grid";
        }

        if (!_orders.ContainsKey(order.Id))
        {
            statistics.UnknownOrders++;
            order = order with { Action = Wire.OrderAction.Add };
        }

        _orders[order.Id] = order;
        _changes.Add(order);
        return null;
    }

    private string? Cancel(in DbnRecord record, ReadStatistics statistics)
    {
        if (!_orders.TryGetValue(record.OrderId, out RunOrder order))
        {
            statistics.UnknownOrders++;
            return null;
        }

        long left = order.Lots - record.Size;
        if (left > 0)
        {
            _orders[order.Id] = order with { Lots = left };
            _changes.Add(order with { Action = Wire.OrderAction.Modify, Lots = left });
        }
        else
        {
            _orders.Remove(order.Id);
            _changes.Add(order with { Action = Wire.OrderAction.Delete, Lots = 0 });
        }

        return null;
    }

    private string? Trade(in DbnRecord record)
    {
        if (record.Price % _step != 0 || record.Price == DbnRecord.NoPrice || record.Size == 0)
        {
            return "a trade without size, or a price on the grid";
        }

        _trades.Add(new RunTrade(record.VenueSequence, record.Side, record.Price / _step, record.Size));
        return null;
    }

    private string? Clear(bool isSnapshot, NormalisedRun run)
    {
        _orders.Clear();
        if (isSnapshot)
        {
            _changes.Clear();
            return null;
        }

        EndEvent(run);
        run.Reset(Definition, _venueTimeNs, Definition.Sequence + 1);
        SeeBeginning(run);
        return null;
    }

    private void EndSnapshot(NormalisedRun run)
    {
        _isSnapshot = false;
        run.OrderSnapshot(
            Definition, _receiveTimeNs, Definition.Sequence + 1, CollectionsMarshal.AsSpan(_changes));
        _changes.Clear();
        WriteTrades(run, endsEvent: true);
        SeeBeginning(run);
    }

    // CME's stream of orders does not tell the phase: a session begins in its pre-open, where the book may cross, and
    // its first trades open it.
    private void SeeBeginning(NormalisedRun run)
    {
        if (Definition.Venue == FeedVenue.Cme)
        {
            _isPreOpen = true;
            run.Status(Definition, _receiveTimeNs, TradingStatus.PreOpen);
        }
    }

    private void EndEvent(NormalisedRun run)
    {
        bool opens = _isPreOpen && _trades.Count > 0;
        WriteTrades(run, endsEvent: _changes.Count == 0);
        if (_changes.Count > 0)
        {
            run.Orders(Definition, _venueTimeNs, Definition.Sequence + 1, Wire.UpdateFlags.EndOfEvent,
                CollectionsMarshal.AsSpan(_changes));
            _changes.Clear();
        }

        if (opens)
        {
            _isPreOpen = false;
            run.Status(Definition, _venueTimeNs, TradingStatus.Open);
        }
    }

    private void WriteTrades(NormalisedRun run, bool endsEvent)
    {
        for (var i = 0; i < _trades.Count; i++)
        {
            bool isLast = endsEvent && i == _trades.Count - 1;
            run.Trade(Definition, _venueTimeNs,
                isLast ? Wire.UpdateFlags.EndOfEvent : Wire.UpdateFlags.None, _trades[i]);
        }

        _trades.Clear();
    }

    private void WriteRow(in DbnRecord record, Wire.UpdateFlags flags, NormalisedRun run)
    {
        ulong previous = Definition.Sequence;
        if (_hasRow)
        {
            run.Levels(Definition, record.VenueTimeNs, previous + 1, previous, flags | Wire.UpdateFlags.EndOfEvent,
                CollectionsMarshal.AsSpan(_levels));
        }
        else
        {
            run.Snapshot(Definition, record.VenueTimeNs, previous + 1, CollectionsMarshal.AsSpan(_row));
        }

        _hasRow = true;
        _rowBefore.Clear();
        _rowBefore.AddRange(_row);
    }

    private bool TryRow(in DbnRecord record)
    {
        _row.Clear();
        for (var rank = 0; rank < record.Levels; rank++)
        {
            foreach (Side side in (ReadOnlySpan<Side>)[Side.Bid, Side.Ask])
            {
                (long price, uint size) = record.Level(rank, side);
                if (price == DbnRecord.NoPrice || size == 0)
                {
                    continue;
                }

                if (price % _step != 0)
                {
                    return false;
                }

                _row.Add(new RunLevel(side, price / _step, size));
            }
        }

        return true;
    }

    // A handful of levels: comparing each with each is cheaper than any table.
    private bool Compare()
    {
        _levels.Clear();
        foreach (RunLevel before in _rowBefore)
        {
            if (!_row.Exists(level => level.Side == before.Side && level.Price == before.Price))
            {
                _levels.Add(before with { Lots = 0 });
            }
        }

        foreach (RunLevel level in _row)
        {
            if (!_rowBefore.Contains(level))
            {
                _levels.Add(level);
            }
        }

        return _levels.Count > 0 || !_hasRow;
    }

    private bool TryOrder(in DbnRecord record, Wire.OrderAction action, out RunOrder order)
    {
        order = new RunOrder(action, record.OrderId, record.Side, record.Price / _step, record.Size);
        return record.Side != Side.Unknown && record.Size > 0 && record.Price != DbnRecord.NoPrice
            && record.Price % _step == 0;
    }
}
