using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Market;

/// <summary>Each rule of the recovery state machine as one small story.</summary>
public sealed class InstrumentBookTests : IDisposable
{
    private InstrumentBook _book = new(3, new BookOptions { LevelsPerSide = 16, BufferedEvents = 8 });

    public void Dispose() => _book.Dispose();

    [Fact]
    public void Book_waits_for_its_first_snapshot()
    {
        Assert.Equal(BookState.WaitingForSnapshot, _book.State);
        Assert.Equal(ValidityFlags.Gap | ValidityFlags.Empty, _book.Validity);
        Assert.Equal(BookChange.None, Apply(Make.Bid(99, 5, 11, 10)));
        Assert.Equal((0, 0), (_book.Bids.Count, _book.Gaps));

        Assert.Equal(BookChange.Primed, Snapshot(11, [(99, 5), (98, 1)], [(101, 2)]));
        Assert.Equal((BookState.Live, 11UL), (_book.State, _book.VenueSequence));
        Assert.Equal(ValidityFlags.None, _book.Validity);
        Assert.Equal((1, 0, 0), (Counters.FirstSnapshots, _book.Recoveries, _book.Gaps));
        Expect([(99, 5), (98, 1)], [(101, 2)]);
    }

    [Fact]
    public void Increments_buffered_since_the_snapshot_are_replayed_and_older_ones_dropped()
    {
        Apply(Make.Bid(90, 1, 10, 9));
        Apply(Make.Bid(91, 1, 11, 10));
        Apply(Make.Bid(92, 1, 12, 11, ends: false));
        Apply(Make.Ask(95, 1, 12, 11));
        Apply(Make.Bid(93, 1, 13, 12));

        Assert.Equal(BookChange.Primed, Snapshot(11, [(91, 7)], [(96, 7)]));
        Assert.Equal(13UL, _book.VenueSequence);
        Expect([(93, 1), (92, 1), (91, 7)], [(95, 1), (96, 7)]);
    }

    [Fact]
    public void First_replayed_increment_may_reach_over_the_snapshot()
    {
        Apply(Make.Bid(92, 1, 15, 10)); // covers 11 to 15
        Assert.Equal(BookChange.Primed, Snapshot(12, [(91, 7)], []));
        Assert.Equal(15UL, _book.VenueSequence);
        Expect([(92, 1), (91, 7)], []);
    }

    [Fact]
    public void Delta_that_reaches_over_the_snapshot_would_count_twice_and_does_not_connect()
    {
        Apply(Make.Level(EventKind.LevelDelta, Side.Bid, 91, 1, 15, 10));
        Assert.Equal(BookChange.None, Snapshot(12, [(91, 7)], []));
        Assert.Equal((BookState.WaitingForSnapshot, 1), (_book.State, Counters.SnapshotsUnconnected));
    }

    [Fact]
    public void Snapshot_too_old_for_the_buffered_increments_changes_nothing()
    {
        Live(10);
        Assert.Equal(BookChange.Lost, Apply(Make.Bid(92, 1, 13, 12)));

        Assert.Equal(BookChange.None, Snapshot(11, [(50, 1)], [])); // 12 is missing
        Assert.Equal((BookState.Gap, 1), (_book.State, Counters.SnapshotsUnconnected));
        Expect([(90, 1)], [(100, 1)]);

        Assert.Equal(BookChange.Primed, Snapshot(12, [(91, 2)], [(100, 1)]));
        Assert.Equal((BookState.Live, 13UL, 1, 1), (_book.State, _book.VenueSequence, _book.Gaps, _book.Recoveries));
        Expect([(92, 1), (91, 2)], [(100, 1)]);
    }

