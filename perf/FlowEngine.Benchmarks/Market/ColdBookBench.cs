using BenchmarkDotNet.Attributes;
using FlowEngine.Market;

namespace FlowEngine.Benchmarks.Market;

/// <summary>
/// Level changes that hop from instrument to instrument at random, so that each finds its book out of the cache: a
/// million changes over books of 20 levels a side, against a sorted dictionary a side; after each the best bid of that
/// instrument is read. One operation is one change.
/// </summary>
[MemoryDiagnoser]
[SimpleJob(launchCount: 1, warmupCount: 2, iterationCount: 10, invocationCount: 1)]
public class ColdBookBench : IDisposable
{
    private const int Changes = 1_000_000;
    private const int Levels = 20;
    private const long Mid = 10_000;

    private MarketEvent[] _changes = [];
    private SortedDictionary<long, long>[] _bids = [];
    private SortedDictionary<long, long>[] _asks = [];
    private BookStore _store = null!;

    /// <summary>Instruments.</summary>
    [Params(1, 1_000, 10_000)]
    public int Instruments { get; set; }

    /// <summary>Fills the books and draws the changes.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _store = new BookStore(Instruments, new BookOptions { StartLive = true });
        _bids = new SortedDictionary<long, long>[Instruments];
        _asks = new SortedDictionary<long, long>[Instruments];
        for (var id = 0; id < Instruments; id++)
        {
            _store.Define(new Instrument
            {
                Id = id,
                Venue = 1,
                VenueInstrumentId = (ulong)id,
                Symbol = "SYNTHETIC",
                PriceQuantum = DecimalScale.One,
                Lot = DecimalScale.One,
            });
            _bids[id] = new(Comparer<long>.Create((left, right) => right.CompareTo(left)));
            _asks[id] = [];
            for (var rank = 0; rank < Levels; rank++)
            {
                Apply(Change(id, Side.Bid, rank, 50));
                Apply(Change(id, Side.Ask, rank, 50));
            }
        }

        var random = new Random(20120621);
        _changes = new MarketEvent[Changes];
        for (var i = 0; i < Changes; i++)
        {
            int rank = Math.Min(Levels - 1, (int)(-6 * Math.Log(1 - random.NextDouble())));
            var side = random.Next(2) == 0 ? Side.Bid : Side.Ask;
            _changes[i] = Change(random.Next(Instruments), side, rank, random.Next(4) == 0 ? 0 : random.Next(1, 99));
        }
    }

    /// <summary>Releases the books.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _store.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>FlowEngine's books.</summary>
    [Benchmark(OperationsPerInvoke = Changes)]
    public long BookStore()
    {
        long sum = 0;
        foreach (ref readonly var e in _changes.AsSpan())
        {
            var book = _store[e.InstrumentId];
            book.Apply(in e);
            sum += book.Bids.BestLots;
        }

        return sum;
    }

    /// <summary>The yardstick.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Changes)]
    public long SortedDictionaries()
    {
        long sum = 0;
        foreach (ref readonly var e in _changes.AsSpan())
        {
            Naive(in e);
            foreach (var best in _bids[e.InstrumentId])
            {
                sum += best.Value;
                break;
            }
        }

        return sum;
    }

    private static MarketEvent Change(int id, Side side, int rank, long lots) => new()
    {
        InstrumentId = id,
        Kind = lots == 0 ? EventKind.LevelDelete : EventKind.LevelSet,
        Side = side,
        Price = side == Side.Bid ? Mid - 1 - rank : Mid + 1 + rank,
        Quantity = lots,
        Flags = EventFlags.EndOfEvent,
    };

    private void Apply(in MarketEvent e)
    {
        _store[e.InstrumentId].Apply(in e);
        Naive(in e);
    }

    private void Naive(in MarketEvent e)
    {
        var levels = e.Side == Side.Bid ? _bids[e.InstrumentId] : _asks[e.InstrumentId];
        if (e.Kind == EventKind.LevelSet)
        {
            levels[e.Price] = e.Quantity;
        }
        else
        {
            levels.Remove(e.Price);
        }
    }
}
