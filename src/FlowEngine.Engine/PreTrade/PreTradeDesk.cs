using FlowEngine.Core;
using FlowEngine.Market;
using FlowEngine.Messages.PreTrade;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>
/// The engine thread's part in answering: at the event of a question it copies what the answer is made of, O(levels),
/// and hands the case on. It computes nothing that depends on the slices, allocates nothing and waits for nobody.
/// </summary>
public sealed class PreTradeDesk
{
    /// <summary>Questions that can be under way.</summary>
    public const int Capacity = 32;

    private const double PerMinute = 1.0 / 60;

    private readonly EngineState _state;
    private readonly InstrumentPast[] _pasts;

    /// <summary>Takes the memory.</summary>
    public PreTradeDesk(EngineState state, int instrumentCapacity)
    {
        _state = state;
        _pasts = state.SetVersion == TouchSet.Version ? [] : new InstrumentPast[instrumentCapacity];
    }

    /// <summary>The questions under way.</summary>
    public PreTradeCases Cases { get; } = new(Capacity, PreTradeCase.DefaultLevels);

    /// <summary>Events of questions so far: they do not count in the sequence of market events.</summary>
    public long Asked { get; private set; }

    /// <summary>What costs rest on; not under <see cref="TouchSet"/>.</summary>
    [Hot]
    public InstrumentPast PastOf(int instrumentId) => _pasts[instrumentId];

    /// <summary>Set-up of a new instrument.</summary>
    public void Define(int instrumentId)
    {
        if (_pasts.Length > 0)
        {
            _pasts[instrumentId] = new InstrumentPast();
        }
    }

    /// <summary>The event of a question.</summary>
    /// <param name="evt">Its Id is the case's number.</param>
    /// <param name="eventSequence">The newest market event's.</param>
    [Hot]
    public void Take(in MarketEvent evt, long eventSequence)
    {
        Asked++;
        if (Cases.TryOpen(evt.Id) is { } opened)
        {
            Fill(opened, eventSequence);
            Cases.Filled();
        }
    }

    /// <summary>Copies what the answer to a case's question is made of, as of now.</summary>
    [Hot]
    public void Fill(PreTradeCase opened, long eventSequence)
    {
        opened.Clear();
        opened.EventSequence = eventSequence;
        opened.SignalSet = _state.SetVersion;
        var id = opened.Question.InstrumentId;
        if (!_state.IsDefined(id))
        {
            opened.Status = AnswerStatus.UnknownInstrument;
            return;
        }

        ref readonly var question = ref opened.Question;
        ref var instrument = ref _state.StateOf(id);
        var book = _state.Books[id];
        var signals = _state.SignalsOf(id);
        opened.Touch = TouchState.Of(book.Bids, book.Asks);
        opened.VenueSequence = book.VenueSequence;
        opened.VenueTime = instrument.VenueTime;
        opened.ReceiveTime = instrument.ReceiveTime;
        opened.NowNs = Math.Max(signals.NowNs, instrument.VenueTime);
        opened.Validity = book.Validity | opened.Touch.Shape()
            | (instrument.Stale ? ValidityFlags.Stale : ValidityFlags.None);
        opened.Trades = signals.Pressure.TradeCount;
        if (book.State != BookState.Live
            || opened.Touch.Shape() is not (ValidityFlags.None or ValidityFlags.Locked)
            || opened.Touch.Mid2 <= 0)
        {
            opened.Status = AnswerStatus.NotLive;
            return;
        }

        if (_pasts.Length > 0)
        {
            CopyPast(opened, id);
        }

        opened.CopyLevels(
            question.Sign < 0 ? book.Bids : book.Asks, 2 * question.Lots, whole: opened.Forced.Length > 0);
    }

    private void CopyPast(PreTradeCase opened, int id)
    {
        var set = _state.SetOf(id);
        var past = _pasts[id];
        opened.HasPast = true;
        opened.SecondDeviation = past.SecondDeviation;
        opened.MoveForRoot = past.MoveForRoot;
        opened.LotsPerSecond = _state.SignalsOf(id).TryMeanMinute(out var lots) ? lots * PerMinute : 0;
        opened.Kyle = set.Estimates.Kyle;
        opened.Transient = set.Transient;
        opened.HasMap = set.HasMap;
        opened.SetForced(set.ReadForced(opened.Question.Sign, opened.ForcedRoom()));
    }
}
