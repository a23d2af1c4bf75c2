using FlowEngine.Aeron.Control;
using FlowEngine.Aeron.Logs;
using FlowEngine.Core.Time;

namespace FlowEngine.Aeron.Driver;

/// <summary>Settings of a driver. Defaults are Aeron's.</summary>
public sealed record MediaDriverContext
{
    /// <summary>Directory of the driver's files; deleted files are only those a driver makes.</summary>
    public string Directory { get; init; } = AeronContext.DefaultDirectory;

    /// <summary>Bytes of a term of IPC streams: power of two, 64 KiB to 1 GiB.</summary>
    public int IpcTermBufferLength { get; init; } = 64 * 1024 * 1024;

    /// <summary>Longest frame of IPC streams: multiple of 32, to 65504.</summary>
    public int IpcMtuLength { get; init; } = 1408;

    /// <summary>How far an IPC publisher may run ahead of its slowest subscriber, bytes; 0 is half a term.</summary>
    public int IpcPublicationWindowLength { get; init; }

    /// <summary>Bytes of a term of UDP streams: power of two, 64 KiB to 1 GiB.</summary>
    public int TermBufferLength { get; init; } = 16 * 1024 * 1024;

    /// <summary>Longest datagram of UDP streams: multiple of 32, to 65504.</summary>
    public int MtuLength { get; init; } = 1408;

    /// <summary>How far a UDP publisher may run ahead of its sender, bytes; 0 is half a term.</summary>
    public int PublicationWindowLength { get; init; }

    /// <summary>SO_RCVBUF of receiving sockets, bytes; the system may cap it.</summary>
    public int SocketReceiveBufferLength { get; init; } = 128 * 1024;

    /// <summary>SO_SNDBUF of sockets, bytes; 0 is the system's default.</summary>
    public int SocketSendBufferLength { get; init; }

    /// <summary>Hops of multicast datagrams; 0 is the system's default.</summary>
    public int SocketMulticastTtl { get; init; }

    /// <summary>How much a sender may be ahead of what a receiver has told it, bytes.</summary>
    public int InitialWindowLength { get; init; } = 128 * 1024;

    /// <summary>Longest time between two status messages of an image.</summary>
    public long StatusMessageTimeoutNs { get; init; } = 200_000_000;

    /// <summary>Duty cycles of the sender for each poll of its sockets while it has data to send.</summary>
    public int SendToStatusPollRatio { get; init; } = 6;

    /// <summary>Datagrams of one stream in a duty cycle of the sender: 2 to 16.</summary>
    public int NetworkPublicationMaxMessagesPerSend { get; init; } = 4;

    /// <summary>How long a receiver waits with its first NAK of a unicast stream.</summary>
    public long NakUnicastDelayNs { get; init; } = 1_000;

    /// <summary>A unicast NAK is repeated after the delay times this.</summary>
    public int NakUnicastRetryDelayRatio { get; init; } = 100;

    /// <summary>Receivers a group is expected to have.</summary>
    public int NakMulticastGroupSize { get; init; } = 10;

    /// <summary>Longest back-off of a NAK in a group.</summary>
    public long NakMulticastMaxBackoffNs { get; init; } = 10_000_000;

    /// <summary>How long a sender waits with a retransmission.</summary>
    public long RetransmitUnicastDelayNs { get; init; }

    /// <summary>How long it ignores NAKs of what it has just sent again.</summary>
    public long RetransmitUnicastLingerNs { get; init; } = 10_000_000;

    /// <summary>Retransmissions of one stream under way to a group: 1 to 256.</summary>
    public int MaxResend { get; init; } = 16;

    /// <summary>How long a receiver is waited for after its last status message by group flow control.</summary>
    public long FlowControlReceiverTimeoutNs { get; init; } = 5_000_000_000;

    /// <summary>Group tag tagged flow control looks for.</summary>
    public long FlowControlGroupTag { get; init; } = -1;

    /// <summary>Receivers a group needs before its stream is connected.</summary>
    public int FlowControlGroupMinSize { get; init; }

