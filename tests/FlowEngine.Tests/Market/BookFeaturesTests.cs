using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Market;

/// <summary>Depth-limited feeds, implied books, trading phases, sessions, and the doors into recovery.</summary>
public class BookFeaturesTests
{
    private static readonly Instrument s_any = InstrumentTableTests.Named("A") with { Id = 0 };
    private static readonly BookOptions s_live = new()
    {
        LevelsPerSide = 32,
        BufferedEvents = 16,
        OrdersPerBook = 64,
        OrderLevelsPerSide = 32,
        StartLive = true,
    };

    [Fact]
    public void Level_pushed_out_of_a_limited_depth_leaves_with_the_change_and_comes_back_when_told()
    {
        using var book = new InstrumentBook(s_any with { FeedDepthLevels = 3, DepthRule = DepthRule.AtOnce }, s_live);
        Apply(book, Make.Bid(10, 1, 1, 0), Make.Bid(11, 1, 2, 1), Make.Bid(12, 1, 3, 2));
        Assert.True(book.TryHorizon(Side.Bid, out long horizon));
        Assert.Equal(9, horizon);

        Apply(book, Make.Bid(13, 1, 4, 3)); // 10 leaves without a word
        Assert.Equal([new(13, 1), new(12, 1), new(11, 1)], Bids(book));
        Assert.Equal(1, book.ReadCounters().Levels.LeftDepth);
        Apply(book, Make.Level(EventKind.LevelDelete, Side.Bid, 13, 0, 5, 4, ends: false), Make.Bid(10, 2, 5, 4));
        Assert.Equal([new(12, 1), new(11, 1), new(10, 2)], Bids(book));
        Assert.Equal((0, 0), (book.ReadCounters().Levels.UnknownDeletes, book.ReadCounters().Levels.BeyondDepth));
        Assert.Equal(ValidityFlags.OneSided, book.Validity);
    }

    [Fact]
    public void Level_pushed_out_and_back_within_one_event_stays_where_the_feed_says_at_the_end()
    {
        var instrument = s_any with { FeedDepthLevels = 2 };
        using var book = new InstrumentBook(instrument, s_live);
        Apply(book, Make.Ask(10, 1, 1, 0), Make.Ask(11, 1, 2, 1));
        Apply(
            book,
            Make.Ask(9, 1, 3, 2, ends: false),
            Make.Level(EventKind.LevelDelete, Side.Ask, 9, 0, 3, 2));
        Assert.Equal([new(10, 1), new(11, 1)], PriceLevelBookTests.Held(book.Levels, Side.Ask));
        Apply(book, Make.Ask(9, 1, 4, 3));
        Assert.Equal([new(9, 1), new(10, 1)], PriceLevelBookTests.Held(book.Levels, Side.Ask));
        Assert.Equal(1, book.ReadCounters().Levels.LeftDepth);
    }

    [Fact]
    public void Implied_levels_are_a_book_of_their_own_in_the_same_sequence_and_snapshot()
    {
        using var book = new InstrumentBook(s_any with { HasImpliedBook = true }, s_live);
        var implied = Make.Bid(10, 4, 2, 1) with { Flags = EventFlags.ImpliedLevel | EventFlags.EndOfEvent };
        Apply(book, Make.Bid(10, 1, 1, 0), implied);
        Assert.Equal([new(10, 1)], Bids(book));
        Assert.Equal(4, book.ImpliedBids.BestLots);
        Assert.Equal(0, book.ImpliedAsks.Count);

        var snapshot = Make.Snapshot(9, [new(8, 1), new(10, 6)], []);
        snapshot[2].Flags |= EventFlags.ImpliedLevel;
        Apply(book, snapshot);
        Assert.Equal(BookState.Live, book.State);
        Assert.Equal([new(8, 1)], Bids(book));
        Assert.Equal(6, book.ImpliedBids.BestLots);
        Assert.Null(BookCheck.Find(book));
    }

    [Fact]
    public void Flagged_levels_are_plain_levels_where_there_is_no_implied_book()
    {
        using var book = new InstrumentBook(s_any, s_live);
        Apply(book, Make.Bid(10, 4, 2, 0) with { Flags = EventFlags.ImpliedLevel | EventFlags.EndOfEvent });
        Assert.Equal([new(10, 4)], Bids(book));
        Assert.Equal(0, book.ImpliedBids.Count);
    }

