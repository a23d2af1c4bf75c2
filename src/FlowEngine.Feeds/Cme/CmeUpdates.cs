using FlowEngine.Core;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.Cme;

namespace FlowEngine.Feeds.Cme;

/// <summary>Entries of the venue's increments → changes of books, trades, open interest. Ingress thread.</summary>
[Hot]
internal sealed class CmeUpdates
{
    private readonly CmeInstruments _instruments;
    private readonly CmeEvents _events;
    private readonly FeedCounters _counters;

    public CmeUpdates(CmeInstruments instruments, CmeEvents events, FeedCounters counters)
    {
        _instruments = instruments;
        _events = events;
        _counters = counters;
    }

    /// <summary>One entry of a book update.</summary>
    public void Level<TSink>(
        CmeChannel channel, in CmeLevel level, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_instruments.TryFind(level.SecurityId, out int id)
            || !_events.TryFollow(channel, id, level.Report, ref sink)
            || _instruments[id].Book != BookKind.PriceLevels)
        {
            return;
        }

        if (level.Entry == Wire.BookEntry.EmptyBook)
        {
            _instruments.Ladders.Forget(id);
            _events.Add(channel, id, EventKind.Clear, ref sink);
            return;
        }

        ref readonly CmeInstrument instrument = ref _instruments[id];
        bool isImplied = level.Entry is Wire.BookEntry.ImpliedBid or Wire.BookEntry.ImpliedOffer;
        DamageReason reason = Check(in level, in instrument, out long quanta);
        if (reason == DamageReason.None && isImplied && instrument.ImpliedDepth == 0)
        {
            reason = DamageReason.BadEnum;
        }

        if (reason != DamageReason.None)
        {
            _events.Refuse(channel, id, reason, isBook: !isImplied || instrument.ImpliedDepth != 0, message, ref sink);
            return;
        }

