using System.Net;
using FlowEngine.Aeron.Control;
using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Driver.Sending;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver;

/// <summary>All IPC publications and subscriptions, and how they are linked. Conductor's thread.</summary>
internal sealed class IpcStreams(StreamServices services, PublicationErrors errors) : IImageEvents
{
    private static readonly UdpAddress s_loopback = UdpAddress.From(new IPEndPoint(IPAddress.Loopback, 0));

    private readonly MediaDriverContext _context = services.Context;
    private readonly CountersManager _counters = services.Counters;
    private readonly SystemCounters _system = services.System;
    private readonly ClientNotifier _notifier = services.Notifier;
    private readonly List<IpcPublication> _publications = [];
    private readonly List<DriverSubscription> _subscriptions = [];
    private readonly Dictionary<long, (long ClientId, IpcPublication Publication)> _publishers = [];

    /// <summary>Whether a publisher or subscription of this media was registered under the id.</summary>
    public bool Contains(long registrationId) =>
        _publishers.ContainsKey(registrationId) || _subscriptions.Exists(s => s.RegistrationId == registrationId);

    public void AddPublication(
        in PublicationCommand command, PublicationParameters parameters, bool isExclusive, long nowNs)
    {
        if (parameters.Uri["control-mode"] is not (null or "response"))
        {
            throw new CommandException(
                ErrorCode.InvalidChannel, $"aeron:ipc has no destinations to control: {parameters.Uri}");
        }

        var streamId = command.StreamId;
        var publication = isExclusive ? null : FindShared(streamId, parameters);
        var isNew = publication is null;
        publication ??= Create(command.CorrelationId, command.ClientId, streamId, parameters, isExclusive, nowNs);
        publication.References++;
        _publishers.Add(command.CorrelationId, (command.ClientId, publication));
        _notifier.PublicationReady(
            command.CorrelationId,
            publication,
            isExclusive,
            publication.LimitCounterId,
            ClientNotifier.NoChannelStatus);
        if (isNew)
        {
            AnswerRequest(publication);
            LinkAll(publication, nowNs);
        }
    }

    public void AddSubscription(DriverSubscription subscription, long nowNs)
    {
        _subscriptions.Add(subscription);
        _notifier.SubscriptionReady(subscription.RegistrationId, ClientNotifier.NoChannelStatus);
        LinkAll(subscription, nowNs);
    }

    /// <summary>Adds an IPC destination to a subscription of several.</summary>
    public void AddDestination(DriverSubscription destination, long correlationId, long nowNs)
    {
        _subscriptions.Add(destination);
        _notifier.Success(correlationId);
        LinkAll(destination, nowNs);
    }

    /// <summary>Takes such a destination away: its images become unavailable.</summary>
    public bool TryRemoveDestination(long registrationId, string channel)
    {
        var destination = _subscriptions.Find(s => s.RegistrationId == registrationId && s.Channel == channel);
        if (destination is null)
        {
            return false;
        }

        foreach (var publication in _publications)
        {
            if (publication.Unlink(destination) is { } subscriber)
            {
                OnUnavailable(publication, subscriber);
                services.Free(subscriber);
            }
        }

        return _subscriptions.Remove(destination);
    }

    /// <summary>A subscriber refuses the stream: it ends for all, until the publisher has had time to see it.</summary>
    public bool TryReject(long imageId, string reason, long nowNs)
    {
        var publication = _publications.Find(p => p.ImageId == imageId);
        if (publication is null)
        {
            return false;
        }

        errors.OnPublicationError(new PublicationError
        {
            RegistrationId = publication.RegistrationId,
            DestinationRegistrationId = -1,
            SessionId = publication.SessionId,
            StreamId = publication.StreamId,
            ReceiverId = -1,
            GroupTag = null,
            Source = s_loopback,
            Code = (int)ErrorCode.ImageRejected,
            Text = reason,
        });
        foreach (var subscriber in publication.Reject(nowNs, _context.ImageLivenessTimeoutNs, this))
        {
            services.Free(subscriber);
        }

        return true;
    }

    public bool TryRemovePublication(long registrationId, bool revoke)
    {
        if (!_publishers.Remove(registrationId, out var publisher))
        {
            return false;
        }

        var publication = publisher.Publication;
        publication.References--;
        if (publication.State != PublicationState.Active)
        {
            return true;
        }

        if (revoke)
        {
            publication.Revoke(this);
            _system.PublicationsRevoked.Increment();
            _system.ImagesRevoked.Add(publication.Subscribers.Count);
        }
        else if (publication.References == 0)
        {
            publication.EnterDraining();
        }

        return true;
    }

    public bool TryRemoveSubscription(long registrationId)
    {
        // More than one if it has IPC destinations.
        var removed = _subscriptions.FindAll(candidate => candidate.RegistrationId == registrationId);
        foreach (var subscription in removed)
        {
            _subscriptions.Remove(subscription);
            foreach (var publication in _publications)
            {
                if (publication.Unlink(subscription) is { } subscriber)
                {
                    services.Free(subscriber);
                }
            }
        }

        return removed.Count > 0;
    }

    /// <summary>Releases all that a gone client had.</summary>
    public void RemoveClient(long clientId)
    {
        var registrations = _publishers.Where(p => p.Value.ClientId == clientId).Select(p => p.Key).ToArray();
        foreach (var registrationId in registrations)
        {
            TryRemovePublication(registrationId, revoke: false);
        }

        foreach (var subscription in _subscriptions.FindAll(s => s.ClientId == clientId))
        {
            TryRemoveSubscription(subscription.RegistrationId);
        }
    }

