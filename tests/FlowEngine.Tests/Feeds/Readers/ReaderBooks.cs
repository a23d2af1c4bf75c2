using FlowEngine.Feeds.Readers;
using FlowEngine.Market;

namespace FlowEngine.Tests.Feeds.Readers;

/// <summary>The books of a file as an engine keeps them, and its trades and liquidations.</summary>
internal sealed class ReaderBooks : IDisposable
{
    private const int Capacity = 512;

    private readonly BookStore _books = new(Capacity, new BookOptions { LevelsPerSide = 8192 });

    public InstrumentTable Instruments { get; private set; } = new(Capacity);

    public ReadStatistics Statistics { get; private set; } = new();

    /// <summary>Trades and forced orders, in order.</summary>
    public List<MarketEvent> Prints { get; } = [];

    /// <summary>Events by kind; pieces of a snapshot, orders too, as SnapshotLevel.</summary>
    public Dictionary<EventKind, long> Kinds { get; } = [];

    /// <summary>Venue events after which a book was crossed although its market was open.</summary>
    public long CrossedWhileOpen { get; private set; }

    public InstrumentBook this[int instrument] => _books[instrument];

    public static ReaderBooks Of(params string[] file) => Read(FeedRoom.Data(file), null);

    public static ReaderBooks Of(FileReader reader) => Read("", reader);

    public void Dispose() => _books.Dispose();

    private static ReaderBooks Read(string path, FileReader? reader)
    {
        var books = new ReaderBooks();
        books.Statistics = reader is null
            ? ReaderRoom.ReadAll(path, books.Take, Capacity)
            : ReaderRoom.ReadAll(reader, books.Take, Capacity);
        return books;
    }

    private void Take(InstrumentTable instruments, ReadOnlySpan<MarketEvent> events)
    {
        foreach (ref readonly MarketEvent e in events)
        {
            bool isPiece = e.Kind == EventKind.OrderAdd && (e.Flags & EventFlags.Snapshot) != 0;
            EventKind kind = isPiece ? EventKind.SnapshotLevel : e.Kind;
            Kinds[kind] = Kinds.GetValueOrDefault(kind) + 1;
            if (e.Kind == EventKind.InstrumentDefined)
            {
                Instruments = instruments;
                _books.Define(instruments[e.InstrumentId]);
            }

            InstrumentBook book = _books[e.InstrumentId];
            book.Apply(in e);
            if (e.Kind is EventKind.Trade or EventKind.Liquidation)
            {
                Prints.Add(e);
            }

            bool isOpen = book.Status is TradingStatus.Open or TradingStatus.Unknown;
            CrossedWhileOpen += e.IsEndOfEvent && isOpen && book.Bids.TryBest(out PriceLevel bid)
                && book.Asks.TryBest(out PriceLevel ask) && bid.Price >= ask.Price ? 1 : 0;
        }
    }
}
