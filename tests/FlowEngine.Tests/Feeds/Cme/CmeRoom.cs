using FlowEngine.Feeds;
using FlowEngine.Market;

namespace FlowEngine.Tests.Feeds.Cme;

/// <summary>A decoder for CME packets with books behind it.</summary>
internal sealed class CmeRoom : IDisposable
{
    public const ushort PortOfA = 14_310;
    public const ushort PortOfB = 15_310;

    private readonly Dictionary<int, InstrumentBook> _books = [];
    private EventList _sink = new();
    private long _timeNs = 1_700_000_000_000_000_000;

    public CmeRoom(BookKind book = BookKind.PriceLevels)
    {
        Table = new InstrumentTable(256);
        Decoder = new FeedDecoder(Table, book);
    }

    public InstrumentTable Table { get; }

    public FeedDecoder Decoder { get; }

    public FeedCounters Counters => Decoder.Counters;

    /// <summary>Turns to be told by the books, in order.</summary>
    public List<BookChange> Turns { get; } = [];

    public InstrumentBook Book => _books[0];

    /// <summary>Time passes.</summary>
    public void Wait(long ns) => _timeNs += ns;

    /// <summary>Decodes a packet of line A and applies what comes out.</summary>
    public MarketEvent[] A(CmePackets packet) => Take(packet.Done(), PortOfA, 0);

    /// <summary>Decodes a packet of line B and applies what comes out.</summary>
    public MarketEvent[] B(CmePackets packet) => Take(packet.Done(), PortOfB, 1);

    public MarketEvent[] Take(byte[] payload, ushort port, byte line)
    {
        _timeNs += 1_000;
        byte[] message = new byte[VenueEnvelope.Overhead + payload.Length];
        VenueEnvelope.Write(message, _timeNs, FeedVenue.Cme, port, line, FeedFormat.CmeMdp3, payload);
        _sink.Clear();
        Decoder.Decode(message, receiveTimeNs: 77, ref _sink);
        foreach (ref readonly MarketEvent e in _sink.Events)
        {
            if (!_books.TryGetValue(e.InstrumentId, out InstrumentBook? book))
            {
                book = new InstrumentBook(Table[e.InstrumentId], new BookOptions());
                _books.Add(e.InstrumentId, book);
            }

            BookChange turn = book.Apply(in e);
            if (turn is BookChange.Primed or BookChange.Lost)
            {
                Turns.Add(turn);
            }
        }

        return _sink.Events.ToArray();
    }

    /// <summary>Best levels as text: bids and asks, quanta:lots.</summary>
    public string Show(int levels = 10)
    {
        return Side(Book.Bids) + " | " + Side(Book.Asks);

        string Side(BookSide side)
        {
            var text = new List<string>();
            for (var i = 0; i < Math.Min(levels, side.Count); i++)
            {
                text.Add($"{side[i].Price}:{side[i].Lots}");
            }

            return string.Join(' ', text);
        }
    }

    public void Dispose()
    {
        foreach (InstrumentBook book in _books.Values)
        {
            book.Dispose();
        }
    }
}