    public bool IsSessionInUse(int streamId, int sessionId) =>
        _publications.Exists(p => p.StreamId == streamId && p.SessionId == sessionId);

    public int DoWork(long nowNs)
    {
        var work = 0;
        foreach (var publication in _publications)
        {
            work += publication.Update(nowNs, this);
        }

        return work;
    }

    public void OnTimer(long nowNs)
    {
        for (var i = _publications.Count - 1; i >= 0; i--)
        {
            var publication = _publications[i];
            if (publication.OnTimer(nowNs, _context.PublicationUnblockTimeoutNs, this))
            {
                _system.UnblockedPublications.Increment();
            }

            if (publication.TryEndCoolDown(nowNs))
            {
                LinkAll(publication, nowNs);
            }

            if (publication.State == PublicationState.Done)
            {
                _publications.RemoveAt(i);
                Release(publication);
            }
        }
    }

    /// <summary>Unmaps all logs; their files are deleted.</summary>
    public void Close()
    {
        _publications.ForEach(Delete);
        _publications.Clear();
    }

    /// <inheritdoc/>
    public void OnAvailable(IDriverStream stream, SubscriberPosition subscriber) =>
        _notifier.AvailableImage(stream, subscriber);

    /// <inheritdoc/>
    public void OnUnavailable(IDriverStream stream, SubscriberPosition subscriber) =>
        _notifier.UnavailableImage(stream, subscriber);

    private IpcPublication Create(
        long registrationId,
        long clientId,
        int streamId,
        PublicationParameters parameters,
        bool isExclusive,
        long nowNs)
    {
        var sessionId = services.ResolveSessionId(streamId, parameters, id => IsSessionInUse(streamId, id));
        var initialTermId = parameters.Start?.InitialTermId ?? services.NextInitialTermId();
        var log = services.Logs.CreateIpc(
            parameters, registrationId, sessionId, streamId, initialTermId, isExclusive);
        try
        {
            var channel = parameters.Uri.Text;
            var position = StreamCounters.Allocate(
                _counters,
                StreamCounters.PublisherPositionTypeId,
                isExclusive ? "pub-pos (exclusive)" : "pub-pos (concurrent)",
                registrationId,
                sessionId,
                streamId,
                channel,
                clientId);
            var limit = StreamCounters.Allocate(
                _counters,
                StreamCounters.PublisherLimitTypeId,
                "pub-lmt",
                registrationId,
                sessionId,
                streamId,
                channel,
                clientId);
            var publication = new IpcPublication(
                log, parameters, sessionId, streamId, isExclusive, position, limit, nowNs);
            _publications.Add(publication);
            _system.BytesMapped.Add(publication.LogLength);
            return publication;
        }
        catch (CommandException)
        {
            log.Dispose();
            File.Delete(log.Path);
            throw;
        }
    }

    private void Release(IpcPublication publication)
    {
        foreach (var subscriber in publication.Subscribers)
        {
            _counters.Free(subscriber.Position.Id);
        }

        publication.UnlinkAll();
        _counters.Free(publication.LimitCounterId);
        _counters.Free(publication.PositionCounterId);
        _system.BytesMapped.Add(-publication.LogLength);
        Delete(publication);
    }

    private void Delete(IpcPublication publication)
    {
        try
        {
            publication.Release();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _system.FailedFrees.Increment();
            services.LogError(ErrorCode.GenericError, $"cannot delete {publication.LogPath}: {exception.Message}");
        }
    }

    private void LinkAll(IpcPublication publication, long nowNs)
    {
        foreach (var subscription in _subscriptions)
        {
            Link(subscription, publication, nowNs);
        }
    }

    private void LinkAll(DriverSubscription subscription, long nowNs)
    {
        foreach (var publication in _publications)
        {
            Link(subscription, publication, nowNs);
        }
    }

    private void Link(DriverSubscription subscription, IpcPublication publication, long nowNs)
    {
        if (publication.IsAccepting && subscription.Matches(publication.StreamId, publication.SessionId))
        {
            var subscriber = services.Join(subscription, publication, publication.JoinPosition);
            publication.Link(subscriber, nowNs);
            _notifier.AvailableImage(publication, subscriber);
        }
    }

    /// <summary>If it answers a request, the subscription that waits for the answer takes its session.</summary>
    private void AnswerRequest(IpcPublication response)
    {
        var request = _publications.Find(p => p.RegistrationId == response.Parameters.ResponseCorrelationId);
        if (request is not null)
        {
            var answered = request.Parameters.ResponseCorrelationId;
            _subscriptions.Find(s => s.RegistrationId == answered)?.TakeResponseSession(response.SessionId);
        }
    }

    private IpcPublication? FindShared(int streamId, PublicationParameters parameters)
    {
        var publication = _publications.Find(
            p => !p.IsExclusive
                && p.StreamId == streamId
                && p.State == PublicationState.Active
                && p.Parameters.ResponseCorrelationId == parameters.ResponseCorrelationId);
        if (publication is not null)
        {
            StreamServices.RequireSame(
                parameters, publication.Parameters, publication.SessionId, publication.InitialTermId);
        }

        return publication;
    }
}
