using System.Net;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Driver.Sending;
using FlowEngine.Aeron.Protocol;
using FlowEngine.Core.Counters;
using FlowEngine.Core.Time;

namespace FlowEngine.Tests.Aeron.Sending;

/// <summary>
/// One publication with its endpoint and the sender, without conductor, network and threads, on a virtual clock. The
/// golden streams are: term length 64 KiB, initial term id 7, session 100, stream 5001.
/// </summary>
internal sealed class SendingRig : ISendEvents, IImageEvents, IDisposable
{
    public const int InitialTermId = 7;
    public const int TermLength = 64 * 1024;
    public const int SessionId = 100;
    public const int StreamId = 5001;
    public const int WindowLength = TermLength / 2;
    public const int MtuLength = 1408;

    private const string Start = "";

    private const int MaxSteps = 200_000;

    private readonly LogFactory _logs;
    private int _steps;

    public SendingRig(
        string channel = "aeron:udp?endpoint=127.0.0.1:24200",
        Func<MediaDriverContext, MediaDriverContext>? configure = null,
        Func<NetworkPublicationParts, NetworkPublicationParts>? change = null,
        string start = Start,
        bool isExclusive = true,
        StreamIdentity? identity = null)
    {
        Identity = identity ?? new StreamIdentity(SessionId, StreamId, InitialTermId);
        Directory = EmbeddedDriver.NewDirectory();
        global::System.IO.Directory.CreateDirectory(Path.Combine(Directory, DriverDirectory.Publications));
        var context = new MediaDriverContext { Directory = Directory, Clock = Clock };
        Context = configure?.Invoke(context) ?? context;
        System = new SystemCounters(Counters);
        Proxy = new ConductorProxy(Conductor, this);
        Sender = new Sender(Context, System, (_, message) => Errors.Add(message), Conductor);
        _logs = new LogFactory(Context);

        var uri = ChannelUri.Parse(channel);
        Channel = UdpChannel.Parse(uri, DnsResolver.Instance);
        Transport = new RecordingTransport(Address("127.0.0.1", 40000));
        Endpoint = new SendEndpoint(Channel, Transport, Context, System, default, Proxy, NewCounter());
        var flowControl = FlowControl.Create(uri, Channel, Context, NewCounter);
        Publication = NewPublication(Identity.SessionId, flowControl, start, isExclusive, change);
        Sender.Commands.Post(() => Sender.Add(Endpoint));
        Sender.Commands.Post(() => Sender.Add(Publication));
        Publisher = NewPublisher(Publication);
    }

    public StreamIdentity Identity { get; }

    public string Directory { get; }

    public RigClock Clock { get; } = new();

    public MediaDriverContext Context { get; }

    public CountersManager Counters { get; } = CountersManager.InPrivateMemory(256);

    public SystemCounters System { get; }

    public CommandQueue Conductor { get; } = new();

    public ConductorProxy Proxy { get; }

    public UdpChannel Channel { get; }

    public RecordingTransport Transport { get; }

    public SendEndpoint Endpoint { get; }

    public NetworkPublication Publication { get; }

    public ExclusivePublication Publisher { get; }

    public Sender Sender { get; }

    public UdpAddress Receiver { get; } = Address("127.0.0.1", 24200);

    public List<string> Errors { get; } = [];

    public List<PublicationError> PublicationErrors { get; } = [];

    public List<(long CorrelationId, int SessionId)> ResponseSetups { get; } = [];

    public List<long> ResponsesConnected { get; } = [];

    public List<(UdpChannel Channel, UdpAddress Address)> ReResolutions { get; } = [];

    public List<string> Images { get; } = [];

    public long SenderPosition => Publication.Parts.SenderPosition.Get();

    public long SenderLimit => Publication.Parts.SenderLimit.Get();

    public long PublisherLimit => Publication.Parts.PublisherLimit.Get();

    public static UdpAddress Address(string host, int port) =>
        UdpAddress.From(new IPEndPoint(IPAddress.Parse(host), port));

    public long Value(SystemCounter id) => System[id].Get();

    public AtomicCounter NewCounter() => Counters.Counter(Counters.Allocate(1000, default, "of the test"));

    public NetworkPublication NewPublication(
        int sessionId,
        IFlowControl flowControl,
        string start = Start,
        bool isExclusive = true,
        Func<NetworkPublicationParts, NetworkPublicationParts>? change = null)
    {
        var parameters = PublicationParameters.Resolve(
            ChannelUri.Parse($"aeron:ipc?term-length=64k{start}"), Context, _ => null);
        var log = _logs.CreateIpc(
            parameters, sessionId, sessionId, Identity.StreamId, Identity.InitialTermId, isExclusive);
        var parts = new NetworkPublicationParts
        {
            Log = log,
            Endpoint = Endpoint,
            FlowControl = flowControl,
            PublisherPosition = NewCounter(),
            PublisherLimit = NewCounter(),
            SenderPosition = NewCounter(),
            SenderLimit = NewCounter(),
            BackPressureEvents = NewCounter(),
            NaksReceived = NewCounter(),
            SessionId = sessionId,
            StreamId = Identity.StreamId,
            IsExclusive = isExclusive,
            WindowLength = WindowLength,
            LingerNs = Context.PublicationLingerTimeoutNs,
            MaxResend = Context.MaxResend,
            Context = Context,
            System = System,
            Conductor = Proxy,
            NowNs = Clock.NanoTime,
        };
        return new NetworkPublication(change?.Invoke(parts) ?? parts) { References = 1 };
    }

