using FlowEngine.Aeron.Control;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// The properties of a driver by the original's names. Those it does not heed are named too, so that they are told
/// from slips of the pen. A name of our own begins with <c>flowengine</c>.
/// </summary>
internal static class DriverSettings
{
    private const int MaxTerm = 1024 * 1024 * 1024;
    private const int MinTerm = 64 * 1024;
    private const int MinRing = 1024 * 1024;
    private const int MaxBuffer = 500 * 1024 * 1024;

    private static readonly DriverSetting[] s_heeded =
    [
        .. Directory(),
        .. Memory(),
        .. Streams(),
        .. Timeouts(),
        .. Sockets(),
        .. Recovery(),
        .. Groups(),
        .. Threads(),
    ];

    /// <summary>Names of the original, in either spelling of it, that mean nothing to this driver.</summary>
    private static readonly HashSet<string> s_unheeded =
    [
        .. new[]
        {
            "aeron.dir.warn.if.exists", "aeron.thread.naming", "aeron.perform.storage.checks",
            "aeron.low.file.store.warning.threshold", "aeron.loss.report.buffer.length", "aeron.reliable.stream",
            "aeron.tether.subscriptions", "aeron.rejoin.stream", "aeron.receiver.group.consideration",
            "aeron.driver.connect", "aeron.print.configuration", "aeron.agent.on.start.function",
            "aeron.CubicCongestionControl.tcpMode", "aeron.driver.sender.cycle.threshold",
            "aeron.driver.receiver.cycle.threshold", "aeron.driver.name.resolver.threshold",
            "aeron.name.resolver.threshold", "aeron.driver.resource.free.limit", "aeron.receiver.io.vector.capacity",
            "aeron.sender.io.vector.capacity", "aeron.conductor.cpu.affinity", "aeron.receiver.cpu.affinity",
            "aeron.sender.cpu.affinity", "aeron.driver.native.resource.agent.cpu.affinity",
            "aeron.driver.cpuset.affinity", "aeron.driver.cpuset.warnings.as.errors", "aeron.driver.dynamic.libraries",
            "aeron.enable.experimental.features", "aeron.sender.wildcard.port.range",
            "aeron.receiver.wildcard.port.range", "aeron.driver.resolver.name", "aeron.driver.resolver.interface",
            "aeron.driver.resolver.bootstrap.neighbor", "aeron.name.resolver.supplier", "aeron.name.resolver.init.args",
            "aeron.driver.resolver.neighbor.timeout", "aeron.driver.resolver.self.resolution.interval",
            "aeron.driver.resolver.neighbor.resolution.interval",
            "aeron.driver.resolver.bootstrap.neighbor.resolution.interval",
            "aeron.udp.channel.transport.bindings.media", "aeron.conductor.udp.channel.transport.bindings.media",
            "aeron.udp.channel.outgoing.interceptors", "aeron.udp.channel.incoming.interceptors",
            "aeron.conductor.idle.strategy.init.args", "aeron.sender.idle.strategy.init.args",
            "aeron.receiver.idle.strategy.init.args", "aeron.sharednetwork.idle.strategy.init.args",
            "aeron.shared.idle.strategy.init.args", "aeron.driver.native.resource.agent.idle.strategy",
            "aeron.driver.native.resource.agent.idle.strategy.init.args", "aeron.use.windows.high.res.timer",
            "aeron.debug.timeout", "aeron.event.log", "aeron.event.log.filename",
        }.Select(Key),
    ];

    private static readonly Dictionary<string, DriverSetting> s_byKey = s_heeded.ToDictionary(s => Key(s.Name));

    /// <summary>All that are heeded.</summary>
    public static IReadOnlyList<DriverSetting> Heeded => s_heeded;

    /// <summary>The form of a name in which <c>aeron.dir</c> and <c>AERON_DIR</c> are one.</summary>
    public static string Key(string name) => name.Replace('.', '_').ToUpperInvariant();

    /// <summary>The setting of a name in either spelling; null if there is none.</summary>
    public static DriverSetting? Find(string name) => s_byKey.GetValueOrDefault(Key(name));

    /// <summary>Whether a name is the original's but means nothing here.</summary>
    public static bool IsKnownElsewhere(string name) => s_unheeded.Contains(Key(name));

