namespace FlowEngine.Aeron.Driver;

/// <summary>A client's subscription, to whatever media. Conductor's thread.</summary>
internal sealed class DriverSubscription(
    long registrationId, long clientId, int streamId, SubscriptionParameters parameters)
{
    public long RegistrationId { get; } = registrationId;

    public long ClientId { get; } = clientId;

    public int StreamId { get; } = streamId;

    public SubscriptionParameters Parameters { get; } = parameters;

    public string Channel => Parameters.Uri.Text;

    /// <summary>Whether it wants this session of this stream.</summary>
    public bool Matches(int streamId, int sessionId) =>
        streamId == StreamId && (Parameters.SessionId is null || Parameters.SessionId == sessionId);
}
