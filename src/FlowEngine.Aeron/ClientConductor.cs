using System.Diagnostics.CodeAnalysis;
using FlowEngine.Aeron.Control;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Counters;
using FlowEngine.Core.Time;

namespace FlowEngine.Aeron;

/// <summary>
/// The cold side of a client: sends commands, takes the driver's answers, keeps the client alive, releases what
/// lingers. One lock: a caller that waits for an answer does the conductor's work meanwhile.
/// </summary>
internal sealed class ClientConductor : IAgent
{
    private const int MessagesPerCycle = 16;
    private const long TimerIntervalNs = 16_000_000;
    private const int MaxReasonLength = 1023;

    private readonly Lock _gate = new();
    private readonly AeronContext _context;
    private readonly IClock _clock;
    private readonly CncFile _cnc;
    private readonly BroadcastReceiver _receiver;
    private readonly CommandSender _commands;
    private readonly Registrations _registrations = new();
    private readonly ClientResources _resources;
    private readonly DriverResponses _responses;
    private readonly ClientHeartbeat _heartbeat;
    private Exception? _closeReason;
    private bool _isClosed;
    private long _lastServiceNs;
    private long _lastTimerNs;

    public ClientConductor(AeronContext context, CncFile cnc)
    {
        _context = context;
        _clock = context.Clock;
        _cnc = cnc;
        Events = new ClientEvents(context);
        _resources = new ClientResources(context, Events);
        _receiver = cnc.CreateReceiver();
        ClientId = cnc.ToDriver.NextCorrelationId();
        _commands = new CommandSender(cnc.ToDriver, ClientId, Events.Report);
        _heartbeat = new ClientHeartbeat(cnc, ClientId, context);
        _responses = new DriverResponses(this, _registrations, _resources, Events);
        _lastServiceNs = _clock.NanoTime;
        _lastTimerNs = _lastServiceNs;
    }

    /// <inheritdoc/>
    public string Name => "aeron-client-conductor";

    public long ClientId { get; }

    public CncFile Cnc => _cnc;

    public CountersReader Counters => _cnc.Counters;

    public ClientEvents Events { get; }

    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>Logs mapped by this client.</summary>
    public int MappedLogCount
    {
        get
        {
            lock (_gate)
            {
                _resources.Logs.Prune();
                return _resources.Logs.Count;
            }
        }
    }

    /// <summary>Whether the caller is an image, counter or error handler.</summary>
    public bool IsInHandler => _gate.IsHeldByCurrentThread;

    /// <inheritdoc/>
    public int DoWork(long nowNs)
    {
        if (!_gate.TryEnter())
        {
            return 0;
        }

        try
        {
            return Service(nowNs);
        }
        finally
        {
            _gate.Exit();
        }
    }

    /// <summary>Value of a channel's status counter; channels without one, as of IPC, are active.</summary>
    public long ChannelStatusOf(int statusId) =>
        Counters.IsInRange(statusId) ? Counters.Value(statusId) : ChannelStatus.Active;

    public long NextCorrelationId() => _commands.NextId();

    public long AsyncAddPublication(string channel, int streamId, bool isExclusive)
    {
        lock (_gate)
        {
            var kind = isExclusive ? RegistrationKind.ExclusivePublication : RegistrationKind.Publication;
            var registration = Create(kind, channel);
            _commands.AddPublication(registration.CorrelationId, channel, streamId, isExclusive);
            return Started(registration);
        }
    }

    public long AsyncAddSubscription(
        string channel, int streamId, Action<Image>? onAvailableImage, Action<Image>? onUnavailableImage)
    {
        lock (_gate)
        {
            EnsureUsable();
            var id = _commands.NextId();
            var subscription = new Subscription(
                this,
                channel,
                streamId,
                id,
                onAvailableImage ?? _context.OnAvailableImage,
                onUnavailableImage ?? _context.OnUnavailableImage);
            var registration = new Registration(RegistrationKind.Subscription, id, channel, DeadlineNs())
            {
                Subscription = subscription,
            };
            _commands.AddSubscription(id, channel, streamId);
            return Started(registration);
        }
    }

    public long AsyncAddCounter(int typeId, ReadOnlySpan<byte> key, string label)
    {
        lock (_gate)
        {
            var registration = Create(RegistrationKind.Counter, label);
            _commands.AddCounter(registration.CorrelationId, typeId, key, label);
            return Started(registration);
        }
    }

    public long AsyncAddStaticCounter(int typeId, ReadOnlySpan<byte> key, string label, long registrationId)
    {
        lock (_gate)
        {
            var registration = Create(RegistrationKind.StaticCounter, label);
            _commands.AddStaticCounter(registration.CorrelationId, registrationId, typeId, key, label);
            return Started(registration);
        }
    }