    private static DriverSetting[] Directory() =>
    [
        new("aeron.dir", "a directory", (c, v) => v.Length > 0 ? c with { Directory = v } : null),
        DriverSetting.Bool("aeron.dir.delete.on.start", (c, v) => c with { DeleteDirectoryOnStart = v }),
        DriverSetting.Bool("aeron.dir.delete.on.shutdown", (c, v) => c with { DeleteDirectoryOnShutdown = v }),
    ];

    private static DriverSetting[] Memory() =>
    [
        DriverSetting.PowerOfTwo(
            "aeron.conductor.buffer.length",
            MinRing,
            MaxTerm,
            (c, v) => c with { ToDriverBufferLength = v },
            ManyToOneRing.TrailerLength),
        DriverSetting.PowerOfTwo(
            "aeron.clients.buffer.length",
            MinRing,
            MaxTerm,
            (c, v) => c with { ToClientsBufferLength = v },
            BroadcastTransmitter.TrailerLength),
        DriverSetting.Bytes(
            "aeron.counters.buffer.length", MinRing, MaxBuffer, (c, v) => c with { CounterBufferLength = v }),
        DriverSetting.Bytes(
            "aeron.error.buffer.length", MinRing, int.MaxValue, (c, v) => c with { ErrorBufferLength = v }),
        DriverSetting.PowerOfTwo("aeron.file.page.size", 4096, MaxTerm, (c, v) => c with { FilePageSize = v }),
        DriverSetting.PowerOfTwo(
            "aeron.term.buffer.length", MinTerm, MaxTerm, (c, v) => c with { TermBufferLength = v }),
        DriverSetting.PowerOfTwo(
            "aeron.ipc.term.buffer.length", MinTerm, MaxTerm, (c, v) => c with { IpcTermBufferLength = v }),
        DriverSetting.Bool("aeron.term.buffer.sparse.file", (c, v) => c with { TermBufferSparse = v }),
        DriverSetting.Bool("flowengine.reserve.files", (c, v) => c with { ReserveFiles = v }),
    ];

    private static DriverSetting[] Streams() =>
    [
        DriverSetting.Mtu("aeron.mtu.length", (c, v) => c with { MtuLength = v }),
        DriverSetting.Mtu("aeron.ipc.mtu.length", (c, v) => c with { IpcMtuLength = v }),
        DriverSetting.Bytes(
            "aeron.publication.term.window.length", 0, MaxTerm, (c, v) => c with { PublicationWindowLength = v }),
        DriverSetting.Bytes(
            "aeron.ipc.publication.term.window.length",
            0,
            MaxTerm,
            (c, v) => c with { IpcPublicationWindowLength = v }),
        DriverSetting.Bytes(
            "aeron.rcv.initial.window.length", 256, int.MaxValue, (c, v) => c with { InitialWindowLength = v }),
        DriverSetting.Bool("aeron.spies.simulate.connection", (c, v) => c with { SpiesSimulateConnection = v }),
        DriverSetting.Number(
            "aeron.publication.reserved.session.id.low",
            int.MinValue,
            int.MaxValue,
            (c, v) => c with { ReservedSessionIdLow = (int)v }),
        DriverSetting.Number(
            "aeron.publication.reserved.session.id.high",
            int.MinValue,
            int.MaxValue,
            (c, v) => c with { ReservedSessionIdHigh = (int)v }),
        DriverSetting.Number(
            "aeron.driver.stream.session.limit",
            1,
            int.MaxValue,
            (c, v) => c with { StreamSessionLimit = (int)v }),
    ];

