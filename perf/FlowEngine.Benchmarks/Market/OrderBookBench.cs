using BenchmarkDotNet.Attributes;
using FlowEngine.Market;

namespace FlowEngine.Benchmarks.Market;

/// <summary>
/// A million order-by-order messages (<see cref="SyntheticOrders"/>) on a book of stated depth, against a dictionary of
/// orders with a sorted dictionary of levels a side; after each message the best bid is read. One operation is one
/// message; each of ten batches begins with the same book.
/// </summary>
[MemoryDiagnoser]
[SimpleJob(launchCount: 1, warmupCount: 2, iterationCount: 10, invocationCount: 1)]
public class OrderBookBench : IDisposable
{
    private const int Messages = 1_000_000;

    private readonly SortedDictionary<long, long>[] _levels =
    [
        new(Comparer<long>.Create((left, right) => right.CompareTo(left))), [],
    ];

    private readonly Dictionary<ulong, (Side Side, long Price, long Lots)> _orders = [];
    private SyntheticOrders _stream = null!;
    private InstrumentBook _book = null!;

    /// <summary>Levels a side.</summary>
    [Params(50, 1000)]
    public int Depth { get; set; }

    /// <summary>Orders a level at the beginning.</summary>
    [Params(10)]
    public int OrdersPerLevel { get; set; }

    /// <summary>Draws the stream.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _stream = new SyntheticOrders(Depth, OrdersPerLevel, Messages);
        var instrument = new Instrument
        {
            Id = 0,
            Venue = 1,
            VenueInstrumentId = 1,
            Symbol = "SYNTHETIC",
            PriceQuantum = DecimalScale.One,
            Lot = DecimalScale.One,
            Book = BookKind.Orders,
        };
        _book = new InstrumentBook(instrument, new BookOptions { StartLive = true });
    }

    /// <summary>The book as it was in the beginning.</summary>
    [IterationSetup]
    public void Open()
    {
        _book.Apply(new MarketEvent { Kind = EventKind.SessionReset });
        _orders.Clear();
        _levels[0].Clear();
        _levels[1].Clear();
        foreach (ref readonly var e in _stream.Opening.AsSpan())
        {
            _book.Apply(in e);
            Naive(in e);
        }
    }

    /// <summary>Releases the book.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _book.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>FlowEngine's book with its recovery around it.</summary>
    [Benchmark(OperationsPerInvoke = Messages)]
    public long InstrumentBook()
    {
        long sum = 0;
        foreach (ref readonly var e in _stream.Messages.AsSpan())
        {
            _book.Apply(in e);
            sum += _book.Bids.BestLots;
        }

        return sum;
    }

    /// <summary>The yardstick.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Messages)]
    public long Dictionaries()
    {
        long sum = 0;
        foreach (ref readonly var e in _stream.Messages.AsSpan())
        {
            Naive(in e);
            foreach (var best in _levels[0])
            {
                sum += best.Value;
                break;
            }
        }

        return sum;
    }

    private void Naive(in MarketEvent e)
    {
        if (e.Kind == EventKind.OrderAdd)
        {
            _orders[e.Id] = (e.Side, e.Price, e.Quantity);
            Change(e.Side, e.Price, e.Quantity);
            return;
        }

        var (side, price, lots) = _orders[e.Id];
        long left = e.Kind switch
        {
            EventKind.OrderModify => e.Quantity,
            EventKind.OrderExecute => lots - e.Quantity,
            _ => 0,
        };
        Change(side, price, left - lots);
        if (left == 0)
        {
            _orders.Remove(e.Id);
        }
        else
        {
            _orders[e.Id] = (side, price, left);
        }
    }

    private void Change(Side side, long price, long lots)
    {
        var levels = _levels[(int)side - 1];
        long sum = levels.GetValueOrDefault(price) + lots;
        if (sum == 0)
        {
            levels.Remove(price);
        }
        else
        {
            levels[price] = sum;
        }
    }
}