    /// <summary>Flow control of unicast streams: max.</summary>
    public string UnicastFlowControl { get; init; } = "max";

    /// <summary>Flow control of multicast and MDC streams: max, min or tagged.</summary>
    public string MulticastFlowControl { get; init; } = "max";

    /// <summary>Congestion control of images: static or cubic.</summary>
    public string CongestionControl { get; init; } = "static";

    /// <summary>Whether cubic congestion control measures the round trip.</summary>
    public bool CubicMeasureRtt { get; init; }

    /// <summary>Round trip cubic congestion control starts from.</summary>
    public long CubicInitialRttNs { get; init; } = 100_000;

    /// <summary>Group tag this driver's receivers put in their status messages; null is none.</summary>
    public long? ReceiverGroupTag { get; init; }

    /// <summary>Whether spies alone make a UDP publication connected.</summary>
    public bool SpiesSimulateConnection { get; init; }

    /// <summary>How long a publication is connected after the last status message.</summary>
    public long PublicationConnectionTimeoutNs { get; init; } = 5_000_000_000;

    /// <summary>How long an image lives without a packet.</summary>
    public long ImageLivenessTimeoutNs { get; init; } = 10_000_000_000;

    /// <summary>Images one stream of an endpoint may have; the sessions beyond are refused.</summary>
    public int StreamSessionLimit { get; init; } = int.MaxValue;

    /// <summary>How often names of endpoints are looked up again.</summary>
    public long ReResolutionCheckIntervalNs { get; init; } = 1_000_000_000;

    /// <summary>Session ids from here to <see cref="ReservedSessionIdHigh"/> are never chosen by the driver.</summary>
    public int ReservedSessionIdLow { get; init; } = -1;

    /// <summary>Last of the session ids never chosen by the driver.</summary>
    public int ReservedSessionIdHigh { get; init; } = 1000;

    /// <summary>Whether log files take memory only where they are written.</summary>
    public bool TermBufferSparse { get; init; } = true;

    /// <summary>
    /// Takes the space of every file when it is made, sparse or not, so that a full disk is an error of that moment
    /// and never a bus error later. Costs 0.3 ms for each MiB; off, sparse files are as Aeron's.
    /// </summary>
    public bool ReserveFiles { get; init; } = true;

    /// <summary>How long a client may be silent.</summary>
    public long ClientLivenessTimeoutNs { get; init; } = 10_000_000_000;

    /// <summary>How old another driver's heartbeat must be to take it for dead.</summary>
    public long DriverTimeoutNs { get; init; } = 10_000_000_000;

    /// <summary>Stored in the logs; IPC streams do not wait for it.</summary>
    public long PublicationLingerTimeoutNs { get; init; } = 5_000_000_000;

    /// <summary>How long subscribers wait behind an open claim before its publisher is taken for dead.</summary>
    public long PublicationUnblockTimeoutNs { get; init; } = 15_000_000_000;

    /// <summary>
    /// How long an untethered subscriber may be nearly a window behind before its image is taken away.
    /// </summary>
    public long UntetheredWindowLimitTimeoutNs { get; init; } = 5_000_000_000;

    /// <summary>
    /// How long it then still counts, while it lets go of the image; null is the window limit timeout.
    /// </summary>
    public long? UntetheredLingerTimeoutNs { get; init; }

    /// <summary>How long it then rests before it is joined again.</summary>
    public long UntetheredRestingTimeoutNs { get; init; } = 10_000_000_000;

    /// <summary>Pace of heartbeats, liveness checks and life cycles.</summary>
    public long TimerIntervalNs { get; init; } = 1_000_000_000;

    /// <summary>How long the id of a freed counter rests.</summary>
    public long CounterFreeToReuseTimeoutNs { get; init; } = 1_000_000_000;

    /// <summary>Bytes of counter values, 128 a counter; metadata takes four times as much.</summary>
    public int CounterBufferLength { get; init; } = 8 * 1024 * 1024;

    /// <summary>Bytes of the error log.</summary>
    public int ErrorBufferLength { get; init; } = 4 * 1024 * 1024;

