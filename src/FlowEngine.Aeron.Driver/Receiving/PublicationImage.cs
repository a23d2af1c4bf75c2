using System.Text;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;
using FlowEngine.Core;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>
/// A stream received: the conductor's half. Follows what subscribers have read and what has come, finds what is
/// missing, cleans what all have read, and says what the sender is to be told. Conductor's thread, but for
/// <see cref="Reception"/>, the receiver's half.
/// </summary>
internal sealed unsafe class PublicationImage : IDriverStream
{
    private const int EndOfStreamStatusMultiple = 5;

    private readonly MediaDriverContext _context;
    private readonly ImageExchange _exchange;
    private readonly LogBuffers _log;
    private readonly LossDetector _lossDetector;
    private readonly LossLog _lossLog;
    private readonly CongestionControl _congestion;
    private readonly AtomicCounter _hwmPosition;
    private readonly AtomicCounter _position;
    private readonly AtomicCounter _naksSent;
    private readonly int _initialTermId;
    private readonly byte _setupFlags;
    private long _cleanPosition;
    private long _stateChangedNs;

    public PublicationImage(PublicationImageParts parts)
    {
        var setup = parts.Setup;
        _context = parts.Context;
        _log = parts.Log;
        _congestion = parts.CongestionControl;
        _hwmPosition = parts.HighWaterMark;
        _position = parts.Position;
        _naksSent = parts.NaksSent;
        _initialTermId = setup.InitialTermId;
        _setupFlags = setup.Flags;
        _stateChangedNs = parts.NowNs;
        Endpoint = parts.Endpoint;
        ImageId = parts.CorrelationId;
        SessionId = setup.SessionId;
        StreamId = setup.StreamId;
        IsReliable = parts.IsReliable;
        SourceIdentity = parts.SourceAddress.ToString();
        _lossDetector = new LossDetector(CreateNakDelay(parts));
        _lossLog = new LossLog(parts.LossReport, SessionId, StreamId, Endpoint.Channel.Uri.Text, SourceIdentity);

        var start = LogBufferDescriptor.Position(
            setup.ActiveTermId, setup.TermOffset, _log.PositionBitsToShift, setup.InitialTermId);
        _cleanPosition = start;
        _exchange = new ImageExchange(new StatusTarget(start, _congestion.InitialWindowLength), parts.NowNs);
        Reception = new ImageReception(parts, _exchange, start);
        _hwmPosition.Set(start);
        _position.Set(start);
    }

    /// <summary>The receiver's half.</summary>
    public ImageReception Reception { get; }

    public ReceiveEndpoint Endpoint { get; }

    /// <inheritdoc/>
    public long ImageId { get; }

    /// <inheritdoc/>
    public int SessionId { get; }

    /// <inheritdoc/>
    public int StreamId { get; }

    /// <inheritdoc/>
    public string LogPath => _log.Path;

    /// <inheritdoc/>
    public string SourceIdentity { get; }

    public long LogLength => _log.Length;

    public bool IsReliable { get; }

    public ImageState State => _exchange.State;

    /// <summary>Whether its sender wants a response channel's stream.</summary>
    public bool WantsResponse => (_setupFlags & SetupFrame.SendResponseFlag) != 0;

    /// <summary>Whether its end is known. Any thread.</summary>
    public bool IsEndOfStream => _exchange.IsEndOfStream;

    /// <summary>Who reads it.</summary>
    public Subscribers Subscribers { get; } = new();

    /// <summary>Whether the receiver has let go of it; set by who removed it there.</summary>
    public bool IsReleasedByReceiver { get; set; }

    /// <summary>Up to here nothing is missing.</summary>
    public long RebuildPosition => _position.GetPlain();

    /// <summary>Where a subscriber that comes now starts: with the slowest of the others.</summary>
    public long JoinPosition
    {
        get
        {
            var position = _position.GetPlain();
            Subscribers.TryRange(position, out var min, out _);
            return Math.Min(position, min);
        }
    }

    /// <summary>Whether a subscription that comes now may join.</summary>
    public bool IsAcceptingSubscriptions => Subscribers.HasCounted
        && (State == ImageState.Active || (State == ImageState.Draining && !IsDrained()));

    /// <summary>Session that answers this stream, told to its sender with status messages; null is none.</summary>
    public int? ResponseSessionId
    {
        get => _exchange.ResponseSessionId;
        set
        {
            _exchange.ResponseSessionId = value;
            if (value is not null)
            {
                _exchange.RequestStatus();
            }
        }
    }

    public void Link(SubscriberPosition subscriber, long nowNs) => Subscribers.Add(subscriber, nowNs);

    public SubscriberPosition? Unlink(DriverSubscription subscription) => Subscribers.Remove(subscription);

    /// <summary>Refuses the stream: its sender is told why until it stops.</summary>
    public void Reject(string reason) => _exchange.RejectionText =
        Encoding.ASCII.GetBytes(reason[..Math.Min(reason.Length, ErrorFrame.MaxTextLength)]);

