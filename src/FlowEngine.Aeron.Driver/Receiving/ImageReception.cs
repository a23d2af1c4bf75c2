using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;
using FlowEngine.Core;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>
/// The receiver's half of an image: writes what comes into the log, within the window it has promised, and sends status
/// messages, NAKs and round trip measurements. Receiver's thread.
/// </summary>
internal sealed unsafe class ImageReception
{
    private readonly ImageExchange _exchange;
    private readonly LogBuffers _log;
    private readonly CongestionControl _congestion;
    private readonly ImageConnections _connections;
    private readonly AtomicCounter _hwmPosition;
    private readonly AtomicCounter _imageNaksSent;
    private readonly AtomicCounter _invalidPackets;
    private readonly AtomicCounter _heartbeatsReceived;
    private readonly AtomicCounter _underRuns;
    private readonly AtomicCounter _overRuns;
    private readonly AtomicCounter _gapFills;
    private readonly AtomicCounter _imagesRevoked;
    private readonly int _sessionId;
    private readonly int _streamId;
    private readonly int _initialTermId;
    private readonly int _termLength;
    private readonly int _shift;
    private readonly int _maxWindowLength;
    private readonly long _statusTimeoutNs;
    private readonly bool _isReliable;
    private ReceiveEndpoint? _endpoint;
    private long _lastStatusPosition;
    private long _overRunThreshold;
    private long _statusChange;
    private long _lossChange;
    private long _nextStatusNs;
    private bool _isStatusEnabled = true;

    public ImageReception(PublicationImageParts parts, ImageExchange exchange, long initialPosition)
    {
        _exchange = exchange;
        _log = parts.Log;
        _congestion = parts.CongestionControl;
        _endpoint = parts.Endpoint;
        _hwmPosition = parts.HighWaterMark;
        _imageNaksSent = parts.NaksSent;
        _sessionId = parts.Setup.SessionId;
        _streamId = parts.Setup.StreamId;
        _initialTermId = parts.Setup.InitialTermId;
        _termLength = parts.Log.TermLength;
        _shift = parts.Log.PositionBitsToShift;
        _maxWindowLength = parts.CongestionControl.MaxWindowLength;
        _statusTimeoutNs = parts.Context.StatusMessageTimeoutNs;
        _isReliable = parts.IsReliable;
        _invalidPackets = parts.System[SystemCounter.InvalidPackets];
        _heartbeatsReceived = parts.System[SystemCounter.HeartbeatsReceived];
        _underRuns = parts.System[SystemCounter.FlowControlUnderRuns];
        _overRuns = parts.System[SystemCounter.FlowControlOverRuns];
        _gapFills = parts.System[SystemCounter.LossGapFills];
        _imagesRevoked = parts.System[SystemCounter.ImagesRevoked];
        _lastStatusPosition = initialPosition;
        _overRunThreshold = initialPosition + (_termLength / 2);

        // The first status message is due at once: it is the answer to the SETUP.
        _nextStatusNs = parts.NowNs - 1;
        _connections = new ImageConnections(parts.Context.ImageLivenessTimeoutNs);
        _connections.Add(parts.Destination, parts.NowNs).SetControlAddress(parts.ControlAddress);
    }

    /// <summary>Takes a datagram of data frames of this session.</summary>
    /// <param name="destination">Where it came to.</param>
    /// <param name="packet">The datagram, 32 bytes or more.</param>
    /// <param name="length">Its length, a multiple of 32.</param>
    /// <param name="source">Where it came from.</param>
    /// <param name="nowNs">Time of the duty cycle.</param>
    [Hot]
    public void Insert(ReceiveDestination destination, byte* packet, int length, in UdpAddress source, long nowNs)
    {
        var termCount = unchecked(*(int*)(packet + DataFrame.TermIdOffset) - _initialTermId);
        if (_exchange.RejectionText is not null)
        {
            return;
        }

        // Aeron drops a term before the stream's first uncounted: here every frame that is refused is counted.
        var termOffset = *(int*)(packet + DataFrame.TermOffsetOffset);
        var taken = TermPacket.Measure(packet, length, termOffset, _termLength);
        if (taken < 0 || termCount < 0)
        {
            _invalidPackets.AddShared(1);
            return;
        }

        var position = ((long)termCount << _shift) + termOffset;
        if (position + taken > _overRunThreshold)
        {
            _overRuns.Increment();
            return;
        }

        if (taken == 0)
        {
            OnHeartbeat(destination, packet[DataFrame.FlagsOffset], position, source, nowNs);
        }
        else if (position >= _lastStatusPosition)
        {
            OnPacket(destination, source, nowNs);
            var term = _log.Term(termCount % LogBufferDescriptor.PartitionCount);
            TermPacket.Insert(term + termOffset, packet, length);
            _hwmPosition.ProposeMax(position + taken);
        }
        else
        {
            _underRuns.Increment();
            if (position + taken >= _lastStatusPosition - _maxWindowLength)
            {
                // Late, but a sign of life.
                _connections.OnFrame(destination, source, nowNs);
            }
        }
    }

