using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Core;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>
/// The agent that receives: takes what has arrived at all endpoints, has images written, and sends what they have to
/// say back. Everything public but <see cref="Commands"/> is for its own thread: post it there.
/// </summary>
internal sealed class Receiver : IAgent, IDisposable
{
    /// <summary>Datagrams taken from one socket in one duty cycle.</summary>
    public const int BatchLength = 16;

    private const long CycleThresholdNs = 100_000_000;

    private readonly CommandQueue _conductor;
    private readonly Action<ErrorCode, string> _logError;
    private readonly DatagramBatch _batch = new(BatchLength);
    private readonly List<ReceiveEndpoint> _endpoints = [];
    private readonly List<PublicationImage> _images = [];
    private readonly AtomicCounter _bytesReceived;
    private readonly AtomicCounter _maxCycle;
    private readonly AtomicCounter _exceeded;
    private readonly long _startNs;
    private Poll[] _polls = [];
    private long _cycleNs;

    /// <param name="context">Settings.</param>
    /// <param name="system">Counters of the driver.</param>
    /// <param name="logError">Takes errors; thread safe.</param>
    /// <param name="conductor">Queue of the conductor, for what it is told when something was let go.</param>
    /// <param name="images">Makes images.</param>
    public Receiver(
        MediaDriverContext context,
        SystemCounters system,
        Action<ErrorCode, string> logError,
        CommandQueue conductor,
        IImageFactory images)
    {
        _conductor = conductor;
        _logError = logError;
        Images = images;
        _bytesReceived = system[SystemCounter.BytesReceived];
        _maxCycle = system[SystemCounter.ReceiverMaxCycle];
        _exceeded = system[SystemCounter.ReceiverExceeded];
        _startNs = context.Clock.NanoTime;
        _cycleNs = _startNs;
    }

    /// <inheritdoc/>
    public string Name => "receiver";

    /// <summary>What others want of it. Any thread.</summary>
    public CommandQueue Commands { get; } = new();

    /// <summary>Makes images.</summary>
    public IImageFactory Images { get; }

    /// <summary>Senders that were asked for a SETUP.</summary>
    public PendingSetups PendingSetups { get; } = new();

    /// <summary>Images it serves.</summary>
    public IReadOnlyList<PublicationImage> ActiveImages => _images;

    /// <summary>Receives at an endpoint from now on.</summary>
    public void Add(ReceiveEndpoint endpoint)
    {
        endpoint.Attach(this);
        _endpoints.Add(endpoint);
        RebuildPolls();
        foreach (var destination in endpoint.Destinations)
        {
            RequestSetupPeriodically(endpoint, destination);
        }
    }

    /// <summary>Receives there no more, closes its sockets, and tells the conductor.</summary>
    /// <param name="endpoint">Endpoint that was added.</param>
    /// <param name="released">Posted to the conductor.</param>
    public void Remove(ReceiveEndpoint endpoint, Action released)
    {
        _endpoints.Remove(endpoint);
        RebuildPolls();
        PendingSetups.Remove(endpoint);
        foreach (var image in _images)
        {
            if (image.Endpoint == endpoint)
            {
                image.Reception.Disconnect();
            }
        }

        endpoint.CloseTransports();
        Tell(released);
    }

    /// <summary>Has what comes for a session written into its new image.</summary>
    public void Add(ReceiveEndpoint endpoint, PublicationImage image)
    {
        foreach (var other in _images)
        {
            if (other.Endpoint == endpoint && other.StreamId == image.StreamId && other.SessionId == image.SessionId)
            {
                other.Reception.StopStatusUnlessActive();
            }
        }

        endpoint.Dispatcher.AddImage(image);
        _images.Add(image);
    }

    /// <summary>Serves an image no more, and tells the conductor.</summary>
    /// <param name="image">Image that was added.</param>
    /// <param name="released">Posted to the conductor: from then on it may free log and counters.</param>
    public void Remove(PublicationImage image, Action released)
    {
        // A withdrawn stream's sender may go as soon as it hears that this receiver has.
        image.Reception.SendRequestedStatus(_cycleNs);
        image.Endpoint.Dispatcher.RemoveImage(image);
        _images.Remove(image);
        Tell(released);
    }

    /// <summary>Tells the conductor something.</summary>
    public void Tell(Action command) => _conductor.Post(command);

    /// <summary>Reports an error.</summary>
    public void LogError(ErrorCode code, string message) => _logError(code, message);

    /// <summary>An endpoint has one more destination. By the endpoint.</summary>
    public void OnDestinationAdded(ReceiveEndpoint endpoint, ReceiveDestination destination)
    {
        RebuildPolls();
        RequestSetupPeriodically(endpoint, destination);
        foreach (var image in _images)
        {
            if (image.Endpoint == endpoint)
            {
                image.Reception.AddDestination(destination, _cycleNs);
            }
        }
    }

    /// <summary>An endpoint has one destination less. By the endpoint.</summary>
    public void OnDestinationRemoved(ReceiveEndpoint endpoint, ReceiveDestination destination)
    {
        RebuildPolls();
        PendingSetups.Remove(destination);
        foreach (var image in _images)
        {
            if (image.Endpoint == endpoint)
            {
                image.Reception.RemoveDestination(destination, _cycleNs);
            }
        }
    }

    /// <inheritdoc/>
    [Hot]
    public int DoWork(long nowNs)
    {
        TrackCycle(nowNs);
        var work = Commands.Drain();
        work += PollTransports(nowNs);
        foreach (var image in _images)
        {
            var reception = image.Reception;
            work += reception.SendPendingStatus(nowNs);
            work += reception.ProcessPendingLoss(nowNs);
            work += reception.InitiateRtt(nowNs);
        }

        return work + PendingSetups.Poll(nowNs);
    }

    /// <inheritdoc/>
    public void OnClose()
    {
        foreach (var endpoint in _endpoints)
        {
            endpoint.CloseTransports();
        }

        _polls = [];
    }

    /// <summary>Frees its memory; it does not work any more.</summary>
    public void Dispose() => _batch.Dispose();

    // One virtual call for each socket and duty cycle, not for each datagram.
    private unsafe int PollTransports(long nowNs)
    {
        var count = 0;
        long bytes = 0;
        foreach (ref readonly var poll in _polls.AsSpan())
        {
            count += poll.Destination.Transport.Receive(_batch);
            for (var i = 0; i < _batch.Count; i++)
            {
                var length = _batch.Length(i);
                bytes += length;
                poll.Endpoint.OnDatagram(poll.Destination, _batch.Pointer(i), length, _batch.Source(i), nowNs);
            }

            _batch.Count = 0;
        }

        if (bytes != 0)
        {
            _bytesReceived.AddShared(bytes);
        }

        return count;
    }

    [Hot]
    private void TrackCycle(long nowNs)
    {
        var cycleNs = nowNs - _cycleNs;
        _cycleNs = nowNs;
        _maxCycle.ProposeMax(cycleNs);
        if (cycleNs > CycleThresholdNs)
        {
            _exceeded.Increment();
        }
    }

    private void RequestSetupPeriodically(ReceiveEndpoint endpoint, ReceiveDestination destination)
    {
        if (destination.Channel.HasExplicitControl)
        {
            PendingSetups.AddPeriodic(endpoint, destination, _cycleNs);
        }
    }

    private void RebuildPolls() => _polls =
    [
        .. _endpoints.SelectMany(endpoint => endpoint.Destinations.Select(
            destination => new Poll(endpoint, destination))),
    ];

    private readonly record struct Poll(ReceiveEndpoint Endpoint, ReceiveDestination Destination);
}
