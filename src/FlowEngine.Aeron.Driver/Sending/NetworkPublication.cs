using FlowEngine.Aeron.Logs;
using FlowEngine.Core;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>
/// A UDP stream of one session on the sending side. This is the conductor's half: it moves the publishers' limit a
/// window ahead of the sender and of spies, zeroes what is a term behind, and leads the stream through its life.
/// The sender's half is <see cref="Sender"/>. Conductor's thread.
/// </summary>
internal sealed unsafe class NetworkPublication : IDriverStream
{
    private readonly LogBuffers _log;
    private readonly IFlowControl _flowControl;
    private readonly AtomicCounter _publisherPosition;
    private readonly AtomicCounter _publisherLimit;
    private readonly AtomicCounter _senderPosition;
    private readonly int _window;
    private bool _isConnected;
    private long _cleanPosition;
    private long _lastSenderPosition;
    private long _lastActivityNs;

    public NetworkPublication(NetworkPublicationParts parts)
    {
        Parts = parts;
        _log = parts.Log;
        _flowControl = parts.FlowControl;
        _publisherPosition = parts.PublisherPosition;
        _publisherLimit = parts.PublisherLimit;
        _senderPosition = parts.SenderPosition;
        _window = parts.WindowLength;
        var start = _log.ProducerPosition();
        _cleanPosition = start;
        _lastSenderPosition = start;
        _lastActivityNs = parts.NowNs;
        _publisherPosition.Set(start);
        _publisherLimit.Set(start);
        _senderPosition.Set(start);
        parts.SenderLimit.Set(start);
        Sender = new PublicationSender(parts) { MaxSpyPosition = start };
    }

    /// <summary>What it was made of.</summary>
    public NetworkPublicationParts Parts { get; }

    /// <summary>The sender's half.</summary>
    public PublicationSender Sender { get; }

    public SendEndpoint Endpoint => Parts.Endpoint;

    public int SessionId => Parts.SessionId;

    public int StreamId => Parts.StreamId;

    public bool IsExclusive => Parts.IsExclusive;

    public long RegistrationId => _log.CorrelationId;

    public string LogPath => _log.Path;

    public long LogLength => _log.Length;

    public int MtuLength => _log.MtuLength;

    public int TermLength => _log.TermLength;

    public int InitialTermId => _log.InitialTermId;

    public int LimitCounterId => _publisherLimit.Id;

    /// <summary>How many registrations publish here.</summary>
    public int References { get; set; }

    public PublicationState State { get; private set; } = PublicationState.Active;

    public long ProducerPosition => _log.ProducerPosition();

    /// <summary>Those who read the log on this machine.</summary>
    public Subscribers Spies { get; } = new();

    /// <summary>Where a spy that comes now starts: with the sender.</summary>
    public long SpyJoinPosition => _senderPosition.Get();

    /// <summary>Whether a spy may still come.</summary>
    public bool IsAcceptingSpies => State == PublicationState.Active
        || (State == PublicationState.Draining && Spies.HasCounted && ProducerPosition > _senderPosition.Get());

    /// <inheritdoc/>
    public long ImageId => RegistrationId;

    /// <inheritdoc/>
    public string SourceIdentity => "aeron:ipc";

    private bool HasSubscribers =>
        (Sender.HasReceivers && _flowControl.HasRequiredReceivers)
        || (Parts.SpiesSimulateConnection && Spies.HasCounted);

    public void LinkSpy(SubscriberPosition spy, long nowNs)
    {
        Spies.Add(spy, nowNs);
        OnSpiesChanged();
    }

    /// <returns>The spy's position, whose counter is to be freed, or null.</returns>
    public SubscriberPosition? UnlinkSpy(DriverSubscription subscription)
    {
        var spy = Spies.Remove(subscription);
        if (spy is not null)
        {
            OnSpiesChanged();
        }

        return spy;
    }

    /// <summary>Positions, limit, cleaning and untethered spies: every duty cycle.</summary>
    [Hot]
    public int Update(long nowNs, IImageEvents events)
    {
        if (State != PublicationState.Active)
        {
            return 0;
        }

        _publisherPosition.Set(_log.ProducerPosition());

        // Pairs with the release in PublicationSender: what is behind it will not be sent for the first time again.
        var senderPosition = _senderPosition.Get();
        if (Spies.UpdateUntethered(this, senderPosition, _window, senderPosition, nowNs, events))
        {
            OnSpiesChanged();
        }

        var hasSubscribers = HasSubscribers;
        SetConnected(hasSubscribers);
        return hasSubscribers ? RaiseLimit(senderPosition) : StopPublishers(senderPosition);
    }

    /// <summary>Life cycle and dead publishers: every timer tick.</summary>
    /// <returns>Whether a dead publisher's hole was filled.</returns>
    public bool OnTimer(long nowNs, IImageEvents events)
    {
        switch (State)
        {
            case PublicationState.Active:
                return CheckForBlockedPublisher(nowNs);

            case PublicationState.Draining:
                return Drain(nowNs, events);

            case PublicationState.Linger:
                if (References <= 0 && (Sender.HasUnicastEnded || nowNs - _lastActivityNs > Parts.LingerNs))
                {
                    State = PublicationState.Done;
                }

                return false;

            default:
                return false;
        }
    }

