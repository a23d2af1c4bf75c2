using FlowEngine.Cli.Book;
using FlowEngine.Cli.Evaluate;
using FlowEngine.Engine;
using FlowEngine.Market;
using FlowEngine.Messages.Signals;
using FlowEngine.Sbe.OnTheFly;
using FlowEngine.Signals;

namespace FlowEngine.Cli.Explain;

/// <summary>Watches a replayed engine for one event, and keeps what went into what was published for it.</summary>
internal sealed class ExplainTap : IEventTap
{
    private const int Levels = 5;
    private const int MostEvents = 64;

    // What names an event while nothing new comes is repeated each second.
    private const long PatienceNs = 2_000_000_000;

    private readonly long _wanted;
    private readonly string? _symbol;
    private readonly SchemaDecoder _schema;
    private readonly Dictionary<int, VenueEvent> _running = [];
    private readonly Dictionary<int, long> _newest = [];
    private readonly List<ExplainedMessage> _published = [];
    private readonly ScoreLeg[] _past = new ScoreLeg[PerLeg.Count];
    private readonly ScoreLeg[] _now = new ScoreLeg[PerLeg.Count];
    private EngineState? _state;
    private TouchState _touch;
    private ExplainedBook? _after;
    private long _sequence = -1;
    private long _endClock = long.MaxValue;
    private long _newestEvent = -1;

    /// <summary>A tap for one event.</summary>
    /// <param name="sequence">Its number.</param>
    /// <param name="symbol">The instrument; null: the event's own.</param>
    /// <param name="schema">Decodes what is published.</param>
    public ExplainTap(long sequence, string? symbol, SchemaDecoder schema)
    {
        _wanted = sequence;
        _symbol = symbol;
        _schema = schema;
    }

    /// <summary>Whether nothing more can come.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The instrument; -1 while not known.</summary>
    public int InstrumentId { get; private set; } = -1;

    /// <summary>The last event before it that has values of the instrument, or -1.</summary>
    public long Before { get; private set; } = -1;

    /// <summary>The first event after it that has, or -1.</summary>
    public long After { get; private set; } = -1;

    /// <summary>The newest event seen.</summary>
    public long LastSequence => _newestEvent;

    /// <summary>What was published for the event.</summary>
    public IReadOnlyList<ExplainedMessage> Published => _published;

    /// <summary>The event, if it was reached: what happened.</summary>
    public EventKind Kind { get; private set; }

    /// <summary>Lets the tap look into an engine.</summary>
    public void Watch(EngineState state) => _state = state;

    /// <summary>Everything that was kept.</summary>
    public ExplainResult Result(string parameterHash)
    {
        var running = RunningOf(InstrumentId);
        return new ExplainResult(
            _state!.Table[InstrumentId].Symbol, _wanted, parameterHash, running.Events,
            running.Before ?? BookOf(InstrumentId), _after ?? BookOf(InstrumentId), _published);
    }

    void IEventTap.Before(in MarketEvent evt, long sequence)
    {
        _sequence = sequence;
        if (sequence <= _wanted && evt.InstrumentId >= 0 && _state!.IsDefined(evt.InstrumentId))
        {
            Keep(in evt, sequence);
        }

        if (sequence == _wanted && InstrumentId < 0)
        {
            InstrumentId = _symbol is null ? evt.InstrumentId : IdOf(_symbol);
        }

        if (sequence >= _wanted && InstrumentId >= 0 && _state!.IsDefined(InstrumentId))
        {
            _touch = _state.SignalsOf(InstrumentId).Boundary;
            if (_state.SetVersion != TouchSet.Version)
            {
                _state.SetOf(InstrumentId).ReadLegs(_past);
            }
        }
    }

    void IEventTap.After(in MarketEvent evt, long sequence)
    {
        _newestEvent = sequence;
        if (sequence == _wanted)
        {
            Kind = evt.Kind;
            _endClock = _state!.Clock + PatienceNs;
            InstrumentId = InstrumentId < 0 && _symbol is null ? evt.InstrumentId : InstrumentId;
            _after = InstrumentId >= 0 ? BookOf(InstrumentId) : null;
        }

        if (sequence >= _wanted && InstrumentId >= 0)
        {
            Before = _newest.GetValueOrDefault(InstrumentId, -1);
            IsDone = _published.Count > 0
                && (_state!.StateOf(InstrumentId).EventSequence > _wanted || _state.Clock > _endClock);
        }

        IsDone |= After >= 0;
    }

    void IEventTap.Message(ReadOnlySpan<byte> message)
    {
        if (IsDone || !_schema.TryDecode(message, out var decoded)
            || decoded.Header.TemplateId == InstrumentDirectoryReader.TemplateId
            || !ProvenanceReader.TryWrap(message[MessageHeaderReader.Length..], out var provenance))
        {
            return;
        }

        var (id, sequence) = ((int)provenance.InstrumentId, (long)provenance.EventSequence);
        if (sequence < _wanted)
        {
            _newest[id] = sequence;
            return;
        }

        if (sequence == _wanted && InstrumentId < 0 && (_symbol is null || IdOf(_symbol) == id))
        {
            // A timer that found several stale instruments speaks of each: the first one, unless one was named.
            InstrumentId = id;
        }

        if (id != InstrumentId)
        {
            return;
        }

        if (sequence == _wanted)
        {
            Take(in decoded, (provenance.Validity & Validity.Stale) != 0);
        }
        else
        {
            After = After < 0 ? sequence : After;
        }
    }

