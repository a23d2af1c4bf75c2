using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;
using FlowEngine.Core;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>
/// The sender's half of a UDP publication: what goes out of its log and what its receivers answer. Sender's thread,
/// but for the fields said to be the conductor's.
/// </summary>
internal sealed unsafe class PublicationSender : IRetransmitter
{
    private const long IntervalNs = 100_000_000;
    private const long ResponseSetupIntervalNs = 10_000_000;
    private const int MaxDatagrams = 16;

    private readonly NetworkPublicationParts _parts;
    private readonly LogBuffers _log;
    private readonly SendEndpoint _endpoint;
    private readonly IFlowControl _flowControl;
    private readonly SystemCounters _system;
    private readonly AtomicCounter _position;
    private readonly AtomicCounter _limit;
    private readonly RetransmitHandler _retransmits;
    private readonly ReceiverTable _receivers = new();
    private readonly Datagram[] _datagrams = new Datagram[MaxDatagrams];
    private readonly long[] _ends = new long[MaxDatagrams];
    private readonly int _maxDatagrams;
    private readonly int _mtu;
    private readonly int _termMask;
    private readonly int _shift;
    private readonly long _connectionTimeoutNs;

    private UdpAddress _responseAddress;
    private long _lastSetupNs;
    private long _lastDataNs;
    private long _lastResponseSetupNs;
    private bool _hasInitialConnection;
    private bool _isSetupElicited;
    private bool _tracksLimit;

    // Written here, read by the conductor.
    private bool _hasReceivers;
    private bool _hasUnicastEnded;

    // Written by the conductor, read here.
    private bool _isEndOfStream;
    private bool _hasSpies;
    private long _maxSpyPosition;

    public PublicationSender(NetworkPublicationParts parts)
    {
        _parts = parts;
        _log = parts.Log;
        _endpoint = parts.Endpoint;
        _flowControl = parts.FlowControl;
        _system = parts.System;
        _position = parts.SenderPosition;
        _limit = parts.SenderLimit;
        _mtu = parts.Log.MtuLength;
        _shift = parts.Log.PositionBitsToShift;
        _termMask = parts.Log.TermLength - 1;
        _maxDatagrams = Math.Clamp(parts.Context.NetworkPublicationMaxMessagesPerSend, 1, MaxDatagrams);
        _connectionTimeoutNs = parts.Context.PublicationConnectionTimeoutNs;
        InitialTermId = parts.Log.InitialTermId;
        _retransmits = new RetransmitHandler(
            parts.Context.RetransmitUnicastDelayNs,
            parts.Context.RetransmitUnicastLingerNs,
            !parts.Endpoint.IsUnicast,
            parts.MaxResend,
            parts.System[SystemCounter.RetransmitOverflow]);

        // The first of each is due at once.
        _lastSetupNs = parts.NowNs - IntervalNs - 1;
        _lastDataNs = _lastSetupNs;
        _lastResponseSetupNs = _lastSetupNs;
    }

    public int SessionId => _parts.SessionId;

    public int StreamId => _parts.StreamId;

    public int TermLength => _log.TermLength;

    public int InitialTermId { get; }

    /// <summary>Whether a receiver was heard of within the connection timeout. Any thread.</summary>
    public bool HasReceivers
    {
        // Pairs with the setter, on the sender's thread: the limit of the first status message follows it.
        get => Volatile.Read(ref _hasReceivers);
        private set => Volatile.Write(ref _hasReceivers, value);
    }

    /// <summary>Whether the only receiver said that it is done. Any thread.</summary>
    public bool HasUnicastEnded
    {
        // Pairs with the setter, on the sender's thread.
        get => Volatile.Read(ref _hasUnicastEnded);
        private set => Volatile.Write(ref _hasUnicastEnded, value);
    }

    /// <summary>Whether nothing will be published any more. Set by the conductor.</summary>
    public bool IsEndOfStream
    {
        // Pairs with the setter, on the conductor's thread.
        get => Volatile.Read(ref _isEndOfStream);
        set => Volatile.Write(ref _isEndOfStream, value);
    }

    /// <summary>Whether spies read the log. Set by the conductor.</summary>
    public bool HasSpies
    {
        // Pairs with the setter, on the conductor's thread.
        get => Volatile.Read(ref _hasSpies);
        set => Volatile.Write(ref _hasSpies, value);
    }

