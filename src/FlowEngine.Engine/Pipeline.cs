using FlowEngine.Aeron;
using FlowEngine.Disruptor;
using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// The engine, wired as its picture:
/// <code>
///   packets ─► Ingress ─► ring of MarketEvent ─► BookStage ─► TickerCheck ─► SignalStage ─► Egress ─► Aeron
///              (ingress thread)                  └──────────── one agent, the engine thread ───────────┘
/// </code>
/// Everything is taken at construction; nothing runs until somebody steps or runs <see cref="Ingress"/> and
/// <see cref="Engine"/>.
/// </summary>
public sealed class Pipeline : IDisposable
{
    private readonly RingBuffer<MarketEvent> _ring;

    /// <summary>Takes all memory.</summary>
    /// <param name="options">Checked options.</param>
    /// <param name="identity">What the published values say of their engine.</param>
    /// <param name="publication">Where signals go; null to only compute them.</param>
    /// <param name="withDigest">Hash every computed message.</param>
    /// <param name="answers">Where pre-trade answers go; null for nowhere.</param>
    /// <param name="tap">Sees every event and message; null for nobody.</param>
    public Pipeline(
        EngineOptions options,
        EngineIdentity identity,
        ExclusivePublication? publication,
        bool withDigest,
        Publication? answers = null,
        IEventTap? tap = null)
    {
        _ring = new RingBuffer<MarketEvent>(options.RingCapacity);
        var instruments = new InstrumentTable(options.InstrumentCapacity);
        State = new EngineState(options, instruments);
        Digest = withDigest || tap is not null ? new SignalDigest(tap) : null;
        Ingress = new Ingress(_ring, instruments);
        Status = new StatusSource(Ingress, State);
        Egress = new Egress(State, options, identity, new SignalOutput(publication), Digest, Status);
        Counters = new CounterBoard(Status);
        Intake = new PreTradeIntake(Ingress, instruments, State.Desk.Cases, identity, answers);
        Answerer = new PreTradeAnswerer(State.Desk.Cases, instruments, identity, answers);

        Engine = options.SignalSet switch
        {
            SignalSets.Touch => Agent<TouchSet>(options, tap),
            SignalSets.Default => Agent<DefaultSet>(options, tap),
            _ => throw new ArgumentException($"signalSet is '{options.SignalSet}'", nameof(options)),
        };
    }

    /// <summary>The producer's side. Ingress thread only.</summary>
    public Ingress Ingress { get; }

    /// <summary>The consumer's side: run it on a thread, or step it.</summary>
    public EngineAgent Engine { get; }

    /// <summary>Takes pre-trade questions. Ingress thread only.</summary>
    public PreTradeIntake Intake { get; }

    /// <summary>Answers them: run it on a thread that may take its time, or step it.</summary>
    public PreTradeAnswerer Answerer { get; }

    /// <summary>Books and signals. Engine thread only while it runs.</summary>
    public EngineState State { get; }

    /// <summary>Sends signals. Engine thread only.</summary>
    public Egress Egress { get; }

    /// <summary>The digest, if asked for.</summary>
    public SignalDigest? Digest { get; }

    /// <summary>How tickers compared with books.</summary>
    public TickerTotals Tickers { get; } = new();

    /// <summary>All counts in one place.</summary>
    public StatusSource Status { get; }

    /// <summary>The counts as Aeron counters.</summary>
    public CounterBoard Counters { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Egress.Dispose();
        Digest?.Dispose();
        State.Dispose();
        _ring.Dispose();
    }

    private EngineAgent Agent<TSet>(EngineOptions options, IEventTap? tap)
        where TSet : struct, ISignalSet
    {
        var stages = Then(
            new BookStage(State),
            Then(
                new TickerCheck(State, options.InstrumentCapacity, Tickers),
                new SignalStage<TSet>(State, Egress, options.StaleAfterMs)));
        return tap is null ? Agent(stages) : Agent(new TappedStages<
            Then<MarketEvent, BookStage, Then<MarketEvent, TickerCheck, SignalStage<TSet>>>>(tap, stages));
    }

    private EngineAgent<THandler> Agent<THandler>(THandler handler)
        where THandler : struct, IEventHandler<MarketEvent> => new(_ring, handler, State, Egress, Counters);

    private static Then<MarketEvent, TFirst, TSecond> Then<TFirst, TSecond>(TFirst first, TSecond second)
        where TFirst : struct, IEventHandler<MarketEvent>
        where TSecond : struct, IEventHandler<MarketEvent> => new(first, second);
}