    [Fact]
    public void Hole_among_the_buffered_increments_keeps_the_book_waiting()
    {
        Apply(Make.Bid(91, 1, 11, 10));
        Apply(Make.Bid(93, 1, 13, 12)); // 12 is missing
        Assert.Equal(BookChange.None, Snapshot(10, [(90, 1)], []));
        Assert.Equal((BookState.WaitingForSnapshot, 1), (_book.State, Counters.SnapshotsUnconnected));
        Expect([], []);

        Assert.Equal(BookChange.Primed, Snapshot(12, [(92, 1)], []));
        Assert.Equal(13UL, _book.VenueSequence);
        Expect([(93, 1), (92, 1)], []);
    }

    [Fact]
    public void Increment_that_builds_on_the_book_is_applied()
    {
        Live(10);
        Assert.Equal(BookChange.Changed, Apply(Make.Bid(91, 4, 14, 10, ends: false)));
        Assert.Equal(BookChange.Changed, Apply(Make.Ask(99, 4, 14, 10)));
        Assert.Equal(BookChange.Changed, Apply(Make.Bid(92, 4, 15, 14)));
        Assert.Equal(15UL, _book.VenueSequence);
        Expect([(92, 4), (91, 4), (90, 1)], [(99, 4), (100, 1)]);
    }

    [Fact]
    public void Old_increments_are_dropped_and_counted()
    {
        Live(10);
        Apply(Make.Bid(91, 4, 11, 10));
        Assert.Equal(BookChange.None, Apply(Make.Bid(91, 9, 11, 10)));
        Assert.Equal(BookChange.None, Apply(Make.Bid(91, 9, 9, 8)));
        Assert.Equal(BookChange.None, Apply(Make.Bid(91, 9, 9, 0)));
        Assert.Equal((3, 0), (Counters.Old, _book.Gaps));
        Expect([(91, 4), (90, 1)], [(100, 1)]);
    }

    [Fact]
    public void Without_predecessors_any_later_sequence_is_next()
    {
        Live(10);
        Assert.Equal(BookChange.Changed, Apply(Make.Bid(91, 4, 17, 0)));
        Assert.Equal(17UL, _book.VenueSequence);
    }

    [Fact]
    public void Without_a_sequence_everything_is_next()
    {
        Live(0);
        Assert.Equal(BookChange.Changed, Apply(Make.Bid(91, 4, 0, 0)));
        Assert.Equal(BookChange.Changed, Apply(Make.Bid(91, 5, 0, 0)));
        Assert.Equal((0UL, 0), (_book.VenueSequence, _book.Gaps));
    }

    [Fact]
    public void Hole_is_told_once_and_freezes_the_book()
    {
        Live(10);
        Assert.Equal(BookChange.Lost, Apply(Make.Bid(91, 4, 13, 12)));
        Assert.Equal(BookChange.None, Apply(Make.Bid(92, 4, 14, 13)));
        Assert.Equal(BookChange.None, Apply(Make.Bid(93, 4, 20, 19)));
        Assert.Equal((BookState.Gap, 1, 10UL), (_book.State, _book.Gaps, _book.VenueSequence));
        Assert.Equal(ValidityFlags.Gap, _book.Validity);
        Expect([(90, 1)], [(100, 1)]);
    }

    [Fact]
    public void Event_whose_tail_was_lost_is_a_hole_although_the_next_one_connects()
    {
        Live(10);
        Apply(Make.Bid(91, 4, 11, 10, ends: false));
        Assert.Equal(BookChange.Lost, Apply(Make.Bid(92, 4, 12, 11)));
    }

    [Fact]
    public void Event_may_end_with_its_trades()
    {
        Live(10);
        Apply(Make.Bid(91, 4, 11, 10, ends: false));
        Apply(Make.Other(EventKind.Trade));
        Assert.Equal(BookChange.Changed, Apply(Make.Bid(92, 4, 12, 11, ends: false)));
        Apply(Make.Other(EventKind.Gap, 12));
        Assert.Equal(BookState.Gap, _book.State);

        Apply(Make.Bid(93, 4, 13, 12, ends: false));
        Apply(Make.Other(EventKind.Trade));
        Apply(Make.Bid(94, 4, 14, 13));
        Assert.Equal(BookChange.Primed, Snapshot(12, [(92, 4)], []));
        Assert.Equal(14UL, _book.VenueSequence);
        Expect([(94, 4), (93, 4), (92, 4)], []);
    }

