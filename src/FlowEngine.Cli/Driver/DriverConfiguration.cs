using System.Globalization;
using FlowEngine.Aeron.Driver;

namespace FlowEngine.Cli.Driver;

/// <summary>
/// All settings of a driver as properties: read back by <see cref="DriverProperties"/>, they give the same settings.
/// </summary>
internal static class DriverConfiguration
{
    private const long NanosPerMs = 1_000_000;

    private static readonly (long Nanos, string Unit)[] s_units =
        [(1_000_000_000, "s"), (NanosPerMs, "ms"), (1_000, "us")];

    /// <summary>Names and values in an order for reading; what is not set has no line.</summary>
    public static IEnumerable<(string Name, string Value)> Of(MediaDriverContext context) =>
        [
            .. Files(context), .. Streams(context), .. Timeouts(context), .. Network(context), .. Groups(context),
            .. Threads(context),
        ];

    /// <summary>A duration in the largest unit that says it exactly.</summary>
    public static string Duration(long nanos)
    {
        foreach (var (unitNanos, unit) in s_units)
        {
            if (nanos != 0 && nanos % unitNanos == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{nanos / unitNanos}{unit}");
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{nanos}ns");
    }

    /// <summary>The original's word for a threading mode.</summary>
    public static string Word(ThreadingMode mode) => mode switch
    {
        ThreadingMode.Dedicated => "DEDICATED",
        ThreadingMode.SharedNetwork => "SHARED_NETWORK",
        ThreadingMode.Shared => "SHARED",
        _ => "INVOKER",
    };

    private static (string, string)[] Files(MediaDriverContext context) =>
    [
        ("aeron.dir", context.Directory),
        ("aeron.dir.delete.on.start", Switch(context.DeleteDirectoryOnStart)),
        ("aeron.dir.delete.on.shutdown", Switch(context.DeleteDirectoryOnShutdown)),
        ("aeron.conductor.buffer.length", Number(context.ToDriverBufferLength)),
        ("aeron.clients.buffer.length", Number(context.ToClientsBufferLength)),
        ("aeron.counters.buffer.length", Number(context.CounterBufferLength)),
        ("aeron.error.buffer.length", Number(context.ErrorBufferLength)),
        ("aeron.file.page.size", Number(context.FilePageSize)),
        ("aeron.term.buffer.sparse.file", Switch(context.TermBufferSparse)),
        ("flowengine.reserve.files", Switch(context.ReserveFiles)),
    ];

    private static (string, string)[] Streams(MediaDriverContext context) =>
    [
        ("aeron.ipc.term.buffer.length", Number(context.IpcTermBufferLength)),
        ("aeron.ipc.mtu.length", Number(context.IpcMtuLength)),
        ("aeron.ipc.publication.term.window.length", Number(context.IpcPublicationWindowLength)),
        ("aeron.term.buffer.length", Number(context.TermBufferLength)),
        ("aeron.mtu.length", Number(context.MtuLength)),
        ("aeron.publication.term.window.length", Number(context.PublicationWindowLength)),
        ("aeron.rcv.initial.window.length", Number(context.InitialWindowLength)),
        ("aeron.spies.simulate.connection", Switch(context.SpiesSimulateConnection)),
        ("aeron.publication.reserved.session.id.low", Number(context.ReservedSessionIdLow)),
        ("aeron.publication.reserved.session.id.high", Number(context.ReservedSessionIdHigh)),
        ("aeron.driver.stream.session.limit", Number(context.StreamSessionLimit)),
    ];

    private static IEnumerable<(string, string)> Timeouts(MediaDriverContext context) =>
    [
        ("aeron.client.liveness.timeout", Duration(context.ClientLivenessTimeoutNs)),
        ("aeron.driver.timeout", Duration(context.DriverTimeoutNs)),
        ("aeron.timer.interval", Duration(context.TimerIntervalNs)),
        ("aeron.counters.free.to.reuse.timeout", Duration(context.CounterFreeToReuseTimeoutNs)),
        ("aeron.publication.linger.timeout", Duration(context.PublicationLingerTimeoutNs)),
        ("aeron.publication.unblock.timeout", Duration(context.PublicationUnblockTimeoutNs)),
        ("aeron.publication.connection.timeout", Duration(context.PublicationConnectionTimeoutNs)),
        ("aeron.image.liveness.timeout", Duration(context.ImageLivenessTimeoutNs)),
        ("aeron.untethered.window.limit.timeout", Duration(context.UntetheredWindowLimitTimeoutNs)),
        .. IfSet("aeron.untethered.linger.timeout", context.UntetheredLingerTimeoutNs, Duration),
        ("aeron.untethered.resting.timeout", Duration(context.UntetheredRestingTimeoutNs)),
        ("aeron.driver.reresolution.check.interval", Duration(context.ReResolutionCheckIntervalNs)),
        ("aeron.driver.conductor.cycle.threshold", Duration(context.CycleThresholdNs)),
    ];

    private static (string, string)[] Network(MediaDriverContext context) =>
    [
        ("aeron.socket.so_rcvbuf", Number(context.SocketReceiveBufferLength)),
        ("aeron.socket.so_sndbuf", Number(context.SocketSendBufferLength)),
        ("aeron.socket.multicast.ttl", Number(context.SocketMulticastTtl)),
        ("aeron.send.to.status.poll.ratio", Number(context.SendToStatusPollRatio)),
        ("aeron.network.publication.max.messages.per.send", Number(context.NetworkPublicationMaxMessagesPerSend)),
        ("aeron.rcv.status.message.timeout", Duration(context.StatusMessageTimeoutNs)),
        ("aeron.nak.unicast.delay", Duration(context.NakUnicastDelayNs)),
        ("aeron.nak.unicast.retry.delay.ratio", Number(context.NakUnicastRetryDelayRatio)),
        ("aeron.nak.multicast.group.size", Number(context.NakMulticastGroupSize)),
        ("aeron.nak.multicast.max.backoff", Duration(context.NakMulticastMaxBackoffNs)),
        ("aeron.retransmit.unicast.delay", Duration(context.RetransmitUnicastDelayNs)),
        ("aeron.retransmit.unicast.linger", Duration(context.RetransmitUnicastLingerNs)),
        ("aeron.max.resend", Number(context.MaxResend)),
        ("aeron.CongestionControl.supplier", context.CongestionControl),
        ("aeron.CubicCongestionControl.measureRtt", Switch(context.CubicMeasureRtt)),
        ("aeron.CubicCongestionControl.initialRtt", Duration(context.CubicInitialRttNs)),
    ];

    private static IEnumerable<(string, string)> Groups(MediaDriverContext context) =>
    [
        ("aeron.unicast.FlowControl.supplier", context.UnicastFlowControl),
        ("aeron.multicast.FlowControl.supplier", context.MulticastFlowControl),
        ("aeron.flow.control.receiver.timeout", Duration(context.FlowControlReceiverTimeoutNs)),
        ("aeron.flow.control.group.tag", Number(context.FlowControlGroupTag)),
        ("aeron.flow.control.group.min.size", Number(context.FlowControlGroupMinSize)),
        .. IfSet("aeron.receiver.group.tag", context.ReceiverGroupTag, Number),
    ];

    private static (string, string)[] Threads(MediaDriverContext context) =>
    [
        ("aeron.threading.mode", Word(context.ThreadingMode)),
        ("aeron.conductor.idle.strategy", context.ConductorIdleStrategy),
        ("aeron.sender.idle.strategy", context.SenderIdleStrategy),
        ("aeron.receiver.idle.strategy", context.ReceiverIdleStrategy),
        ("aeron.sharednetwork.idle.strategy", context.SharedNetworkIdleStrategy),
        ("aeron.shared.idle.strategy", context.SharedIdleStrategy),
        ("aeron.driver.termination.validator", context.TerminationValidator is null ? "deny" : "allow"),
    ];

    private static IEnumerable<(string, string)> IfSet(string name, long? value, Func<long, string> format) =>
        value is { } number ? [(name, format(number))] : [];

    private static string Switch(bool isOn) => isOn ? "true" : "false";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
