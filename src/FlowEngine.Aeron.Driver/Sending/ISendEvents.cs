using FlowEngine.Aeron.Driver.Media;

namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>What the sender has to tell the conductor. Called on the conductor's thread.</summary>
internal interface ISendEvents
{
    /// <summary>A receiver refuses a publication: ON_PUBLICATION_ERROR.</summary>
    void OnPublicationError(PublicationError error);

    /// <summary>The receiver of a request stream says which session will answer it.</summary>
    /// <param name="responseCorrelationId">What the publication's channel gave.</param>
    /// <param name="responseSessionId">Session of the response.</param>
    void OnResponseSetup(long responseCorrelationId, int responseSessionId);

    /// <summary>A publication with a response correlation id has its first receiver.</summary>
    void OnResponseConnected(long responseCorrelationId);

    /// <summary>An address has been silent for too long: its name may mean another by now.</summary>
    /// <param name="endpoint">To be given the new address by <see cref="SendEndpoint.ReplaceAddress"/>.</param>
    /// <param name="channel">Channel with the name; the endpoint's, or one of its destinations'.</param>
    /// <param name="address">What is used now.</param>
    void OnReResolve(SendEndpoint endpoint, UdpChannel channel, UdpAddress address);
}

/// <summary>An ERR frame for a publication of this driver.</summary>
internal sealed record PublicationError
{
    /// <summary>The publication's.</summary>
    public required long RegistrationId { get; init; }

    /// <summary>The destination's it came from, or -1.</summary>
    public required long DestinationRegistrationId { get; init; }

    public required int SessionId { get; init; }

    public required int StreamId { get; init; }

    public required long ReceiverId { get; init; }

    /// <summary>The receiver's, or null.</summary>
    public required long? GroupTag { get; init; }

    /// <summary>Where the frame came from.</summary>
    public required UdpAddress Source { get; init; }

    /// <summary>See <see cref="ErrorCode"/>.</summary>
    public required int Code { get; init; }

    public required string Text { get; init; }
}
