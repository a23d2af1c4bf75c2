using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>
/// The books of all instruments by dense id. Book thread only. Memory is taken when an instrument is defined
/// (<see cref="BookOptions.BytesFor"/>); nothing is allocated otherwise.
/// </summary>
public sealed class BookStore : IDisposable
{
    private readonly InstrumentBook?[] _books;
    private readonly BookOptions _options;
    private readonly BookArena _arena = new();

    /// <summary>An empty store for dense ids below <paramref name="instrumentCapacity"/>.</summary>
    public BookStore(int instrumentCapacity, BookOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(instrumentCapacity, 1);
        _books = new InstrumentBook?[instrumentCapacity];
        _options = options;
    }

    /// <summary>Most instruments the store can hold.</summary>
    public int Capacity => _books.Length;

    /// <summary>Instruments defined.</summary>
    public int Count { get; private set; }

    /// <summary>Native bytes that the books take at most; what they do not use is never touched.</summary>
    public long NativeBytes { get; private set; }

    /// <summary>Books that are live now. O(capacity).</summary>
    public int LiveBooks
    {
        get
        {
            var live = 0;
            foreach (var book in _books)
            {
                if (book is { State: BookState.Live })
                {
                    live++;
                }
            }

            return live;
        }
    }

    /// <summary>The book of a defined instrument.</summary>
    [Hot]
    public InstrumentBook this[int id] => _books[id]!;

    /// <summary>
    /// Gives an instrument its book; one that has a book keeps it. Set-up, the one place that allocates.
    /// </summary>
    public void Define(Instrument instrument)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(instrument.Id);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(instrument.Id, _books.Length);
        if (_books[instrument.Id] is null)
        {
            _books[instrument.Id] = new InstrumentBook(instrument, _options, _arena);
            NativeBytes += _options.BytesFor(instrument);
            Count++;
        }
    }

    /// <summary>The book of an instrument by an id from anywhere.</summary>
    /// <returns>False when no such instrument was defined.</returns>
    [Hot]
    public bool TryGet(int id, out InstrumentBook? book)
    {
        book = (uint)id < (uint)_books.Length ? _books[id] : null;
        return book is not null;
    }

    /// <summary>The counts of all books together. O(capacity): for meters, not per event.</summary>
    public BookCounters ReadTotals()
    {
        var totals = default(BookCounters);
        foreach (var book in _books)
        {
            if (book is not null)
            {
                totals.Add(book.ReadCounters());
            }
        }

        return totals;
    }

    /// <summary>Releases the memory of all books.</summary>
    public void Dispose()
    {
        foreach (var book in _books)
        {
            book?.Dispose();
        }

        _arena.Dispose();
    }
}