    /// <summary>A SETUP of this session, which has its image: a sign of life.</summary>
    public void OnSetup(ReceiveDestination destination, in UdpAddress source, long nowNs) =>
        _connections.OnFrame(destination, source, nowNs);

    /// <summary>The answer to a round trip measurement.</summary>
    [Hot]
    public void OnRtt(in RttFrame frame, long nowNs) =>
        _congestion.OnRtt(nowNs, unchecked(nowNs - frame.EchoNs - frame.ReceptionDeltaNs));

    /// <summary>
    /// Sends a status message if the conductor has scheduled one or the last is long ago; to a refused stream an error
    /// instead. Every duty cycle.
    /// </summary>
    /// <returns>How many frames were sent.</returns>
    [Hot]
    public int SendPendingStatus(long nowNs)
    {
        if (_endpoint is not { } endpoint)
        {
            return 0;
        }

        // The number first, then what it numbers; pairs with Handover.Write.
        var change = _exchange.Status.ChangeNumber;
        if (_exchange.TakeStatusRequest())
        {
            _nextStatusNs = nowNs - 1;
        }

        var isTimeout = _isStatusEnabled && nowNs > _nextStatusNs;
        if (!isTimeout && change == _statusChange)
        {
            return 0;
        }

        if (_exchange.RejectionText is { } text)
        {
            return isTimeout ? SendRejection(endpoint, text, nowNs) : 0;
        }

        var count = 0;
        if (isTimeout && _exchange.ResponseSessionId is { } responseSessionId)
        {
            count = SendResponseSetup(endpoint, responseSessionId, nowNs);
        }

        return _exchange.Status.TryRead(change, out var target)
            ? count + SendStatus(endpoint, target, change, nowNs)
            : count;
    }

    /// <summary>Sends a status message if the conductor has asked for one. When the image goes.</summary>
    public void SendRequestedStatus(long nowNs)
    {
        if (_exchange.TakeStatusRequest())
        {
            _nextStatusNs = nowNs - 1;
            SendPendingStatus(nowNs);
        }
    }

    /// <summary>Asks for what the conductor found missing, or pads it. Every duty cycle.</summary>
    [Hot]
    public int ProcessPendingLoss(long nowNs)
    {
        // The number first, then what it numbers; pairs with Handover.Write.
        var change = _exchange.Loss.ChangeNumber;
        if (change == _lossChange || _endpoint is not { } endpoint || _log.IsRevoked
            || !_exchange.Loss.TryRead(change, out var gap))
        {
            return 0;
        }

        _lossChange = change;
        if (!_isReliable)
        {
            FillGap(gap);
            return 1;
        }

        var count = 0;
        foreach (var connection in _connections.All)
        {
            if (ImageConnections.IsAlive(connection, nowNs))
            {
                endpoint.SendNak(connection.Destination, connection.ControlAddress, _sessionId, _streamId, gap);
                _imageNaksSent.Increment();
                count++;
            }
        }

        return count;
    }

    /// <summary>Starts a round trip measurement if it is time. Every duty cycle.</summary>
    [Hot]
    public int InitiateRtt(long nowNs)
    {
        if (!_congestion.IsRttDue(nowNs) || _endpoint is not { } endpoint)
        {
            return 0;
        }

        var count = 0;
        foreach (var connection in _connections.All)
        {
            if (ImageConnections.IsAlive(connection, nowNs))
            {
                endpoint.SendRtt(
                    connection.Destination,
                    connection.ControlAddress,
                    _streamId,
                    _sessionId,
                    nowNs,
                    0,
                    isRequest: true);
                _congestion.OnRttSent(nowNs);
                count++;
            }
        }

        return count;
    }

    /// <summary>The stream may come there too.</summary>
    public void AddDestination(ReceiveDestination destination, long nowNs) => _connections.Add(destination, nowNs);

