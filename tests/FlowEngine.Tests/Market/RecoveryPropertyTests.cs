using CsCheck;
using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Market;

/// <summary>
/// Random venues seen through random damage. The model keeps the true book after every venue event; whenever the book
/// under test says Live at an event boundary, it must be the true book of the sequence it names.
/// </summary>
public class RecoveryPropertyTests
{
    private enum Fate
    {
        Deliver,
        Lose,
        LoseTail,
        Duplicate,
        SwapWithNext,
        FreshSnapshot,
        LateSnapshot,
        InterruptedSnapshot,
        SnapshotAroundNext,
        GapEvent,
    }

    private static readonly Gen<Fate[]> s_anyFate = Gen.Frequency(
        (40, Fate.Deliver),
        (4, Fate.Lose),
        (3, Fate.LoseTail),
        (4, Fate.Duplicate),
        (3, Fate.SwapWithNext),
        (4, Fate.FreshSnapshot),
        (4, Fate.LateSnapshot),
        (2, Fate.InterruptedSnapshot),
        (3, Fate.SnapshotAroundNext),
        (1, Fate.GapEvent)).Array[20, 120];

    [Fact]
    public void Live_book_is_the_true_book_of_its_sequence_whatever_gets_lost_doubled_or_late()
    {
        var totals = default(BookCounters);
        Gen.Select(s_anyFate, Gen.Int[0, 1 << 30], Gen.OneOf(2, 5, 256)).Sample(
            (fates, seed, buffered) =>
            {
                var venue = new ModelVenue(seed, fates.Length + 4, chained: true);
                using var line = new Line(venue, buffered);
                foreach (var fate in fates)
                {
                    line.Next(fate);
                }

                Merge(ref totals, line.Finish());
            },
            iter: 1000);

        // The streams above must really have gone through all of it.
        Assert.True(totals is
        {
            Gaps: > 100,
            Recoveries: > 100,
            FirstSnapshots: > 100,
            Old: > 100,
            SnapshotsIgnored: > 100,
            SnapshotsUnconnected: > 100,
            SnapshotsBroken: > 100,
            BufferOverflows: > 100,
        });
        Assert.Equal(0, totals.SnapshotMismatches);
    }

    [Fact]
    public void Feed_without_predecessors_is_right_as_long_as_it_tells_its_losses()
    {
        var totals = default(BookCounters);
        var fate = Gen.Frequency(
            (40, Fate.Deliver),
            (4, Fate.Lose),
            (4, Fate.Duplicate),
            (4, Fate.FreshSnapshot),
            (3, Fate.LateSnapshot),
            (3, Fate.SnapshotAroundNext));
        Gen.Select(fate.Array[20, 120], Gen.Int[0, 1 << 30], Gen.OneOf(2, 256)).Sample(
            (fates, seed, buffered) =>
            {
                var venue = new ModelVenue(seed, fates.Length + 4, chained: false);
                using var line = new Line(venue, buffered) { TellsLosses = true };
                foreach (var next in fates)
                {
                    line.Next(next);
                }

                Merge(ref totals, line.Finish());
            },
            iter: 500);

        Assert.True(totals is { Gaps: > 100, Recoveries: > 100, SnapshotsUnconnected: > 100 });
        Assert.Equal(0, totals.SnapshotMismatches);
    }

    private static void Merge(ref BookCounters totals, BookCounters one)
    {
        lock (s_anyFate)
        {
            totals.Add(in one);
        }
    }

    /// <summary>What lies between the venue and the book.</summary>
    private sealed class Line(ModelVenue venue, int buffered) : IDisposable
    {
        private readonly InstrumentBook _book = new(
            0, new BookOptions { LevelsPerSide = 64, BufferedEvents = buffered });

        private readonly Random _random = new(venue.Seed + 1);
        private int _next = 1;
        private bool _lossUntold;

        public bool TellsLosses { get; init; }

        public void Next(Fate fate)
        {
            switch (fate)
            {
                case Fate.Deliver:
                    Deliver(_next++);
                    break;
                case Fate.Lose:
                    _next++;
                    _lossUntold = true;
                    break;
                case Fate.LoseTail:
                    var pieces = venue.Increments(_next++);
                    Apply(pieces.AsSpan(0, _random.Next(pieces.Length)));
                    break;
                case Fate.Duplicate:
                    Deliver(_next);
                    Deliver(_next++);
                    break;
                case Fate.SwapWithNext:
                    Deliver(_next + 1);
                    Deliver(_next);
                    _next += 2;
                    break;
                case Fate.FreshSnapshot:
                    Apply(venue.Snapshot(_next - 1));
                    ExpectLatest();
                    break;
                case Fate.LateSnapshot:
                    Apply(venue.Snapshot(Math.Max(0, _next - 1 - _random.Next(8))));
                    break;
                case Fate.InterruptedSnapshot:
                    var cut = venue.Snapshot(_next - 1);
                    Apply(cut.AsSpan(0, _random.Next(1, cut.Length)));
                    break;
                case Fate.SnapshotAroundNext:
                    SnapshotAroundNext();
                    break;
                default:
                    Apply([Make.Other(EventKind.Gap, venue.SequenceOf(_next - 1))]);
                    break;
            }
        }

        /// <summary>After one good snapshot everything must be well, whatever was before.</summary>
        public BookCounters Finish()
        {
            Next(Fate.FreshSnapshot);
            return _book.ReadCounters();
        }

        public void Dispose() => _book.Dispose();

        private void SnapshotAroundNext()
        {
            var snapshot = venue.Snapshot(_next - 1);
            int middle = _random.Next(1, snapshot.Length);
            _lossUntold = false; // whatever was lost is in this snapshot
            Apply(snapshot.AsSpan(0, middle));
            Deliver(_next++);
            Apply(snapshot.AsSpan(middle));
            if (buffered >= 256)
            {
                ExpectLatest();
            }
        }

        private void Deliver(int index)
        {
            if (_lossUntold && TellsLosses)
            {
                Apply([Make.Other(EventKind.Gap, venue.SequenceOf(index - 1))]);
            }

            _lossUntold = false;
            Apply(venue.Increments(index));
        }

        private void ExpectLatest()
        {
            Assert.Equal((BookState.Live, venue.SequenceOf(_next - 1)), (_book.State, _book.VenueSequence));
            Assert.True(_book.IsBetweenEvents);
            _lossUntold = false;
        }

        private void Apply(ReadOnlySpan<MarketEvent> events)
        {
            foreach (ref readonly var e in events)
            {
                _book.Apply(in e);
                Assert.Null(BookCheck.Find(_book));
                if (_book.State == BookState.Live && _book.IsBetweenEvents)
                {
                    var (bids, asks) = venue.BookAt(_book.VenueSequence);
                    Assert.Equal(bids, PriceLevelBookTests.Held(_book.Levels, Side.Bid));
                    Assert.Equal(asks, PriceLevelBookTests.Held(_book.Levels, Side.Ask));
                }
            }
        }
    }
}