    [Fact]
    public void Event_whose_tail_was_lost_is_healed_by_a_snapshot_of_its_sequence()
    {
        Live(10);
        Apply(Make.Bid(91, 4, 11, 10, ends: false));
        Assert.Equal(BookChange.Primed, Snapshot(11, [(92, 4), (91, 4), (90, 1)], [(100, 1)]));
        Assert.Equal(BookChange.None, Apply(Make.Bid(92, 9, 11, 10))); // the tail comes late
        Assert.Equal((1, 0), (Counters.Old, _book.Gaps));
        Expect([(92, 4), (91, 4), (90, 1)], [(100, 1)]);
    }

    [Fact]
    public void Mark_prices_do_not_end_an_event()
    {
        Live(10);
        Apply(Make.Bid(91, 4, 11, 10, ends: false));
        Apply(Make.Other(EventKind.MarkPrice));
        Assert.Equal(BookChange.Lost, Apply(Make.Bid(92, 4, 12, 11)));
    }

    [Fact]
    public void Gap_event_asks_for_a_snapshot_of_what_it_names()
    {
        Live(10);
        Apply(Make.Bid(91, 4, 12, 10));
        Assert.Equal(BookChange.Lost, Apply(Make.Other(EventKind.Gap, 12)));
        Assert.Equal(BookChange.None, Apply(Make.Other(EventKind.Gap, 13)));
        Assert.Equal((BookState.Gap, 1), (_book.State, _book.Gaps));

        Assert.Equal(BookChange.None, Snapshot(12, [(91, 4)], []));
        Assert.Equal(BookChange.Primed, Snapshot(13, [(91, 8)], []));
        Expect([(91, 8)], []);
    }

    [Fact]
    public void Half_a_venue_event_is_never_replayed()
    {
        Live(10);
        Apply(Make.Bid(91, 4, 11, 10, ends: false));
        Apply(Make.Other(EventKind.Gap));
        Apply(Make.Bid(92, 4, 11, 10)); // the second half, with a first half that is not in the buffer

        Assert.Equal(BookChange.None, Snapshot(10, [(90, 1)], []));
        Assert.Equal(BookChange.Primed, Snapshot(11, [(92, 4), (91, 4), (90, 1)], []));
        Assert.Equal(11UL, _book.VenueSequence);
    }

    [Fact]
    public void Live_book_has_no_need_of_its_own_or_older_snapshots()
    {
        Live(10);
        Assert.Equal(BookChange.None, Snapshot(10, [(90, 1)], [(100, 1)]));
        Assert.Equal(BookChange.None, Snapshot(9, [(1, 1)], []));
        Assert.Equal((2, 0, 0), (Counters.SnapshotsIgnored, Counters.SnapshotMismatches, _book.Gaps));
        Expect([(90, 1)], [(100, 1)]);
    }

    [Fact]
    public void Snapshot_that_differs_from_the_book_of_its_sequence_heals_it()
    {
        Live(10);
        Assert.Equal(BookChange.Primed, Snapshot(10, [(90, 1), (89, 3)], [(100, 1)]));
        Assert.Equal((1, 1, 1), (Counters.SnapshotMismatches, _book.Gaps, _book.Recoveries));
        Assert.Equal(BookState.Live, _book.State);
        Expect([(90, 1), (89, 3)], [(100, 1)]);
    }

