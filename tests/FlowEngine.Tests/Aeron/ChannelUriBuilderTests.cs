using CsCheck;
using FlowEngine.Aeron;
using Xunit;

namespace FlowEngine.Tests.Aeron;

public sealed class ChannelUriBuilderTests
{
    [Fact]
    public void Each_parameter_gets_its_key_and_comes_back()
    {
        var builder = new ChannelUriBuilder
        {
            Endpoint = "localhost:1",
            NetworkInterface = "127.0.0.1/8",
            ControlEndpoint = "localhost:2",
            ControlMode = "dynamic",
            Tags = "1,2",
            Alias = "a b",
            SessionId = "-7",
            StreamId = 3,
            TermLength = 65536,
            Mtu = 1408,
            InitialTermId = -1,
            TermId = 2,
            TermOffset = 64,
            LingerNs = 5_000_000_000,
            Eos = false,
            Sparse = true,
            SpiesSimulateConnection = true,
            PublicationWindow = 32768,
            FlowControl = "tagged,g:5/2,t:1s",
            MaxResend = 256,
            ResponseCorrelationId = "prototype",
            Ttl = 255,
            SocketSendBufferLength = 1,
            SocketReceiveBufferLength = 2,
            ReceiverWindow = 3,
            Reliable = false,
            Tether = false,
            Rejoin = false,
            Group = true,
            GroupTag = long.MinValue,
            CongestionControl = "cubic",
            NakDelayNs = 100,
            UntetheredWindowLimitTimeoutNs = 1,
            UntetheredLingerTimeoutNs = 2,
            UntetheredRestingTimeoutNs = 3,
            Ats = false,
            MediaReceiveTimestampOffset = "reserved",
            ChannelReceiveTimestampOffset = "0",
            ChannelSendTimestampOffset = "8",
        };
        const string Expected = "aeron:udp?endpoint=localhost:1|interface=127.0.0.1/8|control=localhost:2|"
            + "control-mode=dynamic|tags=1,2|alias=a b|session-id=-7|stream-id=3|term-length=65536|mtu=1408|"
            + "init-term-id=-1|term-id=2|term-offset=64|linger=5000000000ns|eos=false|sparse=true|ssc=true|"
            + "pub-wnd=32768|fc=tagged,g:5/2,t:1s|max-resend=256|response-correlation-id=prototype|ttl=255|"
            + "so-sndbuf=1|so-rcvbuf=2|rcv-wnd=3|reliable=false|tether=false|rejoin=false|group=true|"
            + "gtag=-9223372036854775808|cc=cubic|nak-delay=100ns|untethered-window-limit-timeout=1ns|"
            + "untethered-linger-timeout=2ns|untethered-resting-timeout=3ns|ats=false|"
            + "media-rcv-ts-offset=reserved|channel-rcv-ts-offset=0|channel-snd-ts-offset=8";
        Assert.Equal(Expected, builder.Build());

        // Back through the text, property by property.
        var again = new ChannelUriBuilder(Expected);
        foreach (var property in typeof(ChannelUriBuilder).GetProperties())
        {
            Assert.Equal(property.GetValue(builder), property.GetValue(again));
        }
    }

    [Fact]
    public void Impossible_values_are_refused_at_once()
    {
        var builder = new ChannelUriBuilder();
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Media = "tcp");
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.ControlMode = "automatic");
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.TermLength = 65537);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.TermLength = 32768);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Mtu = 32);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Mtu = 65536);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Mtu = 1400);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.TermOffset = 16);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.SessionId = "tag:x");
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.SessionId = "2147483648");
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.MaxResend = 257);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Ttl = 256);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.LingerNs = -1);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.PublicationWindow = 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.ResponseCorrelationId = "x");
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.MediaReceiveTimestampOffset = "first");
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Alias = "a|b");
        Assert.Throws<ArgumentOutOfRangeException>(() => builder.Endpoint = "");
        Assert.Equal("aeron:udp", builder.ToString());
    }

    [Fact]
    public void Contradictions_are_refused_when_building()
    {
        var udp = new ChannelUriBuilder { Endpoint = "localhost:1" };
        Assert.Throws<FormatException>(() => new ChannelUriBuilder().Build());
        Assert.Throws<FormatException>(
            () => new ChannelUriBuilder { Endpoint = "localhost:1", ControlMode = "dynamic" }.Build());
        udp.TermId = 5;
        Assert.Throws<FormatException>(udp.Build);
        udp.InitialPosition(65536 + 32, initialTermId: int.MaxValue, termLength: 65536);
        Assert.Equal((int.MinValue, 32), (udp.TermId, udp.TermOffset));
        Assert.Equal("term-length=65536|init-term-id=2147483647|term-offset=32", Sorted(udp));
        udp.Mtu = 4096;
        udp.PublicationWindow = 2048;
        Assert.Throws<FormatException>(udp.Build);
        udp.PublicationWindow = 65536;
        Assert.Throws<FormatException>(udp.Build);
        udp.PublicationWindow = null;
        Assert.DoesNotContain("pub-wnd", udp.Build(), StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => udp.InitialPosition(33, 0, 65536));
        Assert.Equal("aeron-spy:aeron:udp?tags=7", new ChannelUriBuilder { IsSpy = true, Tags = "7" }.Build());
        Assert.Equal("aeron:ipc", new ChannelUriBuilder { Media = "ipc" }.Build());
    }

    [Fact]
    public void Unknown_parameters_survive() => Gen.Char["abcdefghijklmnop-"].Array[1, 12].Sample(key =>
    {
        var channel = $"aeron:ipc?x{new string(key)}=1|alias=a";
        Assert.Equal(channel, new ChannelUriBuilder(channel).Build());
    });

    private static string Sorted(ChannelUriBuilder builder)
    {
        var uri = ChannelUri.Parse(builder.Build());
        string[] keys = ["term-length", "init-term-id", "term-offset"];
        return string.Join('|', keys.Select(key => $"{key}={uri[key]}"));
    }
}
