using System.Text;
using FlowEngine.Aeron.Control;
using FlowEngine.Aeron.Logs;
using FlowEngine.Core.Agents;
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

    private readonly Lock _gate = new();
    private readonly AeronContext _context;
    private readonly IClock _clock;
    private readonly CncFile _cnc;
    private readonly BroadcastReceiver _receiver;
    private readonly CommandSender _commands;
    private readonly ClientResources _resources;
    private readonly ClientHeartbeat _heartbeat;
    private readonly PendingCommand _pending = new();
    private Exception? _closeReason;
    private bool _isClosed;
    private long _lastServiceNs;
    private long _lastTimerNs;

    public ClientConductor(AeronContext context, CncFile cnc)
    {
        _context = context;
        _clock = context.Clock;
        _cnc = cnc;
        _resources = new ClientResources(context);
        _receiver = cnc.CreateReceiver();
        ClientId = cnc.ToDriver.NextCorrelationId();
        _commands = new CommandSender(cnc.ToDriver, ClientId, _resources.Report);
        _heartbeat = new ClientHeartbeat(cnc, ClientId, context);
        _lastServiceNs = _clock.NanoTime;
        _lastTimerNs = _lastServiceNs;
    }

    /// <inheritdoc/>
    public string Name => "aeron-client-conductor";

    public long ClientId { get; }

    public CncFile Cnc => _cnc;

    public bool IsClosed => Volatile.Read(ref _isClosed);

    /// <summary>Whether the caller is an image or error handler.</summary>
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

    /// <summary>Sends ADD_(EXCLUSIVE_)PUBLICATION and waits for the publication.</summary>
    public object AddPublication(string channel, int streamId, bool isExclusive)
    {
        lock (_gate)
        {
            EnsureUsable();
            var id = _commands.NextId();
            _pending.Start(id, channel);
            _commands.AddPublication(id, channel, streamId, isExclusive);
            return Await($"publication {channel} stream {streamId}");
        }
    }

    /// <summary>Sends ADD_SUBSCRIPTION and waits for the subscription.</summary>
    public Subscription AddSubscription(
        string channel, int streamId, Action<Image>? onAvailableImage, Action<Image>? onUnavailableImage)
    {
        lock (_gate)
        {
            EnsureUsable();
            var id = _commands.NextId();
            _pending.Start(id, channel);
            _pending.Subscription = new Subscription(
                this,
                channel,
                streamId,
                id,
                onAvailableImage ?? _context.OnAvailableImage,
                onUnavailableImage ?? _context.OnUnavailableImage);
            _commands.AddSubscription(id, channel, streamId);
            return (Subscription)Await($"subscription {channel} stream {streamId}");
        }
    }

    /// <summary>Sends ADD_COUNTER and waits for the counter.</summary>
    public Counter AddCounter(int typeId, ReadOnlySpan<byte> key, string label)
    {
        lock (_gate)
        {
            EnsureUsable();
            var id = _commands.NextId();
            _pending.Start(id, label);
            _commands.AddCounter(id, typeId, key, label);
            return (Counter)Await($"counter '{label}'");
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
            if (_resources.Counters.Remove(counter.RegistrationId))
            {
                _commands.RemoveCounter(counter.RegistrationId);
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
        }
    }

    internal void OnMessage(int type, ReadOnlySpan<byte> body)
    {
        switch (type)
        {
            case ResponseType.Error when ErrorResponse.TryRead(body, out var response):
                OnError(response);
                break;
            case ResponseType.PublicationReady when PublicationReadyResponse.TryRead(body, out var response):
                OnPublicationReady(response, isExclusive: false);
                break;
            case ResponseType.ExclusivePublicationReady when PublicationReadyResponse.TryRead(body, out var response):
                OnPublicationReady(response, isExclusive: true);
                break;
            case ResponseType.SubscriptionReady when IdResponse.TryRead(body, out var response):
                OnSubscriptionReady(response);
                break;
            case ResponseType.AvailableImage when AvailableImageResponse.TryRead(body, out var response):
                OnAvailableImage(response);
                break;
            case ResponseType.UnavailableImage when UnavailableImageResponse.TryRead(body, out var response):
                OnUnavailableImage(response);
                break;
            case ResponseType.CounterReady when IdResponse.TryRead(body, out var response):
                OnCounterReady(response);
                break;
            case ResponseType.UnavailableCounter when IdResponse.TryRead(body, out var response):
                if (_resources.Counters.Remove(response.CorrelationId, out var counter))
                {
                    counter.MarkClosed();
                }

                break;
            case ResponseType.ClientTimeout when LongResponse.TryRead(body, out var response):
                if (response.Id == ClientId)
                {
                    CloseEverything(new ClientTimeoutException(
                        "the driver dropped this client: it was silent for longer than the client liveness timeout"));
                }

                break;
        }
    }

    private static bool IsUnmappable(Exception exception) =>
        exception is IOException or InvalidDataException or UnauthorizedAccessException;

    private int Service(long nowNs)
    {
        if (_isClosed)
        {
            return 0;
        }

        if (nowNs - _lastServiceNs > _cnc.ClientLivenessTimeoutNs)
        {
            CloseEverything(new ClientTimeoutException(
                $"service interval exceeded: {(nowNs - _lastServiceNs) / 1_000_000} ms between two duty cycles"));
            return 1;
        }

        _lastServiceNs = nowNs;
        var handler = new ResponseHandler(this);
        var work = 0;
        while (work < MessagesPerCycle && !_isClosed && _receiver.TryReceive(ref handler))
        {
            work++;
        }

        if (_receiver.LappedCount > 0)
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

            work += _resources.ReleaseLingering(nowNs);
        }

        return work;
    }

    private object Await(string what)
    {
        var deadlineNs = SystemClock.Nanos() + _context.DriverTimeoutNs;
        var spin = default(SpinWait);
        try
        {
            while (!_pending.IsDone)
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

                if (SystemClock.Nanos() - deadlineNs > 0 && !_pending.IsDone)
                {
                    throw new DriverTimeoutException(
                        $"no answer from the driver in {_context.DriverTimeoutNs / 1_000_000} ms for {what}");
                }
            }

            return _pending.Failure is { } failure ? throw failure : _pending.Result!;
        }
        finally
        {
            _pending.Reset();
        }
    }

    private void OnError(in ErrorResponse response)
    {
        var exception = new RegistrationException(
            response.OffendingId, (ErrorCode)response.Code, Encoding.UTF8.GetString(response.Message));
        if (_pending.Is(response.OffendingId))
        {
            _pending.Fail(exception);
        }
        else if (exception.Code == ErrorCode.ChannelEndpointError)
        {
            _resources.Report(exception);
        }
    }

    private void OnPublicationReady(in PublicationReadyResponse response, bool isExclusive)
    {
        if (!_pending.Is(response.CorrelationId) || !_cnc.Counters.IsInRange(response.LimitCounterId))
        {
            return;
        }

        LogBuffers log;
        try
        {
            log = LogBuffers.Open(Encoding.UTF8.GetString(response.LogFile));
        }
        catch (Exception exception) when (IsUnmappable(exception))
        {
            _pending.Fail(new AeronException($"cannot map the log of {_pending.What}: {exception.Message}", exception));
            return;
        }

        var parts = new PublicationParts(
            this,
            _pending.What,
            response.CorrelationId,
            response.RegistrationId,
            response.SessionId,
            response.StreamId,
            _cnc.Counters.Counter(response.LimitCounterId),
            response.ChannelStatusCounterId,
            log);
        if (isExclusive)
        {
            var publication = new ExclusivePublication(parts);
            _resources.ExclusivePublications.Add(response.CorrelationId, publication);
            _pending.Complete(publication);
        }
        else
        {
            var publication = new Publication(parts);
            _resources.Publications.Add(response.CorrelationId, publication);
            _pending.Complete(publication);
        }
    }

    private void OnSubscriptionReady(in IdResponse response)
    {
        if (_pending.Is(response.CorrelationId) && _pending.Subscription is { } subscription)
        {
            _resources.Subscriptions.Add(response.CorrelationId, subscription);
            _pending.Complete(subscription);
        }
    }

    private void OnAvailableImage(in AvailableImageResponse response)
    {
        if (!_resources.Subscriptions.TryGetValue(response.SubscriptionId, out var subscription)
            || !_cnc.Counters.IsInRange(response.PositionCounterId))
        {
            return;
        }

        try
        {
            var log = LogBuffers.Open(Encoding.UTF8.GetString(response.LogFile));
            var image = new Image(
                log,
                _cnc.Counters.Counter(response.PositionCounterId),
                response.ImageId,
                response.SessionId,
                response.StreamId,
                Encoding.UTF8.GetString(response.SourceIdentity));
            _resources.AddImage(subscription, image);
        }
        catch (Exception exception) when (IsUnmappable(exception))
        {
            _resources.Report(new AeronException(
                $"cannot map the image of session {response.SessionId}: {exception.Message}", exception));
        }
    }

    private void OnUnavailableImage(in UnavailableImageResponse response)
    {
        if (_resources.Subscriptions.TryGetValue(response.SubscriptionId, out var subscription))
        {
            _resources.RemoveImage(subscription, response.ImageId);
        }
    }

    private void OnCounterReady(in IdResponse response)
    {
        if (_pending.Is(response.CorrelationId) && _cnc.Counters.IsInRange(response.Id))
        {
            var counter = new Counter(this, response.CorrelationId, _cnc.Counters.Counter(response.Id));
            _resources.Counters.Add(response.CorrelationId, counter);
            _pending.Complete(counter);
        }
    }

    private void CloseEverything(Exception? reason)
    {
        _closeReason = reason;
        Volatile.Write(ref _isClosed, true);
        _resources.CloseAll();
        if (reason is not null)
        {
            _resources.Report(reason);
        }
    }

    private void EnsureUsable()
    {
        if (_resources.IsInHandler)
        {
            throw new InvalidOperationException(
                "an image handler must not add resources: it runs in the conductor");
        }

        if (_isClosed)
        {
            throw ClosedException();
        }
    }

    private AeronException ClosedException() => _closeReason is null
        ? new AeronException("the client is closed")
        : new AeronException($"the client is closed: {_closeReason.Message}", _closeReason);

    private readonly struct ResponseHandler(ClientConductor conductor) : IMessageHandler
    {
        public void OnMessage(int type, ReadOnlySpan<byte> body) => conductor.OnMessage(type, body);
    }
}
