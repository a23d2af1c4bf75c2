using FlowEngine.Feeds;
using FlowEngine.Market;
using FlowEngine.Messages.Cme;
using Xunit;
using static FlowEngine.Tests.Feeds.Cme.CmePackets;
using Side = FlowEngine.Market.Side;

namespace FlowEngine.Tests.Feeds.Cme;

public sealed class CmeDecoderTests : IDisposable
{
    private const char Bid = '0';
    private const char Offer = '1';

    private readonly CmeRoom _room = new();

    public void Dispose() => _room.Dispose();

    [Fact]
    public void A_definition_says_what_integers_are_worth_and_the_status()
    {
        MarketEvent[] events = _room.A(new CmePackets(1).Future(tick: 0.25, factor: 0.01, implied: 2));

        Assert.Equal([EventKind.InstrumentDefined, EventKind.Status], events.Select(e => e.Kind));
        Assert.Equal((long)TradingStatus.Open, events[1].Quantity);
        Instrument es = _room.Table[0];
        Assert.Equal((FeedVenue.Cme, (ulong)Es, "ESZ3"), (es.Venue, es.VenueInstrumentId, es.Symbol));
        Assert.Equal((new DecimalScale(25, -4), 1), (es.PriceQuantum, es.TickQuanta));
        Assert.Equal((new DecimalScale(5, 1), ContractKind.Linear), (es.ContractMultiplier, es.Contract));
        Assert.Equal((10, DepthRule.AtOnce, true), (es.FeedDepthLevels, es.DepthRule, es.HasImpliedBook));
        Assert.Equal((long)Event + 1, es.ExpiryTime);
        Assert.Empty(_room.A(new CmePackets(2).Future(tick: 0.25, factor: 0.01, implied: 2)));
        Assert.Empty(_room.A(new CmePackets(3).Future(tick: 0.5)));
        Assert.Equal(1, _room.Counters.Damaged(DamageReason.ConflictingDefinition));
        MarketEvent[] gone = _room.A(new CmePackets(4).Future(tick: 0.25, action: 'D'));
        Assert.Equal((EventKind.Status, (long)TradingStatus.Expired), (gone[0].Kind, gone[0].Quantity));
    }

    [Fact]
    public void A_match_event_over_two_packets_is_handed_on_whole_with_one_sequence()
    {
        _room.A(new CmePackets(1).Future());
        Assert.Empty(_room.A(new CmePackets(2).Book(isEnd: false, new Level(1, Bid, 1, 100, 5))));
        MarketEvent[] events = _room.A(new CmePackets(3).Book(isEnd: true, new Level(2, Offer, 1, 100.25, 7)));

        Assert.Equal(
            [EventKind.SessionReset, EventKind.LevelSet, EventKind.LevelSet], events.Select(e => e.Kind));
        Assert.Equal([2UL, 2UL], events[1..].Select(e => e.VenueSequence));
        Assert.Equal([false, true], events[1..].Select(e => e.IsEndOfEvent));
        Assert.Equal([(Side.Bid, 400L, 5L), (Side.Ask, 401L, 7L)],
            events[1..].Select(e => (e.Side, e.Price, e.Quantity)));
        Assert.Equal("400:5 | 401:7", _room.Show());
    }

    [Fact]
    public void Old_new_and_long_forms_of_a_book_update_mean_the_same()
    {
        _room.A(new CmePackets(1).Future());
        _room.A(new CmePackets(2).OldBook(new Level(1, Bid, 1, 100, 5)));
        _room.A(new CmePackets(3).Book(isEnd: true, new Level(2, Bid, 1, 100.25, 6)));
        _room.A(new CmePackets(4).LongBook(3, 100.5, 7_000_000_000));

        Assert.Equal("402:7000000000 401:6 400:5 | ", _room.Show());
        MarketEvent trade = _room.A(new CmePackets(5).LongTrade(4, 100.5, 3_000_000_000))[0];
        Assert.Equal((EventKind.Trade, Side.Sell, 402L, 3_000_000_000L, 77UL),
            (trade.Kind, trade.Side, trade.Price, trade.Quantity, trade.Id));
    }