    [Fact]
    public void Snapshot_is_not_compared_with_a_book_that_moved_on_meanwhile()
    {
        Live(10);
        var snapshot = Make.Snapshot(10, Levels((90, 1)), Levels((100, 1)));
        Apply(snapshot[0]);
        Apply(snapshot[1]);
        Apply(Make.Bid(91, 4, 11, 10));
        Apply(snapshot[2]);
        Assert.Equal(BookChange.None, Apply(snapshot[3]));
        Assert.Equal((11UL, 0), (_book.VenueSequence, Counters.SnapshotMismatches));
        Expect([(91, 4), (90, 1)], [(100, 1)]);
    }

    [Fact]
    public void Snapshot_ahead_of_the_live_book_means_a_gap_and_heals_it()
    {
        Live(10);
        var snapshot = Make.Snapshot(12, Levels((80, 1)), Levels((81, 1)));
        Assert.Equal(BookChange.Lost, Apply(snapshot[0]));
        Apply(Make.Bid(79, 4, 13, 12));
        Apply(snapshot[1]);
        Expect([(90, 1)], [(100, 1)]); // frozen, not half loaded
        Apply(snapshot[2]);
        Assert.Equal(BookChange.Primed, Apply(snapshot[3]));
        Assert.Equal((1, 1, 13UL), (_book.Gaps, _book.Recoveries, _book.VenueSequence));
        Expect([(80, 1), (79, 4)], [(81, 1)]);
    }

    [Fact]
    public void Interrupted_snapshot_starts_over()
    {
        var first = Make.Snapshot(10, Levels((90, 1)), []);
        Apply(first[0]);
        Apply(first[1]);
        Assert.Equal(BookChange.Primed, Snapshot(11, [(80, 2)], []));
        Assert.Equal(1, Counters.SnapshotsBroken);
        Expect([(80, 2)], []);
    }

    [Fact]
    public void Snapshot_with_a_bad_or_foreign_piece_is_not_used()
    {
        Assert.Equal(BookChange.None, Snapshot(10, [(90, 0)], []));
        Assert.Equal(BookChange.None, Apply(Make.Snapshot(10, [], [])[1])); // end without a beginning

        var mixed = Make.Snapshot(10, Levels((90, 1)), []);
        mixed[1].VenueSequence = 9;
        Assert.Equal(BookChange.None, ApplyAll(mixed));

        var damaged = Make.Snapshot(10, Levels((90, 1)), []);
        damaged[2].Flags |= EventFlags.Damaged;
        Assert.Equal(BookChange.None, ApplyAll(damaged));

        var cut = Make.Snapshot(10, Levels((90, 1)), []);
        Apply(cut[0]);
        Apply(Make.Other(EventKind.Gap, 10));
        Assert.Equal(BookChange.None, ApplyAll(cut.AsSpan(1)));

        Assert.Equal((5, 0), (Counters.SnapshotsBroken, _book.Bids.Count));
        Assert.Equal(BookState.WaitingForSnapshot, _book.State);
    }

    [Fact]
    public void Full_buffer_drops_its_oldest_venue_event_whole()
    {
        Apply(Make.Bid(50, 1, 11, 10, ends: false));
        Apply(Make.Bid(51, 1, 11, 10, ends: false));
        Apply(Make.Bid(52, 1, 11, 10));
        for (ulong sequence = 12; sequence <= 17; sequence++)
        {
            Apply(Make.Bid((long)sequence, 1, sequence, sequence - 1));
        }

        Assert.Equal((3, 6), (Counters.BufferOverflows, _book.Buffered));
        Assert.Equal(BookChange.None, Snapshot(10, [], [])); // 11 is gone
        Assert.Equal(BookChange.Primed, Snapshot(11, [(52, 1), (51, 1), (50, 1)], []));
        Assert.Equal(17UL, _book.VenueSequence);
        Assert.Equal(9, _book.Bids.Count);
    }