    /// <summary>Where the fastest spy is. Set by the conductor.</summary>
    public long MaxSpyPosition
    {
        // Pairs with the setter, on the conductor's thread.
        get => Volatile.Read(ref _maxSpyPosition);
        set => Volatile.Write(ref _maxSpyPosition, value);
    }

    /// <summary>Whether a receiver can be where it says: within half a term of the sender.</summary>
    public bool IsWithinReach(in StatusFrame frame) =>
        Math.Abs(PositionOf(frame.TermId, frame.TermOffset) - _position.GetPlain()) <= TermLength / 2;

    /// <summary>Sends what may be sent: data, or what keeps the stream alive. Every duty cycle.</summary>
    /// <returns>Bytes of data and heartbeats.</returns>
    [Hot]
    public int Send(long nowNs)
    {
        var position = _position.GetPlain();
        if (!_hasInitialConnection || _isSetupElicited)
        {
            SendSetupIfDue(position, nowNs);
        }

        var bytes = SendData(position, nowNs);
        if (bytes == 0)
        {
            bytes = SendHeartbeatIfDue(position, nowNs);
            OnIdle(position, nowNs);
        }

        _retransmits.ProcessTimeouts(nowNs, this);
        return bytes;
    }

    /// <summary>A receiver says where it is.</summary>
    public void OnStatusMessage(in StatusFrame frame, long nowNs)
    {
        var isEnding = (frame.Flags & StatusFrame.EndOfStreamFlag) != 0;
        if (isEnding)
        {
            _receivers.Remove(frame.ReceiverId);
        }
        else
        {
            _receivers.Touch(frame.ReceiverId, nowNs);
        }

        // One that came after another had gone may still miss something: its linger must not be cut short.
        var hasEnded = isEnding && _endpoint.IsUnicast && _receivers.Count == 0;
        if (hasEnded != HasUnicastEnded)
        {
            HasUnicastEnded = hasEnded;
        }

        var position = PositionOf(frame.TermId, frame.TermOffset);
        _limit.Set(_flowControl.OnStatusMessage(frame, position, _limit.GetPlain(), nowNs));
        _hasInitialConnection = true;
        if (!HasReceivers && _receivers.Count > 0 && _parts.ResponseCorrelationId is { } responseCorrelationId)
        {
            _parts.Conductor.OnResponseConnected(responseCorrelationId);
        }

        UpdateHasReceivers();
    }

    /// <summary>A receiver does not know the stream and asks for a SETUP.</summary>
    public void OnSetupElicited(in StatusFrame frame, in UdpAddress source)
    {
        if (IsEndOfStream)
        {
            return;
        }

        _isSetupElicited = true;
        _flowControl.OnSetupElicited(frame);
        if (_endpoint.IsResponse)
        {
            _responseAddress = source;
        }
    }

    /// <summary>A receiver misses something.</summary>
    public void OnNak(in NakFrame frame, long nowNs)
    {
        _parts.NaksReceived.Increment();
        if (frame.GapLength > 0)
        {
            var length = _flowControl.MaxRetransmitLength(frame.TermOffset, frame.GapLength, TermLength);
            _retransmits.OnNak(frame.TermId, frame.TermOffset, length, nowNs, this);
        }
    }

    /// <summary>A receiver measures the round trip: its time goes back to it.</summary>
    public void OnRttMeasurement(in RttFrame frame, long nowNs)
    {
        if ((frame.Flags & RttFrame.ReplyFlag) != 0)
        {
            var echo = stackalloc byte[RttFrame.Length];
            var reply = frame with { Flags = 0, ReceptionDeltaNs = 0 };
            SendFrame(echo, reply.Write(new Span<byte>(echo, RttFrame.Length)), nowNs);
        }
    }

