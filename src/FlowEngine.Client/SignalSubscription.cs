using FlowEngine.Aeron;
using FlowEngine.Core;
using FlowEngine.Messages.Signals;

namespace FlowEngine.Client;

/// <summary>
/// Typed view of the signal stream: decodes messages, keeps the instrument directory, and counts what was received,
/// conflated and lost. Allocates only when an instrument becomes known. One polling thread.
/// </summary>
public sealed class SignalSubscription : IFragmentHandler
{
    private const int InitialInstruments = 1024;

    // An id beyond this is a broken message, not a market.
    private const int MaxInstruments = 1_000_000;

    private readonly Subscription _subscription;
    private readonly SignalHandler _handler;
    private readonly Dictionary<int, SignalInstrument> _instruments = [];
    private readonly SequenceTracker _tracker = new(InitialInstruments);
    private readonly StateTracker _states = new(InitialInstruments);
    private SignalSubscription _self;

    /// <summary>A view over an Aeron subscription of the signal stream.</summary>
    public SignalSubscription(Subscription subscription, SignalHandler handler)
    {
        _subscription = subscription;
        _handler = handler;
        _self = this;
    }

    /// <summary>Instruments known so far by id, in the running epoch.</summary>
    public IReadOnlyDictionary<int, SignalInstrument> Instruments => _instruments;

    /// <summary>The engine's epoch; 0 before the first message.</summary>
    public ulong Epoch { get; private set; }

    /// <summary>New values received; repeats for late joiners are not counted.</summary>
    public long Received { get; private set; }

    /// <summary>Repeats received.</summary>
    public long Repeats { get; private set; }

    /// <summary>Values that newer ones replaced unsent.</summary>
    public long Conflated { get; private set; }

    /// <summary>Messages lost on the way.</summary>
    public long Lost { get; private set; }

    /// <summary>Messages that are not of this schema, or broken.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Whether an engine publishes.</summary>
    public bool IsConnected => _subscription.IsConnected;

    /// <summary>
    /// Reads what is there, at most <paramref name="fragmentLimit"/> messages, and calls the handler.
    /// </summary>
    /// <returns>Messages read.</returns>
    [Hot]
    public int Poll(int fragmentLimit) => _subscription.Poll(ref _self, fragmentLimit);

    /// <summary>
    /// Forgets positions after the subscription got a new image: what was missed meanwhile is not loss.
    /// </summary>
    public void Rejoined() => _tracker.Clear();

