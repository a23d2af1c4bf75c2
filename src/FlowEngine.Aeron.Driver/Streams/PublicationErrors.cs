using FlowEngine.Aeron.Driver.Sending;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// Tells publishers, and the error log, that a receiver has refused their stream. Conductor's thread.
/// </summary>
internal sealed class PublicationErrors(StreamServices services)
{
    public void OnPublicationError(PublicationError error)
    {
        services.LogError(
            (ErrorCode)error.Code,
            $"onPublicationError: registrationId={error.RegistrationId}, "
            + $"destinationRegistrationId={error.DestinationRegistrationId}, sessionId={error.SessionId}, "
            + $"streamId={error.StreamId}, receiverId={error.ReceiverId}, groupId={error.GroupTag ?? -1}, "
            + $"errorCode={error.Code}, errorMessage={error.Text}");
        services.Notifier.PublicationError(error);
    }
}
