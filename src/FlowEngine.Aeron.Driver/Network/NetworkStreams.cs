using System.Text;
using FlowEngine.Aeron.Control;
using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Driver.Receiving;
using FlowEngine.Aeron.Driver.Sending;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// All UDP streams of the driver, both ways, with their endpoints, and the two agents that move their bytes.
/// Conductor's thread, but for <see cref="RequestImage"/>.
/// </summary>
internal sealed class NetworkStreams : IImageEvents, IImageFactory, ISendEvents
{
    private readonly StreamServices _services;
    private readonly MediaDriverContext _context;
    private readonly CommandQueue _conductor;
    private readonly LossReport _lossReport;
    private readonly PublicationErrors _errors;
    private readonly ReResolution _reResolution;
    private readonly SendChannels _sendChannels;
    private readonly ReceiveChannels _receiveChannels;
    private readonly NetworkPublications _publications;
    private readonly NetworkSubscriptions _subscriptions;
    private readonly NetworkImages _images;
    private long _nowNs;
    private long _nextReResolutionNs;

    public NetworkStreams(StreamServices services, CommandQueue conductor, Func<long> nextCorrelationId)
    {
        _services = services;
        _context = services.Context;
        _conductor = conductor;
        _nowNs = _context.Clock.NanoTime;
        _errors = new PublicationErrors(services);
        _lossReport = LossReport.Create(_context.Directory);
        var network = _context.OpenNetwork(message => services.LogError(ErrorCode.GenericError, message));
        var proxy = new ConductorProxy(conductor, this);
        Sender = new Sender(_context, services.System, services.LogError, conductor);
        Receiver = new Receiver(_context, services.System, services.LogError, conductor, this);
        _reResolution = new ReResolution(_context, conductor, services.LogError);
        _sendChannels = new SendChannels(services, network, Sender, proxy);
        _receiveChannels = new ReceiveChannels(services, network, Receiver);
        _publications = new NetworkPublications(services, _sendChannels, Sender, proxy, this);
        _subscriptions = new NetworkSubscriptions(_receiveChannels, Receiver);
        _images = new NetworkImages(
            services, _subscriptions, _receiveChannels, Receiver, _lossReport, nextCorrelationId, this);
    }

    public Sender Sender { get; }

    public Receiver Receiver { get; }

    public bool Contains(long registrationId) =>
        _publications.Contains(registrationId) || _subscriptions.Contains(registrationId);

    public TaggedSession? FindTagged(long tag) => _publications.FindTagged(tag);

    public bool IsSessionInUse(int streamId, int sessionId) => _publications.IsSessionInUse(streamId, sessionId);

    public void AddPublication(
        in PublicationCommand command, PublicationParameters parameters, bool isExclusive, long nowNs)
    {
        var channel = UdpChannel.Parse(parameters.Uri, _context.NameResolver);
        var request = FindRequest(channel, parameters);
        RequireResponseSubscription(channel, parameters);
        var sessionId = _publications.Add(command, parameters, channel, isExclusive, nowNs);
        if (request is not null)
        {
            request.ResponseSessionId = sessionId;
        }
    }

    public bool TryRemovePublication(long registrationId, bool revoke) =>
        _publications.TryRemove(registrationId, revoke, _nowNs);

    public void AddSubscription(DriverSubscription link, long nowNs)
    {
        var channel = UdpChannel.Parse(link.Parameters.Uri, _context.NameResolver);
        var subscription = _subscriptions.Add(link, channel);
        _services.Notifier.SubscriptionReady(link.RegistrationId, subscription.Channel.Status.Id);
        _images.Link(subscription, nowNs);
    }

    public void AddSpy(DriverSubscription link, long nowNs)
    {
        var channel = UdpChannel.Parse(link.Parameters.Uri, _context.NameResolver);
        _services.Notifier.SubscriptionReady(link.RegistrationId, ClientNotifier.NoChannelStatus);
        _publications.LinkSpy(link, channel, nowNs);
    }

    public bool TryRemoveSubscription(long registrationId)
    {
        var isSpy = _publications.TryRemoveSpies(registrationId);
        if (_subscriptions.Remove(registrationId) is not { } subscription)
        {
            return isSpy;
        }

        _images.Unlink(subscription);
        _receiveChannels.CloseIfUnused(subscription.Channel);
        return true;
    }

    public void RemoveClient(long clientId)
    {
        _publications.RemoveClient(clientId, _nowNs);
        Array.ForEach(_subscriptions.OfClient(clientId), id => TryRemoveSubscription(id));
    }

    public void AddSendDestination(long registrationId, long destinationId, ChannelUri uri)
    {
        var endpoint = _publications.RequireManual(registrationId).Endpoint;
        var destination = UdpChannel.Parse(uri, _context.NameResolver, isDestination: true);
        destination.RequireDestination(ofPublication: true);
        Sender.Commands.Post(() => endpoint.AddDestination(destination, destinationId));
    }

    public void RemoveSendDestination(long registrationId, ChannelUri uri)
    {
        var endpoint = _publications.RequireManual(registrationId).Endpoint;
        var destination = UdpChannel.Parse(uri, _context.NameResolver, isDestination: true);
        Sender.Commands.Post(() => endpoint.RemoveDestination(destination));
    }

    public void RemoveSendDestination(long registrationId, long destinationId)
    {
        var endpoint = _publications.RequireManual(registrationId).Endpoint;
        Sender.Commands.Post(() => endpoint.RemoveDestination(destinationId));
    }