    /// <summary>A receiver refuses the stream.</summary>
    public void OnError(in ErrorFrame frame, in UdpAddress source, long destinationRegistrationId)
    {
        _flowControl.OnError(frame.ReceiverId);

        // Once for each receiver: it goes on refusing as long as it gets the stream.
        if (_receivers.Remove(frame.ReceiverId))
        {
            _parts.Conductor.OnPublicationError(new PublicationError
            {
                RegistrationId = _log.CorrelationId,
                DestinationRegistrationId = destinationRegistrationId,
                SessionId = SessionId,
                StreamId = StreamId,
                ReceiverId = frame.ReceiverId,
                GroupTag = frame.GroupTag,
                Source = source,
                Code = frame.Code,
                Text = System.Text.Encoding.UTF8.GetString(frame.Text),
            });
        }
    }

    /// <summary>The receiver of a request stream says which session will answer it; it repeats that.</summary>
    public void OnResponseSetup(in ResponseSetupFrame frame, long nowNs)
    {
        if (_parts.ResponseCorrelationId is { } responseCorrelationId
            && nowNs - _lastResponseSetupNs > ResponseSetupIntervalNs)
        {
            _lastResponseSetupNs = nowNs;
            _parts.Conductor.OnResponseSetup(responseCorrelationId, frame.ResponseSessionId);
        }
    }

    /// <inheritdoc/>
    [Hot]
    public void Resend(int termId, int termOffset, int length, long nowNs)
    {
        var position = PositionOf(termId, termOffset);
        var senderPosition = _position.GetPlain();
        var bottom = senderPosition - (TermLength / 2) - LogBufferDescriptor.MaxMessageLength(TermLength);

        // Older terms may have been cleaned, and may be written anew.
        if (position < Math.Max(bottom, 0) || position >= senderPosition)
        {
            return;
        }

        var term = TermAt(position);
        var sent = 0;
        while (sent < length && termOffset + sent < TermLength)
        {
            var offset = termOffset + sent;
            var maxLength = Math.Min(length - sent, _mtu);
            var available = FrameScanner.Scan(term + offset, TermLength - offset, maxLength, out var padding);
            if (available <= 0 || !SendFrame(term + offset, available, nowNs))
            {
                break;
            }

            sent += available + padding;
        }

        if (sent > 0)
        {
            _system[SystemCounter.RetransmitsSent].Increment();
            _system[SystemCounter.RetransmittedBytes].Add(sent);
        }
    }

    private int SendData(long position, long nowNs)
    {
        var count = 0;
        var window = _limit.GetPlain() - position;
        var offset = (int)position & _termMask;
        var term = TermAt(position);
        while (count < _maxDatagrams && window > 0 && offset < TermLength)
        {
            var maxLength = (int)Math.Min(window, _mtu);
            var available = FrameScanner.Scan(term + offset, TermLength - offset, maxLength, out var padding);
            if (available <= 0)
            {
                if (available < 0)
                {
                    OnBackPressure();
                }

                break;
            }

            var length = available + padding;
            _datagrams[count] = new Datagram(term + offset, available);
            position += length;
            _ends[count++] = position;
            offset += length;
            window -= length;
        }

        if (count > 0)
        {
            return SendDatagrams(count, nowNs);
        }

        if (window <= 0)
        {
            OnBackPressure();
        }

        return 0;
    }

    private int SendDatagrams(int count, long nowNs)
    {
        var taken = SendDatagrams(new ReadOnlySpan<Datagram>(_datagrams, 0, count), nowNs);
        if (taken < count)
        {
            _system[SystemCounter.ShortSends].AddShared(1);
        }

        if (taken <= 0)
        {
            return 0;
        }

        _lastDataNs = nowNs;
        _tracksLimit = true;

        // Pairs with the conductor, which lets the publisher go on from there.
        _position.Set(_ends[taken - 1]);
        var bytes = 0;
        for (var i = 0; i < taken; i++)
        {
            bytes += _datagrams[i].Length;
        }

        return bytes;
    }

    private int SendDatagrams(ReadOnlySpan<Datagram> datagrams, long nowNs)
    {
        if (!_endpoint.IsResponse)
        {
            return _endpoint.Send(datagrams, nowNs);
        }

        return _responseAddress.IsSpecified ? _endpoint.Transport.Send(datagrams, _responseAddress) : 0;
    }

    private bool SendFrame(byte* frame, int length, long nowNs)
    {
        var datagram = new Datagram(frame, length);
        var isSent = SendDatagrams(new ReadOnlySpan<Datagram>(in datagram), nowNs) > 0;
        if (!isSent)
        {
            _system[SystemCounter.ShortSends].AddShared(1);
        }

        return isSent;
    }

