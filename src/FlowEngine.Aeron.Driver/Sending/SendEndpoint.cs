using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Protocol;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>
/// A socket that publications of one channel send through, and where the frames of their receivers come in. Made and
/// disposed by the conductor, used by the sender's thread in between.
/// </summary>
internal sealed class SendEndpoint : IDisposable
{
    private readonly SystemCounters _system;
    private readonly ConductorProxy _conductor;
    private readonly MediaDriverContext _context;
    private readonly Destinations? _destinations;
    private readonly Dictionary<(int StreamId, int SessionId), PublicationSender> _publications = [];
    private UdpAddress _remote;
    private long _lastStatusMessageNs;

    /// <param name="channel">Where to.</param>
    /// <param name="transport">Its socket; owned.</param>
    /// <param name="context">Settings.</param>
    /// <param name="system">The driver's counters.</param>
    /// <param name="channelStatus">Counter of the channel's state, set by the conductor.</param>
    /// <param name="conductor">Told of errors, responses and silent names.</param>
    /// <param name="destinationCount">Counter <c>mdc-num-dest</c>, where the channel has destinations.</param>
    public SendEndpoint(
        UdpChannel channel,
        IUdpTransport transport,
        MediaDriverContext context,
        SystemCounters system,
        AtomicCounter channelStatus,
        ConductorProxy conductor,
        AtomicCounter destinationCount = default)
    {
        Channel = channel;
        Transport = transport;
        ChannelStatus = channelStatus;
        LocalAddress = transport.LocalAddress;
        DestinationCounter = destinationCount;
        _context = context;
        _system = system;
        _conductor = conductor;
        _remote = channel.RemoteData;
        _lastStatusMessageNs = context.Clock.NanoTime;
        if (channel.ControlMode is ControlMode.Manual or ControlMode.Dynamic)
        {
            _destinations = new Destinations(channel.ControlMode == ControlMode.Manual, destinationCount);
        }
    }

    public UdpChannel Channel { get; }

    public IUdpTransport Transport { get; }

    public UdpAddress LocalAddress { get; }

    public AtomicCounter ChannelStatus { get; }

    /// <summary>Counter of destinations; not valid where there are none.</summary>
    public AtomicCounter DestinationCounter { get; }

    /// <summary>Publications that use it. Conductor's thread.</summary>
    public int References { get; set; }

    /// <summary>Whether there is one receiver only.</summary>
    public bool IsUnicast => _destinations is null && !Channel.IsMulticast;

    /// <summary>Whether answers of receivers go to the address they ask from, not to one the channel gives.</summary>
    public bool IsResponse => Channel.ControlMode == ControlMode.Response;

    /// <summary>Where unicast and multicast datagrams go. Sender's thread.</summary>
    public UdpAddress RemoteAddress => _remote;

    /// <summary>Destinations of a multi-destination channel. Sender's thread.</summary>
    public int DestinationCount => _destinations?.Count ?? 0;

    /// <summary>Adds a destination of a manual channel. Sender's thread.</summary>
    public void AddDestination(UdpChannel destination, long registrationId) =>
        _destinations?.Add(destination, registrationId, _context.Clock.NanoTime);

    /// <summary>Removes a destination of a manual channel. Sender's thread.</summary>
    public bool RemoveDestination(UdpChannel destination) => _destinations?.Remove(destination) ?? false;

    /// <summary>Removes a destination of a manual channel. Sender's thread.</summary>
    public bool RemoveDestination(long registrationId) => _destinations?.Remove(registrationId) ?? false;

    /// <summary>A name means another address now. Sender's thread.</summary>
    public void ReplaceAddress(UdpAddress old, UdpAddress address)
    {
        if (_destinations is not null)
        {
            _destinations.Replace(old, address);
        }
        else if (_remote == old)
        {
            _remote = address;
            Transport.Reconnect(address);
        }

        _system[SystemCounter.ResolutionChanges].AddShared(1);
    }

    /// <summary>Frames for this stream of this session go to <paramref name="publication"/>. Sender's thread.</summary>
    public void Add(PublicationSender publication) =>
        _publications[(publication.StreamId, publication.SessionId)] = publication;

    /// <summary>Ends that. Sender's thread.</summary>
    public void Remove(PublicationSender publication)
    {
        var key = (publication.StreamId, publication.SessionId);
        if (_publications.TryGetValue(key, out var current) && current == publication)
        {
            _publications.Remove(key);
        }
    }

    /// <summary>Sends to wherever the channel says.</summary>
    /// <returns>
    /// How many datagrams were taken. Destinations are independent of each other, so that with several all count as
    /// taken, and NAKs repair what one of them missed.
    /// </returns>
    public int Send(ReadOnlySpan<Datagram> datagrams, long nowNs)
    {
        if (_destinations is null)
        {
            return Transport.Send(datagrams, _remote);
        }

        if (!_destinations.Send(Transport, datagrams, nowNs))
        {
            _system[SystemCounter.ShortSends].AddShared(1);
        }

        return datagrams.Length;
    }

