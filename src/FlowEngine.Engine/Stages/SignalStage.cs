using FlowEngine.Core;
using FlowEngine.Disruptor;
using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// Second stage: feeds trades and reference prices to the signals, evaluates them once per venue event, and hands the
/// results to egress. What changes slowly (impact, liquidity, cascade, score) goes out on the 100 ms timer, estimates
/// once a second. What <typeparamref name="TSet"/> lacks is compiled away.
/// </summary>
[Hot]
public struct SignalStage<TSet> : IEventHandler<MarketEvent>
    where TSet : struct, ISignalSet
{
    private const long TicksPerSecond = 1_000_000_000 / CaptureClock.TickNs;

    private readonly EngineState _state;
    private readonly Egress _egress;
    private readonly long _staleAfterNs;

    /// <summary>A stage over the engine's state that publishes through <paramref name="egress"/>.</summary>
    public SignalStage(EngineState state, Egress egress, int staleAfterMs)
    {
        _state = state;
        _egress = egress;
        _staleAfterNs = staleAfterMs * 1_000_000L;
    }

    /// <inheritdoc/>
    public readonly void OnStart()
    {
    }

    /// <inheritdoc/>
    public readonly void OnEvent(ref MarketEvent evt, long sequence, bool endOfBatch)
    {
        // Questions change nothing, not even the numbers of what comes after them: a replay knows none.
        sequence -= _state.Desk.Asked;
        if (evt.Kind == EventKind.Timer)
        {
            OnTimer(sequence);
            return;
        }

        if (evt.Kind == EventKind.CostRequest)
        {
            _state.Desk.Take(in evt, sequence - 1);
            return;
        }

        if (!_state.IsDefined(evt.InstrumentId))
        {
            return;
        }

        ref var instrument = ref _state.StateOf(evt.InstrumentId);
        switch (evt.Kind)
        {
            case EventKind.Trade or EventKind.Liquidation:
                OnTrade(in evt, ref instrument);
                break;
            case EventKind.MarkPrice or EventKind.IndexPrice or EventKind.OpenInterest or EventKind.Funding:
                _state.SignalsOf(evt.InstrumentId).OnReference(in evt);
                if (TSet.HasCatalogue)
                {
                    _state.CatalogueOf(evt.InstrumentId).OnReference(in evt);
                }
                else if (TSet.HasScore)
                {
                    _state.SetOf(evt.InstrumentId).OnReference(in evt);
                }

                instrument.ReferenceChanged = true;
                break;
            case EventKind.Damaged:
                instrument.Damaged = true;
                instrument.Touched = true;
                break;
            case EventKind.InstrumentDefined:
                _egress.PublishDefinition(evt.InstrumentId);
                break;
            default:
                break;
        }

        if (evt.IsEndOfEvent)
        {
            OnEndOfEvent(in evt, ref instrument, sequence);
        }
    }

    /// <inheritdoc/>
    public readonly void OnShutdown() => _egress.Close();

    private readonly void OnTrade(in MarketEvent evt, ref InstrumentState instrument)
    {
        var book = _state.Books[evt.InstrumentId];
        _state.SignalsOf(evt.InstrumentId).OnTrade(in evt, book.Bids, book.Asks);
        if (TSet.HasCatalogue)
        {
            _state.CatalogueOf(evt.InstrumentId).OnTrade(in evt);
        }
        else if (TSet.HasScore)
        {
            _state.SetOf(evt.InstrumentId).OnTrade(in evt);
        }

        if (TSet.HasScore && evt.Quantity > 0 && (evt.Flags & EventFlags.OffBook) == 0)
        {
            _state.Desk.PastOf(evt.InstrumentId).Trade(_state.SignalsOf(evt.InstrumentId).LastSign, evt.Quantity);
        }

        instrument.Touched = true;
        instrument.ReferenceChanged |=
            evt.Kind == EventKind.Liquidation || (evt.Flags & EventFlags.MakerLiquidation) != 0;
        instrument.Trades++;
        switch (evt.Side)
        {
            case Side.Buy:
                instrument.BuyLots += evt.Quantity;
                break;
            case Side.Sell:
                instrument.SellLots += evt.Quantity;
                break;
            default:
                instrument.UnsignedLots += evt.Quantity;
                break;
        }
    }

    private readonly void OnEndOfEvent(in MarketEvent evt, ref InstrumentState instrument, long sequence)
    {
        instrument.LastClock = _state.Clock;
        instrument.VenueTime = Math.Max(instrument.VenueTime, evt.VenueTime);
        instrument.ReceiveTime = evt.ReceiveTime;
        instrument.EventSequence = sequence;
        if (!instrument.Touched && !instrument.Stale)
        {
            return;
        }

        Evaluate(evt.InstrumentId, ref instrument, evt.VenueTime);
        _egress.PublishEvent(evt.InstrumentId, timed: false);
        if (TSet.HasScore)
        {
            EvaluateSet(evt.InstrumentId, ref instrument);
        }
    }

    private readonly void EvaluateSet(int instrumentId, ref InstrumentState instrument)
    {
        var book = _state.Books[instrumentId];
        var forced = TSet.HasCatalogue
            ? _state.CatalogueOf(instrumentId).Evaluate(book.Bids, book.Asks)
            : _state.SetOf(instrumentId).Evaluate(book.Bids, book.Asks);
        _egress.PublishDepthFlow(instrumentId);
        if (TSet.HasCatalogue)
        {
            _egress.PublishFairValue(instrumentId);
        }

        instrument.ScoreDue = true;
        if (forced)
        {
            EvaluateScore(instrumentId, timed: false);
        }
    }

    private readonly void EvaluateScore(int instrumentId, bool timed)
    {
        var book = _state.Books[instrumentId];
        if (TSet.HasCatalogue)
        {
            _state.CatalogueOf(instrumentId).EvaluateScore(book.Bids, book.Asks);
        }
        else
        {
            _state.SetOf(instrumentId).EvaluateScore(book.Bids, book.Asks);
        }

        PublishScore(instrumentId, timed);
    }

    private readonly void PublishScore(int instrumentId, bool timed)
    {
        _egress.PublishScore(instrumentId, timed);
        if (TSet.HasCatalogue)
        {
            _egress.PublishExcitation(instrumentId, timed);
        }
    }

    private readonly void OnSetTimer(int instrumentId, ref InstrumentState instrument, long tick)
    {
        if (instrument.ScoreDue && !instrument.Stale)
        {
            instrument.ScoreDue = false;
            EvaluateScore(instrumentId, timed: true);
            if (TSet.HasCatalogue)
            {
                var book = _state.Books[instrumentId];
                _state.CatalogueOf(instrumentId).EvaluateShape(book.Bids, book.Asks);
                _egress.PublishShape(instrumentId);
            }
        }

        // A tenth of the instruments on each tick: the second's work is spread over it.
        if (instrumentId % TicksPerSecond == tick % TicksPerSecond && !instrument.Stale)
        {
            CloseSecond(instrumentId);
            ref readonly var touch = ref _state.SignalsOf(instrumentId).Boundary;
            _state.Desk.PastOf(instrumentId).CloseSecond(touch.HasBoth ? touch.Mid2 : 0, _state.Clock);
        }
    }

    private readonly void CloseSecond(int instrumentId)
    {
        if (TSet.HasCatalogue)
        {
            var book = _state.Books[instrumentId];
            _state.CatalogueOf(instrumentId).CloseSecond();
            _state.CatalogueOf(instrumentId).EvaluateExecution(book.Bids, book.Asks);
            _egress.PublishEstimates(instrumentId);
            _egress.PublishCatalogueSecond(instrumentId);
        }
        else
        {
            _state.SetOf(instrumentId).CloseSecond();
            _egress.PublishEstimates(instrumentId);
        }
    }

    private readonly void Evaluate(int instrumentId, ref InstrumentState instrument, long venueTime)
    {
        var book = _state.Books[instrumentId];
        var flags = book.Validity | (instrument.Damaged ? ValidityFlags.DamagedInput : ValidityFlags.None);
        var signals = _state.SignalsOf(instrumentId);
        signals.Evaluate(book.Bids, book.Asks, flags, venueTime, instrument.Reprime);
        EngineTotals totals = _state.Totals;
        totals.CountValidity(signals.TouchValidity);

        if ((flags & ValidityFlags.Crossed) != 0)
        {
            totals.CrossedBooks++;
        }

        // The book asks for a fresh start until it is live again: a frozen evaluation must not use it up.
        instrument.Reprime &= (flags & (ValidityFlags.Gap | ValidityFlags.Crossed)) != 0;
        instrument.Touched = false;
        instrument.Damaged = false;
        instrument.Stale = false;
    }

    private readonly void OnTimer(long sequence)
    {
        var tick = _state.Clock / CaptureClock.TickNs;
        for (var id = 0; id < _state.Count; id++)
        {
            ref var instrument = ref _state.StateOf(id);
            if (!instrument.Stale && _state.Clock - instrument.LastClock > _staleAfterNs)
            {
                instrument.Stale = true;
                instrument.EventSequence = sequence;
                _egress.PublishEvent(id, timed: true);
                if (TSet.HasScore)
                {
                    PublishScore(id, timed: true);
                }
            }

            if (instrument.DepthChanged)
            {
                instrument.DepthChanged = false;
                var book = _state.Books[id];
                _state.SignalsOf(id).EvaluateImpact(book.Bids, book.Asks, book.Validity);
                _egress.PublishDepth(id);
            }

            if (instrument.ReferenceChanged)
            {
                instrument.ReferenceChanged = false;
                _egress.PublishCascade(id);
            }

            if (TSet.HasScore)
            {
                OnSetTimer(id, ref instrument, tick);
            }

            // A tenth of the instruments on each tick, so that a late joiner's second never becomes everybody's burst.
            if (id % TicksPerSecond == tick % TicksPerSecond)
            {
                _egress.Repeat(id);
            }
        }

        if (tick % TicksPerSecond == 0)
        {
            _egress.PublishStatus();
        }
    }
}
