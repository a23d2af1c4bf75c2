using System.Buffers.Binary;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Captures;
using FlowEngine.Market;

namespace FlowEngine.Tests.Feeds.Cme;

/// <summary>One change of a book or one print, in the venue's own units.</summary>
internal readonly record struct Change(EventKind Kind, Side Side, decimal Price, long Lots);

/// <summary>A capture through decoder and books.</summary>
internal sealed class CmeRun : IDisposable
{
    private readonly FeedRoom _room = new();

    /// <summary>Takes the packets of one line, or of both.</summary>
    public CmeRun(string path, int? line = null)
    {
        using CaptureFile file = CaptureFile.Open(path);
        byte[] buffer = new byte[VenueEnvelope.MaxLength];
        while (file.TryRead(out VenueDatagram datagram))
        {
            if (line is null || datagram.Line == line || datagram.Format == FeedFormat.CmeAssumed)
            {
                foreach (MarketEvent e in _room.Decode(buffer.AsSpan(0, datagram.WriteTo(buffer))))
                {
                    Take(in e);
                }
            }
        }

        Packets = file.VenuePackets;
        Assumed = file.AssumedPackets;
    }

    public long Packets { get; }

    public long Assumed { get; }

    public FeedCounters Counters => _room.Counters;

    public InstrumentTable Table => _room.Table;

    public List<MarketEvent> Events { get; } = [];

    public Dictionary<int, InstrumentBook> Books { get; } = [];

    public HashSet<int> CrossedBeforeOpen { get; } = [];

    public HashSet<int> CrossedWhileOpen { get; } = [];

    /// <summary>Changes and prints by venue id; the deletions of implied levels, some of which are ours, left out.
    /// </summary>
    public Dictionary<long, List<Change>> Changes()
    {
        var changes = new Dictionary<long, List<Change>>();
        foreach (MarketEvent e in Events)
        {
            bool isImpliedDelete = e.Kind == EventKind.LevelDelete && (e.Flags & EventFlags.ImpliedLevel) != 0;
            if (e.Kind is EventKind.LevelSet or EventKind.LevelDelete or EventKind.Trade && !isImpliedDelete)
            {
                Instrument instrument = Table[e.InstrumentId];
                long security = (long)instrument.VenueInstrumentId;
                changes.TryAdd(security, []);
                changes[security].Add(
                    new Change(e.Kind, e.Side, e.Price * instrument.PriceQuantum.ToDecimal(), e.Quantity));
            }
        }

        return changes;
    }

    /// <summary>Shows every message of a capture with its line and its packet's channel and sequence.</summary>
    public static void ForEachMessage(string path, MessageHandler handler)
    {
        using CaptureFile file = CaptureFile.Open(path);
        while (file.TryRead(out VenueDatagram datagram))
        {
            if (datagram.Format != FeedFormat.CmeMdp3)
            {
                continue;
            }

            (int, uint) packet = (datagram.Port % 1_000, BinaryPrimitives.ReadUInt32LittleEndian(datagram.Payload));
            for (ReadOnlySpan<byte> rest = datagram.Payload[12..]; !rest.IsEmpty;)
            {
                int size = BinaryPrimitives.ReadUInt16LittleEndian(rest);
                handler(datagram.Line, packet, rest[2..size]);
                rest = rest[size..];
            }
        }
    }

    public delegate void MessageHandler(int line, (int Channel, uint Sequence) packet, ReadOnlySpan<byte> message);

    public void Dispose()
    {
        foreach (InstrumentBook book in Books.Values)
        {
            book.Dispose();
        }
    }

    private void Take(in MarketEvent e)
    {
        Events.Add(e);
        if (!Books.TryGetValue(e.InstrumentId, out InstrumentBook? book))
        {
            book = new InstrumentBook(Table[e.InstrumentId], new BookOptions { LevelsPerSide = 64, WindowTicks = 64 });
            Books.Add(e.InstrumentId, book);
        }

        book.Apply(in e);
        // The readers of the data's README call a book crossed whose sides touch.
        bool isTouching = (book.Validity & (ValidityFlags.Crossed | ValidityFlags.Locked)) != 0;
        if (e.IsEndOfEvent && e.Kind <= EventKind.Trade && isTouching)
        {
            (book.Status == TradingStatus.Open ? CrossedWhileOpen : CrossedBeforeOpen).Add(e.InstrumentId);
        }
    }
}
