using BenchmarkDotNet.Attributes;
using FlowEngine.Market;

namespace FlowEngine.Benchmarks.Market;

/// <summary>
/// Level changes on a book of 200 levels a side, against two <see cref="SortedDictionary{TKey,TValue}"/> fed the very
/// same changes, and against the book without its tick window (one sorted run a side); after each change the best bid
/// and ask are read, as a signal would. One operation is one change.
/// </summary>
[MemoryDiagnoser]
public class BookBench : IDisposable
{
    private const int Operations = 4096;
    private const int LevelsPerSide = 200;
    private const long Mid = 10_000;

    private readonly SortedDictionary<long, long> _bids =
        new(Comparer<long>.Create((left, right) => right.CompareTo(left)));

    private readonly SortedDictionary<long, long> _asks = [];
    private readonly MarketEvent[] _changes = new MarketEvent[Operations];
    private readonly PriceLevelBook _book = new(1024, windowTicks: 1024);
    private readonly PriceLevelBook _sorted = new(1024, windowTicks: 0);

    /// <summary>Where changes fall: at the touch, or near it as real ones do (geometric, mean 6 levels).</summary>
    public enum Depth
    {
        /// <summary>The best level goes and comes back.</summary>
        Touch,

        /// <summary>More than a quarter within 2 levels, one in a hundred beyond 27.</summary>
        NearTouch,
    }

    /// <summary>Where changes fall.</summary>
    [Params(Depth.Touch, Depth.NearTouch)]
    public Depth At { get; set; }

    /// <summary>Fills both books and draws the changes, which leave them as they were.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _book.Clear();
        _sorted.Clear();
        _bids.Clear();
        _asks.Clear();
        for (var rank = 0; rank < LevelsPerSide; rank++)
        {
            Fill(Side.Bid, Mid - 1 - rank);
            Fill(Side.Ask, Mid + 1 + rank);
        }

        var random = new Random(20120621);
        for (var i = 0; i < Operations; i += 2)
        {
            var side = random.Next(2) == 0 ? Side.Bid : Side.Ask;
            int rank = At == Depth.Touch ? 0 : Math.Min(LevelsPerSide - 1, (int)(-6 * Math.Log(random.NextDouble())));
            long price = side == Side.Bid ? Mid - 1 - rank : Mid + 1 + rank;

            // Half the pairs change lots twice, half delete the level and bring it back.
            bool deletes = random.Next(2) == 0;
            _changes[i] = Change(deletes ? EventKind.LevelDelete : EventKind.LevelSet, side, price, random.Next(1, 99));
            _changes[i + 1] = Change(EventKind.LevelSet, side, price, 50);
        }
    }

    /// <summary>Releases the book.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _book.Dispose();
        _sorted.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>FlowEngine's book.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public long PriceLevelBook() => Run(_book);

    /// <summary>The same without the window.</summary>
    [Benchmark(OperationsPerInvoke = Operations)]
    public long SortedRun() => Run(_sorted);

    /// <summary>The yardstick.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public long SortedDictionaries()
    {
        long sum = 0;
        foreach (ref readonly var e in _changes.AsSpan())
        {
            var levels = e.Side == Side.Bid ? _bids : _asks;
            if (e.Kind == EventKind.LevelSet)
            {
                levels[e.Price] = e.Quantity;
            }
            else
            {
                levels.Remove(e.Price);
            }

            foreach (var bid in _bids)
            {
                sum += bid.Key;
                break;
            }

            foreach (var ask in _asks)
            {
                sum += ask.Key;
                break;
            }
        }

        return sum;
    }

    private long Run(PriceLevelBook book)
    {
        long sum = 0;
        foreach (ref readonly var e in _changes.AsSpan())
        {
            book.Apply(in e);
            if (book.Bids.TryBest(out var bid) && book.Asks.TryBest(out var ask))
            {
                sum += bid.Price + ask.Price;
            }
        }

        return sum;
    }

    private void Fill(Side side, long price)
    {
        _book.Set(side, price, 50);
        _sorted.Set(side, price, 50);
        (side == Side.Bid ? _bids : _asks)[price] = 50;
    }

    private static MarketEvent Change(EventKind kind, Side side, long price, long lots) => new()
    {
        Kind = kind,
        Side = side,
        Price = price,
        Quantity = lots,
        Flags = EventFlags.EndOfEvent,
    };
}
