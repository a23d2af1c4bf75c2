using System.Text;
using FlowEngine.Aeron.Control;
using FlowEngine.Aeron.Logs;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Time;

namespace FlowEngine.Aeron;

/// <summary>
/// The cold side of a client: sends commands, takes the driver's answers, keeps the client alive, releases what lingers. One lock:
/// a caller that waits for an answer does the conductor's work meanwhile.
/// </summary>
internal sealed class ClientConductor : IAgent
{
    private const int MessagesPerCycle = 16;
    private const int SendAttempts = 10;
    private const long TimerIntervalNs = 16_000_000;

    private readonly Lock _gate = new();
    private readonly AeronContext _context;
    private readonly IClock _clock;
    private readonly CncFile _cnc;
    private readonly BroadcastReceiver _receiver;
    private readonly byte[] _scratch = new byte[ChannelUri.MaxLength + 1024];
    private readonly List<(Image Image, long DeadlineNs)> _lingering = [];
    private readonly ClientHeartbeat _heartbeat;
    private readonly PendingCommand _pending = new();
    private Exception? _closeReason;
    private bool _isClosed;
    private bool _isInCallback;
    private long _lastServiceNs;
    private long _lastTimerNs;

    public ClientConductor(AeronContext context, CncFile cnc)
    {
        _context = context;
        _clock = context.Clock;
        _cnc = cnc;
        _receiver = cnc.CreateReceiver();
        ClientId = cnc.ToDriver.NextCorrelationId();
        _heartbeat = new ClientHeartbeat(cnc, ClientId, context);
        _lastServiceNs = _clock.NanoTime;
        _lastTimerNs = _lastServiceNs;
    }

    /// <inheritdoc/>
    public string Name => "aeron-client-conductor";

    public long ClientId { get; }

    public CncFile Cnc => _cnc;

    public bool IsClosed => Volatile.Read(ref _isClosed);

    public bool IsInCallback => _isInCallback;

    private Dictionary<long, Publication> Publications { get; } = [];

    private Dictionary<long, ExclusivePublication> ExclusivePublications { get; } = [];

    private Dictionary<long, Subscription> Subscriptions { get; } = [];

