using System.Net;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Driver.Receiving;
using FlowEngine.Aeron.Logs;
using FlowEngine.Core.Counters;
using FlowEngine.Core.Time;

namespace FlowEngine.Tests.Aeron.Receiving;

/// <summary>
/// A receiver with one endpoint on scripted transports and a virtual clock, and the least of a conductor: it makes an
/// image, with one subscriber, whenever it is asked.
/// </summary>
internal sealed class ReceiverHouse : IImageFactory, IImageEvents, INameResolver, IClock, IDisposable
{
    public const long ReceiverId = 0x0102030405060708;

    private readonly string _directory = EmbeddedDriver.NewDirectory();
    private readonly bool _isReliable;
    private long _nextId = 100;

    public ReceiverHouse(
        string channel = "aeron:udp?endpoint=127.0.0.1:24200",
        Func<MediaDriverContext, MediaDriverContext>? configure = null,
        bool isReliable = true,
        bool isMultiDestination = false)
    {
        Directory.CreateDirectory(_directory);
        _isReliable = isReliable;
        var context = new MediaDriverContext { Clock = this, Seed = 11 };
        Context = configure?.Invoke(context) ?? context;
        Counters = CountersManager.InPrivateMemory(4096);
        System = new SystemCounters(Counters);
        Channel = UdpChannel.Parse(ChannelUri.Parse(channel), this);
        Transport = new ScriptedTransport(Channel.RemoteData);
        Receiver = new Receiver(Context, System, (code, text) => Errors.Add((code, text)), Conductor, this);
        LossReport = LossReport.Create(_directory);
        Endpoint = new ReceiveEndpoint(
            Channel,
            isMultiDestination ? null : Transport,
            Context,
            System,
            Counters.Counter(Counters.Allocate(7, default, "rcv-channel")),
            ReceiverId);
        Receiver.Commands.Post(() => Receiver.Add(Endpoint));
        Parameters = SubscriptionParameters.Resolve(Channel.Uri, Context);
    }

    public static UdpAddress Source { get; } = UdpAddress.From(new IPEndPoint(IPAddress.Loopback, 40123));

    public MediaDriverContext Context { get; }

    public CountersManager Counters { get; }

    public SystemCounters System { get; }

    public CommandQueue Conductor { get; } = new();

    public Receiver Receiver { get; }

    public UdpChannel Channel { get; }

    public ReceiveEndpoint Endpoint { get; }

    public ScriptedTransport Transport { get; }

    public LossReport LossReport { get; }

    public SubscriptionParameters Parameters { get; }

    public List<(ErrorCode Code, string Text)> Errors { get; } = [];

    public List<ImageRequest> Requests { get; } = [];

    public List<ImageSeat> Images { get; } = [];

    public List<string> Events { get; } = [];

    /// <summary>Whether image requests are answered.</summary>
    public bool MakesImages { get; set; } = true;

    public long NowNs { get; set; } = 1_000_000_000;

    public long NanoTime => NowNs;

    public long EpochNanos => 1_700_000_000_000_000_000 + NowNs;

    public string LossReportPath => Path.Combine(_directory, LossReport.FileName);

    public long this[SystemCounter counter] => System[counter].Get();

    /// <summary>One duty cycle of conductor and receiver, and of subscribers that read at once.</summary>
    public void Step(bool reads = true)
    {
        Conductor.Drain();
        foreach (var seat in Images)
        {
            if (reads && seat.Position.Get() < seat.Image.RebuildPosition)
            {
                seat.Position.Set(seat.Image.RebuildPosition);
            }

            seat.Image.TrackRebuild(NowNs, this);
        }

        Receiver.DoWork(NowNs);
    }

    /// <summary>Steps while time passes.</summary>
    public void Run(double ms, double stepMs = 1)
    {
        var endNs = NowNs + (long)(ms * 1e6);
        while (NowNs < endNs)
        {
            NowNs += (long)(stepMs * 1e6);
            Step();
        }
    }

