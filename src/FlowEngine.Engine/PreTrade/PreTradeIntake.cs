using FlowEngine.Aeron;
using FlowEngine.Core;
using FlowEngine.Core.Time;
using FlowEngine.Market;
using FlowEngine.Messages.PreTrade;

namespace FlowEngine.Engine;

/// <summary>
/// Takes questions in: what is not sound is answered at once, the rest enters the ring as an event, between the packets
/// of the venues, so that each is answered as of one place in the stream. Hostile bytes are counted and answered where
/// they say whom to answer. Ingress thread only; allocates nothing.
/// </summary>
[Hot]
public sealed class PreTradeIntake : IControlledFragmentHandler
{
    private readonly Ingress _ingress;
    private readonly InstrumentTable _instruments;
    private readonly PreTradeCases _cases;
    private readonly EngineIdentity _identity;
    private readonly AnswerOutput _output;

    /// <summary>An intake of one pipeline.</summary>
    /// <param name="ingress">Where events enter the ring.</param>
    /// <param name="instruments">The instruments that there are.</param>
    /// <param name="cases">Room for questions.</param>
    /// <param name="identity">What tells this engine from another.</param>
    /// <param name="answers">Where refusals go; null: nowhere.</param>
    public PreTradeIntake(
        Ingress ingress, InstrumentTable instruments, PreTradeCases cases, EngineIdentity identity,
        Publication? answers)
    {
        _ingress = ingress;
        _instruments = instruments;
        _cases = cases;
        _identity = identity;
        _output = new AnswerOutput(answers);
    }

    /// <summary>Questions that entered the ring.</summary>
    public long Accepted { get; private set; }

    /// <summary>Questions answered with a refusal.</summary>
    public long Refused { get; private set; }

    /// <summary>Of these, those that were not sound.</summary>
    public long Bad { get; private set; }

    /// <summary>Of these, those that found no free case.</summary>
    public long Busy { get; private set; }

    /// <summary>Messages that do not even say whom to answer.</summary>
    public long Unreadable { get; private set; }

    /// <summary>Refusals that could not be sent.</summary>
    public long Unsent { get; private set; }

    /// <inheritdoc/>
    public ControlledPollAction OnFragment(ReadOnlySpan<byte> payload, in FragmentHeader header) =>
        TryTake(payload) ? ControlledPollAction.Continue : ControlledPollAction.Abort;

    /// <summary>Takes one message.</summary>
    /// <returns>False when the ring lacks room: offer the same message again later.</returns>
    public bool TryTake(ReadOnlySpan<byte> message)
    {
        if (!CostRequestReader.TryWrap(message, out var request))
        {
            RefuseDamaged(message);
            return true;
        }

        var question = OrderQuestion.Of(request);
        if (IsNobody(question.ClientId, question.CorrelationId))
        {
            Unreadable++;
            return true;
        }

        if (!question.IsSound())
        {
            Bad++;
            Refuse(IdsOf(question.ClientId, question.CorrelationId), AnswerStatus.BadRequest);
            return true;
        }

        if (request.Epoch != 0 && request.Epoch != _identity.Epoch)
        {
            Refuse(question, AnswerStatus.OtherEpoch);
            return true;
        }

        if (question.InstrumentId >= _instruments.Count)
        {
            Refuse(question, AnswerStatus.UnknownInstrument);
            return true;
        }

        return TryEnter(question);
    }

    private bool TryEnter(in OrderQuestion question)
    {
        if (!_ingress.HasRoom)
        {
            return false;
        }

        if (_cases.TryTake(out var number) is not { } opened)
        {
            Busy++;
            Refuse(question, AnswerStatus.Busy);
            return true;
        }

        opened.Question = question;
        _ingress.Ask(question.InstrumentId, number);
        Accepted++;
        return true;
    }

    // A request cut short may still say who asked.
    private void RefuseDamaged(ReadOnlySpan<byte> message)
    {
        const int Ids = 2 * sizeof(ulong);
        if (!MessageHeaderReader.TryWrap(message, out var header)
            || header.SchemaId != SchemaInfo.Id
            || header.TemplateId != CostRequestReader.TemplateId
            || message.Length < MessageHeaderReader.Length + Ids)
        {
            Unreadable++;
            return;
        }

        var body = message[MessageHeaderReader.Length..];
        var question = IdsOf(
            System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(body),
            System.Buffers.Binary.BinaryPrimitives.ReadUInt64LittleEndian(body[sizeof(ulong)..]));
        if (IsNobody(question.ClientId, question.CorrelationId))
        {
            Unreadable++;
            return;
        }

        Bad++;
        Refuse(question, AnswerStatus.BadRequest);
    }

    private void Refuse(in OrderQuestion question, AnswerStatus status)
    {
        Refused++;
        if (_output.TryClaim(out var claim) != SendResult.Sent)
        {
            Unsent++;
            return;
        }

        AnswerEncoder.Refuse(claim.Span, question, status, _identity.Epoch);
        AnswerEncoder.StampSent(claim.Span, SystemClock.EpochNanosNow());
        claim.Commit();
    }

    private static OrderQuestion IdsOf(ulong clientId, ulong correlationId) =>
        new() { ClientId = clientId, CorrelationId = correlationId };

    private static bool IsNobody(ulong clientId, ulong correlationId) =>
        clientId == CostRequestReader.ClientIdNull || correlationId == CostRequestReader.CorrelationIdNull;
}
