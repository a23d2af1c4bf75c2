using FlowEngine.Feeds;
using FlowEngine.Feeds.Readers;
using FlowEngine.Market;

namespace FlowEngine.Cli.Verify;

/// <summary>The books rebuilt from a file, as the engine rebuilds them. One thread.</summary>
internal sealed class VerifyBooks : IDisposable
{
    private const int MaxLevels = 16_384;

    private readonly BookStore _books;
    private EventBatch _batch = new();

    /// <summary>No books yet.</summary>
    public VerifyBooks()
    {
        Instruments = new InstrumentTable(FeedLimits.DefaultInstrumentCapacity);
        Decoder = new FeedDecoder(Instruments);
        _books = new BookStore(
            FeedLimits.DefaultInstrumentCapacity,
            new BookOptions { LevelsPerSide = MaxLevels, BufferedEvents = 65_536 });
    }

    /// <summary>What the decoder saw.</summary>
    public FeedDecoder Decoder { get; }

    /// <summary>The instruments of the file.</summary>
    public InstrumentTable Instruments { get; }

    /// <summary>The book of an instrument.</summary>
    public InstrumentBook this[int instrumentId] => _books[instrumentId];

    /// <summary>Finds an instrument by the venue's id.</summary>
    public bool TryFind(ulong venueInstrumentId, out int instrumentId)
    {
        for (instrumentId = 0; instrumentId < Instruments.Count; instrumentId++)
        {
            if (Instruments[instrumentId].VenueInstrumentId == venueInstrumentId)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Applies one packet and shows each event to the checks, before and after the book took it.</summary>
    public void Apply(
        ReadOnlySpan<byte> packet, FileReader reader, SequenceCheck sequence, QuoteCheck quotes, OrderCheck orders)
    {
        _batch.Clear();
        FeedDecoder.TryReadCaptureTime(packet, out var captureTimeNs);
        Decoder.Decode(packet, captureTimeNs, ref _batch);
        foreach (ref readonly var e in _batch.Events)
        {
            if (e.Kind == EventKind.InstrumentDefined)
            {
                _books.Define(Instruments[e.InstrumentId]);
            }

            if (!_books.TryGet(e.InstrumentId, out var book))
            {
                continue;
            }

            sequence.See(in e, reader);
            orders.See(in e, book!, reader);
            book!.Apply(in e);
            quotes.See(in e, book, reader);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _books.Dispose();

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
