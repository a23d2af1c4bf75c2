namespace FlowEngine.Aeron.Driver;

/// <summary>
/// A client's subscription, to whatever media. One with several destinations has one of these for the network, and one
/// more for each IPC or spy destination, all under the same registration id. Conductor's thread.
/// </summary>
internal sealed class DriverSubscription(
    long registrationId, long clientId, int streamId, SubscriptionParameters parameters)
{
    public long RegistrationId { get; } = registrationId;

    public long ClientId { get; } = clientId;

    public int StreamId { get; } = streamId;

    public SubscriptionParameters Parameters { get; } = parameters;

    public string Channel => Parameters.Uri.Text;

    /// <summary>The one session wanted; of a response subscription known only when its answerer has come.</summary>
    public int? SessionId { get; private set; } = parameters.SessionId;

    /// <summary>Whether it waits to hear which session answers.</summary>
    public bool AwaitsResponse => Parameters.IsResponse && SessionId is null;

    /// <summary>Whether it wants this session of this stream.</summary>
    public bool Matches(int streamId, int sessionId) =>
        streamId == StreamId && (SessionId is { } wanted ? wanted == sessionId : !Parameters.IsResponse);

    /// <summary>Tells a response subscription which session answers.</summary>
    public void TakeResponseSession(int sessionId) => SessionId = sessionId;
}