    private Dictionary<long, Counter> Counters { get; } = [];

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
            var id = _cnc.ToDriver.NextCorrelationId();
            var command = new PublicationCommand
            {
                ClientId = ClientId,
                CorrelationId = id,
                StreamId = streamId,
                Channel = ChannelBytes(channel),
            };
            _pending.Start(id, channel);
            Send(
                isExclusive ? CommandType.AddExclusivePublication : CommandType.AddPublication,
                command.Write(_scratch));
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
            var id = _cnc.ToDriver.NextCorrelationId();
            var command = new SubscriptionCommand
            {
                ClientId = ClientId,
                CorrelationId = id,
                RegistrationCorrelationId = -1,
                StreamId = streamId,
                Channel = ChannelBytes(channel),
            };
            _pending.Start(id, channel);
            _pending.Subscription = new Subscription(
                this,
                channel,
                streamId,
                id,
                onAvailableImage ?? _context.OnAvailableImage,
                onUnavailableImage ?? _context.OnUnavailableImage);
            Send(CommandType.AddSubscription, command.Write(_scratch));
            return (Subscription)Await($"subscription {channel} stream {streamId}");
        }
    }

    /// <summary>Sends ADD_COUNTER and waits for the counter.</summary>
    public Counter AddCounter(int typeId, ReadOnlySpan<byte> key, string label)
    {
        lock (_gate)
        {
            EnsureUsable();
            var id = _cnc.ToDriver.NextCorrelationId();
            var command = new CounterCommand
            {
                ClientId = ClientId,
                CorrelationId = id,
                TypeId = typeId,
                Key = key,
                Label = Encoding.Latin1.GetBytes(label),
            };
            _pending.Start(id, label);
            Send(CommandType.AddCounter, command.Write(_scratch));
            return (Counter)Await($"counter '{label}'");
        }
    }

    public void Close(Publication publication, bool revoke)
    {
        lock (_gate)
        {
            publication.MarkClosed();
            if (Publications.Remove(publication.RegistrationId))
            {
                SendRemove(CommandType.RemovePublication, publication.RegistrationId, withFlags: true, revoke);
            }
        }
    }

    public void Close(ExclusivePublication publication, bool revoke)
    {
        lock (_gate)
        {
            publication.MarkClosed();
            if (ExclusivePublications.Remove(publication.RegistrationId))
            {
                SendRemove(CommandType.RemovePublication, publication.RegistrationId, withFlags: true, revoke);
            }
        }
    }

    public void Close(Subscription subscription)
    {
        lock (_gate)
        {
            if (Subscriptions.Remove(subscription.RegistrationId))
            {
                SendRemove(CommandType.RemoveSubscription, subscription.RegistrationId);
                CloseImages(subscription);
            }
        }
    }

    public void Close(Counter counter)
    {
        lock (_gate)
        {
            counter.MarkClosed();
            if (Counters.Remove(counter.RegistrationId))
            {
                SendRemove(CommandType.RemoveCounter, counter.RegistrationId);
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

            var command = new ClientCommand { ClientId = ClientId, CorrelationId = _cnc.ToDriver.NextCorrelationId() };
            _cnc.ToDriver.TryWrite(CommandType.ClientClose, _scratch.AsSpan(0, command.Write(_scratch)));
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
                if (Counters.Remove(response.CorrelationId, out var counter))
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

            work += ReleaseLingering(nowNs);
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
            Report(exception);
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
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
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
            ExclusivePublications.Add(response.CorrelationId, publication);
            _pending.Complete(publication);
        }
        else
        {
            var publication = new Publication(parts);
            Publications.Add(response.CorrelationId, publication);
            _pending.Complete(publication);
        }
    }

    private void OnSubscriptionReady(in IdResponse response)
    {
        if (_pending.Is(response.CorrelationId) && _pending.Subscription is { } subscription)
        {
            Subscriptions.Add(response.CorrelationId, subscription);
            _pending.Complete(subscription);
        }
    }

    private void OnAvailableImage(in AvailableImageResponse response)
    {
        if (!Subscriptions.TryGetValue(response.SubscriptionId, out var subscription)
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
            subscription.Add(image);
            Call(subscription.OnAvailableImage, image);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Report(new AeronException(
                $"cannot map the image of session {response.SessionId}: {exception.Message}", exception));
        }
    }

    private void OnUnavailableImage(in UnavailableImageResponse response)
    {
        if (Subscriptions.TryGetValue(response.SubscriptionId, out var subscription)
            && subscription.Remove(response.ImageId) is { } image)
        {
            Linger(image);
            Call(subscription.OnUnavailableImage, image);
        }
    }

    private void OnCounterReady(in IdResponse response)
    {
        if (_pending.Is(response.CorrelationId) && _cnc.Counters.IsInRange(response.Id))
        {
            var counter = new Counter(this, response.CorrelationId, _cnc.Counters.Counter(response.Id));
            Counters.Add(response.CorrelationId, counter);
            _pending.Complete(counter);
        }
    }

    private void CloseEverything(Exception? reason)
    {
        _closeReason = reason;
        Volatile.Write(ref _isClosed, true);
        foreach (var publication in Publications.Values)
        {
            publication.MarkClosed();
        }

        foreach (var publication in ExclusivePublications.Values)
        {
            publication.MarkClosed();
        }

        foreach (var counter in Counters.Values)
        {
            counter.MarkClosed();
        }

        foreach (var subscription in Subscriptions.Values)
        {
            CloseImages(subscription);
        }

        Publications.Clear();
        ExclusivePublications.Clear();
        Counters.Clear();
        Subscriptions.Clear();
        if (reason is not null)
        {
            Report(reason);
        }
    }

    private void CloseImages(Subscription subscription)
    {
        foreach (var image in subscription.MarkClosed())
        {
            Linger(image);
            Call(subscription.OnUnavailableImage, image);
        }
    }

    private void Linger(Image image)
    {
        image.Close();
        _lingering.Add((image, _clock.NanoTime + _context.ResourceLingerNs));
    }

    private int ReleaseLingering(long nowNs) =>
        _lingering.RemoveAll(entry => nowNs - entry.DeadlineNs >= 0 && entry.Image.TryRelease());

    private void SendRemove(int type, long registrationId, bool withFlags = false, bool revoke = false)
    {
        var command = new RemoveCommand
        {
            ClientId = ClientId,
            CorrelationId = _cnc.ToDriver.NextCorrelationId(),
            RegistrationId = registrationId,
            Flags = revoke ? RemoveCommand.RevokeFlag : 0,
        };
        Send(type, command.Write(_scratch, withFlags));
    }

    private void Send(int type, int length)
    {
        for (var attempt = 0; attempt < SendAttempts; attempt++)
        {
            if (_cnc.ToDriver.TryWrite(type, _scratch.AsSpan(0, length)))
            {
                return;
            }

            Thread.Yield();
        }

        throw new AeronException("the driver does not take commands: its ring is full");
    }

    private static byte[] ChannelBytes(string channel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channel.Length, ChannelUri.MaxLength, nameof(channel));
        return Encoding.Latin1.GetBytes(channel);
    }

    private void EnsureUsable()
    {
        if (_isInCallback)
        {
            throw new InvalidOperationException("an image or error handler must not add resources: it runs in the conductor");
        }

        if (_isClosed)
        {
            throw ClosedException();
        }
    }

    private AeronException ClosedException() => _closeReason is null
        ? new AeronException("the client is closed")
        : new AeronException($"the client is closed: {_closeReason.Message}", _closeReason);

    private void Call(Action<Image>? handler, Image image)
    {
        if (handler is null)
        {
            return;
        }

        _isInCallback = true;
        try
        {
            handler(image);
        }
        catch (Exception exception)
        {
            Report(exception);
        }
        finally
        {
            _isInCallback = false;
        }
    }

    private void Report(Exception exception) => _context.ErrorHandler?.Invoke(exception);

    private readonly struct ResponseHandler(ClientConductor conductor) : IMessageHandler
    {
        public void OnMessage(int type, ReadOnlySpan<byte> body) => conductor.OnMessage(type, body);
    }
}
