using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Market;

public class BookStoreTests
{
    [Fact]
    public void Books_are_found_by_dense_id_once_defined()
    {
        using var store = new BookStore(3, new BookOptions { LevelsPerSide = 8, BufferedEvents = 4 });
        store.Define(InstrumentTableTests.Named("B") with { Id = 1 });

        Assert.Equal(1, store[1].InstrumentId);
        Assert.True(store.TryGet(1, out var book));
        Assert.Same(store[1], book);
        Assert.False(store.TryGet(0, out _));
        Assert.False(store.TryGet(3, out _));
        Assert.False(store.TryGet(-1, out _));
        Assert.Throws<ArgumentOutOfRangeException>(() => store.Define(InstrumentTableTests.Named("C") with { Id = 3 }));
    }

    [Fact]
    public void Defining_an_instrument_again_keeps_its_book()
    {
        using var store = new BookStore(1, new BookOptions { StartLive = true });
        store.Define(InstrumentTableTests.Named("A") with { Id = 0 });
        store[0].Apply(Make.Bid(90, 1, 0, 0));
        store.Define(InstrumentTableTests.Named("A") with { Id = 0 });

        Assert.Equal((1, 1), (store.Count, store[0].Bids.Count));
        Assert.Equal(745_728, store.NativeBytes);
    }

    [Fact]
    public void Totals_are_the_sums_over_all_books()
    {
        using var store = new BookStore(4, new BookOptions { LevelsPerSide = 2, BufferedEvents = 4 });
        for (var id = 0; id < 3; id++)
        {
            store.Define(InstrumentTableTests.Named("A") with { Id = id });
        }

        for (var id = 0; id < 2; id++)
        {
            foreach (var e in Make.Snapshot(10, [new(90, 1)], [new(100, 1)]))
            {
                store[id].Apply(in e);
            }

            store[id].Apply(Make.Bid(91, 1, 10, 9));
            store[id].Apply(Make.Level(EventKind.LevelDelete, Side.Bid, 5, 0, 11, 10));
            store[id].Apply(Make.Bid(91, 0, 12, 11));
        }

        store[1].Apply(Make.Bid(91, 1, 15, 14));
        var totals = store.ReadTotals();
        Assert.Equal(1, store.LiveBooks);
        Assert.Equal((2, 1, 2), (totals.FirstSnapshots, totals.Gaps, totals.Old));
        Assert.Equal((2, 2), (totals.Levels.UnknownDeletes, totals.Levels.Refused));
    }

    [Fact]
    public void Nothing_is_allocated_after_define()
    {
        using var store = new BookStore(1, new BookOptions { LevelsPerSide = 32, BufferedEvents = 16 });
        store.Define(InstrumentTableTests.Named("A") with { Id = 0 });
        var venue = new ModelVenue(seed: 7, events: 100, chained: true);
        var snapshot = venue.Snapshot(40);
        var late = venue.Snapshot(68);
        Run(20);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Run(200);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        var counters = store.ReadTotals();
        Assert.True(counters is { Gaps: >= 220, Recoveries: >= 219, BufferOverflows: > 0, SequenceRestarts: > 0 });
        Assert.True(counters.CrossedBoundaries > 0);

        void Run(int rounds)
        {
            for (var round = 0; round < rounds; round++)
            {
                ApplyAll(venue.Increments(40)); // sequence restarts: lets the old snapshot in
                ApplyAll(snapshot);
                ApplyAll(snapshot);
                ApplyAll(snapshot);
                for (var i = 41; i < 50; i++)
                {
                    ApplyAll(venue.Increments(i));
                }

                ApplyCrossed(venue.SequenceOf(49));
                for (var i = 51; i < 70; i++)
                {
                    ApplyAll(venue.Increments(i));
                }

                ApplyAll(late);
            }
        }

        void ApplyAll(MarketEvent[] events)
        {
            foreach (ref var e in events.AsSpan())
            {
                store[0].Apply(in e);
                _ = store[0].Validity;
            }
        }

        void ApplyCrossed(ulong sequence)
        {
            var crossing = Make.Bid(50, 1, 0, 0);
            var uncrossing = Make.Level(EventKind.LevelDelete, Side.Bid, 50, 0, sequence, 0);
            uncrossing.VenueSequence = 0;
            store[0].Apply(in crossing);
            store[0].Apply(in uncrossing);
        }
    }
}
