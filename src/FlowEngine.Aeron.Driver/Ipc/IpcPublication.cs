using FlowEngine.Aeron.Logs;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// An IPC stream of one session. The conductor moves the publisher's limit a window ahead of the slowest subscriber
/// and zeroes what all have read: terms must be zero before they are written again. Conductor's thread.
/// </summary>
internal sealed unsafe class IpcPublication : IDriverStream
{
    private readonly LogBuffers _log;
    private readonly AtomicCounter _publisherLimit;
    private readonly AtomicCounter _publisherPosition;
    private readonly Subscribers _subscribers = new();
    private readonly int _window;
    private readonly int _tripGain;
    private long _tripLimit;
    private long _cleanPosition;
    private long _lastConsumerPosition;
    private long _consumerChangedNs;
    private long _coolDownEndNs;
    private bool _isCoolingDown;

    public IpcPublication(
        LogBuffers log,
        PublicationParameters parameters,
        int sessionId,
        int streamId,
        bool isExclusive,
        AtomicCounter publisherPosition,
        AtomicCounter publisherLimit,
        long nowNs)
    {
        _log = log;
        Parameters = parameters;
        SessionId = sessionId;
        StreamId = streamId;
        IsExclusive = isExclusive;
        _publisherPosition = publisherPosition;
        _publisherLimit = publisherLimit;
        _window = parameters.WindowLength;
        _tripGain = _window / 8;
        var start = log.ProducerPosition();
        _tripLimit = start;
        _cleanPosition = start;
        ConsumerPosition = start;
        _lastConsumerPosition = start;
        _consumerChangedNs = nowNs;
        _publisherPosition.Set(start);
        _publisherLimit.Set(start);
    }

    public PublicationParameters Parameters { get; }

    public int SessionId { get; }

    public int StreamId { get; }

    public bool IsExclusive { get; }

    public long RegistrationId => _log.CorrelationId;

    public string LogPath => _log.Path;

    public long LogLength => _log.Length;

    public int MtuLength => _log.MtuLength;

    public int InitialTermId => _log.InitialTermId;

    public int LimitCounterId => _publisherLimit.Id;

    public int PositionCounterId => _publisherPosition.Id;

    /// <summary>How many registrations publish here.</summary>
    public int References { get; set; }

    public PublicationState State { get; private set; } = PublicationState.Active;

    /// <summary>Highest position a subscriber has read.</summary>
    public long ConsumerPosition { get; private set; }

    /// <summary>Whether subscribers may join.</summary>
    public bool IsAccepting => State == PublicationState.Active && !_isCoolingDown;

    public long ProducerPosition => _log.ProducerPosition();

    public IReadOnlyList<SubscriberPosition> Subscribers => _subscribers.All;

    /// <inheritdoc/>
    public long ImageId => RegistrationId;

    /// <inheritdoc/>
    public string SourceIdentity => "aeron:ipc";

    /// <summary>Where a subscriber that comes now starts: with the slowest of the others.</summary>
    public long JoinPosition
    {
        get
        {
            _subscribers.TryRange(ConsumerPosition, out var min, out _);
            return Math.Min(ConsumerPosition, min);
        }
    }

    public void Link(SubscriberPosition subscriber, long nowNs)
    {
        _subscribers.Add(subscriber, nowNs);
        _log.IsConnected = true;
    }

    public SubscriberPosition? Unlink(DriverSubscription subscription)
    {
        var subscriber = _subscribers.Remove(subscription);
        if (subscriber is not null)
        {
            // What it has read stays read, though it is no longer asked.
            ConsumerPosition = Math.Max(ConsumerPosition, subscriber.Position.Get());
            _log.IsConnected = _subscribers.HasCounted && State == PublicationState.Active;
        }

        return subscriber;
    }

    /// <summary>A subscriber refused it: nobody has it until the cool-down is over.</summary>
    /// <returns>Whose counters are to be freed.</returns>
    public IReadOnlyList<SubscriberPosition> Reject(long nowNs, long coolDownNs, IImageEvents events)
    {
        _coolDownEndNs = nowNs + coolDownNs;
        if (_isCoolingDown)
        {
            return [];
        }

        _isCoolingDown = true;
        _log.IsConnected = false;
        _subscribers.TellUnavailable(this, events);
        SubscriberPosition[] removed = [.. _subscribers.All];
        foreach (var subscriber in removed)
        {
            Unlink(subscriber.Subscription);
        }

        return removed;
    }

    /// <summary>Whether a cool-down has ended, so that subscriptions are to be linked again.</summary>
    public bool TryEndCoolDown(long nowNs)
    {
        if (!_isCoolingDown || State != PublicationState.Active || nowNs - _coolDownEndNs <= 0)
        {
            return false;
        }

        _isCoolingDown = false;
        return true;
    }

    public void UnlinkAll() => _subscribers.Clear();

