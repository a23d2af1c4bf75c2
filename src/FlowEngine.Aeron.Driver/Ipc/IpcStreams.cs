using FlowEngine.Aeron.Control;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver;

/// <summary>All IPC publications and subscriptions, and how they are linked. Conductor's thread.</summary>
internal sealed class IpcStreams : IImageEvents
{
    private readonly MediaDriverContext _context;
    private readonly CountersManager _counters;
    private readonly SystemCounters _system;
    private readonly ClientNotifier _notifier;
    private readonly Action<ErrorCode, string> _logError;
    private readonly LogFactory _logs;
    private readonly Random _random;
    private readonly SessionIds _sessionIds;
    private readonly List<IpcPublication> _publications = [];
    private readonly List<DriverSubscription> _subscriptions = [];
    private readonly Dictionary<long, (long ClientId, IpcPublication Publication)> _publishers = [];

    public IpcStreams(
        MediaDriverContext context,
        CountersManager counters,
        SystemCounters system,
        ClientNotifier notifier,
        Action<ErrorCode, string> logError)
    {
        _logError = logError;
        _context = context;
        _counters = counters;
        _system = system;
        _notifier = notifier;
        _logs = new LogFactory(context);
        _random = context.Seed is { } seed ? new Random(seed) : new Random();
        _sessionIds = new SessionIds(_random);
    }

    public void AddPublication(in PublicationCommand command, bool isExclusive, long nowNs)
    {
        RequireNew(_publishers.ContainsKey(command.CorrelationId), command.CorrelationId);
        var parameters = IpcParameters.Resolve(command.Channel, _context);
        var streamId = command.StreamId;
        var publication = isExclusive ? null : FindShared(streamId, parameters);
        var isNew = publication is null;
        publication ??= Create(
            command.CorrelationId,
            command.ClientId,
            streamId,
            ResolveSessionId(streamId, parameters),
            parameters,
            isExclusive,
            nowNs);
        publication.References++;
        _publishers.Add(command.CorrelationId, (command.ClientId, publication));
        _notifier.PublicationReady(command.CorrelationId, publication);
        if (isNew)
        {
            foreach (var subscription in _subscriptions)
            {
                Link(subscription, publication, nowNs);
            }
        }
    }

    public void AddSubscription(in SubscriptionCommand command, long nowNs)
    {
        var id = command.CorrelationId;
        RequireNew(_subscriptions.Exists(s => s.RegistrationId == id), id);
        var parameters = IpcParameters.Resolve(command.Channel, _context);
        var subscription = new DriverSubscription(
            command.CorrelationId, command.ClientId, command.StreamId, parameters.Subscription);
        _subscriptions.Add(subscription);
        _notifier.SubscriptionReady(command.CorrelationId);
        foreach (var publication in _publications)
        {
            Link(subscription, publication, nowNs);
        }
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
        var subscription = _subscriptions.Find(candidate => candidate.RegistrationId == registrationId);
        if (subscription is null)
        {
            return false;
        }

        _subscriptions.Remove(subscription);
        foreach (var publication in _publications)
        {
            if (publication.Unlink(subscription) is { } subscriber)
            {
                _counters.Free(subscriber.Position.Id);
            }
        }

        return true;
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

    public int PeekSessionId(int streamId) => _sessionIds.Peek(id => IsSessionInUse(streamId, id));

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
        int sessionId,
        IpcParameters parameters,
        bool isExclusive,
        long nowNs)
    {
        var initialTermId = parameters.Start?.InitialTermId ?? _random.Next(int.MinValue, int.MaxValue);
        var log = _logs.CreateIpc(parameters, registrationId, sessionId, streamId, initialTermId, isExclusive);
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
            _logError(ErrorCode.GenericError, $"cannot delete {publication.LogPath}: {exception.Message}");
        }
    }

    private void Link(DriverSubscription subscription, IpcPublication publication, long nowNs)
    {
        if (publication.State != PublicationState.Active || !subscription.Matches(publication.StreamId, publication.SessionId))
        {
            return;
        }

        var join = publication.JoinPosition;
        var position = StreamCounters.Allocate(
            _counters,
            StreamCounters.SubscriberPositionTypeId,
            "sub-pos",
            subscription.RegistrationId,
            publication.SessionId,
            publication.StreamId,
            subscription.Channel,
            subscription.ClientId,
            publication.RegistrationId,
            $" @{join}");
        position.Set(join);
        var subscriber = new SubscriberPosition(subscription, position);
        publication.Link(subscriber, nowNs);
        _notifier.AvailableImage(publication, subscriber);
    }

    private IpcPublication? FindShared(int streamId, IpcParameters parameters)
    {
        var publication = _publications.Find(
            p => !p.IsExclusive && p.StreamId == streamId && p.State == PublicationState.Active);
        if (publication is null)
        {
            return null;
        }

        RequireSame(parameters, "session-id", parameters.SessionId ?? publication.SessionId, publication.SessionId);
        RequireSame(parameters, "mtu", parameters.MtuLength, publication.MtuLength);
        RequireSame(parameters, "term-length", parameters.TermLength, publication.Parameters.TermLength);
        if (parameters.Start is { } start)
        {
            RequireSame(parameters, "init-term-id", start.InitialTermId, publication.InitialTermId);
            var existing = publication.Parameters.Start;
            RequireSame(parameters, "term-id", start.TermId, existing?.TermId ?? publication.InitialTermId);
            RequireSame(parameters, "term-offset", start.TermOffset, existing?.TermOffset ?? 0);
        }

        return publication;
    }

    private static void RequireNew(bool exists, long correlationId)
    {
        if (exists)
        {
            throw new CommandException(ErrorCode.GenericError, $"correlation id {correlationId} was used before");
        }
    }

    private static void RequireSame(IpcParameters parameters, string key, int asked, int existing)
    {
        // What the channel leaves open is taken as the existing stream has it.
        if (parameters.Uri[key] is not null && asked != existing)
        {
            throw new CommandException(
                ErrorCode.InvalidChannel, $"existing publication has {key}={existing}, not {asked}: {parameters.Uri}");
        }
    }

    private int ResolveSessionId(int streamId, IpcParameters parameters)
    {
        if (parameters.SessionId is not { } sessionId)
        {
            return _sessionIds.Next(id => IsSessionInUse(streamId, id));
        }

        return IsSessionInUse(streamId, sessionId)
            ? throw new CommandException(
                ErrorCode.InvalidChannel, $"session-id {sessionId} is in use on stream {streamId}: {parameters.Uri}")
            : sessionId;
    }

    private bool IsSessionInUse(int streamId, int sessionId) =>
        _publications.Exists(p => p.StreamId == streamId && p.SessionId == sessionId);
}
