using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;
using FlowEngine.Core;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>
/// The receiving end of a channel: its destinations, each with a socket, what is wanted of it, and the frames it sends
/// back. Made by the conductor; everything but the plain properties is the receiver's, through its commands.
/// </summary>
internal sealed unsafe class ReceiveEndpoint
{
    private readonly List<ReceiveDestination> _destinations = [];
    private readonly AtomicCounter _invalidPackets;
    private readonly AtomicCounter _shortSends;
    private readonly AtomicCounter _statusMessagesSent;
    private readonly AtomicCounter _naksSent;
    private readonly AtomicCounter _errorFramesSent;
    private readonly AtomicCounter _ttlAsymmetry;
    private readonly AtomicCounter _resolutionChanges;
    private readonly long? _groupTag;
    private Receiver? _receiver;

    /// <param name="channel">What the subscription asked for.</param>
    /// <param name="transport">Socket of the channel; null if destinations are added later.</param>
    /// <param name="context">Settings.</param>
    /// <param name="system">Counters of the driver.</param>
    /// <param name="channelStatus">Counter that shows the channel's state.</param>
    /// <param name="receiverId">Id of this receiver among all that receive a stream.</param>
    public ReceiveEndpoint(
        UdpChannel channel,
        IUdpTransport? transport,
        MediaDriverContext context,
        SystemCounters system,
        AtomicCounter channelStatus,
        long receiverId)
    {
        Channel = channel;
        ChannelStatus = channelStatus;
        ReceiverId = receiverId;
        _groupTag = channel.GroupTag ?? context.ReceiverGroupTag;
        _invalidPackets = system[SystemCounter.InvalidPackets];
        _shortSends = system[SystemCounter.ShortSends];
        _statusMessagesSent = system[SystemCounter.StatusMessagesSent];
        _naksSent = system[SystemCounter.NaksSent];
        _errorFramesSent = system[SystemCounter.ErrorFramesSent];
        _ttlAsymmetry = system[SystemCounter.PossibleTtlAsymmetry];
        _resolutionChanges = system[SystemCounter.ResolutionChanges];
        Dispatcher = new DataPacketDispatcher(this, context.StreamSessionLimit);
        if (transport is not null)
        {
            _destinations.Add(new ReceiveDestination(channel, transport, context.Clock.NanoTime));
        }
    }

    public UdpChannel Channel { get; }

    public AtomicCounter ChannelStatus { get; }

    public long ReceiverId { get; }

    /// <summary>Destinations. Receiver's thread, and the conductor's before the receiver has it.</summary>
    public IReadOnlyList<ReceiveDestination> Destinations => _destinations;

    /// <summary>Where its packets go. Receiver's thread.</summary>
    public DataPacketDispatcher Dispatcher { get; }

    /// <summary>Whether another session's sender may be asked for a SETUP now.</summary>
    public bool CanElicitSetup => _receiver is { PendingSetups.HasRoom: true };

    /// <summary>A subscription wants a session of a stream, or all of them.</summary>
    public void AddInterest(int streamId, int? sessionId)
    {
        Dispatcher.AddInterest(streamId, sessionId);
        if (sessionId is { } session)
        {
            RequestSetup(streamId, session);
        }
    }

    /// <summary>The last subscription of a session of a stream, or of all of them, has gone.</summary>
    public void RemoveInterest(int streamId, int? sessionId) => Dispatcher.RemoveInterest(streamId, sessionId);

    /// <summary>Asks for a session's SETUP where <c>control</c> says who sends.</summary>
    public void RequestSetup(int streamId, int sessionId)
    {
        if (!Channel.HasExplicitControl)
        {
            return;
        }

        foreach (var destination in _destinations)
        {
            SendSetupRequest(destination, destination.ControlAddress, streamId, sessionId);
        }
    }

    /// <summary>Receives at one more place, for all its images.</summary>
    public void AddDestination(ReceiveDestination destination)
    {
        _destinations.Add(destination);
        _receiver?.OnDestinationAdded(this, destination);
    }

    /// <summary>Receives there no more, and closes the socket.</summary>
    /// <param name="destination">Destination that was added.</param>
    /// <param name="released">Posted to the conductor when nothing uses it any more.</param>
    public void RemoveDestination(ReceiveDestination destination, Action released)
    {
        if (_destinations.Remove(destination))
        {
            _receiver?.OnDestinationRemoved(this, destination);
            destination.Transport.Dispose();
        }

        _receiver?.Tell(released);
    }