    private void SendSetupIfDue(long position, long nowNs)
    {
        if (nowNs - _lastSetupNs <= IntervalNs)
        {
            return;
        }

        if (_isSetupElicited)
        {
            _flowControl.OnSetup(_limit.GetPlain(), nowNs);
        }

        var wantsResponse = !_endpoint.IsResponse && _parts.ResponseCorrelationId is not null;
        var setup = new SetupFrame(
            (byte)((wantsResponse ? SetupFrame.SendResponseFlag : 0)
                | (_endpoint.IsUnicast ? 0 : SetupFrame.GroupFlag)),
            (int)position & _termMask,
            SessionId,
            StreamId,
            InitialTermId,
            TermIdAt(position),
            TermLength,
            _mtu,
            _endpoint.Channel.Ttl);
        var frame = stackalloc byte[SetupFrame.Length];
        SendFrame(frame, setup.Write(new Span<byte>(frame, SetupFrame.Length)), nowNs);
        _lastSetupNs = nowNs;

        // Without receivers it is repeated, so that one lost SETUP does not lose a receiver.
        _isSetupElicited &= !HasReceivers;
    }

    private int SendHeartbeatIfDue(long position, long nowNs)
    {
        if (!_hasInitialConnection || nowNs - _lastDataNs <= IntervalNs)
        {
            return 0;
        }

        var flags = DataFrame.Unfragmented;
        if (_log.IsRevoked)
        {
            flags |= DataFrame.EndOfStreamFlag | DataFrame.RevokedFlag;
        }
        else if (_parts.SignalsEos && IsEndOfStream)
        {
            flags |= DataFrame.EndOfStreamFlag;
        }

        // A data frame of length 0 that tells the receivers where the stream is.
        var frame = stackalloc byte[DataFrame.HeaderLength];
        new Span<byte>(frame, DataFrame.HeaderLength).Clear();
        frame[DataFrame.FlagsOffset] = flags;
        *(ushort*)(frame + DataFrame.TypeOffset) = DataFrame.TypeData;
        *(int*)(frame + DataFrame.TermOffsetOffset) = (int)position & _termMask;
        *(int*)(frame + DataFrame.SessionIdOffset) = SessionId;
        *(int*)(frame + DataFrame.StreamIdOffset) = StreamId;
        *(int*)(frame + DataFrame.TermIdOffset) = TermIdAt(position);
        var isSent = SendFrame(frame, DataFrame.HeaderLength, nowNs);
        _lastDataNs = nowNs;
        _system[SystemCounter.HeartbeatsSent].Increment();
        return isSent ? DataFrame.HeaderLength : 0;
    }

    private void OnIdle(long position, long nowNs)
    {
        var limit = _limit.GetPlain();
        if (_parts.SpiesSimulateConnection && HasSpies && !HasReceivers)
        {
            // Nobody to send to: the spies alone move the stream on.
            limit = Math.Max(position, MaxSpyPosition);
            _position.Set(limit);
        }

        var newLimit = _flowControl.OnIdle(limit, nowNs);
        if (newLimit != _limit.GetPlain())
        {
            _limit.Set(newLimit);
        }

        _receivers.RemoveSilent(nowNs, _connectionTimeoutNs);
        UpdateHasReceivers();
    }

    private void UpdateHasReceivers()
    {
        var hasReceivers = _receivers.Count > 0;
        if (hasReceivers != HasReceivers)
        {
            HasReceivers = hasReceivers;
        }
    }

    /// <summary>Counts once for each time the limit is reached after something was sent.</summary>
    private void OnBackPressure()
    {
        if (_tracksLimit)
        {
            _parts.BackPressureEvents.Increment();
            _system[SystemCounter.SenderFlowControlLimits].Increment();
            _tracksLimit = false;
        }
    }

    private byte* TermAt(long position) => _log.Term((int)((position >> _shift) % LogBufferDescriptor.PartitionCount));

    private int TermIdAt(long position) => unchecked((int)(position >> _shift) + InitialTermId);

    private long PositionOf(int termId, int termOffset) =>
        LogBufferDescriptor.Position(termId, termOffset, _shift, InitialTermId);
}