        var change = new LevelChangeInQuanta(id, level.Entry, quanta, level.Lots);
        Apply(channel, level.Action, level.Position, in change, ref sink);
    }

    /// <summary>One change of an order.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="order">The change.</param>
    /// <param name="message">Its message.</param>
    /// <param name="sink">Takes the events.</param>
    public void Order<TSink>(CmeChannel channel, in CmeOrder order, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_instruments.TryFind(order.SecurityId, out int id) || _instruments[id].Book != BookKind.Orders)
        {
            return;
        }

        _events.FollowOrders(channel, id, ref sink);
        if (order.Entry == Wire.BookEntry.EmptyBook)
        {
            _events.Add(channel, id, EventKind.Clear, ref sink);
            return;
        }

        if (order.Entry is Wire.BookEntry.ImpliedBid or Wire.BookEntry.ImpliedOffer)
        {
            return;
        }

        long quanta = 0;
        bool isDelete = order.Action == Wire.OrderAction.Delete;
        DamageReason reason = order.Action > Wire.OrderAction.Delete
            || order.Entry is not (Wire.BookEntry.Bid or Wire.BookEntry.Offer)
                ? DamageReason.BadEnum
                : isDelete ? DamageReason.None
                : order.Price == long.MaxValue ? DamageReason.NaNPrice
                : order.Lots is <= 0 or int.MaxValue ? DamageReason.BadQuantity
                : _instruments[id].ToQuanta(order.Price, order.ToE9, out quanta);
        if (reason != DamageReason.None)
        {
            _events.Refuse(channel, id, reason, isBook: true, message, ref sink);
            return;
        }

        EventKind kind = isDelete ? EventKind.OrderDelete
            : order.Action == Wire.OrderAction.New ? EventKind.OrderAdd
            : EventKind.OrderModify;
        ref MarketEvent slot = ref _events.Add(channel, id, kind, ref sink);
        slot.Id = order.OrderId;
        slot.Side = order.Entry == Wire.BookEntry.Bid ? Side.Bid : Side.Ask;
        slot.Price = quanta;
        slot.Quantity = isDelete ? 0 : order.Lots;
    }

    /// <summary>One print. Corrections of earlier prints are counted and change nothing.</summary>
    public void Trade<TSink>(CmeChannel channel, in CmeTrade trade, ReadOnlySpan<byte> message, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (!_instruments.TryFind(trade.SecurityId, out int id)
            || !_events.TryFollow(channel, id, trade.Report, ref sink))
        {
            return;
        }

        if (trade.Action is Wire.UpdateAction.Change or Wire.UpdateAction.Delete)
        {
            _counters.TradeCorrections++;
            return;
        }

        ref readonly CmeInstrument instrument = ref _instruments[id];
        DamageReason reason = trade.Action != Wire.UpdateAction.New ? DamageReason.BadEnum
            : trade.Lots is 0 or > FeedLimits.MaxLots ? DamageReason.BadQuantity
            : DamageReason.None;
        long quanta = 0;
        reason = reason == DamageReason.None ? instrument.ToQuanta(trade.Price, trade.ToE9, out quanta) : reason;
        if (reason != DamageReason.None)
        {
            // One print less leaves the others right.
            _events.Refuse(channel, id, reason, isBook: false, message, ref sink);
            return;
        }

        _counters.Trades++;
        bool isContinuous = instrument.Status is TradingStatus.Open or TradingStatus.Unknown;
        ref MarketEvent slot = ref _events.Add(channel, id, EventKind.Trade, ref sink);
        slot.Side = trade.Aggressor switch
        {
            1 => Side.Buy,
            2 => Side.Sell,
            _ => Side.Unknown,
        };
        slot.Price = quanta;
        slot.Quantity = (long)trade.Lots;
        slot.Id = trade.EntryId;
        slot.Flags = isContinuous ? EventFlags.None : EventFlags.OffBook;
    }

    /// <summary>An update that changes neither book nor trades has its place in the count all the same.</summary>
    public void Other<TSink>(CmeChannel channel, int securityId, uint report, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (_instruments.TryFind(securityId, out int id))
        {
            _events.TryFollow(channel, id, report, ref sink);
        }
    }

    /// <summary>One entry of the day's statistics: open interest has a place in the market's model.</summary>
    public void Statistic<TSink>(CmeChannel channel, int securityId, uint report, byte type, int size, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        if (_instruments.TryFind(securityId, out int id) && _events.TryFollow(channel, id, report, ref sink)
            && type == CmeLevel.OpenInterestEntry && size is >= 0 and < int.MaxValue)
        {
            _events.Add(channel, id, EventKind.OpenInterest, ref sink).Quantity = size;
        }
    }

    private static DamageReason Check(in CmeLevel level, in CmeInstrument instrument, out long quanta)
    {
        quanta = 0;
        if (level.Action > Wire.UpdateAction.Overlay
            || level.Entry is not (Wire.BookEntry.Bid or Wire.BookEntry.Offer or Wire.BookEntry.ImpliedBid
                or Wire.BookEntry.ImpliedOffer))
        {
            return DamageReason.BadEnum;
        }

        if (level.Action is Wire.UpdateAction.DeleteThru or Wire.UpdateAction.DeleteFrom)
        {
            return DamageReason.None;
        }

        if (level.Price == long.MaxValue)
        {
            return DamageReason.NaNPrice;
        }

        bool isSized = level.Action == Wire.UpdateAction.Delete || level.Lots is > 0 and <= FeedLimits.MaxLots;
        return isSized ? instrument.ToQuanta(level.Price, level.ToE9, out quanta) : DamageReason.BadQuantity;
    }

    private void Apply<TSink>(
        CmeChannel channel, Wire.UpdateAction action, int position, in LevelChangeInQuanta change, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref readonly CmeInstrument instrument = ref _instruments[change.Id];
        Span<long> ladder = _instruments.Ladders.Side(change.Id, change.IsBid, change.IsImplied);
        int depth = change.IsImplied ? instrument.ImpliedDepth : instrument.Depth;
        bool isPlaced = (uint)(position - 1) < (uint)depth;
        switch (action)
        {
            case Wire.UpdateAction.New:
                long pushedOut = CmeLadders.Insert(ladder, depth, position, change.Quanta);
                Set(channel, in change, ref sink);
                if (change.IsImplied && pushedOut != CmeLadders.Unknown && pushedOut != change.Quanta)
                {
                    // Of the book itself the market drops the level that is pushed out; the implied one is not cut.
                    Delete(channel, in change, pushedOut, ref sink);
                }

                break;
            case Wire.UpdateAction.Change or Wire.UpdateAction.Overlay:
                long before = isPlaced ? ladder[position - 1] : CmeLadders.Unknown;
                if (action == Wire.UpdateAction.Overlay && before != CmeLadders.Unknown && before != change.Quanta)
                {
                    Delete(channel, in change, before, ref sink);
                }

                if (isPlaced)
                {
                    ladder[position - 1] = change.Quanta;
                }

                Set(channel, in change, ref sink);
                break;
            case Wire.UpdateAction.Delete:
                CmeLadders.Remove(ladder, depth, position);
                Delete(channel, in change, change.Quanta, ref sink);
                break;
            default:
                bool isThru = action == Wire.UpdateAction.DeleteThru;
                int first = isThru ? 1 : Math.Max(position, 1);
                int last = isThru ? Math.Min(position, depth) : depth;
                for (var i = first; i <= last; i++)
                {
                    if (ladder[first - 1] != CmeLadders.Unknown)
                    {
                        Delete(channel, in change, ladder[first - 1], ref sink);
                    }

                    CmeLadders.Remove(ladder, depth, first);
                }

                break;
        }
    }

    private void Set<TSink>(CmeChannel channel, in LevelChangeInQuanta change, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref MarketEvent slot = ref _events.Add(channel, change.Id, EventKind.LevelSet, ref sink);
        slot.Side = change.IsBid ? Side.Bid : Side.Ask;
        slot.Flags = change.IsImplied ? EventFlags.ImpliedLevel : EventFlags.None;
        slot.Price = change.Quanta;
        slot.Quantity = (long)change.Lots;
    }

    private void Delete<TSink>(CmeChannel channel, in LevelChangeInQuanta change, long quanta, ref TSink sink)
        where TSink : struct, IEventSink, allows ref struct
    {
        ref MarketEvent slot = ref _events.Add(channel, change.Id, EventKind.LevelDelete, ref sink);
        slot.Side = change.IsBid ? Side.Bid : Side.Ask;
        slot.Flags = change.IsImplied ? EventFlags.ImpliedLevel : EventFlags.None;
        slot.Price = quanta;
    }

    private readonly record struct LevelChangeInQuanta(int Id, Wire.BookEntry Entry, long Quanta, ulong Lots)
    {
        public bool IsBid => Entry is Wire.BookEntry.Bid or Wire.BookEntry.ImpliedBid;

        public bool IsImplied => Entry is Wire.BookEntry.ImpliedBid or Wire.BookEntry.ImpliedOffer;
    }
}