    private static DriverSetting[] Timeouts() =>
    [
        DriverSetting.Nanos("aeron.client.liveness.timeout", 1000, (c, v) => c with { ClientLivenessTimeoutNs = v }),
        new(
            "aeron.driver.timeout",
            "milliseconds, or a duration such as 10s",
            (c, v) => Milliseconds(v) is { } ns ? c with { DriverTimeoutNs = ns } : null),
        DriverSetting.Nanos("aeron.timer.interval", 1000, (c, v) => c with { TimerIntervalNs = v }),
        DriverSetting.Nanos(
            "aeron.counters.free.to.reuse.timeout", 0, (c, v) => c with { CounterFreeToReuseTimeoutNs = v }),
        DriverSetting.Nanos(
            "aeron.publication.linger.timeout", 1000, (c, v) => c with { PublicationLingerTimeoutNs = v }),
        DriverSetting.Nanos(
            "aeron.publication.unblock.timeout", 1000, (c, v) => c with { PublicationUnblockTimeoutNs = v }),
        DriverSetting.Nanos(
            "aeron.publication.connection.timeout", 1000, (c, v) => c with { PublicationConnectionTimeoutNs = v }),
        DriverSetting.Nanos("aeron.image.liveness.timeout", 1000, (c, v) => c with { ImageLivenessTimeoutNs = v }),
        DriverSetting.Nanos(
            "aeron.untethered.window.limit.timeout", 0, (c, v) => c with { UntetheredWindowLimitTimeoutNs = v }),
        DriverSetting.Nanos(
            "aeron.untethered.linger.timeout", 0, (c, v) => c with { UntetheredLingerTimeoutNs = v }),
        DriverSetting.Nanos(
            "aeron.untethered.resting.timeout", 0, (c, v) => c with { UntetheredRestingTimeoutNs = v }),
        DriverSetting.Nanos(
            "aeron.driver.reresolution.check.interval", 0, (c, v) => c with { ReResolutionCheckIntervalNs = v }),
        DriverSetting.Nanos("aeron.driver.conductor.cycle.threshold", 0, (c, v) => c with { CycleThresholdNs = v }),
    ];

    private static DriverSetting[] Sockets() =>
    [
        DriverSetting.Bytes(
            "aeron.socket.so_rcvbuf", 0, int.MaxValue, (c, v) => c with { SocketReceiveBufferLength = v }),
        DriverSetting.Bytes(
            "aeron.socket.so_sndbuf", 0, int.MaxValue, (c, v) => c with { SocketSendBufferLength = v }),
        DriverSetting.Number("aeron.socket.multicast.ttl", 0, 255, (c, v) => c with { SocketMulticastTtl = (int)v }),
        DriverSetting.Number(
            "aeron.send.to.status.poll.ratio", 1, int.MaxValue, (c, v) => c with { SendToStatusPollRatio = (int)v }),
        DriverSetting.Number(
            "aeron.network.publication.max.messages.per.send",
            2,
            16,
            (c, v) => c with { NetworkPublicationMaxMessagesPerSend = (int)v }),
    ];

    private static DriverSetting[] Recovery() =>
    [
        DriverSetting.Nanos(
            "aeron.rcv.status.message.timeout", 1000, (c, v) => c with { StatusMessageTimeoutNs = v }),
        DriverSetting.Nanos("aeron.nak.unicast.delay", 1000, (c, v) => c with { NakUnicastDelayNs = v }),
        DriverSetting.Number(
            "aeron.nak.unicast.retry.delay.ratio",
            1,
            int.MaxValue,
            (c, v) => c with { NakUnicastRetryDelayRatio = (int)v }),
        DriverSetting.Number(
            "aeron.nak.multicast.group.size", 1, int.MaxValue, (c, v) => c with { NakMulticastGroupSize = (int)v }),
        DriverSetting.Nanos(
            "aeron.nak.multicast.max.backoff", 1000, (c, v) => c with { NakMulticastMaxBackoffNs = v }),
        DriverSetting.Nanos("aeron.retransmit.unicast.delay", 0, (c, v) => c with { RetransmitUnicastDelayNs = v }),
        DriverSetting.Nanos(
            "aeron.retransmit.unicast.linger", 1000, (c, v) => c with { RetransmitUnicastLingerNs = v }),
        DriverSetting.Number("aeron.max.resend", 1, 256, (c, v) => c with { MaxResend = (int)v }),
        DriverSetting.Choice(
            "aeron.CongestionControl.supplier",
            [
                ("default", "static"), ("static", "static"), ("cubic", "cubic"),
                ("io.aeron.driver.DefaultCongestionControlSupplier", "static"),
                ("io.aeron.driver.ext.CubicCongestionControlSupplier", "cubic"),
            ],
            (c, v) => c with { CongestionControl = v }),
        DriverSetting.Bool("aeron.CubicCongestionControl.measureRtt", (c, v) => c with { CubicMeasureRtt = v }),
        DriverSetting.Nanos("aeron.CubicCongestionControl.initialRtt", 1, (c, v) => c with { CubicInitialRttNs = v }),
    ];