    /// <summary>Takes what has arrived.</summary>
    /// <returns>Bytes that arrived.</returns>
    public int Poll(DatagramBatch batch, long nowNs)
    {
        var bytes = 0;
        var count = Transport.Receive(batch);
        for (var i = 0; i < count; i++)
        {
            bytes += batch.Length(i);
            OnDatagram(batch.Bytes(i), batch.Source(i), nowNs);
        }

        return bytes;
    }

    /// <summary>Has the endpoint's name looked up again if nothing has come for long.</summary>
    public void CheckForReResolution(long nowNs)
    {
        if (_destinations is not null)
        {
            _destinations.CheckForReResolution(this, _conductor, nowNs);
        }
        else if (Channel.HasExplicitEndpoint
            && IsUnicast
            && !IsResponse
            && nowNs - _lastStatusMessageNs > Destinations.TimeoutNs)
        {
            _conductor.OnReResolve(this, Channel, _remote);
        }
    }

    /// <summary>Closes the socket. Conductor's thread, after the sender has let go of it.</summary>
    public void Dispose() => Transport.Dispose();

    /// <summary>A frame of a receiver, or anything else somebody sent here.</summary>
    internal void OnDatagram(ReadOnlySpan<byte> datagram, in UdpAddress source, long nowNs)
    {
        if (datagram.Length < FrameTypes.HeaderLength || FrameTypes.Version(datagram) != 0)
        {
            CountInvalid();
            return;
        }

        switch (FrameTypes.Type(datagram))
        {
            case FrameTypes.StatusMessage:
                OnStatusMessage(datagram, source, nowNs);
                break;
            case FrameTypes.Nak:
                OnNak(datagram, nowNs);
                break;
            case FrameTypes.Error:
                OnError(datagram, source);
                break;
            case FrameTypes.RttMeasurement:
                OnRttMeasurement(datagram, nowNs);
                break;
            case FrameTypes.ResponseSetup:
                OnResponseSetup(datagram, nowNs);
                break;
            default:
                break;
        }
    }

    private void OnStatusMessage(ReadOnlySpan<byte> datagram, in UdpAddress source, long nowNs)
    {
        if (!StatusFrame.TryRead(datagram, out var frame))
        {
            CountInvalid();
            return;
        }

        _publications.TryGetValue((frame.StreamId, frame.SessionId), out var publication);
        if (!ControlFrameRules.IsValid(frame, publication?.TermLength ?? Logs.LogBufferDescriptor.MaxTermLength))
        {
            CountInvalid();
            return;
        }

        _system[SystemCounter.StatusMessagesReceived].Increment();
        var isSetupWanted = (frame.Flags & StatusFrame.SendSetupFlag) != 0;
        if (publication is not null && !isSetupWanted && !publication.IsWithinReach(frame))
        {
            _system[SystemCounter.StatusMessagesRejected].Increment();
            return;
        }

        _destinations?.OnStatusMessage(frame, source, nowNs);
        if (publication is null)
        {
            return;
        }

        _lastStatusMessageNs = nowNs;
        if (isSetupWanted)
        {
            publication.OnSetupElicited(frame, source);
        }
        else
        {
            publication.OnStatusMessage(frame, nowNs);
        }
    }

    private void OnNak(ReadOnlySpan<byte> datagram, long nowNs)
    {
        if (!NakFrame.TryRead(datagram, out var frame))
        {
            CountInvalid();
            return;
        }

        if (!_publications.TryGetValue((frame.StreamId, frame.SessionId), out var publication))
        {
            return;
        }

        if (!ControlFrameRules.IsValid(frame, publication.TermLength))
        {
            CountInvalid();
            return;
        }

        _system[SystemCounter.NaksReceived].Increment();
        publication.OnNak(frame, nowNs);
    }

    private void OnError(ReadOnlySpan<byte> datagram, in UdpAddress source)
    {
        if (!ErrorFrame.TryRead(datagram, out var frame))
        {
            CountInvalid();
            return;
        }

        _system[SystemCounter.ErrorFramesReceived].Increment();
        if (_publications.TryGetValue((frame.StreamId, frame.SessionId), out var publication))
        {
            publication.OnError(frame, source, _destinations?.RegistrationIdOf(frame.ReceiverId, source) ?? -1);
        }
    }

    private void OnRttMeasurement(ReadOnlySpan<byte> datagram, long nowNs)
    {
        if (!RttFrame.TryRead(datagram, out var frame))
        {
            CountInvalid();
        }
        else if (_publications.TryGetValue((frame.StreamId, frame.SessionId), out var publication))
        {
            publication.OnRttMeasurement(frame, nowNs);
        }
    }

    private void OnResponseSetup(ReadOnlySpan<byte> datagram, long nowNs)
    {
        if (!ResponseSetupFrame.TryRead(datagram, out var frame))
        {
            CountInvalid();
        }
        else if (_publications.TryGetValue((frame.StreamId, frame.SessionId), out var publication))
        {
            publication.OnResponseSetup(frame, nowNs);
        }
    }

    private void CountInvalid() => _system[SystemCounter.InvalidPackets].AddShared(1);
}
