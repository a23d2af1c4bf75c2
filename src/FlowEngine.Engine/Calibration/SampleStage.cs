using FlowEngine.Core;
using FlowEngine.Disruptor;
using FlowEngine.Market;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// The signal stage with an ear: after it has handled an event, what slow work needs of it goes to
/// <typeparamref name="TSink"/>. Only in the pipeline where a set is calibrated. Engine thread only.
/// </summary>
[Hot]
public struct SampleStage<TStage, TSink> : IEventHandler<MarketEvent>
    where TStage : struct, IEventHandler<MarketEvent>
    where TSink : struct, ISampleSink
{
    private const long TicksPerSecond = 1_000_000_000 / CaptureClock.TickNs;
    private const long TicksPerLegs = 10 * TicksPerSecond;

    private readonly EngineState _state;
    private readonly LastSample[] _last;
    private readonly TSink _sink;
    private CalibrationSchedule _schedule;
    private TStage _stage;

    /// <summary>Listens to <paramref name="stage"/>.</summary>
    public SampleStage(EngineState state, EngineOptions options, TStage stage, TSink sink)
    {
        _state = state;
        _last = new LastSample[options.InstrumentCapacity];
        _schedule = new CalibrationSchedule(options.Calibration.IntervalSeconds);
        _stage = stage;
        _sink = sink;
    }

    /// <inheritdoc/>
    public void OnStart() => _stage.OnStart();

    /// <inheritdoc/>
    public void OnEvent(ref MarketEvent evt, long sequence, bool endOfBatch)
    {
        var id = evt.InstrumentId;
        if (evt.Kind == EventKind.Timer)
        {
            _stage.OnEvent(ref evt, sequence, endOfBatch);
            OnTimer(evt.ReceiveTime);
            return;
        }

        if (!_state.IsDefined(id))
        {
            return;
        }

        ref var instrument = ref _state.StateOf(id);
        var isEvaluated = instrument.Touched || instrument.Stale;
        _stage.OnEvent(ref evt, sequence, endOfBatch);
        switch (evt.Kind)
        {
            case EventKind.Trade or EventKind.Liquidation:
                OnTrade(in evt);
                isEvaluated = true;
                break;
            case EventKind.Damaged:
                isEvaluated = true;
                break;
            default:
                break;
        }

        if (isEvaluated && evt.IsEndOfEvent)
        {
            OnEndOfEvent(id);
        }
    }

    /// <inheritdoc/>
    public void OnShutdown() => _stage.OnShutdown();

    private readonly void OnTrade(in MarketEvent evt)
    {
        if (evt.Quantity <= 0 || (evt.Flags & EventFlags.OffBook) != 0)
        {
            return;
        }

        ref var last = ref _last[evt.InstrumentId];
        switch (_state.SignalsOf(evt.InstrumentId).LastSign)
        {
            case < 0:
                last.Sold += evt.Quantity;
                break;
            case > 0:
                last.Bought += evt.Quantity;
                break;
            default:
                last.Unsigned += evt.Quantity;
                break;
        }
    }

    private readonly void OnEndOfEvent(int id)
    {
        var signals = _state.SignalsOf(id);
        ref var last = ref _last[id];
        if ((last.Sold | last.Bought | last.Unsigned) != 0)
        {
            _ = _sink.TryTake(new CalibrationSample
            {
                InstrumentId = id,
                Kind = SampleKind.Trades,
                TimeNs = signals.NowNs,
                Sold = last.Sold,
                Bought = last.Bought,
                Unsigned = last.Unsigned,
            });
            (last.Sold, last.Bought, last.Unsigned) = (0, 0, 0);
        }

        if (signals.LastStep == BookStep.Frozen)
        {
            last.Follows = false;
            return;
        }

        ref readonly var touch = ref signals.Boundary;
        var follows = last.Follows && signals.LastStep == BookStep.Stepped;
        if (follows && touch == last.Touch)
        {
            last.Repeats++;
            return;
        }

        // What is dropped breaks the chain: the next one that gets through starts it anew.
        last.Follows = _sink.TryTake(new CalibrationSample
        {
            InstrumentId = id,
            Kind = SampleKind.Touch,
            Prime = !follows,
            TimeNs = signals.NowNs,
            Touch = touch,
            Repeats = last.Repeats,
        });
        last.Touch = touch;
        last.Repeats = 0;
    }

    private void OnTimer(long boundaryNs)
    {
        // The signal stage closes the seconds of a tenth of the instruments on each tick.
        for (var id = (int)(boundaryNs / CaptureClock.TickNs % TicksPerSecond); id < _state.Count;
            id += (int)TicksPerSecond)
        {
            OnSecond(id);
        }

        for (var id = (int)(boundaryNs / CaptureClock.TickNs % TicksPerLegs); id < _state.Count;
            id += (int)TicksPerLegs)
        {
            OnLegs(id);
        }

        if (TSink.TakesBoundaries && _schedule.Pass(boundaryNs))
        {
            _ = _sink.TryTake(
                new CalibrationSample { InstrumentId = -1, Kind = SampleKind.Boundary, TimeNs = boundaryNs });
        }
    }

    private readonly void OnSecond(int id)
    {
        var set = _state.SetOf(id);
        ref var last = ref _last[id];
        if (set.FlowSeconds == last.FlowSeconds)
        {
            return;
        }

        last.FlowSeconds = set.FlowSeconds;
        var signals = _state.SignalsOf(id);
        ref readonly var touch = ref signals.Boundary;
        _ = _sink.TryTake(new CalibrationSample
        {
            InstrumentId = id,
            Kind = SampleKind.Flows,
            TimeNs = signals.NowNs,
            Flows = set.Estimates.LevelOfi,
            Mid2 = touch.HasBoth ? touch.Mid2 : 0,
        });
    }

    private readonly void OnLegs(int id)
    {
        // In a cascade what is usual stands still, and so does how legs usually go together.
        var set = _state.SetOf(id);
        ref readonly var score = ref set.Score;
        var nowNs = _state.SignalsOf(id).NowNs;
        ref var last = ref _last[id];
        if (nowNs == last.LegsNs || set.ScoredLegs == 0 || score.Regime is Regime.Cascading or Regime.Exhausted)
        {
            return;
        }

        last.LegsNs = nowNs;

        _ = _sink.TryTake(new CalibrationSample
        {
            InstrumentId = id,
            Kind = SampleKind.Legs,
            TimeNs = nowNs,
            Legs = score.Composite.Deviations,
            ValidLegs = set.ScoredLegs,
        });
    }

    private struct LastSample
    {
        public TouchState Touch;
        public long Repeats;
        public long Sold;
        public long Bought;
        public long Unsigned;
        public long FlowSeconds;
        public long LegsNs;
        public bool Follows;
    }
}