    [Fact]
    public void Positions_turn_overlays_and_deletions_of_many_into_changes_of_prices()
    {
        _room.A(new CmePackets(1).Future());
        _room.A(new CmePackets(2).Book(
            isEnd: true, [.. Enumerable.Range(1, 6).Select(i => new Level((uint)i, Bid, i, 100 - (i * 0.25), i))]));
        Assert.Equal("399:1 398:2 397:3 396:4 395:5 394:6 | ", _room.Show());

        _room.A(new CmePackets(3).Book(isEnd: true, new Level(7, Bid, 1, 100, 9, UpdateAction.Overlay)));
        Assert.Equal("400:9 398:2 397:3 396:4 395:5 394:6 | ", _room.Show());
        _room.A(new CmePackets(4).Book(isEnd: true, new Level(8, Bid, 2, 0, 0, UpdateAction.DeleteThru)));
        Assert.Equal("397:3 396:4 395:5 394:6 | ", _room.Show());
        _room.A(new CmePackets(5).Book(isEnd: true, new Level(9, Bid, 3, 0, 0, UpdateAction.DeleteFrom)));
        Assert.Equal("397:3 396:4 | ", _room.Show());
        _room.A(new CmePackets(6).Book(isEnd: true, new Level(10, 'J', 0, 0, 0)));
        Assert.Equal(" | ", _room.Show());
        Assert.Equal(BookState.Live, _room.Book.State);
    }

    [Fact]
    public void The_eleventh_level_of_ten_is_gone_without_a_word()
    {
        _room.A(new CmePackets(1).Future());
        _room.A(new CmePackets(2).Book(
            isEnd: true, [.. Enumerable.Range(1, 10).Select(i => new Level((uint)i, Offer, i, 100 + i, i))]));
        _room.A(new CmePackets(3).Book(isEnd: true, new Level(11, Offer, 1, 100, 1)));

        Assert.Equal(10, _room.Book.Asks.Count);
        Assert.Equal(400, _room.Book.Asks[0].Price);
        Assert.Equal(436, _room.Book.Asks[9].Price);
    }

    [Fact]
    public void Implied_levels_are_a_book_of_their_own_of_two_levels()
    {
        _room.A(new CmePackets(1).Future(implied: 2));
        _room.A(new CmePackets(2).Book(isEnd: true, new Level(1, 'E', 1, 99, 1), new Level(2, 'E', 2, 98, 2),
            new Level(3, Bid, 1, 97, 3)));
        _room.A(new CmePackets(3).Book(isEnd: true, new Level(4, 'E', 1, 99.5, 4), new Level(5, 'F', 1, 101, 5)));

        Assert.Equal("388:3 | ", _room.Show());
        Assert.Equal(2, _room.Book.ImpliedBids.Count);
        Assert.Equal((398L, 4L), (_room.Book.ImpliedBids[0].Price, _room.Book.ImpliedBids[0].Lots));
        Assert.Equal(396, _room.Book.ImpliedBids[1].Price);
        Assert.Equal(404, _room.Book.ImpliedAsks[0].Price);
    }

    [Fact]
    public void Trades_have_the_aggressors_side_and_corrections_change_nothing()
    {
        _room.A(new CmePackets(1).Future());
        MarketEvent[] buy = _room.A(new CmePackets(2).Trade(1, 100, 3, aggressor: 1, id: 55));
        Assert.Equal((EventKind.Trade, Side.Buy, 400L, 3L, 55UL, true),
            (buy[^1].Kind, buy[^1].Side, buy[^1].Price, buy[^1].Quantity, buy[^1].Id, buy[^1].IsEndOfEvent));
        Assert.Equal(Side.Unknown, _room.A(new CmePackets(3).Trade(2, 100, 3, aggressor: 0))[0].Side);
        Assert.Empty(_room.A(new CmePackets(4).Trade(3, 100, 3, 1, action: UpdateAction.Delete)));
        Assert.Equal((2, 1), (_room.Counters.Trades, _room.Counters.TradeCorrections));

        MarketEvent[] told = _room.A(new CmePackets(5).OpenInterest(4, 123_456));
        Assert.Equal((EventKind.OpenInterest, 123_456L), (told[0].Kind, told[0].Quantity));
        Assert.Empty(_room.A(new CmePackets(6).Volume(5)));
        Assert.Equal(0, _room.Counters.InstrumentGaps);
    }

    [Fact]
    public void A_group_goes_through_its_phases_and_a_crossed_book_is_right_before_the_open()
    {
        _room.A(new CmePackets(1).Future(status: 21).Future(security: 5, symbol: "OTHER", status: 21));
        MarketEvent[] events = _room.A(new CmePackets(2).Status(15));
        Assert.Equal([0, 1], events.Select(e => e.InstrumentId));
        Assert.All(events, e => Assert.Equal((long)TradingStatus.Auction, e.Quantity));
        Assert.Empty(_room.A(new CmePackets(3).Status(17, group: "NQ")));

        _room.A(new CmePackets(4).Book(isEnd: true, new Level(1, Bid, 1, 101, 1), new Level(2, Offer, 1, 100, 1)));
        Assert.Equal((BookState.Live, TradingStatus.Auction), (_room.Book.State, _room.Book.Status));
        Assert.True((_room.Book.Validity & ValidityFlags.Crossed) != 0);
        MarketEvent[] cross = _room.A(new CmePackets(5).Trade(3, 100.5, 1, aggressor: 0));
        Assert.True((cross[0].Flags & EventFlags.OffBook) != 0);

        Assert.Single(_room.A(new CmePackets(6).Status(17, security: Es)));
        Assert.Equal(TradingStatus.Open, _room.Book.Status);
        Assert.Empty(_room.A(new CmePackets(7).Status(103)));
        Assert.Equal((long)TradingStatus.Closed, _room.A(new CmePackets(8).Status(26))[0].Quantity);
    }

