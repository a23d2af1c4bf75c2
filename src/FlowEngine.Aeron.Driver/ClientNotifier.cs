using System.Text;
using FlowEngine.Aeron.Control;
using FlowEngine.Aeron.Driver.Sending;

namespace FlowEngine.Aeron.Driver;

/// <summary>Broadcasts the driver's answers. Conductor's thread.</summary>
internal sealed class ClientNotifier(BroadcastTransmitter transmitter)
{
    /// <summary>Channel status counter id of IPC and spies, which have no channel that could fail.</summary>
    public const int NoChannelStatus = -1;

    /// <summary>Longest reason of a rejection.</summary>
    public const int MaxReasonLength = 1023;

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

    public void SubscriptionReady(long correlationId, int channelStatusId) =>
        SendId(ResponseType.SubscriptionReady, correlationId, channelStatusId);

    public void PublicationReady(
        long correlationId, IDriverStream publication, bool isExclusive, int limitCounterId, int channelStatusId)
    {
        var response = new PublicationReadyResponse
        {
            CorrelationId = correlationId,
            RegistrationId = publication.ImageId,
            SessionId = publication.SessionId,
            StreamId = publication.StreamId,
            LimitCounterId = limitCounterId,
            ChannelStatusCounterId = channelStatusId,
            LogFile = Encoding.UTF8.GetBytes(publication.LogPath),
        };
        Send(
            isExclusive ? ResponseType.ExclusivePublicationReady : ResponseType.PublicationReady,
            response.Write(_scratch));
    }

    /// <summary>A receiver refused a publication's stream.</summary>
    public void PublicationError(PublicationError error)
    {
        var text = Encoding.UTF8.GetBytes(error.Text);
        var response = new PublicationErrorResponse
        {
            RegistrationId = error.RegistrationId,
            DestinationId = error.DestinationRegistrationId,
            SessionId = error.SessionId,
            StreamId = error.StreamId,
            ReceiverId = error.ReceiverId,
            GroupTag = error.GroupTag ?? -1,
            AddressType = error.Source.IsIPv6
                ? PublicationErrorResponse.AddressIPv6
                : PublicationErrorResponse.AddressIPv4,
            Port = (ushort)error.Source.Port,
            Address = error.Source.AddressBytes(),
            Code = error.Code,
            Message = text.AsSpan(0, Math.Min(text.Length, MaxReasonLength)),
        };
        Send(ResponseType.PublicationError, response.Write(_scratch));
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

    /// <summary>An IPC image goes.</summary>
    public void UnavailableImage(IDriverStream stream, SubscriberPosition subscriber) =>
        UnavailableImage(stream, subscriber, s_ipcChannel);

    /// <summary>An image goes.</summary>
    public void UnavailableImage(IDriverStream stream, SubscriberPosition subscriber, ReadOnlySpan<byte> channel)
    {
        var response = new UnavailableImageResponse
        {
            ImageId = stream.ImageId,
            SubscriptionId = subscriber.Subscription.RegistrationId,
            StreamId = stream.StreamId,
            Channel = channel,
        };
        Send(ResponseType.UnavailableImage, response.Write(_scratch));
    }

    private void SendId(int type, long correlationId, int id) =>
        Send(type, new IdResponse { CorrelationId = correlationId, Id = id }.Write(_scratch));

    private void Send(int type, int length) => transmitter.Transmit(type, _scratch.AsSpan(0, length));
}
