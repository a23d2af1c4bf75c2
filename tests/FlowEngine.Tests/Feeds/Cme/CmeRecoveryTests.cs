using FlowEngine.Market;
using FlowEngine.Messages.Cme;
using Xunit;
using static FlowEngine.Tests.Feeds.Cme.CmePackets;

namespace FlowEngine.Tests.Feeds.Cme;

/// <summary>Two lines, holes, snapshots and resets, seen by the book behind the decoder.</summary>
public sealed class CmeRecoveryTests : IDisposable
{
    private const char Bid = '0';
    private const char Offer = '1';

    private readonly CmeRoom _room = new();

    public void Dispose() => _room.Dispose();

    [Fact]
    public void Whichever_line_is_first_counts_and_the_other_fills_its_holes()
    {
        _room.A(new CmePackets(1).Future());
        _room.B(new CmePackets(1).Future());
        Assert.Equal(1, _room.Counters.DuplicatePackets);
        _room.B(Change(2));
        _room.A(Change(2));

        Assert.Empty(_room.A(Change(4)));
        Assert.Empty(_room.A(Change(5)));
        MarketEvent[] events = _room.B(Change(3));
        Assert.Equal([2UL, 3UL, 4UL], events.Select(e => e.VenueSequence));
        Assert.Empty(_room.B(Change(4)));
        Assert.Empty(_room.B(Change(5)));
        Assert.Equal("400:5 | ", _room.Show());
        Assert.Equal((0, 0, 4), (_room.Counters.ChannelGaps, _room.Counters.InstrumentGaps,
            _room.Counters.DuplicatePackets));
        Assert.Equal(BookState.Live, _room.Book.State);
    }

    [Fact]
    public void What_both_lines_lost_is_a_gap_at_once_and_a_snapshot_heals_it()
    {
        Start();
        _room.B(Change(2));
        Assert.Empty(_room.A(Change(4)));
        MarketEvent[] events = _room.B(Change(5));

        Assert.Equal([EventKind.Gap, EventKind.LevelSet, EventKind.LevelSet], events.Select(e => e.Kind));
        Assert.Equal((1, 1), (_room.Counters.ChannelGaps, _room.Counters.PacketsLost));
        Assert.Equal(1, _room.Counters.InstrumentGaps);
        Assert.Equal(BookState.Gap, _room.Book.State);
        _room.A(new CmePackets(7).Snapshot(1, 2, (Bid, 1, 100, 2)));
        Assert.Equal(BookState.Gap, _room.Book.State);
        _room.A(new CmePackets(8).Snapshot(3, 4, (Bid, 1, 100, 4), (Offer, 1, 102, 1)));
        Assert.Equal(BookState.Live, _room.Book.State);
        Assert.Equal("400:5 | 408:1", _room.Show());
        Assert.Equal([BookChange.Primed, BookChange.Lost, BookChange.Primed], _room.Turns);
    }

    [Fact]
    public void A_missing_packet_is_waited_for_ten_milliseconds_and_not_at_all_with_one_line()
    {
        Start();
        _room.B(Change(2));
        Assert.Empty(_room.A(Change(4)));
        _room.Wait(11_000_000);
        Assert.Equal(3, _room.A(Change(5)).Length);

        using var alone = new CmeRoom();
        alone.A(new CmePackets(1).Future());
        alone.A(Change(2));
        Assert.Equal(2, alone.A(Change(4)).Length);
        Assert.Equal((1, BookState.Gap), (alone.Counters.ChannelGaps, alone.Book.State));
    }

    [Fact]
    public void More_packets_than_are_kept_go_on_over_the_hole()
    {
        Start();
        _room.B(Change(2));
        var told = 0;
        for (uint i = 4; i < 44; i++)
        {
            told += _room.A(Change(i)).Length;
        }

        Assert.Equal(41, told);
        Assert.Equal((1, 1), (_room.Counters.ChannelGaps, _room.Counters.PacketsLost));
    }

    [Fact]
    public void A_book_that_is_right_is_held_against_snapshots_of_its_newest_change_only()
    {
        Start();
        _room.A(Change(3));
        Assert.Equal(3, _room.A(new CmePackets(1).Snapshot(2, 3, (Bid, 1, 100, 3))).Length);
        Assert.Empty(_room.A(new CmePackets(2).Snapshot(5, 9, (Bid, 1, 100, 9))));
        _room.A(new CmePackets(3).Snapshot(1, 2, (Bid, 1, 100, 2)));
        _room.A(new CmePackets(4).Volume(3));
        Assert.Equal(3, _room.A(new CmePackets(5).Snapshot(3, 4, (Bid, 1, 100, 3))).Length);
        Assert.Equal([BookChange.Primed], _room.Turns);
        Assert.Equal("400:3 | ", _room.Show());
        Assert.Equal(0, _room.Book.Gaps);

        _room.A(new CmePackets(6).Snapshot(3, 4, (Bid, 1, 100, 8)));
        Assert.Equal((1, "400:8 | "), (_room.Book.ReadCounters().SnapshotMismatches, _room.Show()));
    }

    [Fact]
    public void One_line_of_a_loop_is_listened_to_until_it_is_silent()
    {
        _room.A(new CmePackets(1).Future());
        Assert.NotEmpty(_room.A(new CmePackets(1).Snapshot(4, 1, (Bid, 1, 100, 4))));
        Assert.Empty(_room.B(new CmePackets(1).Snapshot(4, 1, (Bid, 1, 100, 4))));
        _room.Wait(1_100_000_000);
        Assert.NotEmpty(_room.B(new CmePackets(2).Snapshot(4, 1, (Bid, 1, 100, 4))));
        Assert.Equal("400:4 | ", _room.Show());
    }

