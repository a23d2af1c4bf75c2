using System.Buffers.Binary;
using System.Text;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Control;
using FlowEngine.Aeron.Logs;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Counters;

namespace FlowEngine.Tests.Aeron;

/// <summary>
/// A CnC file, log files and the wire to one client, without a driver: the test sees each command and says the answer.
/// </summary>
internal sealed class ScriptedDriver : IAgent, IDisposable
{
    private readonly List<AeronClient> _clients = [];
    private readonly BroadcastTransmitter _transmitter;
    private readonly CountersManager _counters;

    public ScriptedDriver()
    {
        Directory = EmbeddedDriver.NewDirectory();
        System.IO.Directory.CreateDirectory(Directory);
        var lengths = new CncLengths { CounterValues = 1024 * 1024, ErrorLog = 64 * 1024 };
        Cnc = CncFile.Create(Directory, lengths, 10_000_000_000, Clock.EpochMs, 1);
        _transmitter = Cnc.CreateTransmitter();
        _counters = new CountersManager(Cnc.Counters, () => Clock.EpochMs);
        for (var id = 0; id < 43; id++)
        {
            _counters.Allocate(0, default, $"system {id}");
        }

        Beat();
        Cnc.SignalReady();
    }

    public string Directory { get; }

    public EmbeddedDriver.VirtualClock Clock { get; } = new();

    public CncFile Cnc { get; }

    public CountersManager Counters => _counters;

    public List<Exception> ClientErrors { get; } = [];

    /// <summary>Commands seen, oldest first.</summary>
    public List<(int Type, byte[] Body)> Commands { get; } = [];

    /// <summary>Answers a command; none when null.</summary>
    public Action<int, byte[]>? Answer { get; set; }

    public string Name => "scripted driver";

    public static long CorrelationId(byte[] body) => BinaryPrimitives.ReadInt64LittleEndian(body.AsSpan(8));

    public AeronClient Connect(Func<AeronContext, AeronContext>? configure = null)
    {
        var context = new AeronContext
        {
            Directory = Directory,
            UseInvoker = true,
            DriverAgent = this,
            Clock = Clock,
            DriverTimeoutNs = 200_000_000,
            ErrorHandler = ClientErrors.Add,
        };
        var client = AeronClient.Connect(configure?.Invoke(context) ?? context);
        _clients.Add(client);
        return client;
    }

    public int DoWork(long nowNs)
    {
        Beat();
        var messages = new MessageList();
        var count = Cnc.ToDriver.Read(ref messages, 10);
        foreach (var (type, body) in messages.Messages)
        {
            Commands.Add((type, body));
            Answer?.Invoke(type, body);
        }

        return count;
    }

    /// <summary>Lets driver and clients work until there is nothing to do.</summary>
    public void Step()
    {
        Clock.AdvanceMs(20);
        DoWork(0);
        foreach (var client in _clients)
        {
            while (client.ConductorAgent.DoWork(Clock.NanoTime) > 0)
            {
            }
        }
    }

    public void Beat() => Cnc.ToDriver.ConsumerHeartbeatMs = Clock.EpochMs;

    public void Succeed(long correlationId)
    {
        var body = new byte[64];
        Send(ResponseType.OperationSuccess, body, new LongResponse { Id = correlationId }.Write(body));
    }

    public void Fail(long correlationId, ErrorCode code, string message)
    {
        var body = new byte[1024];
        var response = new ErrorResponse
        {
            OffendingId = correlationId,
            Code = (int)code,
            Message = Encoding.ASCII.GetBytes(message),
        };
        Send(ResponseType.Error, body, response.Write(body));
    }

    public void SendId(int type, long correlationId, int id)
    {
        var body = new byte[64];
        Send(type, body, new IdResponse { CorrelationId = correlationId, Id = id }.Write(body));
    }

    public void Send(int type, byte[] body, int length) => _transmitter.Transmit(type, body.AsSpan(0, length));

    /// <summary>Makes a log, and tells that the publication is ready.</summary>
    /// <returns>The log, the driver's mapping.</returns>
    public LogBuffers PublicationReady(int type, long correlationId, int streamId, int statusId = -1)
    {
        var path = Path.Combine(Directory, $"{correlationId}.logbuffer");
        var log = LogBuffers.Create(path, 64 * 1024, 4096);
        log.Int32(LogBufferDescriptor.MtuLengthOffset) = 1408;
        log.EndOfStreamPosition = LogBufferDescriptor.NoEndOfStream;
        log.IsConnected = true;
        for (var i = 1; i < 3; i++)
        {
            Tail(log, i) = LogBufferDescriptor.PackTail(i - 3, 0);
        }

        var limit = _counters.Allocate(1, default, "pub-lmt");
        _counters.Counter(limit).Set(32 * 1024);
        var body = new byte[1024];
        var response = new PublicationReadyResponse
        {
            CorrelationId = correlationId,
            RegistrationId = correlationId,
            SessionId = 7,
            StreamId = streamId,
            LimitCounterId = limit,
            ChannelStatusCounterId = statusId,
            LogFile = Encoding.ASCII.GetBytes(path),
        };
        Send(type, body, response.Write(body));
        return log;
    }

    /// <summary>Tells of an image on the log of a publication.</summary>
    /// <returns>Id of the position counter.</returns>
    public int AvailableImage(long imageId, long subscriptionId, string logPath)
    {
        var position = _counters.Allocate(4, default, "sub-pos");
        var body = new byte[1024];
        var response = new AvailableImageResponse
        {
            ImageId = imageId,
            SessionId = 7,
            StreamId = 1,
            SubscriptionId = subscriptionId,
            PositionCounterId = position,
            LogFile = Encoding.ASCII.GetBytes(logPath),
            SourceIdentity = "aeron:ipc"u8,
        };
        Send(ResponseType.AvailableImage, body, response.Write(body));
        return position;
    }

    public void UnavailableImage(long imageId, long subscriptionId)
    {
        var body = new byte[256];
        var response = new UnavailableImageResponse
        {
            ImageId = imageId,
            SubscriptionId = subscriptionId,
            StreamId = 1,
            Channel = "aeron:ipc"u8,
        };
        Send(ResponseType.UnavailableImage, body, response.Write(body));
    }

    public void Dispose()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static unsafe ref long Tail(LogBuffers log, int partition) => ref *log.Tail(partition);
}
