using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowEngine.Market;

namespace FlowEngine.Peers.Books;

/// <summary>
/// Our book of orders, with its recovery around it, fed from ITCH bytes. As the peers do, it reads the best bid after
/// every message; the sum of what it saw must be theirs.
/// </summary>
internal sealed class OurItchBook : IDisposable
{
    private const int Shortest = 19;

    private readonly BookStream _stream;
    private readonly InstrumentBook _book;
    private readonly InstrumentBook[] _books;

    /// <summary>A book that is live from the start and may stand crossed for ever, as pre-open books do.</summary>
    public OurItchBook(BookStream stream, int orders)
    {
        _stream = stream;
        var instrument = new Instrument
        {
            Id = 0,
            Venue = 1,
            VenueInstrumentId = 1,
            Symbol = "PEERS",
            PriceQuantum = new DecimalScale(1, -4),
            Lot = DecimalScale.One,
            Book = BookKind.Orders,
            TickQuanta = stream.TickItchPrices,
        };
        _book = new InstrumentBook(instrument, new BookOptions
        {
            StartLive = true,
            OrdersPerBook = orders,
            CrossedEventsMax = int.MaxValue,
            CrossedMaxNs = long.MaxValue,
        });
        _books = [null!, _book];
    }

    /// <summary>Reads the stream so many times, each time from an empty book.</summary>
    public (double Nanoseconds, ulong Sum) Run(int passes)
    {
        ulong sum = 0;
        long ticks = 0;
        for (var pass = 0; pass < passes; pass++)
        {
            _book.Apply(new MarketEvent { Kind = EventKind.SessionReset });
            var before = GC.GetAllocatedBytesForCurrentThread();
            var start = Stopwatch.GetTimestamp();
            sum += Pass(_stream.Bytes, _books);
            ticks += Stopwatch.GetTimestamp() - start;
            if (GC.GetAllocatedBytesForCurrentThread() != before)
            {
                throw new InvalidOperationException("the book allocated");
            }
        }

        if (_book.ReadCounters().Orders is { Refused: > 0 } or { UnknownOrders: > 0 })
        {
            throw new InvalidOperationException("the book refused orders: give it more room with --orders");
        }

        return (ticks * (1e9 / Stopwatch.Frequency), sum);
    }

    /// <inheritdoc/>
    public void Dispose() => _book.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static ulong Pass(ReadOnlySpan<byte> stream, InstrumentBook[] books)
    {
        ulong sum = 0;
        MarketEvent e = default;
        e.Flags = EventFlags.EndOfEvent;
        ref byte at = ref MemoryMarshal.GetReference(stream);
        ref byte end = ref Unsafe.Add(ref at, stream.Length);
        while (Unsafe.ByteOffset(ref at, ref end) > Shortest)
        {
            ref byte body = ref Unsafe.Add(ref at, sizeof(ushort));
            int length = U16(ref at);
            at = ref Unsafe.Add(ref body, length);
            if (Unsafe.ByteOffset(ref at, ref end) < 0 || length < LengthOf(body))
            {
                throw new InvalidDataException("a message ends too early");
            }

            var book = books[U16(ref Unsafe.Add(ref body, 1))];
            e.VenueSequence++;
            e.VenueTime = (long)(U64(ref Unsafe.Add(ref body, 3)) & 0xFFFF_FFFF_FFFF);
            e.Id = U64(ref Unsafe.Add(ref body, 11));
            switch (body)
            {
                case (byte)'A':
                    e.Kind = EventKind.OrderAdd;
                    // 'B' is 0x42, 'S' is 0x53.
                    e.Side = (Side)(1 + ((Unsafe.Add(ref body, 19) >> 4) & 1));
                    e.Quantity = U32(ref Unsafe.Add(ref body, 20));
                    e.Price = U32(ref Unsafe.Add(ref body, 32));
                    break;
                case (byte)'D':
                    e.Kind = EventKind.OrderDelete;
                    break;
                case (byte)'E':
                    e.Kind = EventKind.OrderExecute;
                    e.Quantity = U32(ref Unsafe.Add(ref body, 19));
                    break;
                case (byte)'X':
                    Cancel(book, ref e, U32(ref Unsafe.Add(ref body, 19)));
                    break;
                case (byte)'U':
                    Replace(book, ref e, ref body);
                    break;
            }

            book.Apply(in e);
            if (book.Bids.TryBest(out var best))
            {
                sum += (ulong)(best.Price + best.Lots);
            }
        }

        return sum;
    }

    private static int LengthOf(byte type) => type switch
    {
        (byte)'A' => 36,
        (byte)'D' => 19,
        (byte)'E' => 31,
        (byte)'X' => 23,
        (byte)'U' => 35,
        _ => Shortest,
    };

    private static void Cancel(InstrumentBook book, ref MarketEvent e, uint lots)
    {
        book.Orders!.TryGet(e.Id, out var order);
        e.Kind = EventKind.OrderModify;
        e.Side = order.Side;
        e.Price = order.Price;
        e.Quantity = order.Lots - lots;
    }

    private static void Replace(InstrumentBook book, ref MarketEvent e, ref byte body)
    {
        book.Orders!.TryGet(e.Id, out var order);
        e.Kind = EventKind.OrderDelete;
        e.Flags = default;
        book.Apply(in e);
        e.Kind = EventKind.OrderAdd;
        e.Flags = EventFlags.EndOfEvent;
        e.Side = order.Side;
        e.Id = U64(ref Unsafe.Add(ref body, 19));
        e.Quantity = U32(ref Unsafe.Add(ref body, 27));
        e.Price = U32(ref Unsafe.Add(ref body, 31));
    }

    private static ushort U16(ref byte at) => BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ushort>(ref at));

    private static uint U32(ref byte at) => BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<uint>(ref at));

    private static ulong U64(ref byte at) => BinaryPrimitives.ReverseEndianness(Unsafe.ReadUnaligned<ulong>(ref at));
}
