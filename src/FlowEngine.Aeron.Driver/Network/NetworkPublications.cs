using FlowEngine.Aeron.Control;
using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Driver.Sending;

namespace FlowEngine.Aeron.Driver;

/// <summary>UDP publications and the spies on them. Conductor's thread.</summary>
internal sealed class NetworkPublications(
    StreamServices services,
    SendChannels channels,
    Sender sender,
    ConductorProxy conductorProxy,
    IImageEvents events)
{
    private const int DefaultMaxResend = 0;

    private readonly MediaDriverContext _context = services.Context;
    private readonly SystemCounters _system = services.System;
    private readonly List<Entry> _publications = [];
    private readonly List<Spy> _spies = [];
    private readonly Dictionary<long, (long ClientId, Entry Publication)> _publishers = [];

    /// <summary>Whether a publisher or a spy was registered under the id.</summary>
    public bool Contains(long registrationId) =>
        _publishers.ContainsKey(registrationId)
        || _spies.Exists(spy => spy.Subscription.RegistrationId == registrationId);

    /// <summary>What a publication with an entity tag hands on to one that names it.</summary>
    public TaggedSession? FindTagged(long tag) =>
        _publications.Find(p => p.Parameters.EntityTag == tag && tag != PublicationParameters.None)?.Publication
            is { } found
            ? new TaggedSession(found.SessionId, found.MtuLength, found.TermLength)
            : null;

    /// <summary>Adds a publisher, and its stream if there is none to share.</summary>
    /// <returns>The session published.</returns>
    public int Add(
        in PublicationCommand command,
        PublicationParameters parameters,
        UdpChannel channel,
        bool isExclusive,
        long nowNs)
    {
        channel.RequirePublication();
        var sendChannel = channels.Find(channel);
        var entry = isExclusive || sendChannel is null ? null : FindShared(sendChannel, command.StreamId, parameters);
        var isNew = entry is null;
        entry ??= Create(command, parameters, channel, sendChannel, isExclusive, nowNs);
        entry.Publication.References++;
        _publishers.Add(command.CorrelationId, (command.ClientId, entry));
        services.Notifier.PublicationReady(
            command.CorrelationId,
            entry.Publication,
            isExclusive,
            entry.Publication.LimitCounterId,
            entry.Channel.Status.Id);
        if (isNew)
        {
            foreach (var spy in _spies)
            {
                Link(spy, entry, nowNs);
            }
        }

        return entry.Publication.SessionId;
    }

    public bool TryRemove(long registrationId, bool revoke, long nowNs)
    {
        if (!_publishers.Remove(registrationId, out var publisher))
        {
            return false;
        }

        var publication = publisher.Publication.Publication;
        publication.References--;
        if (publication.State != PublicationState.Active)
        {
            return true;
        }

        if (revoke)
        {
            publication.Revoke(nowNs, events);
            _system.PublicationsRevoked.Increment();
        }
        else if (publication.References == 0)
        {
            publication.EnterDraining();
        }

        return true;
    }

    public void RemoveClient(long clientId, long nowNs)
    {
        foreach (var id in _publishers.Where(p => p.Value.ClientId == clientId).Select(p => p.Key).ToArray())
        {
            TryRemove(id, revoke: false, nowNs);
        }

        foreach (var spy in _spies.FindAll(spy => spy.Subscription.ClientId == clientId))
        {
            TryRemoveSpies(spy.Subscription.RegistrationId);
        }
    }

    /// <summary>Links a spy with all that it listens to.</summary>
    public void LinkSpy(DriverSubscription subscription, UdpChannel channel, long nowNs)
    {
        var spy = new Spy(subscription, channel);
        _spies.Add(spy);
        foreach (var publication in _publications)
        {
            Link(spy, publication, nowNs);
        }
    }

    public bool TryRemoveSpies(long registrationId)
    {
        var removed = _spies.FindAll(spy => spy.Subscription.RegistrationId == registrationId);
        removed.ForEach(spy => Remove(spy, isTold: false));
        return removed.Count > 0;
    }

    /// <summary>Takes one spy destination of a subscription away: its images become unavailable.</summary>
    public bool TryRemoveSpy(long registrationId, string channel)
    {
        var spy = _spies.Find(
            s => s.Subscription.RegistrationId == registrationId && s.Subscription.Channel == channel);
        if (spy is not null)
        {
            Remove(spy, isTold: true);
        }

        return spy is not null;
    }

    /// <summary>The endpoint of a publication whose destinations are the application's to choose.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public SendChannel RequireManual(long registrationId)
    {
        if (!_publishers.TryGetValue(registrationId, out var publisher))
        {
            throw new CommandException(ErrorCode.UnknownPublication, $"unknown publication {registrationId}");
        }

        var channel = publisher.Publication.Channel;
        if (channel.Channel.ControlMode != ControlMode.Manual)
        {
            throw new CommandException(
                ErrorCode.InvalidChannel,
                $"publication {registrationId} has no control-mode=manual: {channel.Channel.Uri}");
        }

        return channel;
    }

    public bool IsSessionInUse(int streamId, int sessionId) =>
        _publications.Exists(p => p.Publication.StreamId == streamId && p.Publication.SessionId == sessionId);

    public int Update(long nowNs)
    {
        var work = 0;
        foreach (var entry in _publications)
        {
            work += entry.Publication.Update(nowNs, events);
        }

        return work;
    }

    public void OnTimer(long nowNs)
    {
        // What is done is removed by a command, after the sender has let go of it.
        foreach (var entry in _publications)
        {
            if (entry.Publication.OnTimer(nowNs, events))
            {
                _system.UnblockedPublications.Increment();
            }

            if (entry.Publication.State == PublicationState.Done && !entry.IsReleasing)
            {
                entry.IsReleasing = true;
                var released = entry;
                sender.Commands.Post(() => sender.Remove(released.Publication, () => Free(released)));
            }
        }
    }

    /// <summary>Deletes all logs; the sender has stopped.</summary>
    public void Close()
    {
        _publications.ForEach(Delete);
        _publications.Clear();
    }

    private Entry Create(
        in PublicationCommand command,
        PublicationParameters parameters,
        UdpChannel channel,
        SendChannel? sendChannel,
        bool isExclusive,
        long nowNs)
    {
        var streamId = command.StreamId;
        var registrationId = command.CorrelationId;
        var sessionId = services.ResolveSessionId(
            streamId, parameters, id => IsSessionInUse(sendChannel, streamId, id));
        var initialTermId = parameters.Start?.InitialTermId ?? services.NextInitialTermId();
        sendChannel ??= channels.Open(channel, parameters.MtuLength, registrationId);
        sendChannel.References++;
        var counters = new StreamCounterSet(services.Counters)
        {
            RegistrationId = registrationId,
            SessionId = sessionId,
            StreamId = streamId,
            Channel = parameters.Uri.Text,
            OwnerId = command.ClientId,
        };
        try
        {
            var publication = Create(
                parameters, sendChannel, counters, initialTermId, isExclusive, nowNs);
            var entry = new Entry(publication, parameters, sendChannel, counters);
            _publications.Add(entry);
            _system.BytesMapped.Add(publication.LogLength);
            sender.Commands.Post(() => sender.Add(publication));
            return entry;
        }
        catch (Exception)
        {
            counters.Free();
            channels.Release(sendChannel);
            throw;
        }
    }

    private NetworkPublication Create(
        PublicationParameters parameters,
        SendChannel channel,
        StreamCounterSet counters,
        int initialTermId,
        bool isExclusive,
        long nowNs)
    {
        var flowControl = FlowControl.Create(
            parameters.Uri,
            channel.Channel,
            _context,
            () => counters.Add(StreamCounters.FlowControlReceiversTypeId, "fc-receivers", ownerId: -1));
        var publisherPosition = counters.Add(
            StreamCounters.PublisherPositionTypeId, isExclusive ? "pub-pos (exclusive)" : "pub-pos (concurrent)");
        var publisherLimit = counters.Add(StreamCounters.PublisherLimitTypeId, "pub-lmt");
        var senderPosition = counters.Add(StreamCounters.SenderPositionTypeId, "snd-pos");
        var senderLimit = counters.Add(StreamCounters.SenderLimitTypeId, "snd-lmt");
        var backPressure = counters.Add(StreamCounters.SenderBackPressureTypeId, "snd-bpe");
        var naksReceived = counters.Add(StreamCounters.SenderNaksReceivedTypeId, "snd-naks-received");
        return new NetworkPublication(new NetworkPublicationParts
        {
            Log = services.Logs.CreateNetwork(
                parameters,
                channel.Channel,
                counters.RegistrationId,
                counters.SessionId,
                counters.StreamId,
                initialTermId,
                isExclusive,
                channel.Channel.HasGroupSemantics),
            Endpoint = channel.Endpoint,
            FlowControl = flowControl,
            PublisherPosition = publisherPosition,
            PublisherLimit = publisherLimit,
            SenderPosition = senderPosition,
            SenderLimit = senderLimit,
            BackPressureEvents = backPressure,
            NaksReceived = naksReceived,
            SessionId = counters.SessionId,
            StreamId = counters.StreamId,
            IsExclusive = isExclusive,
            WindowLength = parameters.WindowLength,
            LingerNs = parameters.LingerNs,
            SignalsEos = parameters.SignalsEos,
            SpiesSimulateConnection = parameters.SpiesSimulateConnection,
            MaxResend = parameters.MaxResend == DefaultMaxResend ? _context.MaxResend : parameters.MaxResend,
            ResponseCorrelationId = parameters.ResponseCorrelationId == PublicationParameters.None
                ? null
                : parameters.ResponseCorrelationId,
            Context = _context,
            System = _system,
            Conductor = conductorProxy,
            NowNs = nowNs,
        });
    }

    private Entry? FindShared(SendChannel channel, int streamId, PublicationParameters parameters)
    {
        var entry = _publications.Find(
            p => p.Channel == channel
                && !p.Publication.IsExclusive
                && p.Publication.StreamId == streamId
                && p.Publication.State == PublicationState.Active
                && p.Parameters.ResponseCorrelationId == parameters.ResponseCorrelationId);
        if (entry is null)
        {
            return null;
        }

        var publication = entry.Publication;
        StreamServices.RequireSame(parameters, entry.Parameters, publication.SessionId, publication.InitialTermId);
        return entry.Parameters.SpiesSimulateConnection == parameters.SpiesSimulateConnection
            ? entry
            : throw new CommandException(
                ErrorCode.InvalidChannel,
                $"existing publication has ssc={entry.Parameters.SpiesSimulateConnection}: {parameters.Uri}");
    }

    private bool IsSessionInUse(SendChannel? channel, int streamId, int sessionId) =>
        channel is not null && _publications.Exists(
            p => p.Channel == channel
                && p.Publication.StreamId == streamId
                && p.Publication.SessionId == sessionId
                && p.Publication.State != PublicationState.Done);

    private void Link(Spy spy, Entry entry, long nowNs)
    {
        var publication = entry.Publication;
        if (!publication.IsAcceptingSpies || !spy.Matches(publication, entry.Channel.Channel))
        {
            return;
        }

        var subscriber = services.Join(spy.Subscription, publication, publication.SpyJoinPosition);
        publication.LinkSpy(subscriber, nowNs);
        events.OnAvailable(publication, subscriber);
    }

    private void Remove(Spy spy, bool isTold)
    {
        _spies.Remove(spy);
        foreach (var entry in _publications)
        {
            if (entry.Publication.UnlinkSpy(spy.Subscription) is { } subscriber)
            {
                if (isTold)
                {
                    events.OnUnavailable(entry.Publication, subscriber);
                }

                services.Free(subscriber);
            }
        }
    }

    private void Free(Entry entry)
    {
        if (!_publications.Remove(entry))
        {
            return;
        }

        foreach (var spy in entry.Publication.Spies.All)
        {
            services.Free(spy);
        }

        entry.Counters.Free();
        _system.BytesMapped.Add(-entry.Publication.LogLength);
        Delete(entry);
        channels.Release(entry.Channel);
    }

    private void Delete(Entry entry)
    {
        try
        {
            entry.Publication.Release();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            _system.FailedFrees.Increment();
            services.LogError(
                ErrorCode.GenericError, $"cannot delete {entry.Publication.LogPath}: {exception.Message}");
        }
    }

    private sealed class Entry(
        NetworkPublication publication,
        PublicationParameters parameters,
        SendChannel channel,
        StreamCounterSet counters)
    {
        public NetworkPublication Publication { get; } = publication;

        public PublicationParameters Parameters { get; } = parameters;

        public SendChannel Channel { get; } = channel;

        public StreamCounterSet Counters { get; } = counters;

        /// <summary>Whether the sender was asked to let go of it.</summary>
        public bool IsReleasing { get; set; }
    }

    private sealed record Spy(DriverSubscription Subscription, UdpChannel Channel)
    {
        /// <summary>By tag whatever the session, else by channel and session.</summary>
        public bool Matches(NetworkPublication publication, UdpChannel published) =>
            Subscription.StreamId == publication.StreamId
            && ((Channel.ChannelTag is not null && Channel.ChannelTag == published.ChannelTag)
                || (Subscription.Matches(publication.StreamId, publication.SessionId)
                    && Channel.CanonicalForm == published.CanonicalForm));
    }
}
