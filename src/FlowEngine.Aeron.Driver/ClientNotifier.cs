using System.Text;
using FlowEngine.Aeron.Control;

namespace FlowEngine.Aeron.Driver;

/// <summary>Broadcasts the driver's answers. Conductor's thread.</summary>
internal sealed class ClientNotifier(BroadcastTransmitter transmitter)
{
    private const int NoChannelStatus = -1;
    private const int MaxErrorText = 4096;
    private static readonly byte[] s_ipcChannel = "aeron:ipc"u8.ToArray();

    private readonly byte[] _scratch = new byte[16 * 1024];

    public void Error(long correlationId, ErrorCode code, string message)
    {
        var text = Encoding.UTF8.GetBytes(message);
        var response = new ErrorResponse
        {
            OffendingId = correlationId,
            Code = (int)code,
            Message = text.AsSpan(0, Math.Min(text.Length, MaxErrorText)),
        };
        Send(ResponseType.Error, response.Write(_scratch));
    }

    public void Success(long correlationId) =>
        Send(ResponseType.OperationSuccess, new LongResponse { Id = correlationId }.Write(_scratch));

    public void ClientTimeout(long clientId) =>
        Send(ResponseType.ClientTimeout, new LongResponse { Id = clientId }.Write(_scratch));

    public void CounterReady(long correlationId, int counterId) =>
        SendId(ResponseType.CounterReady, correlationId, counterId);

    public void StaticCounter(long correlationId, int counterId) =>
        SendId(ResponseType.StaticCounter, correlationId, counterId);

    public void UnavailableCounter(long registrationId, int counterId) =>
        SendId(ResponseType.UnavailableCounter, registrationId, counterId);

    public void NextSessionId(long correlationId, int sessionId) =>
        SendId(ResponseType.NextAvailableSessionId, correlationId, sessionId);

    public void SubscriptionReady(long correlationId) =>
        SendId(ResponseType.SubscriptionReady, correlationId, NoChannelStatus);

    public void PublicationReady(long correlationId, IpcPublication publication)
    {
        var response = new PublicationReadyResponse
        {
            CorrelationId = correlationId,
            RegistrationId = publication.RegistrationId,
            SessionId = publication.SessionId,
            StreamId = publication.StreamId,
            LimitCounterId = publication.LimitCounterId,
            ChannelStatusCounterId = NoChannelStatus,
            LogFile = Encoding.UTF8.GetBytes(publication.LogPath),
        };
        Send(
            publication.IsExclusive ? ResponseType.ExclusivePublicationReady : ResponseType.PublicationReady,
            response.Write(_scratch));
    }

    public void AvailableImage(IDriverStream stream, SubscriberPosition subscriber)
    {
        var response = new AvailableImageResponse
        {
            ImageId = stream.ImageId,
            SessionId = stream.SessionId,
            StreamId = stream.StreamId,
            SubscriptionId = subscriber.Subscription.RegistrationId,
            PositionCounterId = subscriber.Position.Id,
            LogFile = Encoding.UTF8.GetBytes(stream.LogPath),
            SourceIdentity = Encoding.UTF8.GetBytes(stream.SourceIdentity),
        };
        Send(ResponseType.AvailableImage, response.Write(_scratch));
    }

    public void UnavailableImage(IDriverStream stream, SubscriberPosition subscriber)
    {
        var response = new UnavailableImageResponse
        {
            ImageId = stream.ImageId,
            SubscriptionId = subscriber.Subscription.RegistrationId,
            StreamId = stream.StreamId,
            Channel = s_ipcChannel,
        };
        Send(ResponseType.UnavailableImage, response.Write(_scratch));
    }

    private void SendId(int type, long correlationId, int id) =>
        Send(type, new IdResponse { CorrelationId = correlationId, Id = id }.Write(_scratch));

    private void Send(int type, int length) => transmitter.Transmit(type, _scratch.AsSpan(0, length));
}
