using FlowEngine.Aeron;
using FlowEngine.Disruptor;
using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// The engine, wired as its picture:
/// <code>
///   packets ─► Ingress ─► ring of MarketEvent ─► BookStage ─► TickerCheck ─► SignalStage ─► Egress ─► Aeron
///        ▲     (ingress thread)                  └──────────── one agent, the engine thread ───────────┘
///        └── runs of parameters ◄── Calibrator ◄── samples ──────────────────────┘
/// </code>
/// Everything is taken at construction; nothing runs until somebody steps or runs <see cref="Ingress"/>,
/// <see cref="Engine"/> and, where there is one, <see cref="Calibrator"/>.
/// </summary>
public sealed class Pipeline : IDisposable
{
    private readonly RingBuffer<CalibrationSample>? _samples;
    private readonly ParameterQueue? _queue;
    private readonly Calibrator? _stepped;

    /// <summary>Takes all memory.</summary>
    /// <param name="options">Checked options.</param>
    /// <param name="identity">What the published values say of their engine.</param>
    /// <param name="publication">Where signals go; null to only compute them.</param>
    /// <param name="withDigest">Hash every computed message.</param>
    /// <param name="calibration">Where slow work is done; null is stepped under a digest, else on a thread.</param>
    /// <param name="answers">Where pre-trade answers go; null for nowhere.</param>
    /// <param name="tap">Sees every event and message; null for nobody.</param>
    public Pipeline(
        EngineOptions options,
        EngineIdentity identity,
        ExclusivePublication? publication,
        bool withDigest,
        CalibrationPlace? calibration = null,
        Publication? answers = null,
        IEventTap? tap = null)
    {
        Events = new RingBuffer<MarketEvent>(options.RingCapacity);
        var instruments = new InstrumentTable(options.InstrumentCapacity);
        State = new EngineState(options, instruments);
        Digest = withDigest || tap is not null ? new SignalDigest(tap) : null;
        ParameterFeed? parameters = null;
        if (options.IsCalibrated)
        {
            var calibrator = new Calibrator(instruments, options);
            var place = calibration ?? (Digest is not null ? CalibrationPlace.Stepped : CalibrationPlace.Thread);
            if (place == CalibrationPlace.Stepped)
            {
                _stepped = calibrator;
                parameters = new ParameterFeed(
                    calibrator, new CalibrationSchedule(options.Calibration.IntervalSeconds));
            }
            else
            {
                _samples = new RingBuffer<CalibrationSample>(options.Calibration.SampleCapacity);
                _queue = new ParameterQueue();
                parameters = new ParameterFeed(_queue);
                Calibrator = new CalibratorAgent(_samples, calibrator, _queue);
            }
        }

        Ingress = new Ingress(Events, instruments, parameters);
        Status = new StatusSource(Ingress, State);
        Egress = new Egress(State, options, identity, new SignalOutput(publication), Digest, Status);
        Counters = new CounterBoard(Status);
        Intake = new PreTradeIntake(Ingress, instruments, State.Desk.Cases, identity, answers);
        Answerer = new PreTradeAnswerer(State.Desk.Cases, instruments, identity, answers);

        Engine = options.SignalSet switch
        {
            SignalSets.Touch => Agent<TouchSet>(options, tap),
            SignalSets.Default => Agent<DefaultSet>(options, tap),
            SignalSets.Full => Agent<FullSet>(options, tap),
            _ => throw new ArgumentException($"signalSet is '{options.SignalSet}'", nameof(options)),
        };
    }

    /// <summary>The ring: another consumer joins here before the first packet.</summary>
    public RingBuffer<MarketEvent> Events { get; }

    /// <summary>Slow work, where it has a thread of its own; null where it is stepped or off.</summary>
    public CalibratorAgent? Calibrator { get; }

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
        Events.Dispose();
        _samples?.Dispose();
        _queue?.Dispose();
    }

    private EngineAgent Agent<TSet>(EngineOptions options, IEventTap? tap)
        where TSet : struct, ISignalSet
    {
        var signals = new SignalStage<TSet>(State, Egress, options.StaleAfterMs);
        if (_stepped is not null)
        {
            var stepped = new SteppedSamples(_stepped, State.Totals);
            return Agent(
                options, new SampleStage<SignalStage<TSet>, SteppedSamples>(State, options, signals, stepped), tap);
        }

        if (_samples is not null)
        {
            var queued = new QueuedSamples(_samples, State.Totals);
            return Agent(
                options, new SampleStage<SignalStage<TSet>, QueuedSamples>(State, options, signals, queued), tap);
        }

        return Agent(options, signals, tap);
    }

    private EngineAgent Agent<TLast>(EngineOptions options, TLast last, IEventTap? tap)
        where TLast : struct, IEventHandler<MarketEvent>
    {
        var stages = Then(
            new BookStage(State),
            Then(new TickerCheck(State, options.InstrumentCapacity, Tickers), last));
        return tap is null ? Agent(stages) : Agent(new TappedStages<
            Then<MarketEvent, BookStage, Then<MarketEvent, TickerCheck, TLast>>>(tap, stages));
    }

    private EngineAgent<THandler> Agent<THandler>(THandler handler)
        where THandler : struct, IEventHandler<MarketEvent> => new(Events, handler, State, Egress, Counters);

    private static Then<MarketEvent, TFirst, TSecond> Then<TFirst, TSecond>(TFirst first, TSecond second)
        where TFirst : struct, IEventHandler<MarketEvent>
        where TSecond : struct, IEventHandler<MarketEvent> => new(first, second);
}
