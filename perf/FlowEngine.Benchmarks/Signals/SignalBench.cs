using BenchmarkDotNet.Attributes;
using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Benchmarks.Signals;

/// <summary>
/// What one venue event costs in the signal stage, on a book of 20 levels a side whose touch moves. The yardstick
/// computes a part of the pressure the plain way: LINQ over lists, and <see cref="Math.Pow(double, double)"/>
/// for one decay.
/// </summary>
[MemoryDiagnoser]
public class SignalBench
{
    private const int Levels = 20;
    private const int Books = 64;
    private const long StepNs = 250_000;

    private readonly PriceLevel[][] _bids = new PriceLevel[Books][];
    private readonly PriceLevel[][] _asks = new PriceLevel[Books][];
    private readonly InstrumentSignals _signals = new(new SignalOptions(), AnInstrument());
    private long _timeNs = 1_700_000_000L * 1_000_000_000;
    private int _next;
    private double _decayed;

    /// <summary>Makes the books: spacing and lots vary, the touch wanders by a few quanta.</summary>
    [GlobalSetup]
    public void Setup()
    {
        for (int book = 0; book < Books; book++)
        {
            _bids[book] = new PriceLevel[Levels];
            _asks[book] = new PriceLevel[Levels];
            long mid = 100_000 + book * 7 % 5;
            for (int rank = 0; rank < Levels; rank++)
            {
                int slot = Levels - 1 - rank;
                _bids[book][slot] = new PriceLevel(mid - 1 - rank * 2, 10 + (book * 31 + rank * 17) % 90);
                _asks[book][slot] = new PriceLevel(mid + 1 + rank * 2, 10 + (book * 37 + rank * 13) % 90);
            }
        }

        OnTrade();
        Evaluate();
        EvaluateImpact();
    }

    /// <summary>Touch, imbalances, order flow, volumes, spread.</summary>
    [Benchmark]
    public double Evaluate()
    {
        int book = Advance();
        _signals.Evaluate(
            new BookSide(_bids[book]), new BookSide(_asks[book]), ValidityFlags.None, _timeNs, reprime: false);
        return _signals.Pressure.OfiDecayed;
    }

    /// <summary>Five sweeps each way.</summary>
    [Benchmark]
    public double EvaluateImpact()
    {
        int book = Advance();
        _signals.EvaluateImpact(new BookSide(_bids[book]), new BookSide(_asks[book]), ValidityFlags.None);
        return _signals.Impact.SellSlippage[4];
    }

    /// <summary>Sign and volumes of one print.</summary>
    [Benchmark]
    public void OnTrade()
    {
        int book = Advance();
        var trade = new MarketEvent
        {
            Kind = EventKind.Trade,
            Side = (Side)(1 + (book & 1)),
            Price = 100_000 + (book & 3),
            Quantity = 1 + (book & 7),
            VenueTime = _timeNs,
        };
        _signals.OnTrade(trade, new BookSide(_bids[book]), new BookSide(_asks[book]));
    }

    /// <summary>Four imbalances, four bands and one decayed order flow, the plain way.</summary>
    [Benchmark(Baseline = true)]
    public double NaivePressure()
    {
        int book = Advance();
        PriceLevel[] bids = [.. _bids[book].Reverse()];
        PriceLevel[] asks = [.. _asks[book].Reverse()];
        double sum = 0;
        foreach (int k in (int[])[1, 3, 5, 10])
        {
            sum += Ratio(bids.Take(k).Sum(x => x.Lots), asks.Take(k).Sum(x => x.Lots));
        }

        double mid = (bids[0].Price + asks[0].Price) / 2.0;
        foreach (int bps in (int[])[5, 10, 25, 50])
        {
            double reach = mid * bps / 10_000;
            sum += Ratio(
                bids.Where(x => mid - x.Price <= reach).Sum(x => x.Lots),
                asks.Where(x => x.Price - mid <= reach).Sum(x => x.Lots));
        }

        _decayed = _decayed * Math.Pow(2, -(double)StepNs / 1_000_000_000) + bids[0].Lots - asks[0].Lots;
        return sum + _decayed;
    }

    private static double Ratio(long bid, long ask) => (double)(bid - ask) / (bid + ask);

    private static Instrument AnInstrument() => new()
    {
        Venue = 1,
        VenueInstrumentId = 1,
        Symbol = "BENCH",
        PriceQuantum = DecimalScale.One,
        Lot = DecimalScale.One,
    };

    private int Advance()
    {
        _timeNs += StepNs;
        return _next = (_next + 1) & (Books - 1);
    }
}