    [Theory]
    [InlineData(TradingStatus.PreOpen)]
    [InlineData(TradingStatus.Auction)]
    [InlineData(TradingStatus.Halted)]
    public void Book_may_be_crossed_while_it_does_not_trade_and_not_for_long_after(TradingStatus status)
    {
        using var book = new InstrumentBook(s_any, s_live with { CrossedEventsMax = 2 });
        Apply(book, Make.Other(EventKind.Status, 0, (long)status));
        Apply(book, Make.Bid(12, 1, 1, 0), Make.Ask(10, 1, 2, 1));
        for (ulong i = 3; i < 20; i++)
        {
            Apply(book, Make.Bid(12, (long)i, i, i - 1));
        }

        Assert.Equal((BookState.Live, status), (book.State, book.Status));
        Assert.Equal(ValidityFlags.Crossed | ValidityFlags.Halted, book.Validity);
        Apply(book, Make.Other(EventKind.Status, 0, (long)TradingStatus.Open));
        Apply(book, Make.Bid(12, 1, 20, 19), Make.Bid(12, 2, 21, 20), Make.Bid(12, 3, 22, 21));
        Assert.Equal(BookState.Gap, book.State);
    }

    [Fact]
    public void Expired_instrument_is_empty_and_stays_so_until_the_session_begins_anew()
    {
        using var book = new InstrumentBook(s_any, s_live);
        Apply(book, Make.Bid(12, 1, 7, 0));
        Assert.Equal(BookChange.Primed, book.Apply(Make.Other(EventKind.Status, 0, (long)TradingStatus.Expired)));
        Apply(book, Make.Bid(12, 1, 8, 7));
        Apply(book, Make.Snapshot(9, [new(8, 1)], []));
        Assert.Equal(ValidityFlags.Empty | ValidityFlags.Halted, book.Validity);
        Assert.Equal(3, book.ReadCounters().AfterExpiry);

        Assert.Equal(BookChange.Primed, book.Apply(Make.Other(EventKind.SessionReset, 0)));
        Apply(book, Make.Bid(12, 1, 1, 0));
        Assert.Equal([new(12, 1)], Bids(book));
        Assert.Equal((BookState.Live, 1UL), (book.State, book.VenueSequence));
    }

    [Fact]
    public void Session_reset_heals_a_gap_empties_the_book_and_takes_lower_sequences()
    {
        using var book = new InstrumentBook(s_any, s_live);
        Apply(book, Make.Bid(12, 1, 1000, 0), Make.Bid(13, 1, 1002, 1001));
        Assert.Equal(RecoveryPhase.Gap, book.Phase);
        Apply(book, Make.Other(EventKind.SessionReset, 0), Make.Bid(5, 1, 1, 0), Make.Bid(6, 1, 2, 1));
        Assert.Equal([new(6, 1), new(5, 1)], Bids(book));
        var counters = book.ReadCounters();
        Assert.Equal((1, 1, 1), (counters.Gaps, counters.Recoveries, counters.SessionResets));
    }

    [Fact]
    public void Checksum_mismatch_loses_the_book_until_a_snapshot_that_is_new_enough()
    {
        using var book = new InstrumentBook(s_any, s_live);
        Apply(book, Make.Bid(12, 1, 5, 0));
        Assert.Equal(BookChange.Lost, book.Apply(Make.Other(EventKind.ChecksumMismatch, 5)));
        Apply(book, Make.Snapshot(4, [new(1, 1)], []));
        Assert.Equal((BookState.Gap, ValidityFlags.Gap), (book.State, book.Validity & ValidityFlags.Gap));
        Apply(book, Make.Snapshot(5, [new(11, 1)], []));
        Assert.Equal(BookState.Live, book.State);
        Assert.Equal([new(11, 1)], Bids(book));
        Assert.Equal((1, 2), (book.ReadCounters().ChecksumMismatches, book.ReadCounters().Resyncs));
    }

    [Fact]
    public void Phases_show_every_step_to_a_live_book()
    {
        using var book = new InstrumentBook(s_any, s_live with { StartLive = false });
        Assert.Equal(RecoveryPhase.WaitingForSnapshot, book.Phase);
        Apply(book, Make.Bid(12, 1, 5, 4));
        Assert.Equal(RecoveryPhase.Buffering, book.Phase);
        var snapshot = Make.Snapshot(4, [new(11, 1)], []);
        Apply(book, snapshot[..2]);
        Assert.Equal(RecoveryPhase.Resync, book.Phase);
        Apply(book, snapshot[2..]);
        Assert.Equal(RecoveryPhase.Live, book.Phase);
        Assert.Equal([new(12, 1), new(11, 1)], Bids(book));
    }

    [Fact]
    public void Snapshot_logged_after_newer_increments_takes_the_first_one_that_straddles_it()
    {
        // Binance: U..u are 101-105, 106-110 (builds on 105), then the snapshot of 103.
        using var book = new InstrumentBook(s_any, s_live with { StartLive = false });
        Apply(book, Make.Bid(9, 1, 95, 90), Make.Bid(10, 1, 105, 95), Make.Bid(11, 1, 110, 105));
        Apply(book, Make.Snapshot(103, [new(8, 8), new(9, 7)], [new(20, 1)]));
        Assert.Equal((BookState.Live, 110UL), (book.State, book.VenueSequence));
        Assert.Equal([new(11, 1), new(10, 1), new(9, 7), new(8, 8)], Bids(book));
    }

