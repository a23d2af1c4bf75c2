using System.Net;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Protocol;
using FlowEngine.Tests.Aeron.Sending;
using Xunit;

namespace FlowEngine.Tests.Aeron.Media;

/// <summary>Rules and addresses of UDP channels: fact sheet, section 16, and the original's canonical forms.</summary>
public sealed class UdpChannelTests
{
    private static readonly LocalInterface[] s_interfaces =
    [
        new("lo", 1, true, false, IPAddress.Parse("127.0.0.1"), 8),
        new("lo", 1, true, false, IPAddress.Parse("::1"), 128),
        new("wide0", 2, false, true, IPAddress.Parse("10.1.2.3"), 8),
        new("narrow0", 3, false, true, IPAddress.Parse("10.1.9.4"), 24),
        new("six0", 4, false, true, IPAddress.Parse("fd00::7"), 64),
    ];

    private readonly TableResolver _resolver = new();

    [Theory]
    [InlineData("aeron:udp?endpoint=127.0.0.1:40123", "UDP-0.0.0.0:0-127.0.0.1:40123")]
    [InlineData("aeron:udp?endpoint=localhost:40123", "UDP-0.0.0.0:0-localhost:40123")]
    [InlineData("aeron:udp?endpoint=[::1]:40123", "UDP-[::]:0-[::1]:40123")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:40123|interface=127.0.0.1", "UDP-127.0.0.1:0-127.0.0.1:40123")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:40123|interface=127.0.0.0/8:0", null)]
    [InlineData("aeron:udp?endpoint=224.20.30.39:40456|interface=10.1.0.0/16", "UDP-10.1.9.4:0-224.20.30.39:40456")]
    [InlineData("aeron:udp?endpoint=224.20.30.39:40456|interface=localhost", "UDP-127.0.0.1:0-224.20.30.39:40456")]
    [InlineData("aeron:udp?endpoint=224.20.30.39:40456|interface={wide0}", "UDP-10.1.2.3:0-224.20.30.39:40456")]
    [InlineData("aeron:udp?endpoint=224.20.30.39:40456", "UDP-10.1.9.4:0-224.20.30.39:40456")]
    [InlineData("aeron:udp?endpoint=[ff02::3]:40456|interface={six0}", "UDP-[fd00::7]:0-[ff02::3]:40456")]
    [InlineData("aeron:udp?control=127.0.0.1:40456|control-mode=dynamic", "UDP-127.0.0.1:40456-0.0.0.0:0")]
    [InlineData("aeron:udp?control=localhost:40456|endpoint=127.0.0.1:1", "UDP-localhost:40456-127.0.0.1:1")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:0|tags=7", "UDP-0.0.0.0:0-127.0.0.1:0#7")]
    public void A_channel_has_the_canonical_form_of_the_original(string text, string? form)
    {
        _resolver.Names["localhost"] = ["::1", "127.0.0.1"];

        if (form is null)
        {
            Assert.Throws<CommandException>(() => Parse(text));
            return;
        }

        Assert.Equal(form, Parse(text).CanonicalForm);
    }

    [Theory]
    [InlineData("aeron:udp?control-mode=manual")]
    [InlineData("aeron:udp?control-mode=response")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:0")]
    [InlineData("aeron:udp?control=127.0.0.1:0|control-mode=dynamic")]
    public void A_channel_that_names_no_port_is_an_endpoint_of_its_own(string text)
    {
        var first = Parse(text);
        var second = Parse(text);

        Assert.NotEqual(first.CanonicalForm, second.CanonicalForm);
        Assert.Matches("-[0-9]+$", first.CanonicalForm);
        Assert.False(second.HasSameEndpoint(first));
        Assert.Equal(Parse(text, isDestination: true).CanonicalForm, Parse(text, isDestination: true).CanonicalForm);
    }

    [Fact]
    public void The_same_text_is_the_same_endpoint_and_another_name_for_it_is_not()
    {
        _resolver.Names["localhost"] = ["127.0.0.1"];
        var named = Parse("aeron:udp?endpoint=localhost:40123");

        Assert.True(Parse("aeron:udp?endpoint=localhost:40123|mtu=8192").HasSameEndpoint(named));
        Assert.False(Parse("aeron:udp?endpoint=127.0.0.1:40123").HasSameEndpoint(named));
    }

    [Fact]
    public void Tags_name_an_endpoint_whatever_its_address()
    {
        var endpoint = Parse("aeron:udp?endpoint=127.0.0.1:40123|tags=5,9");

        Assert.Equal(5, endpoint.ChannelTag);
        Assert.Equal(9, endpoint.EntityTag);
        Assert.True(Parse("aeron:udp?tags=5").HasSameEndpoint(endpoint));
        Assert.True(Parse("aeron:udp?endpoint=127.0.0.1:40123|tags=5").HasSameEndpoint(endpoint));
        Assert.False(Parse("aeron:udp?tags=6").HasSameEndpoint(endpoint));
        Assert.Contains(
            "another endpoint",
            Refusal("aeron:udp?endpoint=127.0.0.1:1|tags=5", c => c.HasSameEndpoint(endpoint)).Message);
        Assert.Contains(
            "another control-mode",
            Refusal("aeron:udp?tags=5|control-mode=manual", c => c.HasSameEndpoint(endpoint)).Message);
    }

    [Fact]
    public void A_multicast_channel_has_its_control_on_the_next_address()
    {
        var channel = Parse("aeron:udp?endpoint=224.20.30.39:40456|interface=localhost|ttl=4|control=1.2.3.4:5");
        var sender = channel.SenderTransport(new MediaDriverContext());
        var receiver = channel.ReceiverTransport(new MediaDriverContext { SocketReceiveBufferLength = 65536 });

        Assert.True(channel.IsMulticast);
        Assert.True(channel.HasGroupSemantics);
        Assert.False(channel.HasExplicitControl);
        Assert.Equal(At("224.20.30.40", 40456), channel.RemoteControl);
        Assert.Equal(At("224.20.30.39", 40456), channel.RemoteData);
        Assert.Equal(At("127.0.0.1", 0), channel.InterfaceAddress);
        Assert.Equal(1, channel.InterfaceIndex);
        Assert.Equal((At("0.0.0.0", 40456), At("224.20.30.40", 40456)), (sender.Bind, sender.JoinGroup));
        Assert.Equal((channel.RemoteData, 4, 1), (sender.Connect, sender.Ttl, sender.InterfaceIndex));
        Assert.Equal((At("0.0.0.0", 40456), At("224.20.30.39", 40456)), (receiver.Bind, receiver.JoinGroup));
        Assert.Equal((null, 65536), (receiver.Connect, receiver.ReceiveBufferLength));
        Assert.Equal(At("ff02::4", 9), Parse("aeron:udp?endpoint=[ff02::3]:9").RemoteControl);
    }

    [Fact]
    public void A_dynamic_publication_binds_its_control_and_a_subscription_asks_there()
    {
        var publication = Parse("aeron:udp?control=127.0.0.1:40456|control-mode=dynamic");
        var subscription = Parse("aeron:udp?endpoint=127.0.0.1:0|control=127.0.0.1:40456");

        Assert.Equal(ControlMode.Dynamic, publication.ControlMode);
        Assert.Equal(At("127.0.0.1", 40456), publication.SenderTransport(new MediaDriverContext()).Bind);
        Assert.Null(publication.SenderTransport(new MediaDriverContext()).Connect);
        Assert.True(publication.HasExplicitControl);
        Assert.Equal(At("127.0.0.1", 40456), subscription.RemoteControl);
        Assert.Equal(At("127.0.0.1", 0), subscription.ReceiverTransport(new MediaDriverContext()).Bind);
    }

    [Theory]
    [InlineData("udp-unicast.pcap", "endpoint=127.0.0.1:24200", false)]
    [InlineData("udp-multicast-tagged.pcap", "endpoint=224.20.30.39:24326|interface=localhost", true)]
    [InlineData("udp-mdc-dynamic.pcap", "endpoint=127.0.0.1:24301|control=127.0.0.1:24300", true)]
    public void The_originals_frames_went_where_the_channel_says(string capture, string channel, bool hasControl)
    {
        var parsed = Parse($"aeron:udp?{channel}");
        var packets = GoldenPcap.Read(capture).ToLookup(p => FrameTypes.Type(p.Bytes), p => p.Destination);

        Assert.NotEmpty(packets[FrameTypes.Setup]);
        Assert.All(
            packets[FrameTypes.Setup].Concat(packets[FrameTypes.Data]),
            to => Assert.Equal(parsed.RemoteData, UdpAddress.From(to)));
        Assert.Equal(
            hasControl,
            packets[FrameTypes.StatusMessage].All(to => parsed.RemoteControl == UdpAddress.From(to)));
    }

    [Fact]
    public void A_unicast_publication_binds_any_port_and_knows_its_peer()
    {
        var options = Parse("aeron:udp?endpoint=127.0.0.1:40123|so-sndbuf=64k|so-rcvbuf=1m|rcv-wnd=32k")
            .SenderTransport(new MediaDriverContext());

        Assert.Equal((At("0.0.0.0", 0), At("127.0.0.1", 40123)), (options.Bind, options.Connect));
        Assert.Equal((65536, 1048576), (options.SendBufferLength, options.ReceiveBufferLength));
        Assert.True(options.IsSender);
    }

    [Theory]
    [InlineData("aeron:ipc", "aeron:udp")]
    [InlineData("aeron:udp?mtu=1408", "needs endpoint, control, tags")]
    [InlineData("aeron:udp?control-mode=dynamic", "needs control")]
    [InlineData("aeron:udp?control-mode=dynamic|endpoint=127.0.0.1:1", "needs control")]
    [InlineData("aeron:udp?control-mode=odd|endpoint=127.0.0.1:1", "is not manual, dynamic or response")]
    [InlineData("aeron:udp?endpoint=224.20.30.40:1", "must be odd")]
    [InlineData("aeron:udp?endpoint=[ff02::2]:1", "must be odd")]
    [InlineData("aeron:udp?endpoint=127.0.0.1", "host:port")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:", "host:port")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:65536", "host:port")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:-1", "host:port")]
    [InlineData("aeron:udp?endpoint=:1", "host:port")]
    [InlineData("aeron:udp?endpoint=[::1:1", "host:port")]
    [InlineData("aeron:udp?endpoint=[::1]1", "host:port")]
    [InlineData("aeron:udp?endpoint=::1:1", "host:port")]
    [InlineData("aeron:udp?endpoint=127.0.0.1/8:1", "host:port")]
    [InlineData("aeron:udp?tags=five", "integers")]
    [InlineData("aeron:udp?tags=5,", "integers")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:1|so-rcvbuf=3g", "so-rcvbuf")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:1|rcv-wnd=much", "rcv-wnd=much")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:1|gtag=x", "gtag=x")]
    [InlineData("aeron:udp?endpoint=224.20.30.39:1|ttl=256", "ttl=256")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:1|interface=192.168.7.1", "no interface")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:1|interface=10.0.0.0/33", "interface=10.0.0.0/33")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:1|interface={none0}", "no interface none0")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:1|interface={six0}", "no IPv4 address")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:1|interface={}", "is not {name}")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:1|interface={lo", "is not {name}")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:1|interface={lo}x", "is not {name}")]
    public void A_channel_that_breaks_a_rule_is_refused_with_the_reason_in_one_line(string text, string reason)
    {
        var refusal = Refusal(text, _ => { });

        Assert.Equal(ErrorCode.InvalidChannel, refusal.Code);
        Assert.Contains(reason, refusal.Message);
        Assert.EndsWith(text, refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData("aeron:udp?endpoint=nowhere.invalid:1")]
    [InlineData("aeron:udp?control=nowhere.invalid:1|control-mode=dynamic")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:1|interface=nowhere.invalid")]
    public void A_host_nobody_knows_has_its_own_code(string text)
    {
        var refusal = Refusal(text, _ => { });

        Assert.Equal(ErrorCode.UnknownHost, refusal.Code);
        Assert.Contains("nowhere.invalid", refusal.Message);
    }

    [Theory]
    [InlineData("aeron:udp?endpoint=127.0.0.1:0", "port")]
    [InlineData("aeron:udp?control=127.0.0.1:5", "control-mode")]
    public void A_publication_needs_to_know_where_to_send(string text, string reason) =>
        Assert.Contains(reason, Refusal(text, c => c.RequirePublication()).Message);

    [Fact]
    public void A_subscription_needs_the_port_of_its_control() =>
        Assert.Contains(
            "port",
            Refusal("aeron:udp?endpoint=127.0.0.1:5|control=127.0.0.1:0", c => c.RequireSubscription()).Message);

    [Theory]
    [InlineData("aeron:udp?endpoint=127.0.0.1:5|mtu=1408", "mtu")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:5|rcv-wnd=64k", "rcv-wnd")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:5|so-rcvbuf=64k", "so-rcvbuf")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:5|so-sndbuf=64k", "so-sndbuf")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:5|response-correlation-id=3", "response-correlation-id")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:5|control-mode=response", "control-mode=response")]
    [InlineData("aeron:udp?endpoint=127.0.0.1:0", "port")]
    public void A_destination_must_not_say_what_its_channel_says(string text, string reason) =>
        Assert.Contains(reason, Refusal(text, c => c.RequireDestination(ofPublication: true)).Message);

    [Fact]
    public void Resolving_again_finds_the_new_address()
    {
        _resolver.Names["moving"] = ["127.0.0.1"];
        var before = Parse("aeron:udp?endpoint=moving:5");
        _resolver.Names["moving"] = ["127.0.0.2"];
        var after = Parse("aeron:udp?endpoint=moving:5");

        Assert.Equal((At("127.0.0.1", 5), At("127.0.0.2", 5)), (before.RemoteData, after.RemoteData));
        Assert.True(after.HasSameEndpoint(before));
    }

    [Fact]
    public void The_system_resolves_addresses_and_localhost_and_has_a_loopback_interface()
    {
        var channel = UdpChannel.Parse(
            ChannelUri.Parse("aeron:udp?endpoint=localhost:40123|interface=127.0.0.1"), DnsResolver.Instance);

        Assert.Equal(At("127.0.0.1", 40123), channel.RemoteData);
        Assert.Equal(At("127.0.0.1", 0), channel.LocalData);
        Assert.True(channel.InterfaceIndex > 0);
        Assert.False(DnsResolver.Instance.TryResolve("no such host!", out _));
    }

    private static UdpAddress At(string address, int port) =>
        UdpAddress.From(new IPEndPoint(IPAddress.Parse(address), port));

    private UdpChannel Parse(string text, bool isDestination = false)
    {
        _resolver.Names.TryAdd("localhost", ["127.0.0.1"]);
        return UdpChannel.Parse(ChannelUri.Parse(text), _resolver, () => s_interfaces, isDestination);
    }

    private CommandException Refusal(string text, Action<UdpChannel> use) =>
        Assert.Throws<CommandException>(() => use(Parse(text)));
}
