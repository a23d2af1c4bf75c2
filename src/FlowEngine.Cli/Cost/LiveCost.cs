using FlowEngine.Aeron;
using FlowEngine.Cli.Frame;
using FlowEngine.Client;
using FlowEngine.Core.Time;
using FlowEngine.Messages.PreTrade;

namespace FlowEngine.Cli.Cost;

/// <summary>Asks a running engine over Aeron.</summary>
internal sealed class LiveCost : PreTradeHandler
{
    private const long PatienceNs = 5_000_000_000;
    private const long AnswerNs = 2_000_000_000;
    private const int FragmentLimit = 64;

    private readonly CostRequest _request;
    private readonly string? _symbol;
    private SignalInstrument? _instrument;
    private CostResult? _result;
    private AnswerStatus _status;
    private string _validity = "";
    private bool _isOver;

    private LiveCost(CostRequest request, string? symbol) => (_request, _symbol) = (request, symbol);

    /// <summary>From the question to its answer.</summary>
    private long ElapsedNs { get; set; }

    /// <summary>The answer of the engine behind these streams.</summary>
    /// <returns>What it says, and how long it took in nanoseconds.</returns>
    /// <exception cref="UserError">No driver, engine, instrument, book or answer.</exception>
    public static (CostResult Result, long ElapsedNs) Read(
        AeronOptions options, CostRequest request, string? symbol, StopSignal stop)
    {
        var cost = new LiveCost(request, symbol);
        using var aeron = DriverAccess.Connect(options.DirectoryOrDefault, "flowengine cost");
        var epoch = cost.FindInstrument(aeron, options, stop);
        using var requests = aeron.AddExclusivePublication(options.RequestChannel, options.RequestStream);
        using var answers = aeron.AddSubscription(AeronOptions.ObserverOf(options.AnswerChannel), options.AnswerStream);
        var client = new PreTradeClient(
            requests, answers, cost, PreTradeClient.NewClientId(), timeoutNs: AnswerNs);
        Await(() => client.IsConnected, stop, () => new UserError(
            $"no engine takes questions on {options.RequestChannel} stream {options.RequestStream} and answers on "
            + $"{options.AnswerChannel} stream {options.AnswerStream}: is 'flowengine run' running, with these?"));
        cost.Ask(client, epoch, stop);
        return (cost.ResultOrFault(), cost.ElapsedNs);
    }

    /// <inheritdoc/>
    public override void OnAnswer(in CostAnswerReader answer)
    {
        _status = answer.Status;
        _validity = answer.Book.Validity.ToString();
        _result = _status == AnswerStatus.Ok ? CostResult.Of(in answer, _instrument!) : null;
        _isOver = true;
    }

    /// <inheritdoc/>
    public override void OnTimeout(ulong correlationId) =>
        throw new UserError($"the engine did not answer within {AnswerNs / 1_000_000_000} s");

    private ulong FindInstrument(AeronClient aeron, AeronOptions options, StopSignal stop)
    {
        using var subscription = aeron.AddSubscription(options.ObserverSignalChannel, options.SignalStream);
        var signals = new SignalSubscription(subscription, new Silent());
        Await(
            () =>
            {
                signals.Poll(FragmentLimit);
                _instrument = signals.Instruments.Values
                    .Where(known => _symbol is null || known.Symbol == _symbol)
                    .MinBy(known => known.Id);
                return _instrument is not null;
            },
            stop,
            () => new UserError(signals.Instruments.Count == 0
                ? $"no engine publishes instruments on {options.SignalChannel} stream {options.SignalStream}: is "
                    + "'flowengine run' running, with a feed?"
                : $"the engine knows no instrument '{_symbol}'; it has "
                    + string.Join(", ", signals.Instruments.Values.Take(10).Select(known => known.Symbol))));
        return signals.Epoch;
    }

    private void Ask(PreTradeClient client, ulong epoch, StopSignal stop)
    {
        var question = new PreTradeQuestion(
            _instrument!.Id, _request.Sign > 0 ? Side.Buy : Side.Sell,
            _request.LotsOf(_instrument.Symbol, (decimal)_instrument.Lot), _request.HorizonNs, _request.Slices,
            _request.RiskAversion, epoch);
        var startNs = SystemClock.Nanos();
        if (client.TryAsk(question, out _) is var asked && asked != AskResult.Sent)
        {
            throw new UserError($"the question could not be sent: {asked}; try again");
        }

        while (!_isOver && !stop.IsRequested)
        {
            if (client.Poll(FragmentLimit) == 0)
            {
                Thread.Yield();
            }
        }

        ElapsedNs = SystemClock.Nanos() - startNs;
    }

    private CostResult ResultOrFault() => _result ?? throw new UserError(_status switch
    {
        _ when !_isOver => "stopped before the answer",
        AnswerStatus.NotLive => $"{_instrument!.Symbol} has no book of two sides now ({_validity}): ask again later",
        AnswerStatus.Busy => "the engine has too many questions under way: ask again later",
        AnswerStatus.OtherEpoch => "the engine was started anew meanwhile: ask again",
        var other => $"the engine refuses the question: {other}",
    });

    private static void Await(Func<bool> condition, StopSignal stop, Func<UserError> fault)
    {
        var endNs = SystemClock.Nanos() + PatienceNs;
        while (!condition())
        {
            if (SystemClock.Nanos() >= endNs || stop.IsRequested)
            {
                throw fault();
            }

            Thread.Sleep(1);
        }
    }

    // The directory is all that is wanted of the signals.
    private sealed class Silent : SignalHandler;
}