    /// <summary>Follows the stream: every duty cycle.</summary>
    /// <returns>How much was done.</returns>
    [Hot]
    public int TrackRebuild(long nowNs, IImageEvents events)
    {
        if (_log.IsRevoked)
        {
            return 0;
        }

        if (_exchange.State == ImageState.Active)
        {
            UpdateUntethered(nowNs, events);
        }

        if (!Subscribers.TryRange(0, out var min, out var max))
        {
            return 0;
        }

        // Pairs with the release in ImageReception: frames below the mark are seen.
        var hwm = _hwmPosition.Get();
        var from = Math.Max(_position.GetPlain(), max);
        var scan = _lossDetector.Scan(_log, _initialTermId, from, hwm, nowNs);
        _position.ProposeMax(scan.RebuildPosition);
        if (scan.IsDue)
        {
            OnLoss(scan.Gap);
        }

        var last = _exchange.Status.Written;
        var step = new RebuildStep(nowNs, min, last.Position, scan.IsNew);
        var window = _congestion.OnRebuild(step, out var isForced);
        if (!isForced && min <= last.Position + (window / 4) && window == last.WindowLength)
        {
            return scan.IsDue ? 1 : 0;
        }

        // A term back stays, as the sender's does: late readers of the log may still look at it.
        Clean(min - _log.TermLength);
        _exchange.Status.Write(new StatusTarget(min, window));
        return 1;
    }

    /// <summary>Life cycle: every timer tick.</summary>
    /// <returns>
    /// Whether it has just been taken away from its subscribers: the receiver is to let go of it, and to forget its
    /// cool-down if a subscription rejoins.
    /// </returns>
    public bool OnTimer(long nowNs, IImageEvents events)
    {
        switch (State)
        {
            case ImageState.Active:
                if (IsToDrain(nowNs))
                {
                    Enter(ImageState.Draining, nowNs);
                    _exchange.IsSendingEndOfStream = true;
                }

                return false;

            case ImageState.Draining:
                if (!_log.IsRevoked && !(IsDrained() && nowNs - _stateChangedNs > GoodbyeNs))
                {
                    return false;
                }

                if (_log.IsRevoked)
                {
                    _exchange.IsSendingEndOfStream = true;
                    _exchange.RequestStatus();
                }

                Enter(ImageState.Linger, nowNs);
                Subscribers.TellUnavailable(this, events);
                return true;

            case ImageState.Linger:
                if (!Subscribers.HasCounted || nowNs - _stateChangedNs > _context.ImageLivenessTimeoutNs)
                {
                    Enter(ImageState.Done, nowNs);
                }

                return false;

            default:
                return false;
        }
    }

    /// <summary>Frees counters and log, and deletes the file. The receiver has let go of it.</summary>
    public void Free(CountersManager counters)
    {
        counters.Free(_hwmPosition.Id);
        counters.Free(_position.Id);
        counters.Free(_naksSent.Id);
        _congestion.Free(counters);
        _log.Dispose();
        File.Delete(LogPath);
    }

    private long GoodbyeNs => EndOfStreamStatusMultiple * _context.StatusMessageTimeoutNs;

    private static NakDelay CreateNakDelay(PublicationImageParts parts)
    {
        var context = parts.Context;
        if (!parts.IsReliable)
        {
            return NakDelay.Fixed(0, 0);
        }

        if (parts.IsGroup)
        {
            var random = context.Seed is { } seed ? new Random(HashCode.Combine(seed, parts.Setup.SessionId)) : new();
            return NakDelay.Group(context.NakMulticastMaxBackoffNs, context.NakMulticastGroupSize, random);
        }

        var delayNs = parts.Endpoint.Channel.Uri.DurationNs("nak-delay") ?? context.NakUnicastDelayNs;
        return NakDelay.Fixed(delayNs, delayNs * context.NakUnicastRetryDelayRatio);
    }

    private void OnLoss(in Gap gap)
    {
        _exchange.Loss.Write(gap);
        _lossLog.OnGap(gap, _context.Clock.EpochNanos / 1_000_000);
    }

    private void UpdateUntethered(long nowNs, IImageEvents events)
    {
        Subscribers.TryRange(0, out _, out var max);
        Subscribers.UpdateUntethered(
            this, max, _exchange.Status.Written.WindowLength, JoinPosition, nowNs, events);
    }

    private bool IsToDrain(long nowNs) =>
        _log.IsRevoked
        || !Subscribers.HasCounted
        || nowNs - _exchange.LastPacketNs > _context.ImageLivenessTimeoutNs
        || (IsEndOfStream && _position.GetPlain() >= _hwmPosition.Get());

    private bool IsDrained()
    {
        var end = _position.GetPlain();
        Subscribers.TryRange(end, out var min, out _);
        return min >= end;
    }

    private void Enter(ImageState state, long nowNs)
    {
        _stateChangedNs = nowNs;
        _exchange.State = state;
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

            // The frame length goes last: who scans takes a zero length for clean behind it.
            Volatile.Write(ref *(long*)start, 0);
            _cleanPosition += length;
        }
    }
}