    [Fact]
    public void Dropped_increments_without_predecessors_must_be_in_the_snapshot()
    {
        for (ulong sequence = 11; sequence <= 20; sequence++)
        {
            Apply(Make.Bid((long)sequence, 1, sequence, 0));
        }

        Assert.Equal(BookChange.None, Snapshot(11, [], [])); // 12 went too
        Assert.Equal(BookChange.Primed, Snapshot(12, [], []));
        Assert.Equal(8, _book.Bids.Count);
    }

    [Fact]
    public void Clear_empties_the_book_and_keeps_it_live()
    {
        Live(10);
        Assert.Equal(BookChange.Changed, Apply(Make.Other(EventKind.Clear, 11)));
        Assert.Equal((BookState.Live, 11UL), (_book.State, _book.VenueSequence));
        Assert.Equal(ValidityFlags.Empty, _book.Validity);
    }

    [Fact]
    public void Status_halts_and_opens()
    {
        Live(10);
        foreach (var status in (TradingStatus[])[TradingStatus.Halted, TradingStatus.Closed])
        {
            Apply(Make.Other(EventKind.Status, 0, (long)status));
            Assert.Equal(ValidityFlags.Halted, _book.Validity);
        }

        Apply(Make.Other(EventKind.Status, 0, 256 + (long)TradingStatus.Halted)); // no such status
        Assert.Equal(ValidityFlags.None, _book.Validity);
        Apply(Make.Other(EventKind.Status, 0, (long)TradingStatus.Open));
        Assert.Equal(ValidityFlags.None, _book.Validity);
    }

    [Fact]
    public void Book_crossed_for_more_than_twenty_events_is_lost()
    {
        Live(10);
        Apply(Make.Ask(100, 2, 11, 10));
        Apply(Make.Bid(101, 1, 12, 11, ends: false)); // between the parts of one event nobody looks
        Apply(Make.Level(EventKind.LevelDelete, Side.Ask, 100, 0, 12, 11));
        Assert.Equal(0, Counters.CrossedBoundaries);

        Apply(Make.Ask(100, 1, 13, 12));
        Assert.Equal(ValidityFlags.Crossed, _book.Validity);
        for (var i = 2; i <= 20; i++)
        {
            Assert.NotEqual(BookChange.Lost, Apply(Make.Other(EventKind.Trade) with { VenueTime = 13_000_000 }));
        }

        Assert.Equal((20, 0), (Counters.CrossedBoundaries, _book.Gaps));
        Assert.Equal(BookChange.Lost, Apply(Make.Bid(90, 2, 14, 13)));
        Assert.Equal((BookState.Gap, 1), (_book.State, _book.Gaps));
        Assert.Equal(BookChange.Primed, Snapshot(14, [(90, 2)], [(91, 1)]));
    }

    [Fact]
    public void Book_crossed_for_more_than_250_ms_is_lost_unless_it_is_halted()
    {
        Live(10);
        Apply(Make.Other(EventKind.Status, 0, (long)TradingStatus.Halted));
        Apply(Make.Bid(101, 1, 11, 10) with { VenueTime = 1_000_000_000 });
        Assert.Equal(BookChange.Changed, Apply(Make.Bid(90, 2, 12, 11) with { VenueTime = 9_000_000_000 }));
        Assert.Equal(ValidityFlags.Halted | ValidityFlags.Crossed, _book.Validity);

        Apply(Make.Other(EventKind.Status, 0, (long)TradingStatus.Open) with { VenueTime = 9_000_000_000 });
        Assert.Equal(BookChange.Changed, Apply(Make.Bid(90, 3, 13, 12) with { VenueTime = 9_250_000_000 }));
        Assert.Equal(BookChange.Lost, Apply(Make.Bid(90, 4, 14, 13) with { VenueTime = 9_250_000_001 }));
    }

    [Fact]
    public void Orders_one_by_one_are_counted_as_unsupported()
    {
        Live(10);
        Assert.Equal(BookChange.None, Apply(Make.Other(EventKind.OrderAdd, 11)));
        Assert.Equal(BookChange.None, Apply(Make.Other(EventKind.OrderExecute, 12)));
        Assert.Equal((2, 10UL), (Counters.Unsupported, _book.VenueSequence));
    }