    [Fact]
    public void A_channel_reset_empties_all_books_and_counts_begin_anew()
    {
        Start();
        MarketEvent[] events = _room.A(new CmePackets(3).ChannelReset());
        Assert.Equal([EventKind.SessionReset], events.Select(e => e.Kind));
        Assert.Equal(" | ", _room.Show());
        _room.A(new CmePackets(4).Book(isEnd: true, new Level(1, Bid, 1, 99, 1)));
        _room.A(new CmePackets(5).Book(isEnd: true, new Level(2, Bid, 1, 99.25, 2)));
        Assert.Equal(("397:2 396:1 | ", BookState.Live), (_room.Show(), _room.Book.State));
        Assert.Equal(0, _room.Counters.InstrumentGaps);
    }

    [Fact]
    public void A_sequence_that_begins_anew_is_a_new_week()
    {
        Start();
        for (uint i = 3; i < 10; i++)
        {
            _room.A(Change(i));
        }

        _room.Wait(2_000_000_000);
        _room.A(new CmePackets(1).Book(Event + 1, isEnd: true, new Level(1, Offer, 1, 101, 3)));
        Assert.Equal((1, " | 404:3"), (_room.Counters.ChannelResets, _room.Show()));
        Assert.Equal(BookState.Live, _room.Book.State);

        _room.Wait(2_000_000_000);
        _room.A(new CmePackets(70_000).Book(Event + 1, isEnd: true, new Level(2, Offer, 1, 101, 3)));
        Assert.Equal(1, _room.Counters.ChannelResets);
        _room.A(new CmePackets(3_000).Book(Event + 2, isEnd: true, new Level(50, Offer, 1, 101, 4)));
        Assert.Equal((2, BookState.Gap), (_room.Counters.ChannelResets, _room.Book.State));
        _room.A(new CmePackets(9).Snapshot(50, 3_000, (Bid, 1, 100, 1)));
        Assert.Equal((BookState.Live, "400:1 | "), (_room.Book.State, _room.Show()));
    }

    [Fact]
    public void An_update_numbered_one_begins_an_empty_book_and_a_later_one_waits_for_a_snapshot()
    {
        _room.A(new CmePackets(1).Future().Future(security: 2, symbol: "TWO"));
        Assert.Equal(EventKind.SessionReset, _room.A(Change(2))[0].Kind);
        Assert.Equal(BookState.Live, _room.Book.State);
        MarketEvent[] later = _room.A(new CmePackets(3).Book(isEnd: true, new Level(8, Bid, 1, 9, 9, Security: 2)));
        Assert.Equal((EventKind.Gap, 7UL), (later[0].Kind, later[0].VenueSequence));
        Assert.Equal(0, _room.Counters.InstrumentGaps);
    }

    [Fact]
    public void A_book_by_order_is_lost_with_packets_and_found_with_a_snapshot_in_chunks()
    {
        using var room = new CmeRoom(BookKind.Orders);
        room.A(new CmePackets(1).Future());
        room.A(new CmePackets(9).OrderSnapshot(1, 1, 1, (11, Bid, 100, 3)));
        room.A(new CmePackets(2).Orders(new Order(12, Bid, 100, 4)));
        Assert.Equal(("400:7 | ", BookState.Live), (room.Show(), room.Book.State));

        MarketEvent[] events = room.A(new CmePackets(4).Orders(new Order(14, Offer, 101, 1)));
        Assert.Equal([EventKind.Gap, EventKind.OrderAdd], events.Select(e => e.Kind));
        Assert.Equal(BookState.Gap, room.Book.State);
        room.A(new CmePackets(1).OrderSnapshot(3, 2, 3, (13, Bid, 99, 1)));
        room.A(new CmePackets(2).OrderSnapshot(3, 1, 3, (11, Bid, 100, 3)));
        room.A(new CmePackets(3).OrderSnapshot(3, 3, 3, (15, Bid, 98, 1)));
        Assert.Equal((2, BookState.Gap), (room.Counters.SnapshotPiecesSkipped, room.Book.State));

        room.A(new CmePackets(4).OrderSnapshot(3, 1, 3, (11, Bid, 100, 3)));
        room.A(new CmePackets(5).OrderSnapshot(3, 2, 3, (12, Bid, 100, 4), (13, Bid, 99, 1)));
        room.A(new CmePackets(6).OrderSnapshot(3, 3, 3, (15, Bid, 98, 1)));
        Assert.Equal(("400:7 396:1 392:1 | 404:1", BookState.Live), (room.Show(), room.Book.State));
        room.A(new CmePackets(7).OrderSnapshot(4, 1, 1, (11, Bid, 100, 3), (12, Bid, 100, 4), (13, Bid, 99, 1),
            (15, Bid, 98, 1), (14, Offer, 101, 1)));
        Assert.Equal((0, 1), (room.Book.ReadCounters().SnapshotMismatches, room.Book.Gaps));
    }

    [Fact]
    public void Heartbeats_keep_the_sequence_and_never_make_a_hole()
    {
        Start();
        _room.A(new CmePackets(3).Heartbeat());
        _room.A(new CmePackets(999).Heartbeat());
        _room.A(new CmePackets(4).Book(isEnd: true, new Level(2, Bid, 1, 100, 4, UpdateAction.Change)));
        Assert.Equal((0, "400:4 | "), (_room.Counters.ChannelGaps, _room.Show()));
    }

    // Packet n carries update n - 1: the best bid has n lots.
    private static CmePackets Change(uint packet) => new CmePackets(packet).Book(Event + packet, isEnd: true, new Level(
        packet - 1, Bid, 1, 100, (int)packet, packet == 2 ? UpdateAction.New : UpdateAction.Change));

    private void Start()
    {
        _room.A(new CmePackets(1).Future());
        _room.A(Change(2));
    }
}
