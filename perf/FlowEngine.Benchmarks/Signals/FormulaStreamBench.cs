using BenchmarkDotNet.Attributes;
using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Benchmarks.Signals;

/// <summary>
/// What each formula costs on the busiest instrument of a stream, fed and read at every venue event, which is more
/// often than the engine reads most of them. Formula "none" is the yardstick: the books alone.
/// </summary>
[MemoryDiagnoser]
[MedianColumn]
public class FormulaStreamBench
{
    private const int Evaluations = 200_000;

    private MarketEvent[] _events = [];
    private BookStore? _books;
    private InstrumentBook? _book;
    private DrivenFormula? _driven;
    private int _next;
    private long _roundNs;
    private long _spanNs;

    /// <summary>Which stream.</summary>
    [Params("deribit", "lobster", "nbbo")]
    public string Stream { get; set; } = "lobster";

    /// <summary>Which formula.</summary>
    [Params(
        "none", "B1", "B2", "B3", "B4", "B6", "B7", "B8 B9", "B10", "F1", "F2 F3", "F5", "F6", "F7", "F8", "F9", "F10",
        "M1", "M2", "M8", "M11", "L1", "L3", "L6")]
    public string Formula { get; set; } = "none";

    /// <summary>Loads the tape.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var tape = EventTape.Load(Stream);
        var busiest = tape.Events.Where(e => e.InstrumentId >= 0 && e.IsEndOfEvent)
            .CountBy(e => e.InstrumentId).MaxBy(pair => pair.Value).Key;
        _events = [.. tape.Events.Where(e => e.InstrumentId == busiest)];
        _spanNs = _events.Max(e => e.VenueTime) - _events.Where(e => e.VenueTime > 0).Min(e => e.VenueTime) + 1;
        _books = new BookStore(tape.Table.Count, new BookOptions());
        for (var id = 0; id < tape.Table.Count; id++)
        {
            _books.Define(tape.Table[id]);
        }

        _book = _books[busiest];
        _driven = DrivenFormula.Make(Formula, Math.Max(1, tape.Table[busiest].TickQuanta));
    }

    /// <summary>Releases the books.</summary>
    [GlobalCleanup]
    public void CleanUp() => _books?.Dispose();

    /// <summary>Book and formula.</summary>
    [Benchmark(OperationsPerInvoke = Evaluations)]
    public double Event()
    {
        var sum = 0.0;
        for (var evaluated = 0; evaluated < Evaluations;)
        {
            if (_next == _events.Length)
            {
                _next = 0;
                _roundNs += _spanNs;
            }

            ref readonly var e = ref _events[_next++];
            long nowNs = e.VenueTime + _roundNs;
            _book!.Apply(in e);
            if (e.Kind is EventKind.Trade or EventKind.Liquidation)
            {
                _driven!.Trade(e.Side == Side.Buy ? 1 : e.Side == Side.Sell ? -1 : 0, e.Price, e.Quantity, nowNs);
            }

            if (!e.IsEndOfEvent)
            {
                continue;
            }

            evaluated++;
            var touch = TouchState.Of(_book.Bids, _book.Asks);
            if (touch.HasBoth)
            {
                sum += _driven!.Step(_book, touch, nowNs);
            }
        }

        return sum;
    }
}