    [Fact]
    public void What_no_definition_names_is_counted_and_a_price_off_the_grid_costs_the_book()
    {
        Assert.Empty(_room.A(new CmePackets(1).Book(isEnd: true, new Level(1, Bid, 1, 100, 1))));
        Assert.Equal(1, _room.Counters.UnknownInstrument);
        _room.A(new CmePackets(2).Future());
        _room.A(new CmePackets(3).Book(isEnd: true, new Level(1, Bid, 1, 100, 1)));
        MarketEvent[] events = _room.A(new CmePackets(4).Book(isEnd: true, new Level(2, Bid, 1, 100.1, 1)));

        Assert.Equal([EventKind.Damaged, EventKind.Gap], events.Select(e => e.Kind));
        Assert.Equal((ulong)DamageReason.OffGridPrice, events[0].Id);
        Assert.Equal(BookState.Gap, _room.Book.State);
        _room.A(new CmePackets(1).Snapshot(2, 4, (Bid, 1, 100.25, 2)));
        Assert.Equal(BookState.Live, _room.Book.State);
        Assert.Equal("401:2 | ", _room.Show());
    }

    [Fact]
    public void Orders_behind_levels_and_orders_alone_make_a_book_by_order()
    {
        using var room = new CmeRoom(BookKind.Orders);
        room.A(new CmePackets(1).Future());
        room.A(new CmePackets(2).OrderSnapshot(1, 1, 2, (11, Bid, 100, 3)));
        Assert.Equal(BookState.WaitingForSnapshot, room.Book.State);
        room.A(new CmePackets(3).OrderSnapshot(1, 2, 2, (12, Bid, 100, 4), (13, Offer, 101, 5)));
        Assert.Equal("400:7 | 404:5", room.Show());
        Assert.Equal(BookState.Live, room.Book.State);

        room.A(new CmePackets(2).BookWithOrders(new Level(9, Bid, 1, 100, 0), (14, OrderAction.New, 2)));
        room.A(new CmePackets(3).Orders(new Order(13, Offer, 101, 1, UpdateAction.Change)));
        room.A(new CmePackets(4).Orders(new Order(11, Bid, 0, 0, UpdateAction.Delete)));
        Assert.Equal("400:6 | 404:1", room.Show());
        Assert.True(room.Book.Orders!.TryFindInQueue(14, out QueuePosition place));
        Assert.Equal(4, place.LotsAhead);
        Assert.Equal(0, room.Counters.DamagedTotal);
    }

    [Fact]
    public void Decoding_allocates_nothing_once_instruments_and_channels_are_known()
    {
        _room.A(new CmePackets(1).Future(implied: 2));
        _room.A(new CmePackets(1).Snapshot(4, 1, (Bid, 1, 100, 1), (Offer, 1, 101, 1)));
        var packets = new List<byte[]>();
        for (uint i = 0; i < 200; i++)
        {
            uint report = 5 + (i * 4);
            CmePackets packet = new CmePackets(2 + (i * 3) + (i % 5 == 0 ? 1U : 0))
                .Book(Event + i, isEnd: false, new Level(report, Bid, 1, 100, (int)i + 1, UpdateAction.Change))
                .Trade(report + 1, 100, 1, aggressor: 1)
                .Book(Event + i, isEnd: true, new Level(report + 2, 'E', 1, 99.5, 7), new Level(
                    report + 3, Offer, 1, 101.25, 5, UpdateAction.Overlay));
            packets.Add(FeedRoom.Wrap(FeedFormat.CmeMdp3, packet.Done(), captureTimeNs: 1_000_000_000L + i));
            packets.Add(FeedRoom.Wrap(FeedFormat.CmeMdp3, new CmePackets(1).Snapshot(
                report + 3, 2 + (i * 3), (Bid, 1, 100, (int)i + 1), (Offer, 1, 101.25, 5)).Done()));
        }

        var sink = new EventList();
        foreach (byte[] packet in packets)
        {
            _room.Decoder.Decode(packet, 1, ref sink);
            sink.Clear();
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 20; round++)
        {
            foreach (byte[] packet in packets)
            {
                _room.Decoder.Decode(packet, 1, ref sink);
                sink.Clear();
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(0, _room.Counters.DamagedTotal);
    }
}
