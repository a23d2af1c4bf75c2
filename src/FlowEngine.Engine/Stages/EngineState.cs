using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// All the state of the engine thread: books, signals and what the stages remember. One owner, no locks.
/// </summary>
public sealed class EngineState : IDisposable
{
    private readonly InstrumentSignals?[] _signals;
    private readonly SetSignals[] _sets;
    private readonly CatalogueSignals[] _catalogues;
    private readonly InstrumentState[] _instruments;
    private readonly SignalOptions _signalOptions;
    private readonly SetOptions _setOptions;

    /// <summary>Takes the memory for <see cref="EngineOptions.InstrumentCapacity"/> instruments.</summary>
    public EngineState(EngineOptions options, InstrumentTable table)
    {
        Table = table;
        Books = new BookStore(options.InstrumentCapacity, options.Books);
        _signals = new InstrumentSignals?[options.InstrumentCapacity];
        _instruments = new InstrumentState[options.InstrumentCapacity];
        _signalOptions = options.Signals;
        _setOptions = options.Sets;
        Parameters = new ParameterAssembly(this);
        SetVersion = SignalSets.VersionOf(options.SignalSet);
        _sets = SetVersion == TouchSet.Version ? [] : new SetSignals[options.InstrumentCapacity];
        _catalogues = SetVersion == FullSet.Version ? new CatalogueSignals[options.InstrumentCapacity] : [];
        Desk = new PreTradeDesk(this, options.InstrumentCapacity);
    }

    /// <summary>All instruments, appended to by ingress.</summary>
    public InstrumentTable Table { get; }

    /// <summary>The books.</summary>
    public BookStore Books { get; }

    /// <summary>Instruments defined so far: ids 0 to Count - 1.</summary>
    public int Count { get; private set; }

    /// <summary>Pipeline clock: the newest timer's boundary, nanoseconds since epoch.</summary>
    public long Clock { get; set; }

    /// <summary>What the engine thread counts.</summary>
    public EngineTotals Totals { get; } = new();

    /// <summary>Number of the signal set that runs.</summary>
    public byte SetVersion { get; }

    /// <summary>Answers what orders would cost.</summary>
    public PreTradeDesk Desk { get; }

    /// <summary>What the set has of an instrument beyond the touch; nothing to ask for under <see
    /// cref="TouchSet"/>.</summary>
    public SetSignals SetOf(int instrumentId) => _sets[instrumentId];

    /// <summary>The same where there is one, or null.</summary>
    public SetSignals? FindSet(int instrumentId) =>
        IsDefined(instrumentId) && _sets.Length > 0 ? _sets[instrumentId] : null;

    /// <summary>Puts parameters in force as they come through the ring.</summary>
    public ParameterAssembly Parameters { get; }

    /// <summary>What set <c>full</c> has of an instrument beyond the default one; nothing to ask for under
    /// others.</summary>
    public CatalogueSignals CatalogueOf(int instrumentId) => _catalogues[instrumentId];

    /// <summary>The signals of an instrument.</summary>
    public InstrumentSignals SignalsOf(int instrumentId) => _signals[instrumentId]!;

    /// <summary>What the stages remember of an instrument.</summary>
    public ref InstrumentState StateOf(int instrumentId) => ref _instruments[instrumentId];

    /// <summary>Whether events of this instrument can be handled.</summary>
    public bool IsDefined(int instrumentId) => (uint)instrumentId < (uint)Count;

    /// <summary>Takes a newly defined instrument in. Set-up work on the engine thread; counted apart.</summary>
    public void Define(int instrumentId)
    {
        if (instrumentId != Count || instrumentId >= _signals.Length)
        {
            Totals.DefinitionsRefused++;
            return;
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        var instrument = Table[instrumentId];
        Books.Define(instrument);
        var touch = new InstrumentSignals(_signalOptions, instrument);
        _signals[instrumentId] = touch;
        if (_sets.Length > 0)
        {
            _sets[instrumentId] = new SetSignals(_setOptions, _signalOptions, instrument, touch);
        }

        if (_catalogues.Length > 0)
        {
            _catalogues[instrumentId] = new CatalogueSignals(
                _setOptions, _signalOptions, instrument, touch, _sets[instrumentId]);
        }

        Desk.Define(instrumentId);
        _instruments[instrumentId].LastClock = Clock;
        _instruments[instrumentId].Reprime = true;
        Count++;
        Totals.SetUpBytes += GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <inheritdoc/>
    public void Dispose() => Books.Dispose();
}
