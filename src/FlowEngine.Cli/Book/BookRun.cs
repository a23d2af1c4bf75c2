using System.Globalization;
using FlowEngine.Cli.Frame;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Readers;
using FlowEngine.Market;

namespace FlowEngine.Cli.Book;

/// <summary>Rebuilds the book of one instrument of a file up to a moment.</summary>
internal sealed class BookRun : IDisposable
{
    private const int MaxLevels = 16_384;
    private const int BufferedEvents = 65_536;
    private const long TickNs = 100;

    private readonly InstrumentTable _instruments = new(FeedLimits.DefaultInstrumentCapacity);
    private readonly BookStore _books = new(
        FeedLimits.DefaultInstrumentCapacity,
        new BookOptions { LevelsPerSide = MaxLevels, BufferedEvents = BufferedEvents });
    private readonly FileReader _reader;
    private readonly string? _symbol;
    private EventBatch _batch = new();
    private int _instrument = -1;
    private long _timeNs;

    /// <summary>A run that owns the reader.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="symbol">The instrument; null: the file's first.</param>
    public BookRun(FileReader reader, string? symbol)
    {
        _reader = reader;
        _symbol = symbol;
    }

    /// <summary>Reads up to the moment.</summary>
    /// <exception cref="UserError">The file has no such instrument.</exception>
    public BookResult Run(BookMoment moment, int levels)
    {
        var decoder = new FeedDecoder(_instruments);
        var buffer = new byte[VenueEnvelope.MaxLength];
        var isReached = false;
        for (int length; !isReached && (length = _reader.ReadPacket(buffer, out var captureTimeNs)) > 0;)
        {
            _batch.Clear();
            decoder.Decode(buffer.AsSpan(0, length), captureTimeNs, ref _batch);
            isReached = !TryApply(moment);
        }

        if (_instrument < 0)
        {
            throw new UserError(_symbol is null
                ? $"{_reader.Path}: no instrument in it up to that moment"
                : $"{_reader.Path}: no instrument '{_symbol}' up to that moment; it has "
                    + string.Join(", ", Enumerable.Range(0, Math.Min(10, _instruments.Count))
                        .Select(id => _instruments[id].Symbol)));
        }

        var (book, instrument) = (_books[_instrument], _instruments[_instrument]);
        return new BookResult(
            instrument.Symbol,
            book.State.ToString(),
            new DateTime(DateTime.UnixEpoch.Ticks + (_timeNs / TickNs), DateTimeKind.Utc)
                .ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture),
            _timeNs,
            book.VenueSequence,
            Levels(book.Bids, instrument, levels),
            Levels(book.Asks, instrument, levels));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _books.Dispose();
        _reader.Dispose();
    }

    private bool TryApply(BookMoment moment)
    {
        foreach (ref readonly var e in _batch.Events)
        {
            if (e.Kind == EventKind.InstrumentDefined)
            {
                var isWanted = _symbol is null ? _instrument < 0 : _instruments[e.InstrumentId].Symbol == _symbol;
                if (isWanted)
                {
                    _books.Define(_instruments[e.InstrumentId]);
                    _instrument = e.InstrumentId;
                }
            }

            if (e.InstrumentId != _instrument)
            {
                continue;
            }

            if (moment.IsBefore(in e))
            {
                return false;
            }

            _books[_instrument].Apply(in e);
            _timeNs = e.VenueTime;
        }

        return true;
    }

    private static List<BookLevel> Levels(BookSide side, Instrument instrument, int levels)
    {
        var shown = new List<BookLevel>();
        for (var rank = 0; rank < Math.Min(levels, side.Count); rank++)
        {
            shown.Add(new BookLevel(
                Normal(side[rank].Price * instrument.PriceQuantum.ToDecimal()),
                Normal(side[rank].Lots * instrument.Lot.ToDecimal())));
        }

        return shown;
    }

    // Without the noughts behind that multiplying leaves.
    private static decimal Normal(decimal value) => value / 1.000000000000000000000000000m;

    private struct EventBatch() : IEventSink
    {
        private readonly MarketEvent[] _events = new MarketEvent[FeedLimits.MaxEventsPerPacket];
        private int _count;

        public readonly ReadOnlySpan<MarketEvent> Events => _events.AsSpan(0, _count);

        public ref MarketEvent Next()
        {
            _events[_count] = default;
            return ref _events[_count++];
        }

        public void Clear() => _count = 0;
    }
}
