using BenchmarkDotNet.Attributes;
using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Benchmarks.Signals;

/// <summary>
/// What the default set does beside venue events, on a book of 20 levels a side: every 100 ms, and for a print, of
/// which the touch takes its part.
/// </summary>
[MemoryDiagnoser]
public class SetBench
{
    private const int Levels = 20;
    private const int Books = 64;
    private const long StepNs = 250_000;

    private static readonly Instrument s_instrument = new()
    {
        Venue = 1,
        VenueInstrumentId = 1,
        Symbol = "BENCH",
        PriceQuantum = DecimalScale.One,
        Lot = DecimalScale.One,
        Contract = ContractKind.Linear,
    };

    private readonly PriceLevel[][] _bids = new PriceLevel[Books][];
    private readonly PriceLevel[][] _asks = new PriceLevel[Books][];
    private readonly InstrumentSignals _touch;
    private readonly SetSignals _set;
    private long _timeNs = 1_700_000_000L * 1_000_000_000;
    private int _next;

    /// <summary>Signals of one instrument.</summary>
    public SetBench()
    {
        var options = new SignalOptions();
        _touch = new InstrumentSignals(options, s_instrument);
        _set = new SetSignals(new SetOptions(), options, s_instrument, _touch);
    }

    /// <summary>A book, and after it one level changed at a time, mostly near the touch; then the way back.</summary>
    [GlobalSetup]
    public void Setup()
    {
        for (int book = 0; book < Books; book++)
        {
            _bids[book] = new PriceLevel[Levels];
            _asks[book] = new PriceLevel[Levels];
            int last = book < Books / 2 ? book : Books - book;
            for (int rank = 0; rank < Levels; rank++)
            {
                int slot = Levels - 1 - rank;
                int changes = Math.Max(0, (last - rank + Levels) / Levels);
                _bids[book][slot] = new PriceLevel(99_999 - rank, 50 + rank + 7 * changes);
                _asks[book][slot] = new PriceLevel(100_001 + rank, 60 + rank);
            }
        }

        for (int i = 0; i < Books; i++)
        {
            Step();
            Print();
            _set.OnReference(
                new MarketEvent { Kind = EventKind.OpenInterest, Quantity = 100_000 + i * 100, VenueTime = _timeNs });
        }

        Score();
    }

    // What an event costs is for SignalStreamBench, on books as the engine has them.
    private void Step()
    {
        int book = Advance();
        _touch.Evaluate(
            new BookSide(_bids[book]), new BookSide(_asks[book]), ValidityFlags.None, _timeNs, reprime: false);
        _set.Evaluate(new BookSide(_bids[book]), new BookSide(_asks[book]));
    }

    /// <summary>What the default set does every 100 ms: feedback, score, regime.</summary>
    [Benchmark]
    public double Score()
    {
        _set.EvaluateScore(new BookSide(_bids[_next]), new BookSide(_asks[_next]));
        return _set.Score.Composite.Score;
    }

    /// <summary>A print in both.</summary>
    [Benchmark]
    public void Print()
    {
        int book = Advance();
        var trade = new MarketEvent
        {
            Kind = EventKind.Trade,
            Side = (Side)(1 + (book & 1)),
            Price = 100_000 + (book & 1),
            Quantity = 1 + (book & 7),
            VenueTime = _timeNs,
        };
        _touch.OnTrade(trade, new BookSide(_bids[book]), new BookSide(_asks[book]));
        _set.OnTrade(trade);
    }

    private int Advance()
    {
        _timeNs += StepNs;
        return _next = (_next + 1) & (Books - 1);
    }
}