    /// <summary>The stream comes there no more.</summary>
    public void RemoveDestination(ReceiveDestination destination, long nowNs)
    {
        _connections.Remove(destination);
        UpdateActiveTransports(nowNs);
    }

    /// <summary>The endpoint is gone: nothing is sent any more.</summary>
    public void Disconnect()
    {
        _endpoint = null;
        _connections.Clear();
    }

    /// <summary>Another image of the session begins: this one, if it is ending, must not speak for it.</summary>
    public void StopStatusUnlessActive()
    {
        if (_exchange.State != ImageState.Active)
        {
            _isStatusEnabled = false;
        }
    }

    [Hot]
    private void OnPacket(ReceiveDestination destination, in UdpAddress source, long nowNs)
    {
        _connections.OnFrame(destination, source, nowNs);
        _exchange.LastPacketNs = nowNs;
    }

    private void OnHeartbeat(
        ReceiveDestination destination, byte flags, long position, in UdpAddress source, long nowNs)
    {
        if (position < Math.Max(_lastStatusPosition - _termLength, 0))
        {
            _underRuns.Increment();
            return;
        }

        OnPacket(destination, source, nowNs);
        if ((flags & DataFrame.EndOfStreamFlag) != 0
            && !_exchange.IsEndOfStream
            && _connections.OnEndOfStream(destination, position, out var endPosition))
        {
            if ((flags & DataFrame.RevokedFlag) != 0)
            {
                _log.IsRevoked = true;
                _imagesRevoked.AddShared(1);
            }

            _log.EndOfStreamPosition = endPosition;
            _exchange.IsEndOfStream = true;
        }

        _hwmPosition.ProposeMax(position);
        _heartbeatsReceived.Increment();
    }

    [Hot]
    private int SendStatus(ReceiveEndpoint endpoint, in StatusTarget target, long change, long nowNs)
    {
        var termId = unchecked((int)(target.Position >> _shift) + _initialTermId);
        var termOffset = (int)target.Position & (_termLength - 1);
        var flags = _exchange.IsSendingEndOfStream ? StatusFrame.EndOfStreamFlag : (byte)0;
        var count = 0;
        foreach (var connection in _connections.All)
        {
            if (ImageConnections.IsAlive(connection, nowNs))
            {
                endpoint.SendStatus(
                    connection.Destination,
                    connection.ControlAddress,
                    flags,
                    _sessionId,
                    _streamId,
                    termId,
                    termOffset,
                    target.WindowLength);
                count++;
            }
        }

        _lastStatusPosition = target.Position;
        _overRunThreshold = target.Position + (_termLength / 2);
        _statusChange = change;
        _nextStatusNs = nowNs + _statusTimeoutNs;
        UpdateActiveTransports(nowNs);
        return count;
    }

    private int SendRejection(ReceiveEndpoint endpoint, byte[] text, long nowNs)
    {
        _nextStatusNs = nowNs + _statusTimeoutNs;
        var count = 0;
        foreach (var connection in _connections.All)
        {
            if (connection.HasControlAddress)
            {
                endpoint.SendError(
                    connection.Destination,
                    connection.ControlAddress,
                    _sessionId,
                    _streamId,
                    ErrorCode.ImageRejected,
                    text);
                count++;
            }
        }

        return count;
    }

    private int SendResponseSetup(ReceiveEndpoint endpoint, int responseSessionId, long nowNs)
    {
        var count = 0;
        foreach (var connection in _connections.All)
        {
            if (ImageConnections.IsAlive(connection, nowNs))
            {
                endpoint.SendResponseSetup(
                    connection.Destination, connection.ControlAddress, _sessionId, _streamId, responseSessionId);
                count++;
            }
        }

        return count;
    }

    private void FillGap(in Gap gap)
    {
        var partition = unchecked(gap.TermId - _initialTermId) % LogBufferDescriptor.PartitionCount;
        if (TermPacket.TryFill(_log.Term(partition), gap, _sessionId, _streamId))
        {
            _gapFills.Increment();
        }
    }

    [Hot]
    private void UpdateActiveTransports(long nowNs)
    {
        ref var field = ref _log.Int32(LogBufferDescriptor.ActiveTransportCountOffset);
        var count = _connections.CountActive(nowNs);
        if (count != field)
        {
            // Pairs with clients that count an image's sources.
            Volatile.Write(ref field, count);
        }
    }
}