    [Fact]
    public void Truncated_book_is_flagged_until_a_snapshot_brings_its_depth_back()
    {
        using var book = new InstrumentBook(0, new BookOptions { LevelsPerSide = 2, BufferedEvents = 8 });
        Replace(book);
        Snapshot(10, [(90, 1), (89, 1)], [(100, 1)]);
        Apply(Make.Bid(91, 1, 11, 10)); // pushes 89 out
        Apply(Make.Level(EventKind.LevelDelete, Side.Bid, 91, 0, 12, 11));
        Assert.Equal(ValidityFlags.PartialDepth, _book.Validity);
        Expect([(90, 1)], [(100, 1)]);

        Assert.Equal(BookChange.Primed, Snapshot(12, [(90, 1), (89, 1)], [(100, 1)]));
        Assert.Equal((ValidityFlags.None, 0, 0), (_book.Validity, Counters.SnapshotMismatches, _book.Gaps));
        Expect([(90, 1), (89, 1)], [(100, 1)]);
    }

    [Fact]
    public void Venue_that_restarts_its_sequence_is_followed_after_three_whole_snapshots()
    {
        Live(1000);
        Assert.Equal(BookChange.None, Snapshot(5, [(1, 1)], [])); // last increment seen may still be 1000: just late
        Apply(Make.Bid(70, 1, 6, 5));
        Assert.Equal(BookChange.None, Snapshot(6, [(70, 1)], []));
        Assert.Equal(BookChange.None, Snapshot(6, [(70, 1)], []));
        Assert.Equal(BookChange.Primed, Snapshot(6, [(70, 1)], []));
        Assert.Equal((1, 1, 1), (Counters.SequenceRestarts, _book.Gaps, _book.Recoveries));
        Assert.Equal(BookChange.Changed, Apply(Make.Bid(71, 1, 7, 6)));
        Expect([(71, 1), (70, 1)], []);
    }

    [Fact]
    public void Book_may_start_live_where_the_feed_starts_empty()
    {
        using var book = new InstrumentBook(0, new BookOptions { StartLive = true });
        Replace(book);
        Assert.Equal(BookChange.Changed, Apply(Make.Bid(90, 1, 0, 0)));
        Assert.Equal(BookChange.Changed, Apply(Make.Bid(91, 1, 4, 0)));
        Assert.Equal((BookState.Live, 0), (_book.State, Counters.FirstSnapshots));
    }

    private BookCounters Counters => _book.ReadCounters();

    private static PriceLevel[] Levels(params (long Price, long Lots)[] levels) =>
        [.. levels.Select(level => new PriceLevel(level.Price, level.Lots))];

    private void Replace(InstrumentBook book)
    {
        _book.Dispose();
        _book = book;
    }

    private void Live(ulong sequence) =>
        Assert.Equal(BookChange.Primed, Snapshot(sequence, [(90, 1)], [(100, 1)]));

    private BookChange Snapshot(ulong sequence, (long, long)[] bids, (long, long)[] asks) =>
        ApplyAll(Make.Snapshot(sequence, Levels(bids), Levels(asks)));

    private BookChange ApplyAll(ReadOnlySpan<MarketEvent> events)
    {
        var last = BookChange.None;
        foreach (ref readonly var e in events)
        {
            last = Apply(e);
        }

        return last;
    }

    private BookChange Apply(MarketEvent e)
    {
        var change = _book.Apply(in e);
        Assert.Null(BookCheck.Find(_book));
        return change;
    }

    private void Expect((long, long)[] bids, (long, long)[] asks)
    {
        Assert.Equal(Levels(bids), PriceLevelBookTests.Held(_book.Levels, Side.Bid));
        Assert.Equal(Levels(asks), PriceLevelBookTests.Held(_book.Levels, Side.Ask));
    }
}
