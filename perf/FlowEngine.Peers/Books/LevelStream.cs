using System.Buffers.Binary;
using System.Runtime.InteropServices;
using FlowEngine.Feeds;
using FlowEngine.Feeds.Readers;
using FlowEngine.Market;
using ZstdSharp;

namespace FlowEngine.Peers.Books;

/// <summary>
/// Changes of one book's levels in a file that any language can read: 24 bytes a change, little endian: price quanta
/// i64, lots i64 (0: the level is gone), side u8 (1 bid, 2 ask), 7 bytes 0. The book begins empty: its first levels are
/// the first changes. Only what a live book applied is in it, so it is never crossed by loss.
/// </summary>
internal static class LevelStream
{
    private const int Length = 24;

    /// <summary>Writes the changes of a recording's busiest instrument.</summary>
    public static string Make(string path, string input)
    {
        var (busiest, symbol) = Busiest(input);
        using var file = File.Create(path);
        using var books = new BookStore(
            FeedLimits.DefaultInstrumentCapacity, new BookOptions { LevelsPerSide = 16_384 });
        var changes = 0;
        var begun = false;
        ForEach(input, (in MarketEvent e, Instrument instrument) =>
        {
            if (e.InstrumentId != busiest)
            {
                return;
            }

            if (e.Kind == EventKind.InstrumentDefined)
            {
                books.Define(instrument);
                return;
            }

            var book = books[busiest];
            var wasLive = book.State == BookState.Live;
            var change = book.Apply(in e);
            if (!wasLive && book.State == BookState.Live && !begun)
            {
                begun = true;
                changes += WriteSide(file, book.Bids, Side.Bid) + WriteSide(file, book.Asks, Side.Ask);
            }
            else if (change == BookChange.Changed && e.Kind is EventKind.LevelSet or EventKind.LevelDelete)
            {
                Write(file, e.Price, e.Kind == EventKind.LevelSet ? e.Quantity : 0, e.Side);
                changes++;
            }
        });
        return $"{changes:N0} changes of {symbol}";
    }

    /// <summary>The changes of a file as events.</summary>
    public static MarketEvent[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var events = new MarketEvent[bytes.Length / Length];
        for (var i = 0; i < events.Length; i++)
        {
            var change = bytes.AsSpan(i * Length, Length);
            long lots = BinaryPrimitives.ReadInt64LittleEndian(change[8..]);
            events[i] = new MarketEvent
            {
                Kind = lots == 0 ? EventKind.LevelDelete : EventKind.LevelSet,
                Side = (Side)change[16],
                Price = BinaryPrimitives.ReadInt64LittleEndian(change),
                Quantity = lots,
                VenueSequence = (ulong)i + 1,
                Flags = EventFlags.EndOfEvent,
            };
        }

        return events;
    }

    private delegate void OnEvent(in MarketEvent e, Instrument instrument);

    private static (int Id, string Symbol) Busiest(string input)
    {
        var counts = new Dictionary<int, int>();
        var symbols = new Dictionary<int, string>();
        ForEach(input, (in MarketEvent e, Instrument instrument) =>
        {
            symbols[e.InstrumentId] = instrument.Symbol;
            CollectionsMarshal.GetValueRefOrAddDefault(counts, e.InstrumentId, out _) +=
                e.Kind is EventKind.LevelSet or EventKind.LevelDelete ? 1 : 0;
        });
        int id = counts.MaxBy(count => count.Value).Key;
        return (id, symbols[id]);
    }

    private static void ForEach(string input, OnEvent onEvent)
    {
        var instruments = new InstrumentTable(FeedLimits.DefaultInstrumentCapacity);
        var decoder = new FeedDecoder(instruments);
        var events = new EventList();
        var buffer = new byte[VenueEnvelope.MaxLength];
        using var reader = InputFile.Open(input, unpacker: (packing, packed) =>
            packing == Packing.Zstd ? new DecompressionStream(packed, leaveOpen: false) : null);
        for (int length; (length = reader.ReadPacket(buffer, out var timeNs)) > 0;)
        {
            events.Clear();
            decoder.Decode(buffer.AsSpan(0, length), timeNs, ref events);
            foreach (ref readonly var e in events.Events)
            {
                if (e.InstrumentId >= 0)
                {
                    onEvent(in e, instruments[e.InstrumentId]);
                }
            }
        }
    }

    private static int WriteSide(Stream file, BookSide side, Side which)
    {
        for (var rank = 0; rank < side.Count; rank++)
        {
            Write(file, side[rank].Price, side[rank].Lots, which);
        }

        return side.Count;
    }

    private static void Write(Stream file, long price, long lots, Side side)
    {
        Span<byte> change = stackalloc byte[Length];
        change.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(change, price);
        BinaryPrimitives.WriteInt64LittleEndian(change[8..], lots);
        change[16] = (byte)side;
        file.Write(change);
    }
}