    /// <exception cref="AeronException">The driver is too old to know the command.</exception>
    public long AsyncNextSessionId(int streamId)
    {
        lock (_gate)
        {
            EnsureUsable();
            ControlProtocol.Require(Counters, ControlProtocol.NextSessionId);
            var registration = Create(RegistrationKind.SessionId, $"a session id of stream {streamId}");
            _commands.NextSessionId(registration.CorrelationId, streamId);
            return Started(registration);
        }
    }

    public long AddDestination(long resourceId, string channel, bool isReceive, bool wait)
    {
        var type = isReceive ? CommandType.AddReceiveDestination : CommandType.AddDestination;
        return Destination(type, resourceId, channel, wait);
    }

    public long RemoveDestination(long resourceId, string channel, bool isReceive, bool wait)
    {
        var type = isReceive ? CommandType.RemoveReceiveDestination : CommandType.RemoveDestination;
        return Destination(type, resourceId, channel, wait);
    }

    public long RemoveDestination(long resourceId, long destinationId, bool wait)
    {
        lock (_gate)
        {
            var registration = Create(RegistrationKind.Command, $"removal of destination {destinationId}");
            _commands.RemoveDestinationById(registration.CorrelationId, resourceId, destinationId);
            return StartedOrDone(registration, wait);
        }
    }

