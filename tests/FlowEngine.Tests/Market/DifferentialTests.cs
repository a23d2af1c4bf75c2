using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Market;

/// <summary>
/// Ten million random events over many seeds against dictionaries, invariants after each: all of them with
/// FLOWENGINE_FULL=1, one in a hundred otherwise. A failure names its seed.
/// </summary>
public class DifferentialTests
{
    private const int EventsPerSeed = 2_000;

    private static readonly int s_share = Environment.GetEnvironmentVariable("FLOWENGINE_FULL") == "1" ? 1 : 100;

    private enum Fate
    {
        Deliver,
        Lose,
        LoseTail,
        Duplicate,
        FreshSnapshot,
        OldSnapshot,
        CutSnapshot,
        Mismatch,
    }

    [Fact]
    public void Level_books_equal_the_dictionary_through_gaps_and_resyncs() => RunSeeds(
        4_000_000, BookKind.PriceLevels, seed => new LevelVenue(seed));

    [Fact]
    public void Order_books_equal_the_dictionary_through_gaps_and_resyncs() => RunSeeds(
        4_000_000, BookKind.Orders, seed => new OrderVenue(seed));

    [Fact]
    public void Consolidated_books_equal_the_dictionary_of_their_members()
    {
        var merged = 0;
        for (var seed = 1; seed <= 2_000_000 / s_share / EventsPerSeed; seed++)
        {
            merged += OnSeed(seed, () => RunConsolidated(seed));
        }

        Assert.True(merged > 0);
    }

    private static void RunSeeds(int events, BookKind kind, Func<int, IVenue> make)
    {
        var totals = default(BookCounters);
        for (var seed = 1; seed <= events / s_share / EventsPerSeed; seed++)
        {
            totals.Add(OnSeed(seed, () => Run(make(seed), seed, kind)));
        }

        // The streams must really have gone through all of it.
        Assert.True(totals is { Gaps: > 100, Recoveries: > 100, SnapshotsUnconnected: > 10, Resyncs: > 100 });
        Assert.True(totals is { SnapshotsBroken: > 10, ChecksumMismatches: > 10, BufferOverflows: > 10 });
        Assert.Equal((0, 0), (totals.SnapshotMismatches, totals.Unsupported));
    }