    /// <summary>Bytes of the command ring without its trailer: power of two, 1 MiB or more.</summary>
    public int ToDriverBufferLength { get; init; } = 1024 * 1024;

    /// <summary>Bytes of the response buffer without its trailer: power of two, 1 MiB or more.</summary>
    public int ToClientsBufferLength { get; init; } = 1024 * 1024;

    /// <summary>Page that file lengths are rounded up to.</summary>
    public int FilePageSize { get; init; } = 4096;

    /// <summary>Deletes a previous driver's files without asking whether it is alive.</summary>
    public bool DeleteDirectoryOnStart { get; init; }

    /// <summary>Deletes the files at the end.</summary>
    public bool DeleteDirectoryOnShutdown { get; init; }

    /// <summary>How the driver's three agents share threads.</summary>
    public ThreadingMode ThreadingMode { get; init; } = ThreadingMode.Shared;

    /// <summary>Idle strategy of the conductor's own thread: backoff, spin, yield or sleep.</summary>
    public string ConductorIdleStrategy { get; init; } = "backoff";

    /// <summary>Idle strategy of the sender's own thread: backoff, spin, yield or sleep.</summary>
    public string SenderIdleStrategy { get; init; } = "backoff";

    /// <summary>Idle strategy of the receiver's own thread: backoff, spin, yield or sleep.</summary>
    public string ReceiverIdleStrategy { get; init; } = "backoff";

    /// <summary>Idle strategy of the thread of sender and receiver: backoff, spin, yield or sleep.</summary>
    public string SharedNetworkIdleStrategy { get; init; } = "backoff";

    /// <summary>Idle strategy of the one thread of all: backoff, spin, yield or sleep.</summary>
    public string SharedIdleStrategy { get; init; } = "backoff";

    /// <summary>Duty cycles of an agent longer than this are counted.</summary>
    public long CycleThresholdNs { get; init; } = 100_000_000;

    /// <summary>
    /// Says whether a client that sends this token may end the driver; called on the conductor's thread. Null: none
    /// may.
    /// </summary>
    public Func<byte[], bool>? TerminationValidator { get; init; }

    /// <summary>Called on the conductor's thread when a client has ended the driver.</summary>
    public Action? TerminationHook { get; init; }

    /// <summary>
    /// Whether the caller steps <see cref="MediaDriver.ConductorAgent"/>; otherwise the driver has threads. The same as
    /// <see cref="ThreadingMode.Invoker"/>.
    /// </summary>
    public bool UseInvoker { get; init; }

    /// <summary>Clock of the conductor.</summary>
    public IClock Clock { get; init; } = SystemClock.Instance;

    /// <summary>Seed of session and initial term ids; null takes one from the system.</summary>
    public int? Seed { get; init; }

    /// <summary>Called on the conductor's thread with errors, besides the error log.</summary>
    public Action<Exception>? ErrorHandler { get; init; }

    /// <summary>Faults between the driver and its network, to test what runs on it; null is none.</summary>
    public FaultPlan? Faults { get; init; }

    /// <summary>Network the driver opens its transports on: the system's sockets, or a simulation.</summary>
    internal Media.IUdpNetwork? Network { get; init; }

    /// <summary>Looks up hosts of channels: the system, or a table in tests.</summary>
    internal Media.INameResolver NameResolver { get; init; } = Media.DnsResolver.Instance;

    internal ThreadingMode EffectiveThreadingMode => UseInvoker ? ThreadingMode.Invoker : ThreadingMode;

    internal CncLengths CncLengths => new()
    {
        ToDriver = ToDriverBufferLength + ManyToOneRing.TrailerLength,
        ToClients = ToClientsBufferLength + BroadcastTransmitter.TrailerLength,
        CounterValues = CounterBufferLength,
        ErrorLog = ErrorBufferLength,
        FilePageSize = FilePageSize,
    };

