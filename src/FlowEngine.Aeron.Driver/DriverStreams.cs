using System.Text;
using FlowEngine.Aeron.Control;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// Streams of all media: parses channels and sends each command where it belongs. Conductor's thread.
/// </summary>
internal sealed class DriverStreams(StreamServices services, IpcStreams ipc, NetworkStreams network)
{
    private readonly MediaDriverContext _context = services.Context;

    public void AddPublication(in PublicationCommand command, bool isExclusive, long nowNs)
    {
        RequireNew(command.CorrelationId);
        var uri = Parse(command.Channel);
        if (uri.IsSpy)
        {
            throw new CommandException(ErrorCode.InvalidChannel, $"a spy cannot publish: {uri}");
        }

        var parameters = PublicationParameters.Resolve(uri, _context, network.FindTagged);
        if (uri.IsIpc)
        {
            ipc.AddPublication(command, parameters, isExclusive, nowNs);
        }
        else
        {
            network.AddPublication(command, parameters, isExclusive, nowNs);
        }
    }

    public void AddSubscription(in SubscriptionCommand command, long nowNs)
    {
        RequireNew(command.CorrelationId);
        var uri = Parse(command.Channel);
        var subscription = new DriverSubscription(
            command.CorrelationId,
            command.ClientId,
            command.StreamId,
            SubscriptionParameters.Resolve(uri, _context));
        if (uri.IsIpc)
        {
            ipc.AddSubscription(subscription, nowNs);
        }
        else if (uri.IsSpy)
        {
            network.AddSpy(subscription, nowNs);
        }
        else
        {
            network.AddSubscription(subscription, nowNs);
        }
    }

    public bool TryRemovePublication(long registrationId, bool revoke) =>
        ipc.TryRemovePublication(registrationId, revoke) || network.TryRemovePublication(registrationId, revoke);

    public bool TryRemoveSubscription(long registrationId)
    {
        // One with destinations is known to more than one media.
        var isIpc = ipc.TryRemoveSubscription(registrationId);
        return network.TryRemoveSubscription(registrationId) || isIpc;
    }

    public void AddSendDestination(in DestinationCommand command) =>
        network.AddSendDestination(command.RegistrationId, command.CorrelationId, Parse(command.Channel));

    public void RemoveSendDestination(in DestinationCommand command) =>
        network.RemoveSendDestination(command.RegistrationId, Parse(command.Channel));

    public void RemoveSendDestination(long registrationId, long destinationId) =>
        network.RemoveSendDestination(registrationId, destinationId);

    /// <summary>Adds a destination and tells the client, before the images it brings.</summary>
    public void AddReceiveDestination(in DestinationCommand command, long nowNs)
    {
        var uri = Parse(command.Channel);
        var owner = network.FindManual(command.RegistrationId);
        if (uri.Media == ChannelUri.Udp && !uri.IsSpy)
        {
            network.AddReceiveDestination(owner, uri);
            services.Notifier.Success(command.CorrelationId);
            return;
        }

        var destination = new DriverSubscription(
            owner.RegistrationId, owner.ClientId, owner.StreamId, SubscriptionParameters.Resolve(uri, _context));
        if (uri.IsIpc)
        {
            ipc.AddDestination(destination, command.CorrelationId, nowNs);
        }
        else
        {
            network.AddSpyDestination(destination, command.CorrelationId, nowNs);
        }
    }

    public void RemoveReceiveDestination(in DestinationCommand command)
    {
        var uri = Parse(command.Channel);
        var owner = network.FindManual(command.RegistrationId);
        var isRemoved = uri.IsIpc
            ? ipc.TryRemoveDestination(owner.RegistrationId, uri.Text)
            : uri.IsSpy
                ? network.TryRemoveSpyDestination(owner.RegistrationId, uri.Text)
                : network.TryRemoveReceiveDestination(owner, uri);
        if (!isRemoved)
        {
            throw new CommandException(
                ErrorCode.UnknownSubscription,
                $"subscription {command.RegistrationId} has no such destination: {uri}");
        }
    }

    /// <summary>A subscriber refuses an image.</summary>
    public void Reject(long imageId, string reason, long nowNs)
    {
        if (!network.TryReject(imageId, reason) && !ipc.TryReject(imageId, reason, nowNs))
        {
            throw new CommandException(ErrorCode.GenericError, $"there is no image {imageId} to reject");
        }

        services.System[SystemCounter.ImagesRejected].Increment();
    }

    /// <summary>Releases all that a gone client had.</summary>
    public void RemoveClient(long clientId)
    {
        ipc.RemoveClient(clientId);
        network.RemoveClient(clientId);
    }

    public int PeekSessionId(int streamId) => services.SessionIds.Peek(
        id => ipc.IsSessionInUse(streamId, id) || network.IsSessionInUse(streamId, id));

    public int DoWork(long nowNs) => ipc.DoWork(nowNs) + network.DoWork(nowNs);

    public void OnTimer(long nowNs)
    {
        ipc.OnTimer(nowNs);
        network.OnTimer(nowNs);
    }

    /// <summary>Unmaps all logs; their files are deleted. Sender and receiver have stopped.</summary>
    public void Close()
    {
        ipc.Close();
        network.Close();
    }

    private static ChannelUri Parse(ReadOnlySpan<byte> channel)
    {
        var text = Encoding.Latin1.GetString(channel);
        return ChannelUri.TryParse(text, out var uri, out var error)
            ? uri
            : throw new CommandException(ErrorCode.InvalidChannel, error);
    }

    private void RequireNew(long correlationId)
    {
        if (ipc.Contains(correlationId) || network.Contains(correlationId))
        {
            throw new CommandException(ErrorCode.GenericError, $"correlation id {correlationId} was used before");
        }
    }
}