    private static T OnSeed<T>(int seed, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
        }
    }

    private static BookCounters Run(IVenue venue, int seed, BookKind kind)
    {
        var random = new Random(seed);
        var instrument = InstrumentTableTests.Named("A") with { Id = 0, Book = kind, TickQuanta = 1 + (seed % 3) };
        using var book = new InstrumentBook(
            instrument,
            new BookOptions
            {
                LevelsPerSide = 512,
                OrderLevelsPerSide = 512,
                OrdersPerBook = 1024,
                WindowTicks = seed % 4 * 64,
                BufferedEvents = seed % 2 == 0 ? 8 : 512,
            });
        MarketEvent[] old = venue.Snapshot();
        for (var done = 0; done < EventsPerSeed;)
        {
            var fate = PickFate(random);
            old = random.Next(64) == 0 ? venue.Snapshot() : old;
            done += 1 + Deliver(venue, book, fate, old, random);
        }

        Apply(book, venue, venue.Snapshot());
        Assert.Equal((BookState.Live, venue.Sequence), (book.State, book.VenueSequence));
        return book.ReadCounters();
    }

    private static Fate PickFate(Random random) => random.Next(100) switch
    {
        < 86 => Fate.Deliver,
        < 87 => Fate.Lose,
        < 88 => Fate.LoseTail,
        < 90 => Fate.Duplicate,
        < 95 => Fate.FreshSnapshot,
        < 97 => Fate.OldSnapshot,
        < 99 => Fate.CutSnapshot,
        _ => Fate.Mismatch,
    };

    private static int Deliver(IVenue venue, InstrumentBook book, Fate fate, MarketEvent[] old, Random random)
    {
        switch (fate)
        {
            case Fate.FreshSnapshot:
                Apply(book, venue, venue.Snapshot());
                Assert.Equal((BookState.Live, venue.Sequence), (book.State, book.VenueSequence));
                return 0;
            case Fate.OldSnapshot:
                Apply(book, venue, old);
                return 0;
            case Fate.CutSnapshot:
                var cut = venue.Snapshot();
                Apply(book, venue, cut[..random.Next(1, cut.Length)]);
                return 0;
            case Fate.Mismatch:
                Apply(book, venue, [Make.Other(EventKind.ChecksumMismatch, venue.Sequence)]);
                return 0;
        }

        var pieces = venue.Next();
        if (fate is Fate.Lose or Fate.LoseTail)
        {
            Apply(book, venue, fate == Fate.Lose ? [] : pieces[..random.Next(pieces.Length)]);
            if (venue.TellsLosses)
            {
                Apply(book, venue, [Make.Other(EventKind.Gap, venue.Sequence)]);
            }

            return pieces.Length;
        }

        Apply(book, venue, pieces);
        if (fate == Fate.Duplicate)
        {
            Apply(book, venue, pieces);
        }

        return pieces.Length;
    }

    private static void Apply(InstrumentBook book, IVenue venue, MarketEvent[] events)
    {
        foreach (ref var e in events.AsSpan())
        {
            book.Apply(in e);
            Assert.Null(BookCheck.Find(book));
        }

        if (book.State == BookState.Live && book.IsBetweenEvents && book.VenueSequence == venue.Sequence)
        {
            venue.AssertEqual(book);
        }
    }

    private static int RunConsolidated(int seed)
    {
        var random = new Random(seed);
        int[] quanta = [random.Next(1, 4), random.Next(1, 4), random.Next(1, 4)];
        int[] lots = [random.Next(1, 4), random.Next(1, 4), random.Next(1, 4)];
        var options = new BookOptions { LevelsPerSide = 64, BufferedEvents = 4, StartLive = true, WindowTicks = 64 };
        InstrumentBook[] books = [.. quanta.Select((_, i) => new InstrumentBook(i, options))];
        var models = books.Select(_ => new[] { new ModelSide(Side.Bid, 64), new ModelSide(Side.Ask, 64) }).ToArray();
        var all = new ConsolidatedBook([.. books.Select((book, i) => ConsolidatedBookTests.Member(
            book, new DecimalScale(quanta[i], -2), new DecimalScale(lots[i], 0)))]);
        long priceUnit = all.PriceUnit.Mantissa;
        long lotUnit = all.LotUnit.Mantissa;
        var merged = 0;
        for (var i = 0; i < EventsPerSeed; i++)
        {
            int member = random.Next(3);
            Change(books[member], models[member], random);
            Assert.Null(BookCheck.Find(all));
            foreach (var side in (Side[])[Side.Bid, Side.Ask])
            {
                var expected = new SortedDictionary<long, long>(
                    side == Side.Bid ? Comparer<long>.Create((a, b) => b.CompareTo(a)) : Comparer<long>.Default);
                for (var m = 0; m < 3; m++)
                {
                    foreach (var level in books[m].State == BookState.Live ? models[m][(int)side - 1].Held : [])
                    {
                        long price = level.Price * quanta[m] / priceUnit;
                        expected[price] = expected.GetValueOrDefault(price) + (level.Lots * lots[m] / lotUnit);
                    }
                }

                var levels = new ConsolidatedLevel[256];
                int count = all.Read(side, levels);
                Assert.Equal(
                    expected.Select(pair => (pair.Key, pair.Value)),
                    levels[..count].Select(level => (level.Price, level.Lots)));
                merged += levels[..count].Count(level => int.PopCount((int)level.Members) > 1);
            }
        }

        foreach (var book in books)
        {
            book.Dispose();
        }

        return merged;
    }

    private static void Change(InstrumentBook book, ModelSide[] models, Random random)
    {
        if (random.Next(200) == 0)
        {
            book.Apply(Make.Other(EventKind.Gap));
        }
        else if (book.State != BookState.Live && random.Next(4) == 0)
        {
            foreach (var e in Make.Snapshot(0, models[0].Held, models[1].Held))
            {
                book.Apply(in e);
            }
        }
        else if (book.State == BookState.Live)
        {
            // Bids below 0 and asks above: a crossed member would not count.
            var side = random.Next(2) == 0 ? Side.Bid : Side.Ask;
            long price = random.Next(1, 30) * (side == Side.Bid ? -1 : 1);
            long lots = random.Next(0, 5);
            if (lots == 0)
            {
                models[(int)side - 1].Delete(price);
                book.Apply(Make.Level(EventKind.LevelDelete, side, price, 0, 0, 0));
            }
            else
            {
                models[(int)side - 1].Set(price, lots);
                book.Apply(Make.Level(EventKind.LevelSet, side, price, lots, 0, 0));
            }
        }
    }
}
