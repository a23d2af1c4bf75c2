using FlowEngine.Cli.Book;
using FlowEngine.Cli.Explain;
using FlowEngine.Cli.Frame;
using FlowEngine.Client;
using FlowEngine.Engine;
using FlowEngine.Feeds.Readers;
using FlowEngine.Market;
using FlowEngine.Messages.PreTrade;

namespace FlowEngine.Cli.Cost;

/// <summary>
/// Asks a replayed engine, as of one moment of a file, what a running one would be asked: the same copy of the book,
/// the same arithmetic, the same bytes for an answer.
/// </summary>
internal sealed class FileCost : IEventTap
{
    private readonly CostRequest _request;
    private readonly CostMoment _moment;
    private readonly string? _symbol;
    private readonly PreTradeCase _case = new();
    private readonly byte[] _answer = new byte[AnswerEncoder.Length];
    private TappedReplay? _replay;
    private Instrument? _instrument;
    private long _sequence = -1;

    private FileCost(CostRequest request, CostMoment moment, string? symbol)
    {
        _request = request;
        _moment = moment;
        _symbol = symbol;
    }

    private bool IsDone { get; set; }

    /// <summary>The answer.</summary>
    /// <param name="replay">How the file is read.</param>
    /// <param name="request">The order.</param>
    /// <param name="moment">When it may be given.</param>
    /// <param name="symbol">The instrument; null: the file's first.</param>
    /// <param name="stop">When to end.</param>
    /// <exception cref="UserError">There is no such instrument, moment or book.</exception>
    public static CostResult Read(
        CostReplay replay, CostRequest request, CostMoment moment, string? symbol, StopSignal stop)
    {
        var cost = new FileCost(request, moment, symbol);
        using var engine = new TappedReplay([replay.Path], replay.Open, replay.Options, cost);
        cost._replay = engine;
        engine.Run(() => cost.IsDone, stop);
        if (!cost.IsDone)
        {
            if (moment.EventSequence is { } sequence)
            {
                throw new UserError($"{replay.Path}: has no event {sequence}, only 0 to {cost._sequence}");
            }

            cost.Ask(cost._sequence);
        }

        return cost.ResultOf(replay.Path);
    }

    /// <inheritdoc/>
    public void Before(in MarketEvent evt, long sequence)
    {
        if (!IsDone && evt.InstrumentId >= 0 && evt.InstrumentId == _instrument?.Id && _moment.IsBefore(in evt))
        {
            Ask(sequence - 1);
        }
    }

    /// <inheritdoc/>
    public void After(in MarketEvent evt, long sequence)
    {
        if (IsDone)
        {
            return;
        }

        _sequence = sequence;
        if (evt.Kind == EventKind.InstrumentDefined && _instrument is null)
        {
            var defined = _replay!.Pipeline.State.Table[evt.InstrumentId];
            _instrument = _symbol is null || defined.Symbol == _symbol ? defined : null;
        }

        if (_moment.EventSequence == sequence)
        {
            Ask(sequence);
        }
    }

    /// <inheritdoc/>
    public void Message(ReadOnlySpan<byte> message)
    {
    }

    private void Ask(long sequence)
    {
        IsDone = true;
        if (_instrument is null)
        {
            return;
        }

        var pipeline = _replay!.Pipeline;
        _case.Question = new OrderQuestion
        {
            InstrumentId = _instrument.Id,
            Sign = _request.Sign,
            Slices = _request.Slices,
            Lots = _request.LotsOf(_instrument.Symbol, _instrument.Lot.ToDecimal()),
            HorizonNs = _request.HorizonNs,
            RiskAversion = _request.RiskAversion,
        };
        pipeline.State.Desk.Fill(_case, sequence);
        pipeline.Answerer.Write(_answer, _case);
    }

    private CostResult ResultOf(string path)
    {
        if (_instrument is not { } instrument)
        {
            throw new UserError($"{path}: no such instrument up to that moment: see 'flowengine book {path}'");
        }

        CostAnswerReader.TryWrap(_answer, out var answer);
        return answer.Status == AnswerStatus.Ok
            ? CostResult.Of(in answer, new SignalInstrument(
                instrument.Id, instrument.Symbol, instrument.Venue, instrument.PriceQuantum.ToDouble(),
                instrument.TickQuanta, instrument.Lot.ToDouble()))
            : throw new UserError($"{path}: {instrument.Symbol} has no book of two sides at that moment "
                + $"({_case.Validity}): use another --at or --seq");
    }
}

/// <summary>How a file is replayed.</summary>
/// <param name="Path">The file.</param>
/// <param name="Open">How it is opened.</param>
/// <param name="Options">The engine's configuration.</param>
internal sealed record CostReplay(string Path, Func<string, FileReader> Open, EngineOptions Options);

/// <summary>When an order may be given: after an event, or after the last one up to a time; else at the end.</summary>
/// <param name="Time">Venue time.</param>
/// <param name="EventSequence">The engine's number of an event.</param>
internal readonly record struct CostMoment(BookMoment Time, long? EventSequence)
{
    /// <summary>Whether this event lies behind the moment.</summary>
    public bool IsBefore(in MarketEvent evt) => Time.TimeNs is { } time && evt.VenueTime > time;
}