    public static ExclusivePublication NewPublisher(NetworkPublication publication) => new(PublisherParts(publication));

    public static PublicationParts PublisherParts(NetworkPublication publication) => new(
        null!, // It is never closed, nor asked for its channel.
        "",
        publication.RegistrationId,
        publication.RegistrationId,
        publication.SessionId,
        publication.StreamId,
        publication.Parts.PublisherLimit,
        -1,
        publication.Parts.Log);

    /// <summary>One duty cycle of conductor and sender, some nanoseconds after the last.</summary>
    public int Step(long ns = 1000)
    {
        if (++_steps > MaxSteps)
        {
            throw new InvalidOperationException("the test makes no progress");
        }

        Clock.NanoTime += ns;
        Conductor.Drain();
        Publication.Update(Clock.NanoTime, this);
        return Sender.DoWork(Clock.NanoTime);
    }

    /// <summary>Duty cycles for that long, one a millisecond.</summary>
    public void Run(int milliseconds)
    {
        for (var i = 0; i < milliseconds; i++)
        {
            Step(1_000_000);
        }
    }

    /// <summary>Timer ticks of the conductor for that long, one a second.</summary>
    public void RunTimers(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            Run(1000);
            Publication.OnTimer(Clock.NanoTime, this);
        }
    }

    public void SendStatus(
        long position,
        int window = 32768,
        long receiverId = 1,
        byte flags = 0,
        long? groupTag = null,
        UdpAddress? source = null,
        int sessionId = SessionId)
    {
        var termId = InitialTermId + (int)(position / TermLength);
        var frame = new StatusFrame(
            flags, sessionId, StreamId, termId, (int)(position % TermLength), window, receiverId, groupTag);
        Span<byte> bytes = stackalloc byte[StatusFrame.MaxLength];
        Transport.Arrive(bytes[..frame.Write(bytes)].ToArray(), source ?? Receiver);
    }

    public void SendNak(long position, int length)
    {
        var termId = InitialTermId + (int)(position / TermLength);
        var frame = new NakFrame(SessionId, StreamId, termId, (int)(position % TermLength), length);
        var bytes = new byte[NakFrame.Length];
        frame.Write(bytes);
        Transport.Arrive(bytes, Receiver);
    }

    /// <summary>A receiver connects at the start.</summary>
    public void Connect(int window = 32768)
    {
        Step();
        SendStatus(SenderPosition, window);
        Step();
        Step();
        Transport.Sent.Clear();
    }

    /// <summary>Publishes padding up to a multiple of 1024, has it sent and consumed.</summary>
    public void PublishTo(long position)
    {
        while (Publisher.Position < position || SenderPosition < position)
        {
            if (Publisher.Position < position)
            {
                Publisher.AppendPadding(1024 - 32);
            }

            SendStatus(SenderPosition);
            Step();
        }
    }

    /// <summary>Publishes, rotating the term where it must.</summary>
    public long Offer(int length, int seed = 1) => Offer(Golden.Payload(length, seed));

    /// <summary>Publishes, rotating the term where it must.</summary>
    public long Offer(byte[] payload)
    {
        var result = Publisher.Offer(payload);
        return result == PublicationResult.AdminAction ? Publisher.Offer(payload) : result;
    }

    public SubscriberPosition Spy(string parameters = "")
    {
        var uri = ChannelUri.Parse($"aeron-spy:aeron:udp?endpoint=127.0.0.1:24200{parameters}");
        var subscription = new DriverSubscription(900, 1, StreamId, SubscriptionParameters.Resolve(uri, Context));
        var spy = new SubscriberPosition(subscription, NewCounter());
        spy.Position.Set(Publication.SpyJoinPosition);
        Publication.LinkSpy(spy, Clock.NanoTime);
        return spy;
    }

    public void OnPublicationError(PublicationError error) => PublicationErrors.Add(error);

    public void OnResponseSetup(long responseCorrelationId, int responseSessionId) =>
        ResponseSetups.Add((responseCorrelationId, responseSessionId));

    public void OnResponseConnected(long responseCorrelationId) => ResponsesConnected.Add(responseCorrelationId);

    public void OnReResolve(SendEndpoint endpoint, UdpChannel channel, UdpAddress address) =>
        ReResolutions.Add((channel, address));

    public void OnAvailable(IDriverStream stream, SubscriberPosition subscriber) => Images.Add("available");

    public void OnUnavailable(IDriverStream stream, SubscriberPosition subscriber) => Images.Add("unavailable");

    public void Dispose()
    {
        Sender.Dispose();
        if (global::System.IO.Directory.Exists(Directory))
        {
            global::System.IO.Directory.Delete(Directory, recursive: true);
        }
    }

    /// <summary>What a stream is called; the golden ones by default.</summary>
    internal sealed record StreamIdentity(int SessionId, int StreamId, int InitialTermId);

    internal sealed class RigClock : IClock
    {
        public long NanoTime { get; set; } = 1_000_000_000;

        public long EpochNanos => 1_700_000_000_000_000_000 + NanoTime;
    }
}