    // What is stale holds from an event before: it was not computed anew, and has no inputs of its own.
    private void Take(in DecodedMessage decoded, bool isStale)
    {
        using var buffer = new MemoryStream();
        using (var json = new System.Text.Json.Utf8JsonWriter(buffer))
        {
            decoded.WriteJson(json);
        }

        using var document = System.Text.Json.JsonDocument.Parse(buffer.ToArray());
        var template = decoded.Header.TemplateId;
        var isFlow = template == PressureReader.TemplateId && _sequence == _wanted && !isStale;
        _published.Add(new ExplainedMessage(
            decoded.Name,
            _sequence,
            document.RootElement.Clone(),
            isFlow ? Flow() : null,
            template == SellPressureReader.TemplateId && !isStale ? Legs() : null)
        {
            Lines = FieldLines.Of(in decoded),
        });
    }

    private ExplainedFlow Flow()
    {
        var signals = _state!.SignalsOf(InstrumentId);
        var step = signals.LastStep;
        var (before, after) = (_touch, signals.Boundary);
        if (step != BookStep.Stepped)
        {
            return new ExplainedFlow(step.ToString(), 0, 0);
        }

        // Each side by itself: the other stands still.
        var bid = OrderFlowImbalance.EventValue(
            before with { AskPrice = 0, AskLots = 0 }, after with { AskPrice = 0, AskLots = 0 });
        var ask = OrderFlowImbalance.EventValue(
            before with { BidPrice = 0, BidLots = 0 }, after with { BidPrice = 0, BidLots = 0 });
        return new ExplainedFlow(step.ToString(), bid, ask);
    }

    private IReadOnlyList<ExplainedLeg> Legs()
    {
        var set = _state!.SetOf(InstrumentId);
        set.ReadLegs(_now);
        return LegLines.Of(_now, _past, set.Score.Composite.Scale);
    }

    private void Keep(in MarketEvent evt, long sequence)
    {
        var running = RunningOf(evt.InstrumentId);
        if (running.IsOver)
        {
            running.Events.Clear();
            running.Before = BookOf(evt.InstrumentId);
        }

        running.IsOver = evt.IsEndOfEvent;
        if (running.Events.Count < MostEvents)
        {
            running.Events.Add(Describe(in evt, sequence));
        }
    }

    private VenueEvent RunningOf(int instrumentId)
    {
        if (!_running.TryGetValue(instrumentId, out var running))
        {
            _running[instrumentId] = running = new VenueEvent();
        }

        return running;
    }

    private ExplainedEvent Describe(in MarketEvent evt, long sequence)
    {
        var instrument = _state!.Table[evt.InstrumentId];
        decimal? price = evt.Kind switch
        {
            EventKind.MarkPrice or EventKind.IndexPrice or EventKind.Funding => evt.Price / 1_000_000_000m,
            _ => Normal(evt.Price * instrument.PriceQuantum.ToDecimal()),
        };
        var isTrade = evt.Kind is EventKind.Trade or EventKind.Liquidation;
        var side = evt.Side switch
        {
            Side.Bid => isTrade ? "buy" : "bid",
            Side.Ask => isTrade ? "sell" : "ask",
            _ => "",
        };
        return new ExplainedEvent(
            sequence, evt.Kind.ToString(), side, price, Normal(evt.Quantity * instrument.Lot.ToDecimal()), evt.Id,
            evt.Flags.ToString(), evt.VenueSequence, LiquidationStudy.Text(evt.VenueTime));
    }

    private ExplainedBook BookOf(int instrumentId)
    {
        if (!_state!.IsDefined(instrumentId))
        {
            return new ExplainedBook("unknown", [], []);
        }

        var (book, instrument) = (_state.Books[instrumentId], _state.Table[instrumentId]);
        return new ExplainedBook(
            book.State.ToString(), LevelsOf(book.Bids, instrument), LevelsOf(book.Asks, instrument));
    }

    private static List<BookLevel> LevelsOf(BookSide side, Instrument instrument)
    {
        var levels = new List<BookLevel>();
        for (var rank = 0; rank < Math.Min(Levels, side.Count); rank++)
        {
            levels.Add(new BookLevel(
                Normal(side[rank].Price * instrument.PriceQuantum.ToDecimal()),
                Normal(side[rank].Lots * instrument.Lot.ToDecimal())));
        }

        return levels;
    }

    private int IdOf(string symbol)
    {
        for (var id = 0; id < _state!.Count; id++)
        {
            if (_state.Table[id].Symbol == symbol)
            {
                return id;
            }
        }

        return -1;
    }

    // Without the noughts behind that multiplying leaves.
    private static decimal Normal(decimal value) => value / 1.000000000000000000000000000m;

    private sealed class VenueEvent
    {
        public List<ExplainedEvent> Events { get; } = [];

        public ExplainedBook? Before { get; set; }

        public bool IsOver { get; set; } = true;
    }
}