    /// <summary>Positions, limit, cleaning and untethered subscribers: every duty cycle.</summary>
    public int Update(long nowNs, IImageEvents events)
    {
        if (State != PublicationState.Active)
        {
            return 0;
        }

        _publisherPosition.Set(_log.ProducerPosition());
        var hasCounted = _subscribers.TryRange(ConsumerPosition, out var min, out var max);
        ConsumerPosition = Math.Max(ConsumerPosition, max);
        if (_subscribers.UpdateUntethered(this, ConsumerPosition, _window, JoinPosition, nowNs, events))
        {
            _log.IsConnected = _subscribers.HasCounted;
        }

        return hasCounted ? RaiseLimit(min) : StopPublisher();
    }

    /// <summary>Life cycle and dead publishers: every timer tick.</summary>
    /// <returns>Whether a dead publisher's hole was filled.</returns>
    public bool OnTimer(long nowNs, long unblockTimeoutNs, IImageEvents events)
    {
        switch (State)
        {
            case PublicationState.Active:
                _log.IsConnected = _subscribers.HasCounted;
                return CheckForBlockedPublisher(nowNs, unblockTimeoutNs);

            case PublicationState.Draining:
                if (IsDrained())
                {
                    EnterLinger(events);
                    return false;
                }

                return LogUnblocker.Unblock(_log, DrainPosition());

            case PublicationState.Linger:
                State = PublicationState.Done;
                return false;

            default:
                return false;
        }
    }

    /// <summary>The last publisher has gone: subscribers may read to the end.</summary>
    public void EnterDraining()
    {
        var end = _log.ProducerPosition();
        _publisherPosition.Set(end);
        _publisherLimit.Set(end);
        _log.EndOfStreamPosition = end;
        State = PublicationState.Draining;
    }

    /// <summary>The publisher takes the stream away at once.</summary>
    public void Revoke(IImageEvents events)
    {
        _log.IsRevoked = true;
        EnterDraining();
        _log.IsConnected = false;
        EnterLinger(events);
    }

    /// <summary>Unmaps and deletes the log.</summary>
    public void Release()
    {
        _log.Dispose();
        File.Delete(LogPath);
    }

    private void EnterLinger(IImageEvents events)
    {
        State = PublicationState.Linger;
        _log.IsConnected = false;
        _subscribers.TellUnavailable(this, events);
    }

    private int StopPublisher()
    {
        if (_publisherLimit.GetPlain() <= ConsumerPosition)
        {
            return 0;
        }

        _tripLimit = ConsumerPosition;
        _publisherLimit.Set(ConsumerPosition);
        Clean(ConsumerPosition);
        return 1;
    }

    private int RaiseLimit(long min)
    {
        var limit = min + _window;
        if (limit <= _tripLimit)
        {
            return 0;
        }

        Clean(min);

        // Pairs with the acquire in publications: the terms they may write now are seen clean.
        _publisherLimit.Set(limit);
        _tripLimit = limit + _tripGain;
        return 1;
    }

    private void Clean(long position)
    {
        while (_cleanPosition < position)
        {
            var offset = (int)_cleanPosition & (_log.TermLength - 1);
            var partition = (int)((_cleanPosition >> _log.PositionBitsToShift) % LogBufferDescriptor.PartitionCount);
            var length = (int)Math.Min(position - _cleanPosition, _log.TermLength - offset);
            var start = _log.Term(partition) + offset;
            new Span<byte>(start + sizeof(long), length - sizeof(long)).Clear();

            // The frame length goes last: readers and unblocker take a zero length for clean behind it.
            Volatile.Write(ref *(long*)start, 0);
            _cleanPosition += length;
        }
    }

    private bool CheckForBlockedPublisher(long nowNs, long unblockTimeoutNs)
    {
        if (IsExclusive || ConsumerPosition != _lastConsumerPosition || _log.ProducerPosition() <= ConsumerPosition)
        {
            _lastConsumerPosition = ConsumerPosition;
            _consumerChangedNs = nowNs;
            return false;
        }

        return nowNs - _consumerChangedNs > unblockTimeoutNs && LogUnblocker.Unblock(_log, ConsumerPosition);
    }

    private bool IsDrained()
    {
        var end = _log.EndOfStreamPosition;
        _subscribers.TryRange(end, out var min, out _);
        return min >= end;
    }

    private long DrainPosition()
    {
        _subscribers.TryRange(ConsumerPosition, out _, out var max);
        ConsumerPosition = Math.Max(ConsumerPosition, max);
        return ConsumerPosition;
    }
}

/// <summary>Life of a publication.</summary>
internal enum PublicationState
{
    Active,

    /// <summary>No publisher; subscribers read on.</summary>
    Draining,

    /// <summary>Images were taken away.</summary>
    Linger,

    /// <summary>To be deleted.</summary>
    Done,
}
