using FlowEngine.Aeron;
using FlowEngine.Core;

namespace FlowEngine.Engine;

/// <summary>What became of a message.</summary>
public enum SendResult
{
    /// <summary>It is in the log.</summary>
    Sent,

    /// <summary>Back pressure: try later, or let a newer value replace it.</summary>
    NotNow,

    /// <summary>Nobody subscribes.</summary>
    NoSubscriber,
}

/// <summary>The engine's end of the signal stream. Engine thread only.</summary>
[Hot]
public readonly struct SignalOutput
{
    private const int AdminActionTries = 3;

    private readonly ExclusivePublication? _publication;

    /// <summary>An output onto <paramref name="publication"/>; none when the signals are only computed.</summary>
    public SignalOutput(ExclusivePublication? publication) => _publication = publication;

    /// <summary>Whether anybody subscribes.</summary>
    public bool IsConnected => _publication is not null && _publication.IsConnected;

    /// <summary>Claims room for a message; fill and commit it when the result is Sent.</summary>
    public SendResult TryClaim(int length, out BufferClaim claim)
    {
        claim = default;
        if (_publication is null)
        {
            return SendResult.NoSubscriber;
        }

        for (var i = 0; i < AdminActionTries; i++)
        {
            var position = _publication.TryClaim(length, out claim);
            if (position > 0)
            {
                return SendResult.Sent;
            }

            if (position != PublicationResult.AdminAction)
            {
                return position == PublicationResult.NotConnected || position == PublicationResult.Closed
                    ? SendResult.NoSubscriber
                    : SendResult.NotNow;
            }
        }

        return SendResult.NotNow;
    }
}
