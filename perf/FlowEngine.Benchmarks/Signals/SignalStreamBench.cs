using BenchmarkDotNet.Attributes;
using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Benchmarks.Signals;

/// <summary>
/// What a signal set costs on real streams, and on a simulated market that is calm or in a cascade: decoded events,
/// applied to books and evaluated as the engine's stages do. Time is for one evaluation (one venue event). The
/// yardstick is the same stream applied to the books alone: a set's cost is the difference. What falls due by time is
/// left out but for <see cref="Timed"/>: slow streams have more of it than events. The tape is played round and round;
/// each round starts anew from the first snapshot.
/// </summary>
[MemoryDiagnoser]
[MinColumn]
[MedianColumn]
public class SignalStreamBench
{
    private const int Evaluations = 200_000;
    private const long TickNs = 100_000_000;
    private const int TicksPerSecond = 10;

    private MarketEvent[] _events = [];
    private BookStore? _books;
    private InstrumentSignals[] _touch = [];
    private SetSignals[] _sets = [];
    private CatalogueSignals[] _catalogues = [];
    private SetSignals[] _catalogueSets = [];
    private bool[] _reprime = [];
    private int _next;
    private long _roundNs;
    private long _spanNs;
    private long _tick;

    /// <summary>Which stream.</summary>
    [Params("deribit", "lobster", "nbbo", "calm", "burst")]
    public string Stream { get; set; } = "deribit";

    /// <summary>Loads the tape.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var tape = EventTape.Load(Stream);
        _events = tape.Events;
        _spanNs = _events.Max(e => e.VenueTime) - _events.Where(e => e.VenueTime > 0).Min(e => e.VenueTime) + TickNs;
        _books = new BookStore(tape.Table.Count, new BookOptions());
        _touch = new InstrumentSignals[tape.Table.Count];
        _sets = new SetSignals[tape.Table.Count];
        _catalogues = new CatalogueSignals[tape.Table.Count];
        _catalogueSets = new SetSignals[tape.Table.Count];
        _reprime = new bool[tape.Table.Count];
        var options = new SignalOptions();
        for (var id = 0; id < tape.Table.Count; id++)
        {
            _books.Define(tape.Table[id]);
            _touch[id] = new InstrumentSignals(options, tape.Table[id]);
            _sets[id] = new SetSignals(new SetOptions(), options, tape.Table[id], _touch[id]);
            _catalogueSets[id] = new SetSignals(new SetOptions(), options, tape.Table[id], _touch[id]);
            _catalogues[id] = new CatalogueSignals(
                new SetOptions(), options, tape.Table[id], _touch[id], _catalogueSets[id]);
        }

        Console.WriteLine($"// {Stream}: {_events.Length} events, {_events.Count(e => e.IsEndOfEvent)} venue events, "
            + $"{_events.Count(e => e.Kind is EventKind.Trade or EventKind.Liquidation)} prints, "
            + $"{tape.Table.Count} instruments, batch of {Evaluations} evaluations");
    }

    /// <summary>Releases the books.</summary>
    [GlobalCleanup]
    public void CleanUp() => _books?.Dispose();

    /// <summary>The books alone.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Evaluations)]
    public long Books() => Run<NoSet>(timed: false);

    /// <summary>Books and set touch.</summary>
    [Benchmark(OperationsPerInvoke = Evaluations)]
    public long Touch() => Run<TouchSet>(timed: false);

    /// <summary>Books and set default.</summary>
    [Benchmark(OperationsPerInvoke = Evaluations)]
    public long Default() => Run<DefaultSet>(timed: false);

    /// <summary>Books and set full.</summary>
    [Benchmark(OperationsPerInvoke = Evaluations)]
    public long Full() => Run<FullSet>(timed: false);

    /// <summary>Set default with what is due every 100 ms and every second of the stream's own time.</summary>
    [Benchmark(OperationsPerInvoke = Evaluations)]
    public long Timed() => Run<DefaultSet>(timed: true);

    /// <summary>Set full with the same.</summary>
    [Benchmark(OperationsPerInvoke = Evaluations)]
    public long FullTimed() => Run<FullSet>(timed: true);

    private long Run<TSet>(bool timed)
        where TSet : struct, ISignalSet
    {
        for (var evaluated = 0; evaluated < Evaluations;)
        {
            if (_next == _events.Length)
            {
                _next = 0;
                _roundNs += _spanNs;
            }

            var e = _events[_next++];
            e.VenueTime += _roundNs;
            evaluated += Take<TSet>(in e, timed) ? 1 : 0;
        }

        return _touch[0].Pressure.OfiSum;
    }

    private bool Take<TSet>(in MarketEvent e, bool timed)
        where TSet : struct, ISignalSet
    {
        if (e.InstrumentId < 0)
        {
            return false;
        }

        int id = e.InstrumentId;
        var book = _books![id];
        var change = book.Apply(in e);
        _reprime[id] |= change is BookChange.Primed or BookChange.Lost;
        if (TSet.Version != 0)
        {
            Signal<TSet>(id, book, in e, timed);
        }

        return e.IsEndOfEvent;
    }

    private void Signal<TSet>(int id, InstrumentBook book, in MarketEvent e, bool timed)
        where TSet : struct, ISignalSet
    {
        var touch = _touch[id];
        if (e.Kind is EventKind.Trade or EventKind.Liquidation)
        {
            touch.OnTrade(in e, book.Bids, book.Asks);
            if (TSet.HasCatalogue)
            {
                _catalogues[id].OnTrade(in e);
            }
            else if (TSet.HasScore)
            {
                _sets[id].OnTrade(in e);
            }
        }

        if (!e.IsEndOfEvent)
        {
            return;
        }

        var flags = book.Validity;
        touch.Evaluate(book.Bids, book.Asks, flags, e.VenueTime, _reprime[id]);
        _reprime[id] &= (flags & (ValidityFlags.Gap | ValidityFlags.Crossed)) != 0;
        if (!TSet.HasScore)
        {
            return;
        }

        if (TSet.HasCatalogue)
        {
            _catalogues[id].Evaluate(book.Bids, book.Asks);
        }
        else
        {
            _sets[id].Evaluate(book.Bids, book.Asks);
        }

        if (timed)
        {
            Tick<TSet>(id, book, e.VenueTime);
        }
    }

    // The 100 ms and the second as they fall due by venue time, one instrument each.
    private void Tick<TSet>(int id, InstrumentBook book, long nowNs)
        where TSet : struct, ISignalSet
    {
        long tick = nowNs / TickNs;
        if (tick == _tick)
        {
            return;
        }

        _tick = tick;
        if (TSet.HasCatalogue)
        {
            _catalogues[id].EvaluateScore(book.Bids, book.Asks);
            _catalogues[id].EvaluateShape(book.Bids, book.Asks);
        }
        else
        {
            _sets[id].EvaluateScore(book.Bids, book.Asks);
        }

        if (tick % TicksPerSecond != 0)
        {
            return;
        }

        if (TSet.HasCatalogue)
        {
            _catalogues[id].CloseSecond();
        }
        else
        {
            _sets[id].CloseSecond();
        }
    }

    private readonly struct NoSet : ISignalSet
    {
        public static byte Version => 0;

        public static bool HasScore => false;

        public static bool HasCatalogue => false;
    }
}