    private static DriverSetting[] Groups() =>
    [
        DriverSetting.Choice(
            "aeron.unicast.FlowControl.supplier",
            [
                ("unicast_max", "max"), ("max", "max"),
                ("io.aeron.driver.DefaultUnicastFlowControlSupplier", "max"),
            ],
            (c, v) => c with { UnicastFlowControl = v }),
        DriverSetting.Choice(
            "aeron.multicast.FlowControl.supplier",
            [
                ("multicast_max", "max"), ("multicast_min", "min"), ("multicast_tagged", "tagged"),
                ("max", "max"), ("min", "min"), ("tagged", "tagged"),
                ("io.aeron.driver.DefaultMulticastFlowControlSupplier", "max"),
                ("io.aeron.driver.MaxMulticastFlowControlSupplier", "max"),
                ("io.aeron.driver.MinMulticastFlowControlSupplier", "min"),
                ("io.aeron.driver.TaggedMulticastFlowControlSupplier", "tagged"),
            ],
            (c, v) => c with { MulticastFlowControl = v }),
        DriverSetting.Nanos(
            "aeron.flow.control.receiver.timeout", 0, (c, v) => c with { FlowControlReceiverTimeoutNs = v }),
        DriverSetting.Number(
            "aeron.flow.control.group.tag",
            long.MinValue,
            long.MaxValue,
            (c, v) => c with { FlowControlGroupTag = v }),
        DriverSetting.Number(
            "aeron.flow.control.group.min.size",
            0,
            int.MaxValue,
            (c, v) => c with { FlowControlGroupMinSize = (int)v }),
        DriverSetting.Number(
            "aeron.receiver.group.tag", long.MinValue, long.MaxValue, (c, v) => c with { ReceiverGroupTag = v }),
    ];

    private static DriverSetting[] Threads() =>
    [
        DriverSetting.Choice(
            "aeron.threading.mode",
            [
                ("DEDICATED", ThreadingMode.Dedicated), ("SHARED_NETWORK", ThreadingMode.SharedNetwork),
                ("SHARED", ThreadingMode.Shared), ("INVOKER", ThreadingMode.Invoker),
            ],
            (c, v) => c with { ThreadingMode = v }),
        DriverSetting.Choice<Func<byte[], bool>?>(
            "aeron.driver.termination.validator",
            [("deny", null), ("allow", _ => true)],
            (c, v) => c with { TerminationValidator = v }),
        Idle("aeron.conductor.idle.strategy", (c, v) => c with { ConductorIdleStrategy = v }),
        Idle("aeron.sender.idle.strategy", (c, v) => c with { SenderIdleStrategy = v }),
        Idle("aeron.receiver.idle.strategy", (c, v) => c with { ReceiverIdleStrategy = v }),
        Idle("aeron.sharednetwork.idle.strategy", (c, v) => c with { SharedNetworkIdleStrategy = v }),
        Idle("aeron.shared.idle.strategy", (c, v) => c with { SharedIdleStrategy = v }),
    ];

    private static DriverSetting Idle(string name, Func<MediaDriverContext, string, MediaDriverContext> set) =>
        DriverSetting.Choice(
            name,
            [
                ("backoff", "backoff"), ("spin", "spin"), ("yield", "yield"), ("sleep", "sleep"), ("noop", "noop"),
                ("busy_spin", "spin"), ("yielding", "yield"), ("sleeping", "sleep"), ("sleep-ns", "sleep"),
                ("no_op", "noop"), ("org.agrona.concurrent.BackoffIdleStrategy", "backoff"),
                ("org.agrona.concurrent.BusySpinIdleStrategy", "spin"),
                ("org.agrona.concurrent.YieldingIdleStrategy", "yield"),
                ("org.agrona.concurrent.SleepingIdleStrategy", "sleep"),
                ("org.agrona.concurrent.SleepingMillisIdleStrategy", "sleep"),
                ("org.agrona.concurrent.NoOpIdleStrategy", "noop"),
            ],
            set);

    // The one duration that has always been in milliseconds when it is plain.
    private static long? Milliseconds(string text) =>
        long.TryParse(text, out var ms) && ms is >= 0 and < long.MaxValue / 1_000_000 ? ms * 1_000_000
            : Quantities.TryNanos(text, out var ns) ? ns : null;
}
