using FlowEngine.Feeds.Readers;
using FlowEngine.Market;

namespace FlowEngine.Cli.Verify;

/// <summary>
/// Holds the rebuilt best bid and ask against the venue's own word. Where a quote names the book update it speaks of,
/// the book as of an update must show the newest quote up to that update, both having been seen; else a quote must
/// equal the book at once or after the next updates.
/// </summary>
internal sealed class QuoteCheck
{
    private const int MaxWaiting = 4096;

    private readonly InstrumentTable _instruments;
    private readonly Dictionary<int, Watch> _watches = [];

    /// <summary>A check that has seen nothing.</summary>
    public QuoteCheck(InstrumentTable instruments) => _instruments = instruments;

    /// <summary>How it came out.</summary>
    public VerifyTally Tally { get; } = new();

    /// <summary>Takes an event in that the book has taken.</summary>
    public void See(in MarketEvent e, InstrumentBook book, FileReader reader)
    {
        if (e.Kind == EventKind.BestLevel)
        {
            OnQuote(in e, book, reader.Place);
        }
        else if (e.IsEndOfEvent && e.Kind is EventKind.LevelSet or EventKind.LevelDelete or EventKind.LevelDelta
            or EventKind.SnapshotEnd && _watches.TryGetValue(e.InstrumentId, out var watch))
        {
            OnBook(watch, book, reader.Place);
        }
    }

    /// <summary>The file is over: what still waits has nothing to be held against.</summary>
    public void End()
    {
        foreach (var watch in _watches.Values)
        {
            foreach (var waiting in watch.Unordered)
            {
                if (waiting.HasSeenUpdate)
                {
                    Tally.CountDifferent(waiting.Place, $"{waiting.Top} was never the book's");
                }
                else
                {
                    Tally.CountNotComparable();
                }
            }

            foreach (var top in watch.Tops)
            {
                if (top.Sequence == watch.Newest.Sequence)
                {
                    Compare(watch, top);
                }
            }
        }
    }

    private void OnQuote(in MarketEvent e, InstrumentBook book, string place)
    {
        if (!_watches.TryGetValue(e.InstrumentId, out var watch))
        {
            _watches[e.InstrumentId] = watch = new Watch(_instruments[e.InstrumentId].Symbol);
        }

        if (e.Side == Side.Bid)
        {
            watch.Bid = new PriceLevel(e.Price, e.Quantity);
            return;
        }

        var top = new Top(e.VenueSequence, watch.Bid, new PriceLevel(e.Price, e.Quantity), place);
        if (e.VenueSequence == 0)
        {
            OnUnordered(watch, in top, book);
            return;
        }

        while (watch.Tops.TryPeek(out var waiting) && waiting.Sequence < top.Sequence)
        {
            Compare(watch, watch.Tops.Dequeue());
        }

        watch.Newest = top;
    }

    private void OnUnordered(Watch watch, in Top top, InstrumentBook book)
    {
        if (book.State != BookState.Live || top.Bid.Lots == 0 || top.Ask.Lots == 0)
        {
            Tally.CountNotComparable();
        }
        else if (Top.Of(book, "").Shows(top))
        {
            Tally.CountEqual();
        }
        else if (watch.Unordered.Count < MaxWaiting)
        {
            watch.Unordered.Add(new Waiting(top, top.Place));
        }
    }

    private void OnBook(Watch watch, InstrumentBook book, string place)
    {
        if (book.State != BookState.Live)
        {
            return;
        }

        var top = Top.Of(book, place);
        for (var i = watch.Unordered.Count - 1; i >= 0; i--)
        {
            watch.Unordered[i].HasSeenUpdate = true;
            if (top.Shows(watch.Unordered[i].Top))
            {
                Tally.CountEqual();
                watch.Unordered.RemoveAt(i);
            }
        }

        if (watch.Newest.Sequence != 0 && watch.Newest.Sequence <= top.Sequence && watch.Tops.Count < MaxWaiting)
        {
            watch.Tops.Enqueue(top);
        }
    }

    private void Compare(Watch watch, in Top top)
    {
        if (top.Shows(watch.Newest))
        {
            Tally.CountEqual();
        }
        else
        {
            Tally.CountDifferent(top.Place, $"{watch.Symbol} book {top}, venue {watch.Newest}");
        }
    }

    private readonly record struct Top(ulong Sequence, PriceLevel Bid, PriceLevel Ask, string Place)
    {
        public static Top Of(InstrumentBook book, string place)
        {
            book.Bids.TryBest(out var bid);
            book.Asks.TryBest(out var ask);
            return new Top(book.VenueSequence, bid, ask, place);
        }

        public bool Shows(in Top quote) => Bid.Price == quote.Bid.Price && Bid.Lots == quote.Bid.Lots
            && Ask.Price == quote.Ask.Price && Ask.Lots == quote.Ask.Lots;

        public override string ToString() =>
            $"{Bid.Lots} @ {Bid.Price} / {Ask.Lots} @ {Ask.Price} as of {Sequence}";
    }

    private sealed class Waiting(Top top, string place)
    {
        public Top Top { get; } = top;

        public string Place { get; } = place;

        public bool HasSeenUpdate { get; set; }
    }

    private sealed class Watch(string symbol)
    {
        public string Symbol { get; } = symbol;

        public PriceLevel Bid { get; set; }

        public Top Newest { get; set; }

        public Queue<Top> Tops { get; } = new();

        public List<Waiting> Unordered { get; } = [];
    }
}