    /// <summary>One timer tick of the conductor.</summary>
    public void Tick()
    {
        foreach (var seat in Images)
        {
            if (seat.Image.OnTimer(NowNs, this))
            {
                var image = seat.Image;
                Receiver.Commands.Post(
                    () => Receiver.Remove(image, () => image.IsReleasedByReceiver = true));
                Receiver.Commands.Post(() => Endpoint.RemoveCoolDown(image.SessionId, image.StreamId));
            }
        }
    }

    public void Subscribe(int streamId, int? sessionId = null) =>
        Receiver.Commands.Post(() => Endpoint.AddInterest(streamId, sessionId));

    public void Deliver(byte[] bytes) => Transport.Deliver(bytes, Source);

    public void RequestImage(in ImageRequest request)
    {
        var copy = request;
        Requests.Add(copy);
        if (MakesImages)
        {
            Conductor.Post(() => Add(copy));
        }
    }

    public bool TryResolve(string host, out IPAddress[] addresses)
    {
        addresses = [IPAddress.Parse(host)];
        return true;
    }

    public void OnAvailable(IDriverStream stream, SubscriberPosition subscriber) =>
        Events.Add($"available {stream.SessionId}");

    public void OnUnavailable(IDriverStream stream, SubscriberPosition subscriber) =>
        Events.Add($"unavailable {stream.SessionId}");

    public void Dispose()
    {
        Receiver.OnClose();
        Receiver.Dispose();
        LossReport.Dispose();
        foreach (var seat in Images)
        {
            seat.Log.Dispose();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private void Add(in ImageRequest request)
    {
        var setup = request.Setup;
        var id = _nextId++;
        var log = LogBuffers.Create(Path.Combine(_directory, $"{id}.logbuffer"), setup.TermLength, 4096);
        log.Int32(LogBufferDescriptor.InitialTermIdOffset) = setup.InitialTermId;
        log.EndOfStreamPosition = LogBufferDescriptor.NoEndOfStream;
        var congestion = new CongestionParts
        {
            Context = Context,
            Uri = Channel.Uri,
            ReceiverWindowLength = Channel.ReceiverWindowLength,
            TermLength = setup.TermLength,
            MtuLength = setup.MtuLength,
            CorrelationId = id,
            SessionId = setup.SessionId,
            StreamId = setup.StreamId,
            NowNs = NowNs,
        };
        var hwm = NewCounter("rcv-hwm");
        var naks = NewCounter("rcv-naks-sent");
        var image = new PublicationImage(new PublicationImageParts
        {
            Context = Context,
            System = System,
            Log = log,
            Endpoint = request.Endpoint,
            Destination = request.Destination,
            Setup = setup,
            ControlAddress = request.ControlAddress,
            SourceAddress = request.SourceAddress,
            CorrelationId = id,
            HighWaterMark = hwm,
            Position = NewCounter("rcv-pos"),
            NaksSent = naks,
            CongestionControl = congestion.Create(Counters),
            LossReport = LossReport,
            IsReliable = _isReliable,
            IsGroup = Channel.IsMulticast || (setup.Flags & FlowEngine.Aeron.Protocol.SetupFrame.GroupFlag) != 0,
            NowNs = NowNs,
        });
        var position = NewCounter("sub-pos");
        position.Set(image.JoinPosition);
        var subscriber = new SubscriberPosition(
            new DriverSubscription(id, 1, setup.StreamId, Parameters), position);
        image.Link(subscriber, NowNs);
        Images.Add(new ImageSeat(image, log, subscriber, position, hwm, naks));
        var endpoint = request.Endpoint;
        Receiver.Commands.Post(() => Receiver.Add(endpoint, image));
    }

    private AtomicCounter NewCounter(string label) => Counters.Counter(Counters.Allocate(99, default, label));
}

/// <summary>An image of the house and its one subscriber.</summary>
internal sealed record ImageSeat(
    PublicationImage Image,
    LogBuffers Log,
    SubscriberPosition Subscriber,
    AtomicCounter Position,
    AtomicCounter HighWaterMark,
    AtomicCounter NaksSent);