    /// <summary>A name was looked up again: feedback of a destination goes elsewhere.</summary>
    public void ReplaceControlAddress(ReceiveDestination destination, UdpAddress address)
    {
        destination.ReplaceControlAddress(address);
        _resolutionChanges.AddShared(1);
    }

    /// <summary>A session that had an image may have one again.</summary>
    public void RemoveCoolDown(int sessionId, int streamId) => Dispatcher.ForgetCoolDown(streamId, sessionId);

    /// <summary>The conductor could not make the image.</summary>
    public void AbandonSetup(int sessionId, int streamId) => Dispatcher.ForgetInitInProgress(streamId, sessionId);

    /// <summary>Belongs to a receiver from now on.</summary>
    public void Attach(Receiver receiver) => _receiver = receiver;

    /// <summary>Closes the sockets. The receiver has let go of it.</summary>
    public void CloseTransports()
    {
        foreach (var destination in _destinations)
        {
            destination.Transport.Dispose();
        }

        _destinations.Clear();
    }

    /// <summary>Takes one datagram; what is no frame of Aeron's is counted.</summary>
    [Hot]
    public void OnDatagram(
        ReceiveDestination destination, byte* datagram, int length, in UdpAddress source, long nowNs)
    {
        if (length < FrameTypes.HeaderLength || *(int*)datagram < 0 || datagram[DataFrame.VersionOffset] != 0)
        {
            _invalidPackets.AddShared(1);
            return;
        }

        switch (*(ushort*)(datagram + DataFrame.TypeOffset))
        {
            case FrameTypes.Padding:
            case FrameTypes.Data:
                if (length < DataFrame.HeaderLength || length % DataFrame.Alignment != 0)
                {
                    _invalidPackets.AddShared(1);
                    return;
                }

                destination.OnActivity(nowNs);
                Dispatcher.OnData(destination, datagram, length, source, nowNs);
                return;

            case FrameTypes.Setup:
                OnSetup(destination, new ReadOnlySpan<byte>(datagram, length), source, nowNs);
                return;

            case FrameTypes.RttMeasurement:
                OnRtt(destination, new ReadOnlySpan<byte>(datagram, length), source, nowNs);
                return;

            default:
                // A sender's business, or of a later version: longer than the datagram is still no frame.
                if (*(int*)datagram > length)
                {
                    _invalidPackets.AddShared(1);
                }

                return;
        }
    }

    /// <summary>Asks a sender for a SETUP: a status message with nothing but that flag.</summary>
    public void SendSetupRequest(
        ReceiveDestination destination, in UdpAddress to, int streamId, int sessionId)
    {
        var bytes = stackalloc byte[StatusFrame.MaxLength];
        var frame = new StatusFrame(
            StatusFrame.SendSetupFlag, sessionId, streamId, 0, 0, 0, ReceiverId, _groupTag);
        Send(destination, to, bytes, frame.Write(new Span<byte>(bytes, StatusFrame.MaxLength)));
    }

    /// <summary>Tells a sender how far its stream was consumed and how much may come.</summary>
    [Hot]
    public void SendStatus(
        ReceiveDestination destination,
        in UdpAddress to,
        byte flags,
        int sessionId,
        int streamId,
        int termId,
        int termOffset,
        int windowLength)
    {
        var bytes = stackalloc byte[StatusFrame.MaxLength];
        var frame = new StatusFrame(
            flags, sessionId, streamId, termId, termOffset, windowLength, ReceiverId, _groupTag);
        Send(destination, to, bytes, frame.Write(new Span<byte>(bytes, StatusFrame.MaxLength)));
        _statusMessagesSent.Increment();
    }

    /// <summary>Tells a sender what is missing.</summary>
    [Hot]
    public void SendNak(ReceiveDestination destination, in UdpAddress to, int sessionId, int streamId, in Gap gap)
    {
        var bytes = stackalloc byte[NakFrame.Length];
        var frame = new NakFrame(sessionId, streamId, gap.TermId, gap.TermOffset, gap.Length);
        Send(destination, to, bytes, frame.Write(new Span<byte>(bytes, NakFrame.Length)));
        _naksSent.Increment();
    }