    /// <summary>The subscription whose destinations are the application's to choose.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public DriverSubscription FindManual(long registrationId)
    {
        var subscription = _subscriptions.Find(registrationId)
            ?? throw new CommandException(ErrorCode.UnknownSubscription, $"unknown subscription {registrationId}");
        return subscription.Channel.Channel.ControlMode == ControlMode.Manual
            ? subscription.Link
            : throw new CommandException(
                ErrorCode.InvalidChannel,
                $"subscription {registrationId} has no control-mode=manual: {subscription.Link.Channel}");
    }

    public void AddReceiveDestination(DriverSubscription owner, ChannelUri uri)
    {
        var destination = UdpChannel.Parse(uri, _context.NameResolver, isDestination: true);
        destination.RequireDestination(ofPublication: false);
        var channel = _subscriptions.Find(owner.RegistrationId)!.Channel;
        _receiveChannels.AddDestination(channel, destination, owner.RegistrationId);
    }

    public bool TryRemoveReceiveDestination(DriverSubscription owner, ChannelUri uri) =>
        _receiveChannels.TryRemoveDestination(
            _subscriptions.Find(owner.RegistrationId)!.Channel,
            UdpChannel.Parse(uri, _context.NameResolver, isDestination: true));

    /// <summary>Adds a spy to a subscription of several destinations.</summary>
    public void AddSpyDestination(DriverSubscription destination, long correlationId, long nowNs)
    {
        var channel = UdpChannel.Parse(destination.Parameters.Uri, _context.NameResolver, isDestination: true);
        _services.Notifier.Success(correlationId);
        _publications.LinkSpy(destination, channel, nowNs);
    }

    public bool TryRemoveSpyDestination(long registrationId, string channel) =>
        _publications.TryRemoveSpy(registrationId, channel);

    /// <summary>A subscriber refuses an image: its sender is told.</summary>
    public bool TryReject(long imageId, string reason)
    {
        var image = _images.Find(imageId);
        image?.Reject(reason);
        return image is not null;
    }

    public int DoWork(long nowNs)
    {
        _nowNs = nowNs;
        return _publications.Update(nowNs) + _images.TrackRebuild(nowNs);
    }

    public void OnTimer(long nowNs)
    {
        _nowNs = nowNs;
        _publications.OnTimer(nowNs);
        _images.OnTimer(nowNs);
        if (_context.ReResolutionCheckIntervalNs > 0 && nowNs - _nextReResolutionNs >= 0)
        {
            _nextReResolutionNs = nowNs + _context.ReResolutionCheckIntervalNs;
            _receiveChannels.CheckForReResolution(nowNs, ReResolve);
        }
    }

    /// <summary>Frees all. Sender and receiver have stopped.</summary>
    public void Close()
    {
        _sendChannels.Close();
        _receiveChannels.Close();
        _publications.Close();
        _images.Close();
        _lossReport.Dispose();
        Sender.Dispose();
    }

    /// <inheritdoc/>
    public void RequestImage(in ImageRequest request)
    {
        var copy = request;
        _conductor.Post(() => _images.Create(copy));
    }

    /// <inheritdoc/>
    public void OnAvailable(IDriverStream stream, SubscriberPosition subscriber) =>
        _services.Notifier.AvailableImage(stream, subscriber);

    /// <inheritdoc/>
    public void OnUnavailable(IDriverStream stream, SubscriberPosition subscriber) =>
        _services.Notifier.UnavailableImage(
            stream, subscriber, Encoding.Latin1.GetBytes(subscriber.Subscription.Channel));

    /// <inheritdoc/>
    public void OnPublicationError(PublicationError error) => _errors.OnPublicationError(error);

    /// <inheritdoc/>
    public void OnResponseSetup(long responseCorrelationId, int responseSessionId) =>
        _subscriptions.OnResponseSetup(responseCorrelationId, responseSessionId);

    /// <inheritdoc/>
    public void OnResponseConnected(long responseCorrelationId)
    {
        if (_images.Find(responseCorrelationId) is { } image)
        {
            image.ResponseSessionId = null;
        }
    }

    /// <inheritdoc/>
    public void OnReResolve(SendEndpoint endpoint, UdpChannel channel, UdpAddress address) => _reResolution.Start(
        channel.Uri,
        "endpoint",
        address,
        found => Sender.Commands.Post(() => endpoint.ReplaceAddress(address, found)));

    private void ReResolve(ReceiveChannel channel, ReceiveDestination destination) => _reResolution.Start(
        destination.Channel.Uri,
        "control",
        destination.Channel.RemoteControl,
        found => Receiver.Commands.Post(() => channel.Endpoint.ReplaceControlAddress(destination, found)));

    /// <summary>The image that a response publication answers, or null.</summary>
    private PublicationImage? FindRequest(UdpChannel channel, PublicationParameters parameters)
    {
        if (channel.ControlMode != ControlMode.Response)
        {
            return null;
        }

        switch (parameters.ResponseCorrelationId)
        {
            case PublicationParameters.Prototype:
                return null;
            case PublicationParameters.None:
                throw new CommandException(
                    ErrorCode.InvalidChannel, $"control-mode=response needs response-correlation-id: {channel.Uri}");
            default:
                var image = _images.Find(parameters.ResponseCorrelationId);
                return image?.WantsResponse == true
                    ? image
                    : throw new CommandException(
                        ErrorCode.InvalidChannel,
                        $"image {parameters.ResponseCorrelationId} is not there or wants no response: {channel.Uri}");
        }
    }

    private void RequireResponseSubscription(UdpChannel channel, PublicationParameters parameters)
    {
        var id = parameters.ResponseCorrelationId;
        if (channel.ControlMode != ControlMode.Response
            && id != PublicationParameters.None
            && _subscriptions.Find(id) is null)
        {
            throw new CommandException(
                ErrorCode.InvalidChannel, $"there is no response subscription {id}: {channel.Uri}");
        }
    }
}