    /// <summary>The last publisher has gone: what is in the log will still be sent.</summary>
    public void EnterDraining()
    {
        var end = StopAtProducer();
        if (_senderPosition.Get() >= end)
        {
            Sender.IsEndOfStream = true;
        }

        State = PublicationState.Draining;
    }

    /// <summary>The publisher takes the stream away at once; heartbeats tell the receivers.</summary>
    public void Revoke(long nowNs, IImageEvents events)
    {
        _log.IsRevoked = true;
        StopAtProducer();
        SetConnected(false);
        Sender.IsEndOfStream = true;
        EnterLinger(nowNs, events);
    }

    /// <summary>Unmaps and deletes the log. After the sender has let go of it.</summary>
    public void Release()
    {
        _log.Dispose();
        File.Delete(LogPath);
    }

    private long StopAtProducer()
    {
        var end = _log.ProducerPosition();
        _publisherPosition.Set(end);
        _publisherLimit.Set(end);
        _log.EndOfStreamPosition = end;
        return end;
    }

    private int RaiseLimit(long senderPosition)
    {
        Spies.TryRange(senderPosition, out var min, out var max);
        min = Math.Min(min, senderPosition);
        if (max > Sender.MaxSpyPosition)
        {
            Sender.MaxSpyPosition = max;
        }

        var limit = min + _window;
        if (limit <= _publisherLimit.GetPlain())
        {
            return 0;
        }

        // A term behind: retransmissions still need what was sent last.
        Clean(min - TermLength);

        // The limit must not let a fast publisher into the partition that is not clean yet.
        var shift = _log.PositionBitsToShift;
        var termsAhead = (limit >> shift) - (_cleanPosition >> shift);
        if (termsAhead < 2 || (termsAhead == 2 && (_cleanPosition & (TermLength - 1)) != 0))
        {
            // Pairs with the acquire in publications: the terms they may write now are seen clean.
            _publisherLimit.Set(limit);
        }

        return 1;
    }

    private int StopPublishers(long senderPosition)
    {
        if (_publisherLimit.GetPlain() <= senderPosition)
        {
            return 0;
        }

        _publisherLimit.Set(senderPosition);
        Clean(senderPosition - TermLength);
        return 1;
    }

    /// <summary>Zeroes up to there, but at most to the end of the term the last cleaning ended in.</summary>
    private void Clean(long position)
    {
        if (position <= _cleanPosition)
        {
            return;
        }

        var offset = (int)_cleanPosition & (TermLength - 1);
        var partition = (int)((_cleanPosition >> _log.PositionBitsToShift) % LogBufferDescriptor.PartitionCount);
        var length = (int)Math.Min(position - _cleanPosition, TermLength - offset);
        var start = _log.Term(partition) + offset;
        new Span<byte>(start + sizeof(long), length - sizeof(long)).Clear();

        // The frame length goes last: who sees it zero, sees all behind it zero.
        Volatile.Write(ref *(long*)start, 0);
        _cleanPosition += length;
    }

    private bool CheckForBlockedPublisher(long nowNs)
    {
        var senderPosition = _senderPosition.Get();
        if (IsExclusive || senderPosition != _lastSenderPosition || !IsPossiblyBlocked(senderPosition))
        {
            _lastSenderPosition = senderPosition;
            _lastActivityNs = nowNs;
            return false;
        }

        return nowNs - _lastActivityNs > Parts.Context.PublicationUnblockTimeoutNs
            && LogUnblocker.Unblock(_log, senderPosition);
    }

    private bool IsPossiblyBlocked(long senderPosition) =>
        _log.ActiveTermCount != (int)(senderPosition >> _log.PositionBitsToShift)
        || _log.ProducerPosition() > senderPosition;

    private bool Drain(long nowNs, IImageEvents events)
    {
        var end = _log.ProducerPosition();
        _publisherPosition.Set(end);
        var senderPosition = _senderPosition.Get();
        if (end <= senderPosition)
        {
            Sender.IsEndOfStream = true;
        }
        else if (LogUnblocker.Unblock(_log, senderPosition))
        {
            return true;
        }
        else if (Sender.HasReceivers)
        {
            return false;
        }

        // Nobody but spies has to read on.
        Spies.TryRange(end, out var slowest, out _);
        if (slowest >= end)
        {
            EnterLinger(nowNs, events);
        }

        return false;
    }

    private void EnterLinger(long nowNs, IImageEvents events)
    {
        State = PublicationState.Linger;
        _lastActivityNs = nowNs;
        Sender.HasSpies = false;
        Spies.TellUnavailable(this, events);
    }

    private void OnSpiesChanged()
    {
        Sender.HasSpies = Spies.HasCounted && State < PublicationState.Linger;
        if (Parts.SpiesSimulateConnection && State == PublicationState.Active)
        {
            SetConnected(HasSubscribers);
        }
    }

    private void SetConnected(bool isConnected)
    {
        if (isConnected != _isConnected)
        {
            _isConnected = isConnected;
            _log.IsConnected = isConnected;
        }
    }
}