    /// <summary>Settings from properties by the original's names; <see cref="DriverProperties"/> reads files.</summary>
    /// <param name="properties">Names such as <c>aeron.dir</c> or <c>AERON_DIR</c> with their values.</param>
    /// <param name="warnings">A line for each that is not heeded.</param>
    /// <exception cref="DriverPropertyException">A value is not allowed.</exception>
    public static MediaDriverContext FromProperties(
        IReadOnlyDictionary<string, string> properties, out IReadOnlyList<string> warnings)
    {
        var read = new DriverProperties();
        foreach (var (name, value) in properties)
        {
            read.Set(name, value, "properties");
        }

        warnings = read.Warnings;
        return read.ToContext();
    }

    /// <summary>Settings from properties by the original's names; unknown ones are passed over.</summary>
    /// <exception cref="DriverPropertyException">A value is not allowed.</exception>
    public static MediaDriverContext FromProperties(IReadOnlyDictionary<string, string> properties) =>
        FromProperties(properties, out _);

    /// <summary>The network, with the faults that are asked for in front of it.</summary>
    /// <param name="onError">Told of errors of sockets; any thread.</param>
    internal Media.IUdpNetwork OpenNetwork(Action<string>? onError = null)
    {
        var network = Network ?? new Media.SocketNetwork(onError);
        return Faults is null ? network : new Media.FaultyNetwork(network, Faults);
    }

    internal void Validate()
    {
        const int MinRing = 1024 * 1024;
        Require(
            LogBufferDescriptor.IsTermLength(IpcTermBufferLength),
            nameof(IpcTermBufferLength),
            IpcTermBufferLength,
            "a power of two from 64 KiB to 1 GiB");
        Require(
            PublicationParameters.IsMtu(IpcMtuLength),
            nameof(IpcMtuLength),
            IpcMtuLength,
            "a multiple of 32, 64 to 65504");
        Require(
            LogBufferDescriptor.IsTermLength(TermBufferLength),
            nameof(TermBufferLength),
            TermBufferLength,
            "a power of two from 64 KiB to 1 GiB");
        Require(PublicationParameters.IsMtu(MtuLength), nameof(MtuLength), MtuLength, "a multiple of 32, 64 to 65504");
        Require(
            IsPow2(ToDriverBufferLength, MinRing),
            nameof(ToDriverBufferLength),
            ToDriverBufferLength,
            "2^n, 1 MiB or more");
        Require(
            IsPow2(ToClientsBufferLength, MinRing),
            nameof(ToClientsBufferLength),
            ToClientsBufferLength,
            "2^n, 1 MiB or more");
        Require(
            CounterBufferLength is >= MinRing and <= 500 * MinRing && CounterBufferLength % 128 == 0,
            nameof(CounterBufferLength),
            CounterBufferLength,
            "1 MiB to 500 MiB, a multiple of 128");
        Require(
            ErrorBufferLength >= MinRing && ErrorBufferLength % 8 == 0,
            nameof(ErrorBufferLength),
            ErrorBufferLength,
            "1 MiB or more, a multiple of 8");
        Require(IsPow2(FilePageSize, 4096), nameof(FilePageSize), FilePageSize, "2^n, 4 KiB or more");
        ConfiguredIdle.Parse(ConductorIdleStrategy, nameof(ConductorIdleStrategy));
        ConfiguredIdle.Parse(SenderIdleStrategy, nameof(SenderIdleStrategy));
        ConfiguredIdle.Parse(ReceiverIdleStrategy, nameof(ReceiverIdleStrategy));
        ConfiguredIdle.Parse(SharedNetworkIdleStrategy, nameof(SharedNetworkIdleStrategy));
        ConfiguredIdle.Parse(SharedIdleStrategy, nameof(SharedIdleStrategy));
        Require(
            CncLengths.FileLength <= int.MaxValue,
            nameof(CounterBufferLength),
            CounterBufferLength,
            "less: the CnC file exceeds 2 GiB");
    }

    private static bool IsPow2(int value, int min) => value >= min && System.Numerics.BitOperations.IsPow2(value);

    private static void Require(bool holds, string name, object value, string range)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} must be {range}");
        }
    }
}