    /// <summary>Asks for, or answers, a round trip measurement.</summary>
    [Hot]
    public void SendRtt(
        ReceiveDestination destination,
        in UdpAddress to,
        int streamId,
        int sessionId,
        long echoNs,
        long receptionDeltaNs,
        bool isRequest)
    {
        var bytes = stackalloc byte[RttFrame.Length];
        var flags = isRequest ? RttFrame.ReplyFlag : (byte)0;
        var frame = new RttFrame(flags, sessionId, streamId, echoNs, receptionDeltaNs, ReceiverId);
        Send(destination, to, bytes, frame.Write(new Span<byte>(bytes, RttFrame.Length)));
    }

    /// <summary>Tells a sender which session answers its stream.</summary>
    public void SendResponseSetup(
        ReceiveDestination destination, in UdpAddress to, int sessionId, int streamId, int responseSessionId)
    {
        var bytes = stackalloc byte[ResponseSetupFrame.Length];
        var frame = new ResponseSetupFrame(sessionId, streamId, responseSessionId);
        Send(destination, to, bytes, frame.Write(new Span<byte>(bytes, ResponseSetupFrame.Length)));
    }

    /// <summary>Tells a sender that its stream is refused.</summary>
    public void SendError(
        ReceiveDestination destination,
        in UdpAddress to,
        int sessionId,
        int streamId,
        ErrorCode code,
        ReadOnlySpan<byte> text)
    {
        const int MaxLength = ErrorFrame.HeaderLength + ErrorFrame.MaxTextLength;
        var bytes = stackalloc byte[MaxLength];
        var frame = new ErrorFrame
        {
            SessionId = sessionId,
            StreamId = streamId,
            ReceiverId = ReceiverId,
            GroupTag = _groupTag,
            Code = (int)code,
            Text = text,
        };
        if (Send(destination, to, bytes, frame.Write(new Span<byte>(bytes, MaxLength))))
        {
            _errorFramesSent.Increment();
        }
    }

    /// <summary>Asks the sender of an unknown session for its SETUP. By the dispatcher.</summary>
    public void ElicitSetup(
        ReceiveDestination destination, in UdpAddress source, int streamId, int sessionId, long nowNs)
    {
        var to = destination.Channel.IsMulticast ? destination.ControlAddress : source;
        SendSetupRequest(destination, to, streamId, sessionId);
        _receiver?.PendingSetups.Add(this, streamId, sessionId, nowNs);
    }

    /// <summary>Has the conductor make an image. By the dispatcher.</summary>
    public void RequestImage(ReceiveDestination destination, in SetupFrame setup, in UdpAddress source)
    {
        var control = Channel.IsMulticast ? Channel.RemoteControl : source;
        _receiver?.Images.RequestImage(new ImageRequest(this, destination, setup, control, source));
    }

    /// <summary>Counts a group whose sender reaches further than this receiver's answers. By the dispatcher.</summary>
    public void CheckTtl(ReceiveDestination destination, int senderTtl)
    {
        if (destination.Channel.IsMulticast && destination.Channel.Ttl < senderTtl)
        {
            _ttlAsymmetry.Increment();
        }
    }

    /// <summary>One session too many wants to be an image. By the dispatcher.</summary>
    public void OnSessionLimit(int streamId, int limit) => _receiver?.LogError(
        ErrorCode.ResourceTemporarilyUnavailable, $"stream {streamId} has its limit of {limit} sessions");

    private void OnSetup(
        ReceiveDestination destination, ReadOnlySpan<byte> datagram, in UdpAddress source, long nowNs)
    {
        if (!SetupFrame.TryRead(datagram, out var setup) || !setup.Receivable)
        {
            _invalidPackets.AddShared(1);
            return;
        }

        destination.OnActivity(nowNs);
        Dispatcher.OnSetup(destination, setup, source, nowNs);
    }

    private void OnRtt(ReceiveDestination destination, ReadOnlySpan<byte> datagram, in UdpAddress source, long nowNs)
    {
        if (!RttFrame.TryRead(datagram, out var frame))
        {
            _invalidPackets.AddShared(1);
            return;
        }

        if (frame.ReceiverId == ReceiverId || frame.ReceiverId == 0)
        {
            destination.OnActivity(nowNs);
            Dispatcher.OnRtt(destination, frame, source, nowNs);
        }
    }

    private bool Send(ReceiveDestination destination, in UdpAddress to, byte* bytes, int length)
    {
        var datagram = new Datagram(bytes, length);
        if (destination.Transport.Send(new ReadOnlySpan<Datagram>(in datagram), to) == 1)
        {
            return true;
        }

        _shortSends.AddShared(1);
        return false;
    }
}
