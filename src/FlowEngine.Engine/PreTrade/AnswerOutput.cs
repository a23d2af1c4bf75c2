using FlowEngine.Aeron;
using FlowEngine.Core;

namespace FlowEngine.Engine;

/// <summary>The engine's end of the answer stream. Any thread: ingress refuses, the answerer answers.</summary>
[Hot]
public readonly struct AnswerOutput
{
    private const int AdminActionTries = 3;

    private readonly Publication? _publication;

    /// <summary>An output onto <paramref name="publication"/>; null for none.</summary>
    public AnswerOutput(Publication? publication) => _publication = publication;

    /// <summary>Claims room for an answer; fill and commit it when the result is Sent.</summary>
    public SendResult TryClaim(out BufferClaim claim)
    {
        claim = default;
        for (var i = 0; _publication is not null && i < AdminActionTries; i++)
        {
            var position = _publication.TryClaim(AnswerEncoder.Length, out claim);
            if (position > 0)
            {
                return SendResult.Sent;
            }

            if (position != PublicationResult.AdminAction)
            {
                return position == PublicationResult.BackPressured ? SendResult.NotNow : SendResult.NoSubscriber;
            }
        }

        return _publication is null ? SendResult.NoSubscriber : SendResult.NotNow;
    }
}
