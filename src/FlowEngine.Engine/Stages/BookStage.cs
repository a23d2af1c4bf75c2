using FlowEngine.Core;
using FlowEngine.Disruptor;
using FlowEngine.Market;

namespace FlowEngine.Engine;

/// <summary>
/// First stage: every event that changes what the engine knows of an instrument's book, clock, parameters or existence.
/// </summary>
[Hot]
public struct BookStage : IEventHandler<MarketEvent>
{
    private readonly EngineState _state;

    /// <summary>A stage over the engine's state.</summary>
    public BookStage(EngineState state) => _state = state;

    /// <inheritdoc/>
    public readonly void OnStart()
    {
    }

    /// <inheritdoc/>
    public readonly void OnEvent(ref MarketEvent evt, long sequence, bool endOfBatch)
    {
        _state.Totals.Events++;
        switch (evt.Kind)
        {
            case EventKind.LevelSet or EventKind.LevelDelta or EventKind.LevelDelete:
            case EventKind.OrderAdd or EventKind.OrderModify or EventKind.OrderDelete or EventKind.OrderExecute:
            case EventKind.SnapshotBegin or EventKind.SnapshotLevel or EventKind.SnapshotEnd:
            case EventKind.Clear or EventKind.Gap or EventKind.Status:
            case EventKind.SessionReset or EventKind.ChecksumMismatch:
            case EventKind.Trade or EventKind.Liquidation or EventKind.Damaged:
                Apply(in evt);
                break;
            case EventKind.Timer:
                _state.Clock = evt.ReceiveTime;
                break;
            case EventKind.ParameterBegin or EventKind.ParameterValue or EventKind.ParameterEnd:
                _state.Parameters.Accept(in evt, sequence);
                break;
            case EventKind.InstrumentDefined:
                _state.Define(evt.InstrumentId);
                break;
            default:
                break;
        }
    }

    /// <inheritdoc/>
    public readonly void OnShutdown() => _state.Parameters.Close();

    private readonly void Apply(in MarketEvent evt)
    {
        if (!_state.IsDefined(evt.InstrumentId))
        {
            return;
        }

        var book = _state.Books[evt.InstrumentId];
        var (gaps, recoveries, wasLive) = (book.Gaps, book.Recoveries, book.State == BookState.Live);
        var change = evt.Kind is >= EventKind.OrderAdd and <= EventKind.OrderExecute && wasLive
            ? ApplyOrder(in evt, book)
            : book.Apply(in evt);
        var totals = _state.Totals;
        totals.Gaps += book.Gaps - gaps;
        totals.Recoveries += book.Recoveries - recoveries;
        totals.CompleteBooks += (book.State == BookState.Live ? 1 : 0) - (wasLive ? 1 : 0);
        ref var instrument = ref _state.StateOf(evt.InstrumentId);
        instrument.Touched |= evt.Kind == EventKind.Status;
        if (change == BookChange.None)
        {
            return;
        }

        instrument.Touched = true;
        instrument.DepthChanged = true;
        instrument.Reprime |= change is BookChange.Primed or BookChange.Lost;
    }

    // What an event of a book of orders did to its order is told by how that rested before and after it.
    private readonly BookChange ApplyOrder(in MarketEvent evt, InstrumentBook book)
    {
        if (book.Orders is not { } orders || _state.FindSet(evt.InstrumentId) is not { } set)
        {
            return book.Apply(in evt);
        }

        _ = orders.TryGet(evt.Id, out var before);
        var change = book.Apply(in evt);
        if (change == BookChange.Changed)
        {
            _ = orders.TryGet(evt.Id, out var after);
            set.OnOrder(evt.Kind, in before, in after);
        }

        return change;
    }
}