    public void RejectImage(long imageId, long position, string reason)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(reason.Length, MaxReasonLength, nameof(reason));
        lock (_gate)
        {
            var registration = Create(RegistrationKind.Command, $"rejection of image {imageId}");
            _commands.RejectImage(registration.CorrelationId, imageId, position, reason);
            StartedOrDone(registration, wait: true);
        }
    }

    /// <summary>Waits for the answer to a command.</summary>
    /// <returns>What was asked for.</returns>
    public T Await<T>(long correlationId)
        where T : notnull
    {
        lock (_gate)
        {
            // The conductor's thread may have got the answer since the command was sent.
            return _registrations.TryFind(correlationId, out var registration)
                ? (T)Await(registration)
                : Found<T>(correlationId);
        }
    }

    /// <summary>The answer to a command, if it came; an answer is given once, resources as long as they live.</summary>
    /// <exception cref="AeronException">The driver refused, or did not answer in time.</exception>
    public bool TryGet<T>(long correlationId, [NotNullWhen(true)] out T? result)
        where T : notnull
    {
        lock (_gate)
        {
            result = default;
            if (!_registrations.TryFind(correlationId, out var registration))
            {
                result = Found<T>(correlationId);
                return true;
            }

            if (!registration.IsDone)
            {
                return false;
            }

            _registrations.Remove(correlationId);
            result = registration.Failure is { } failure ? throw failure : (T)registration.Result!;
            return true;
        }
    }

    public void Close(Publication publication, bool revoke)
    {
        lock (_gate)
        {
            publication.MarkClosed();
            if (_resources.Publications.Remove(publication.RegistrationId))
            {
                _commands.RemovePublication(publication.RegistrationId, revoke);
            }
        }
    }

    public void Close(ExclusivePublication publication, bool revoke)
    {
        lock (_gate)
        {
            publication.MarkClosed();
            if (_resources.ExclusivePublications.Remove(publication.RegistrationId))
            {
                _commands.RemovePublication(publication.RegistrationId, revoke);
            }
        }
    }

    public void Close(Subscription subscription)
    {
        lock (_gate)
        {
            if (_resources.Subscriptions.Remove(subscription.RegistrationId))
            {
                _commands.RemoveSubscription(subscription.RegistrationId);
                _resources.CloseImages(subscription);
            }
        }
    }

    public void Close(Counter counter)
    {
        lock (_gate)
        {
            counter.MarkClosed();
            if (_resources.Counters.Remove(counter.RegistrationId) && !counter.IsStatic)
            {
                _commands.RemoveCounter(counter.RegistrationId);
            }
        }
    }

    /// <summary>Closes a resource, or takes back a command for one that is not there yet.</summary>
    public void Remove(RegistrationKind kind, long registrationId)
    {
        lock (_gate)
        {
            if (_registrations.Remove(registrationId))
            {
                _commands.Remove(kind, registrationId);
            }
            else if (_resources.Publications.TryGetValue(registrationId, out var publication))
            {
                Close(publication, revoke: false);
            }
            else if (_resources.ExclusivePublications.TryGetValue(registrationId, out var exclusive))
            {
                Close(exclusive, revoke: false);
            }
            else if (_resources.Subscriptions.TryGetValue(registrationId, out var subscription))
            {
                Close(subscription);
            }
            else if (_resources.Counters.TryGetValue(registrationId, out var counter))
            {
                Close(counter);
            }
        }
    }

    /// <summary>Tells the driver, then closes everything.</summary>
    public void CloseClient()
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _commands.CloseClient();
            CloseEverything(reason: null);

            // Nobody will call again: what no thread is in goes now, the rest when nothing can reach it.
            _resources.ReleaseLingering(long.MaxValue);
        }
    }

    /// <summary>Closes everything because of <paramref name="reason"/>. Under the lock.</summary>
    public void CloseEverything(Exception? reason)
    {
        _closeReason = reason;
        Volatile.Write(ref _isClosed, true);
        _registrations.FailAll(ClosedException());
        _resources.CloseAll();
        if (reason is not null)
        {
            Events.Report(reason);
        }

        Events.RaiseClosed();
    }

    private int Service(long nowNs)
    {
        if (_isClosed)
        {
            return _resources.ReleaseLingering(nowNs);
        }

        if (nowNs - _lastServiceNs > _cnc.ClientLivenessTimeoutNs)
        {
            CloseEverything(new ClientTimeoutException(
                $"service interval exceeded: {(nowNs - _lastServiceNs) / 1_000_000} ms between two duty cycles"));
            return 1;
        }

        _lastServiceNs = nowNs;
        var handler = new Forwarder(_responses);
        var work = 0;
        while (work < MessagesPerCycle && !_isClosed && _receiver.TryReceive(ref handler))
        {
            work++;
        }

        if (_receiver.LappedCount > 0 && !_isClosed)
        {
            CloseEverything(new AeronException("unable to keep up with the driver's responses"));
        }

        if (nowNs - _lastTimerNs >= TimerIntervalNs && !_isClosed)
        {
            _lastTimerNs = nowNs;
            if (_heartbeat.OnTimer(nowNs) is { } failure)
            {
                CloseEverything(failure);
            }

            _registrations.CheckDeadlines(SystemClock.Nanos(), _context.DriverTimeoutNs);
            work += _resources.ReleaseLingering(nowNs);
        }

        return work;
    }

    private object Await(Registration registration)
    {
        var spin = default(SpinWait);
        try
        {
            while (!registration.IsDone)
            {
                _context.DriverAgent?.DoWork(_clock.NanoTime);
                if (Service(_clock.NanoTime) == 0)
                {
                    spin.SpinOnce();
                }

                if (_isClosed)
                {
                    throw ClosedException();
                }

                if (SystemClock.Nanos() - registration.DeadlineNs > 0 && !registration.IsDone)
                {
                    throw Registrations.Timeout(registration, _context.DriverTimeoutNs);
                }
            }

            return registration.Failure is { } failure ? throw failure : registration.Result!;
        }
        finally
        {
            _registrations.Remove(registration.CorrelationId);
        }
    }

    private long Destination(int type, long resourceId, string channel, bool wait)
    {
        lock (_gate)
        {
            var registration = Create(RegistrationKind.Command, $"destination {channel}");
            _commands.Destination(type, registration.CorrelationId, resourceId, channel);
            return StartedOrDone(registration, wait);
        }
    }

    private T Found<T>(long registrationId)
        where T : notnull =>
        _resources.TryFind<T>(registrationId, out var resource)
            ? resource
            : throw (_isClosed ? ClosedException() : UnknownId(registrationId));

    private Registration Create(RegistrationKind kind, string what)
    {
        EnsureUsable();
        return new Registration(kind, _commands.NextId(), what, DeadlineNs());
    }

    /// <summary>Only what could be sent is waited for.</summary>
    private long Started(Registration registration)
    {
        _registrations.Add(registration);
        return registration.CorrelationId;
    }

    private long StartedOrDone(Registration registration, bool wait)
    {
        Started(registration);
        if (wait)
        {
            Await(registration);
        }

        return registration.CorrelationId;
    }

    /// <summary>Real time, so that a client on a clock of its own does not wait for ever.</summary>
    private long DeadlineNs() => SystemClock.Nanos() + _context.DriverTimeoutNs;

    private void EnsureUsable()
    {
        if (Events.IsInHandler)
        {
            throw new InvalidOperationException(
                "a client's handler must not add resources or wait: it runs in the conductor");
        }

        if (_isClosed)
        {
            throw ClosedException();
        }
    }

    private static ArgumentException UnknownId(long correlationId) =>
        new($"{correlationId} is no command under way or resource of this kind", nameof(correlationId));

    private AeronException ClosedException() => _closeReason is null
        ? new AeronException("the client is closed")
        : new AeronException($"the client is closed: {_closeReason.Message}", _closeReason);

    private readonly struct Forwarder(DriverResponses responses) : IMessageHandler
    {
        public void OnMessage(int type, ReadOnlySpan<byte> body) => responses.OnMessage(type, body);
    }
}