    [Fact]
    public void Tick_may_change_and_prices_need_not_keep_to_it()
    {
        using var book = new InstrumentBook(s_any with { TickQuanta = 50 }, s_live);
        Apply(book, Make.Bid(-1000, 1, 1, 0), Make.Bid(-950, 2, 2, 1), Make.Bid(-975, 3, 3, 2), Make.Ask(0, 1, 4, 3));
        book.SetTick(5);
        Apply(book, Make.Bid(-945, 4, 5, 4));
        book.SetTick(100);
        Assert.Equal([new(-945, 4), new(-950, 2), new(-975, 3), new(-1000, 1)], Bids(book));
        Assert.Null(BookCheck.Find(book));
    }

    [Fact]
    public void Order_snapshot_heals_an_order_book_and_the_buffered_orders_follow()
    {
        using var book = new InstrumentBook(s_any with { Book = BookKind.Orders }, s_live with { StartLive = false });
        Apply(book, Order(EventKind.OrderAdd, 3, 101, 5, 21), Order(EventKind.OrderExecute, 1, 0, 2, 22));
        Assert.Equal(RecoveryPhase.Buffering, book.Phase);
        Apply(book, OrderSnapshot(
            20, Order(EventKind.OrderAdd, 1, 100, 7, 20), Order(EventKind.OrderAdd, 2, 100, 7, 20)));
        Assert.Equal((BookState.Live, 22UL), (book.State, book.VenueSequence));
        Assert.Equal([new(101, 5), new(100, 12)], Bids(book));
        Assert.Equal([3, 1, 2], OrderBookTests.Orders(book.Orders!, Side.Bid).Select(order => order.Id));

        // A hole is told by the feed; the snapshot that disagrees about the queue alone is a mismatch.
        Apply(book, OrderSnapshot(
            22,
            Order(EventKind.OrderAdd, 3, 101, 5, 22),
            Order(EventKind.OrderAdd, 2, 100, 7, 22),
            Order(EventKind.OrderAdd, 1, 100, 5, 22)));
        Assert.Equal(1, book.ReadCounters().SnapshotMismatches);
        Assert.Equal([3, 2, 1], OrderBookTests.Orders(book.Orders!, Side.Bid).Select(order => order.Id));
        Assert.Equal(BookChange.Lost, book.Apply(Make.Other(EventKind.Gap, 25)));
        Assert.Null(BookCheck.Find(book));
    }

    [Fact]
    public void Events_of_the_other_kind_of_book_are_counted_and_change_nothing()
    {
        using var levels = new InstrumentBook(s_any, s_live);
        using var orders = new InstrumentBook(s_any with { Book = BookKind.Orders }, s_live);
        Apply(levels, Order(EventKind.OrderAdd, 3, 101, 5, 1));
        Apply(orders, Make.Bid(101, 5, 1, 0));
        Assert.Equal((1, 0), (levels.ReadCounters().Unsupported, levels.Bids.Count));
        Assert.Equal((1, 0), (orders.ReadCounters().Unsupported, orders.Bids.Count));
        Assert.Null(levels.Orders);
    }

    [Fact]
    public void Order_book_over_capacity_says_so_in_band()
    {
        using var book = new InstrumentBook(s_any with { Book = BookKind.Orders }, s_live with { OrdersPerBook = 1 });
        Apply(book, Order(EventKind.OrderAdd, 1, 101, 5, 1), Order(EventKind.OrderAdd, 2, 101, 5, 2));
        Assert.Equal(
            ValidityFlags.OneSided | ValidityFlags.PartialDepth | ValidityFlags.DamagedInput, book.Validity);
        Assert.Equal(1, book.ReadCounters().Orders.OverCapacity);
    }

    internal static MarketEvent Order(EventKind kind, ulong id, long price, long lots, ulong sequence) =>
        Make.Level(kind, Side.Bid, price, lots, sequence, id);

    internal static MarketEvent[] OrderSnapshot(ulong sequence, params MarketEvent[] orders)
    {
        var snapshot = Make.Snapshot(sequence, [], []);
        foreach (ref var order in orders.AsSpan())
        {
            order.VenueSequence = sequence;
            order.Flags = EventFlags.Snapshot;
        }

        return [snapshot[0], .. orders, snapshot[1]];
    }

    private static PriceLevel[] Bids(InstrumentBook book) => PriceLevelBookTests.Held(book.Levels, Side.Bid);

    private static void Apply(InstrumentBook book, params MarketEvent[] events)
    {
        foreach (ref var e in events.AsSpan())
        {
            book.Apply(in e);
            Assert.Null(BookCheck.Find(book));
        }
    }
}
