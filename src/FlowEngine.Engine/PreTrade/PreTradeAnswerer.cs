using FlowEngine.Aeron;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Time;
using FlowEngine.Market;
using FlowEngine.Messages.PreTrade;

namespace FlowEngine.Engine;

/// <summary>
/// Prices the cases that the engine thread filled, and publishes the answers, in the order asked. A thread that may
/// take its time: it allocates. An answer that nobody takes for a second is dropped and counted.
/// </summary>
public sealed class PreTradeAnswerer : IAgent
{
    private const long PatienceNs = 1_000_000_000;

    private readonly PreTradeCases _cases;
    private readonly InstrumentTable _instruments;
    private readonly EngineIdentity _identity;
    private readonly AnswerOutput _output;
    private readonly byte[] _answer = new byte[AnswerEncoder.Length];
    private bool _isWaiting;
    private long _dropNs;
    private long _answered;

    /// <summary>An answerer of one pipeline.</summary>
    /// <param name="cases">Where the cases come from.</param>
    /// <param name="instruments">What their integers are worth.</param>
    /// <param name="identity">What tells this engine from another.</param>
    /// <param name="answers">Where answers go; null: nowhere.</param>
    public PreTradeAnswerer(
        PreTradeCases cases, InstrumentTable instruments, EngineIdentity identity, Publication? answers)
    {
        _cases = cases;
        _instruments = instruments;
        _identity = identity;
        _output = new AnswerOutput(answers);
    }

    /// <inheritdoc/>
    public string Name => "flowengine-answers";

    /// <summary>Answers published. Any thread.</summary>
    public long Answered => Volatile.Read(ref _answered); // pairs with the write in Send

    /// <summary>Answers that nobody took.</summary>
    public long Dropped { get; private set; }

    /// <inheritdoc/>
    public int DoWork(long nowNs)
    {
        if (!_isWaiting)
        {
            if (_cases.TryNext() is not { } filled)
            {
                return 0;
            }

            Write(_answer, filled);
            _cases.Release();
            _isWaiting = true;
            _dropNs = nowNs + PatienceNs;
        }

        return Send(nowNs);
    }

    /// <summary>Prices a case and writes its answer, unsent.</summary>
    public void Write(Span<byte> answer, PreTradeCase filled)
    {
        var cost = filled.Status == AnswerStatus.Ok
            ? OrderPricing.Of(filled, _instruments[filled.Question.InstrumentId])
            : null;
        AnswerEncoder.Answer(answer, filled, cost, _identity);
    }

    private int Send(long nowNs)
    {
        var result = _output.TryClaim(out var claim);
        if (result == SendResult.Sent)
        {
            AnswerEncoder.StampSent(_answer, SystemClock.EpochNanosNow());
            _answer.CopyTo(claim.Span);
            claim.Commit();
            Volatile.Write(ref _answered, _answered + 1); // pairs with the read in Answered
            _isWaiting = false;
            return 1;
        }

        if (result == SendResult.NoSubscriber || nowNs >= _dropNs)
        {
            Dropped++;
            _isWaiting = false;
            return 1;
        }

        return 0;
    }
}
