using FlowEngine.Aeron.Driver;
using Xunit;

namespace FlowEngine.Tests.Aeron.Settings;

/// <summary>Properties by the original's names, in its forms.</summary>
public sealed class DriverPropertiesTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"flow-test-{Guid.NewGuid():N}.properties");

    public static TheoryData<string, string, string> EachSetting => new()
    {
        { "aeron.dir", "/dev/shm/a b", "Directory=/dev/shm/a b" },
        { "aeron.dir.delete.on.start", "true", "DeleteDirectoryOnStart=True" },
        { "aeron.dir.delete.on.shutdown", "1", "DeleteDirectoryOnShutdown=True" },
        { "aeron.conductor.buffer.length", "2m", "ToDriverBufferLength=2097152" },
        { "aeron.conductor.buffer.length", "2097920", "ToDriverBufferLength=2097152" },
        { "aeron.clients.buffer.length", "4m", "ToClientsBufferLength=4194304" },
        { "aeron.clients.buffer.length", "4194432", "ToClientsBufferLength=4194304" },
        { "aeron.counters.buffer.length", "1m", "CounterBufferLength=1048576" },
        { "aeron.error.buffer.length", "1M", "ErrorBufferLength=1048576" },
        { "aeron.file.page.size", "2m", "FilePageSize=2097152" },
        { "aeron.term.buffer.length", "64k", "TermBufferLength=65536" },
        { "aeron.ipc.term.buffer.length", "1g", "IpcTermBufferLength=1073741824" },
        { "aeron.term.buffer.sparse.file", "off", "TermBufferSparse=False" },
        { "flowengine.reserve.files", "false", "ReserveFiles=False" },
        { "aeron.mtu.length", "8k", "MtuLength=8192" },
        { "aeron.ipc.mtu.length", "65504", "IpcMtuLength=65504" },
        { "aeron.publication.term.window.length", "32k", "PublicationWindowLength=32768" },
        { "aeron.ipc.publication.term.window.length", "32k", "IpcPublicationWindowLength=32768" },
        { "aeron.rcv.initial.window.length", "2m", "InitialWindowLength=2097152" },
        { "aeron.spies.simulate.connection", "true", "SpiesSimulateConnection=True" },
        { "aeron.publication.reserved.session.id.low", "-5", "ReservedSessionIdLow=-5" },
        { "aeron.publication.reserved.session.id.high", "5000", "ReservedSessionIdHigh=5000" },
        { "aeron.driver.stream.session.limit", "7", "StreamSessionLimit=7" },
        { "aeron.client.liveness.timeout", "1s", "ClientLivenessTimeoutNs=1000000000" },
        { "aeron.driver.timeout", "1500", "DriverTimeoutNs=1500000000" },
        { "aeron.driver.timeout", "15s", "DriverTimeoutNs=15000000000" },
        { "aeron.timer.interval", "100ms", "TimerIntervalNs=100000000" },
        { "aeron.counters.free.to.reuse.timeout", "5", "CounterFreeToReuseTimeoutNs=5" },
        { "aeron.publication.linger.timeout", "0001s", "PublicationLingerTimeoutNs=1000000000" },
        { "aeron.publication.unblock.timeout", "20s", "PublicationUnblockTimeoutNs=20000000000" },
        { "aeron.publication.connection.timeout", "2s", "PublicationConnectionTimeoutNs=2000000000" },
        { "aeron.image.liveness.timeout", "3s", "ImageLivenessTimeoutNs=3000000000" },
        { "aeron.untethered.window.limit.timeout", "1ms", "UntetheredWindowLimitTimeoutNs=1000000" },
        { "aeron.untethered.linger.timeout", "2ms", "UntetheredLingerTimeoutNs=2000000" },
        { "aeron.untethered.resting.timeout", "3ms", "UntetheredRestingTimeoutNs=3000000" },
        { "aeron.driver.reresolution.check.interval", "4s", "ReResolutionCheckIntervalNs=4000000000" },
        { "aeron.driver.conductor.cycle.threshold", "50ms", "CycleThresholdNs=50000000" },
        { "aeron.socket.so_rcvbuf", "2m", "SocketReceiveBufferLength=2097152" },
        { "aeron.socket.so_sndbuf", "3m", "SocketSendBufferLength=3145728" },
        { "aeron.socket.multicast.ttl", "16", "SocketMulticastTtl=16" },
        { "aeron.send.to.status.poll.ratio", "8", "SendToStatusPollRatio=8" },
        { "aeron.network.publication.max.messages.per.send", "2", "NetworkPublicationMaxMessagesPerSend=2" },
        { "aeron.rcv.status.message.timeout", "50ms", "StatusMessageTimeoutNs=50000000" },
        { "aeron.nak.unicast.delay", "60us", "NakUnicastDelayNs=60000" },
        { "aeron.nak.unicast.retry.delay.ratio", "3", "NakUnicastRetryDelayRatio=3" },
        { "aeron.nak.multicast.group.size", "20", "NakMulticastGroupSize=20" },
        { "aeron.nak.multicast.max.backoff", "60ms", "NakMulticastMaxBackoffNs=60000000" },
        { "aeron.retransmit.unicast.delay", "1us", "RetransmitUnicastDelayNs=1000" },
        { "aeron.retransmit.unicast.linger", "60ms", "RetransmitUnicastLingerNs=60000000" },
        { "aeron.max.resend", "256", "MaxResend=256" },
        { "aeron.CongestionControl.supplier", "cubic", "CongestionControl=cubic" },
        {
            "aeron.CongestionControl.supplier",
            "io.aeron.driver.ext.CubicCongestionControlSupplier",
            "CongestionControl=cubic"
        },
        { "aeron.CubicCongestionControl.measureRtt", "on", "CubicMeasureRtt=True" },
        { "aeron.CubicCongestionControl.initialRtt", "250us", "CubicInitialRttNs=250000" },
        { "aeron.multicast.FlowControl.supplier", "multicast_tagged", "MulticastFlowControl=tagged" },
        {
            "aeron.multicast.FlowControl.supplier",
            "io.aeron.driver.MinMulticastFlowControlSupplier",
            "MulticastFlowControl=min"
        },
        { "aeron.flow.control.receiver.timeout", "1s", "FlowControlReceiverTimeoutNs=1000000000" },
        { "aeron.flow.control.group.tag", "-7", "FlowControlGroupTag=-7" },
        { "aeron.flow.control.group.min.size", "3", "FlowControlGroupMinSize=3" },
        { "aeron.receiver.group.tag", "9223372036854775807", "ReceiverGroupTag=9223372036854775807" },
        { "aeron.threading.mode", "SHARED_NETWORK", "ThreadingMode=SharedNetwork" },
        { "aeron.threading.mode", "DEDICATED", "ThreadingMode=Dedicated" },
        { "aeron.conductor.idle.strategy", "yield", "ConductorIdleStrategy=yield" },
        { "aeron.sender.idle.strategy", "noop", "SenderIdleStrategy=noop" },
        { "aeron.receiver.idle.strategy", "spin", "ReceiverIdleStrategy=spin" },
        { "aeron.sharednetwork.idle.strategy", "sleep-ns", "SharedNetworkIdleStrategy=sleep" },
        {
            "aeron.shared.idle.strategy",
            "org.agrona.concurrent.BusySpinIdleStrategy",
            "SharedIdleStrategy=spin"
        },
    };

    public void Dispose() => File.Delete(_file);

    [Theory]
    [MemberData(nameof(EachSetting))]
    public void A_property_sets_its_setting_and_no_other(string name, string value, string expected)
    {
        var defaults = Settings(new MediaDriverContext());

        var dotted = MediaDriverContext.FromProperties(Properties((name, value)), out var warnings);
        var shouted = MediaDriverContext.FromProperties(
            Properties((name.Replace('.', '_').ToUpperInvariant(), value)));

        Assert.Equal([expected], Settings(dotted).Except(defaults));
        Assert.Equal(Settings(dotted), Settings(shouted));
        Assert.Empty(warnings);
    }

    [Fact]
    public void Every_setting_that_is_heeded_is_tested_here_or_below()
    {
        var tested = EachSetting.Select(row => row.Data.Item1);

        Assert.Equal(
            ["aeron.driver.termination.validator", "aeron.unicast.FlowControl.supplier"],
            DriverProperties.Known.Select(k => k.Name).Except(tested).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Termination_is_denied_until_a_property_allows_it()
    {
        const string Name = "aeron.driver.termination.validator";

        Assert.Null(MediaDriverContext.FromProperties(Properties((Name, "deny"))).TerminationValidator);
        var allowed = MediaDriverContext.FromProperties(Properties((Name, "allow")));
        Assert.True(allowed.TerminationValidator!([1]));
        Assert.Equal(
            "max",
            MediaDriverContext.FromProperties(Properties(("aeron.unicast.FlowControl.supplier", "unicast_max")))
                .UnicastFlowControl);
    }

    [Theory]
    [InlineData("aeron.term.buffer.length", "100k", "a power of two from 65536 to 1073741824 bytes")]
    [InlineData("aeron.term.buffer.length", "32k", "a power of two")]
    [InlineData("aeron.term.buffer.length", "64q", "a power of two")]
    [InlineData("aeron.term.buffer.length", "9999999999999999g", "a power of two")]
    [InlineData("aeron.mtu.length", "1400", "a multiple of 32")]
    [InlineData("aeron.mtu.length", "-32", "a multiple of 32")]
    [InlineData("aeron.client.liveness.timeout", "5 s", "a duration")]
    [InlineData("aeron.client.liveness.timeout", "9999999999s", "a duration")]
    [InlineData("aeron.driver.timeout", "soon", "milliseconds")]
    [InlineData("aeron.dir.delete.on.start", "perhaps", "true or false")]
    [InlineData("aeron.threading.mode", "shared", "DEDICATED, SHARED_NETWORK, SHARED, INVOKER")]
    [InlineData("aeron.socket.multicast.ttl", "256", "an integer from 0 to 255")]
    [InlineData("aeron.conductor.idle.strategy", "lazy", "backoff, spin")]
    [InlineData("aeron.socket.so_rcvbuf", "3g", "a size from 0 to 2147483647 bytes")]
    public void A_bad_value_is_one_line_with_place_key_value_and_what_is_allowed(
        string name, string value, string allowed)
    {
        File.WriteAllText(_file, $"# first\n\n{name}={value}\n");
        var properties = new DriverProperties();
        properties.ReadFile(_file);

        var error = Assert.Throws<DriverPropertyException>(() => properties.ToContext());

        Assert.StartsWith($"{_file}:3: {name}={value} must be ", error.Message);
        Assert.Contains(allowed, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_file_has_comments_colons_spaces_and_lines_that_go_on()
    {
        File.WriteAllText(
            _file,
            "# comment\r\n  ! another\n  aeron.dir : /tmp/a \\\n   b\naeron.mtu.length   =   1k\naeron.mtu.length=2k\n"
                + "aeron.timer.interval=\n");
        var properties = new DriverProperties();
        properties.Set("aeron.timer.interval", "1ms", "command line");
        properties.ReadFile(_file);

        var context = properties.ToContext(new MediaDriverContext { TermBufferLength = 65536 });

        Assert.Equal("/tmp/a b", context.Directory);
        Assert.Equal(2048, context.MtuLength);
        Assert.Equal(65536, context.TermBufferLength);
        Assert.Equal(1_000_000_000, context.TimerIntervalNs);
    }

    [Fact]
    public void A_line_that_is_no_property_and_a_file_that_is_not_there_are_named()
    {
        File.WriteAllText(_file, "aeron.dir=/tmp/a\nnonsense\n");

        Assert.Equal(
            $"{_file}:2: 'nonsense' is not key=value",
            Assert.Throws<DriverPropertyException>(() => new DriverProperties().ReadFile(_file)).Message);
        Assert.Contains(
            "/nowhere/at.all",
            Assert.Throws<DriverPropertyException>(() => new DriverProperties().ReadFile("/nowhere/at.all")).Message);
    }

    [Fact]
    public void What_is_not_heeded_is_told_in_one_line_each_and_slips_apart_from_the_originals_own()
    {
        File.WriteAllText(_file, "aeron.term.bufer.length=64k\naeron.sender.cpu.affinity=2\naeron.mtu.length=1k\n");
        var properties = new DriverProperties();
        properties.ReadFile(_file);
        properties.Set("AERON_EVENT_LOG", "all", "command line");

        Assert.Equal(
            [
                $"{_file}:1: aeron.term.bufer.length=64k is not a setting of a driver",
                $"{_file}:2: aeron.sender.cpu.affinity=2 is Aeron's, but this driver does not heed it",
                "command line: AERON_EVENT_LOG=all is Aeron's, but this driver does not heed it",
            ],
            properties.Warnings);
        Assert.Equal(1024, properties.ToContext().MtuLength);
    }

    private static Dictionary<string, string> Properties(params (string Name, string Value)[] values) =>
        values.ToDictionary(v => v.Name, v => v.Value);

    private static List<string> Settings(MediaDriverContext context) =>
        [.. typeof(MediaDriverContext).GetProperties()
            .Where(p => p.PropertyType.IsValueType || p.PropertyType == typeof(string))
            .Select(p => $"{p.Name}={p.GetValue(context)}")];
}
