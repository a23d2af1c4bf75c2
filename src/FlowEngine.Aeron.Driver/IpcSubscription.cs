namespace FlowEngine.Aeron.Driver;

/// <summary>A client's subscription to an IPC stream.</summary>
internal sealed class IpcSubscription(long registrationId, long clientId, int streamId, IpcParameters parameters)
{
    public long RegistrationId { get; } = registrationId;

    public long ClientId { get; } = clientId;

    public int StreamId { get; } = streamId;

    public IpcParameters Parameters { get; } = parameters;

    public string Channel => Parameters.Uri.Text;

    /// <summary>Whether it wants the stream of this publication.</summary>
    public bool Matches(IpcPublication publication) =>
        publication.StreamId == StreamId
        && (Parameters.SessionId is null || Parameters.SessionId == publication.SessionId);
}