    /// <inheritdoc/>
    [Hot]
    public void OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header)
    {
        if (!MessageHeaderReader.TryWrap(payload, out var message) || message.SchemaId != SchemaInfo.Id)
        {
            Unreadable++;
            return;
        }

        if (message.TemplateId > CascadeReader.TemplateId && TryTakeSet(payload, message.TemplateId))
        {
            return;
        }

#pragma warning disable FE005 // The handler is the user's own code: one virtual call a message is its price.
        switch (message.TemplateId)
        {
            case TopOfBookReader.TemplateId when TopOfBookReader.TryWrap(payload, out var topOfBook):
                Accept(topOfBook.Provenance);
                ReportState(topOfBook.Provenance);
                _handler.OnTopOfBook(in topOfBook);
                break;
            case PressureReader.TemplateId when PressureReader.TryWrap(payload, out var pressure):
                Accept(pressure.Provenance);
                _handler.OnPressure(in pressure);
                break;
            case ImpactReader.TemplateId when ImpactReader.TryWrap(payload, out var impact):
                Accept(impact.Provenance);
                _handler.OnImpact(in impact);
                break;
            case LiquidityReader.TemplateId when LiquidityReader.TryWrap(payload, out var liquidity):
                Accept(liquidity.Provenance);
                _handler.OnLiquidity(in liquidity);
                break;
            case CascadeReader.TemplateId when CascadeReader.TryWrap(payload, out var cascade):
                Accept(cascade.Provenance);
                _handler.OnCascade(in cascade);
                break;
            case InstrumentDirectoryReader.TemplateId when InstrumentDirectoryReader.TryWrap(payload, out var entry):
                OnDirectory(in entry);
                break;
            case EngineStatusReader.TemplateId when EngineStatusReader.TryWrap(payload, out var status):
                OnEpoch(status.Epoch);
                _handler.OnEngineStatus(in status);
                break;
            default:
                Unreadable++;
                break;
        }
#pragma warning restore FE005
    }

    // What a set has beyond the touch.
    private bool TryTakeSet(ReadOnlySpan<byte> payload, int templateId)
    {
#pragma warning disable FE005 // The handler is the user's own code: one virtual call a message is its price.
        switch (templateId)
        {
            case DepthFlowReader.TemplateId when DepthFlowReader.TryWrap(payload, out var depthFlow):
                Accept(depthFlow.Provenance);
                _handler.OnDepthFlow(in depthFlow);
                return true;
            case SellPressureReader.TemplateId when SellPressureReader.TryWrap(payload, out var score):
                Accept(score.Provenance);
                ReportRegime(in score);
                _handler.OnSellPressure(in score);
                return true;
            case FeedbackReader.TemplateId when FeedbackReader.TryWrap(payload, out var feedback):
                Accept(feedback.Provenance);
                _handler.OnFeedback(in feedback);
                return true;
            case EstimatesReader.TemplateId when EstimatesReader.TryWrap(payload, out var estimates):
                Accept(estimates.Provenance);
                _handler.OnEstimates(in estimates);
                return true;
            default:
                return templateId > EstimatesReader.TemplateId && TryTakeCatalogue(payload, templateId);
        }
    }

    // What set full has beyond the default one.
    private bool TryTakeCatalogue(ReadOnlySpan<byte> payload, int templateId)
    {
        switch (templateId)
        {
            case FairValueReader.TemplateId when FairValueReader.TryWrap(payload, out var fairValue):
                Accept(fairValue.Provenance);
                _handler.OnFairValue(in fairValue);
                return true;
            case BookShapeReader.TemplateId when BookShapeReader.TryWrap(payload, out var shape):
                Accept(shape.Provenance);
                _handler.OnBookShape(in shape);
                return true;
            case ResilienceReader.TemplateId when ResilienceReader.TryWrap(payload, out var resilience):
                Accept(resilience.Provenance);
                _handler.OnResilience(in resilience);
                return true;
            case ExcitationReader.TemplateId when ExcitationReader.TryWrap(payload, out var excitation):
                Accept(excitation.Provenance);
                _handler.OnExcitation(in excitation);
                return true;
            case ActivityReader.TemplateId when ActivityReader.TryWrap(payload, out var activity):
                Accept(activity.Provenance);
                _handler.OnActivity(in activity);
                return true;
            case PriceImpactReader.TemplateId when PriceImpactReader.TryWrap(payload, out var impact):
                Accept(impact.Provenance);
                _handler.OnPriceImpact(in impact);
                return true;
            case LeverageReader.TemplateId when LeverageReader.TryWrap(payload, out var leverage):
                Accept(leverage.Provenance);
                _handler.OnLeverage(in leverage);
                return true;
            case LoopGainsReader.TemplateId when LoopGainsReader.TryWrap(payload, out var loops):
                Accept(loops.Provenance);
                _handler.OnLoopGains(in loops);
                return true;
            case ExecutionReader.TemplateId when ExecutionReader.TryWrap(payload, out var execution):
                Accept(execution.Provenance);
                _handler.OnExecution(in execution);
                return true;
            default:
                return false;
        }
    }

    private void ReportRegime(in SellPressureReader score)
    {
        var id = score.Provenance.InstrumentId;
        if (_states.TryMove(id, score.Regime, score.Direction, out var from))
        {
            _handler.OnRegime((int)id, from, score.Regime, score.Direction);
        }
    }

    // Only top of book tells of every change: other messages may be older where it was conflated.
    private void ReportState(ProvenanceReader provenance)
    {
        var id = provenance.InstrumentId;
        var validity = provenance.Validity;
        var changed = _states.Update(id, validity);
        if ((changed & Validity.Gap) != 0)
        {
            _handler.OnGap((int)id, (validity & Validity.Gap) != 0);
        }

        if ((changed & Validity.Stale) != 0)
        {
            _handler.OnStale((int)id, (validity & Validity.Stale) != 0);
        }
#pragma warning restore FE005
    }

    // Repeats are shown to the handler too (they are how a late joiner gets its state) but move no counter.
    private void Accept(ProvenanceReader provenance)
    {
        OnEpoch(provenance.Epoch);
        if ((provenance.Delivery & Delivery.Repeat) != 0)
        {
            Repeats++;
            return;
        }

        Received++;
        var instrumentId = provenance.InstrumentId;
        if (_tracker.TryAdvance(instrumentId, provenance.Sequence, provenance.Conflated, out var step))
        {
            Report((int)instrumentId, step);
        }
    }

    private void Report(int instrumentId, SequenceStep step)
    {
        if (step.Conflated > 0)
        {
            Conflated += step.Conflated;
            _handler.OnConflated(instrumentId, step.Conflated);
        }

        if (step.Lost > 0)
        {
            Lost += step.Lost;
            _handler.OnLost(instrumentId, step.Lost);
        }
    }

    private void OnEpoch(ulong epoch)
    {
        if (epoch != Epoch)
        {
            StartEpochSlow(epoch);
        }
    }

    private void StartEpochSlow(ulong epoch)
    {
        Epoch = epoch;
        _instruments.Clear();
        _tracker.Clear();
        _states.Clear();
        _handler.OnEpoch(epoch);
    }

    private void OnDirectory(in InstrumentDirectoryReader entry)
    {
        OnEpoch(entry.Epoch);
        var id = (int)entry.InstrumentId;
        if ((uint)id >= MaxInstruments)
        {
            Unreadable++;
            return;
        }

        if (_instruments.ContainsKey(id))
        {
            return;
        }

        var instrument = new SignalInstrument(
            id,
            entry.SymbolString(),
            entry.Venue,
            Scale(entry.PriceQuantum.Mantissa, entry.PriceQuantum.Exponent),
            (int)entry.TickQuanta,
            Scale(entry.Lot.Mantissa, entry.Lot.Exponent));
        _tracker.Reserve(id);
        _states.Reserve(id);
        _instruments.Add(id, instrument);
        _handler.OnInstrument(instrument);
    }

    private static double Scale(long mantissa, sbyte exponent) =>
        exponent >= 0 ? mantissa * Math.Pow(10, exponent) : mantissa / Math.Pow(10, -exponent);
}
