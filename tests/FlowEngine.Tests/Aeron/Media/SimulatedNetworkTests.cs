using System.Net;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Driver.Media;
using Xunit;

namespace FlowEngine.Tests.Aeron.Media;

/// <summary>The simulation behaves as sockets do where drivers depend on it.</summary>
public sealed class SimulatedNetworkTests : IDisposable
{
    private readonly EmbeddedDriver.VirtualClock _clock = new();
    private readonly SimulatedNetwork _network;
    private readonly DatagramBatch _batch = new(4);

    public SimulatedNetworkTests() => _network = new SimulatedNetwork(_clock, seed: 3);

    public void Dispose() => _batch.Dispose();

    [Fact]
    public void A_datagram_arrives_after_the_delay_from_the_senders_address()
    {
        _network.DelayNs = 1_000_000;
        using var receiver = Open("127.0.0.1", 5000);
        using var sender = Open("0.0.0.0", 0);
        TransportTests.Send(sender, receiver.LocalAddress, [[7]]);

        Assert.Equal(0, receiver.Receive(_batch));
        _clock.AdvanceMs(1);
        Assert.Equal(1, receiver.Receive(_batch));
        Assert.Equal(7, _batch.Bytes(0)[0]);
        Assert.Equal($"127.0.0.1:{sender.LocalAddress.Port}", _batch.Source(0).ToString());
    }

    [Fact]
    public void A_port_is_taken_once_and_free_again_after_closing()
    {
        var first = Open("127.0.0.1", 5000);
        Assert.Throws<CommandException>(() => Open("127.0.0.1", 5000));
        first.Dispose();
        Open("127.0.0.1", 5000).Dispose();
        Assert.Equal(0, _network.OpenCount);
    }

    [Fact]
    public void A_group_reaches_its_members_only_and_a_connected_end_hears_its_peer_only()
    {
        var group = At("224.0.1.1", 6000);
        using var member = Open("0.0.0.0", 6000, join: group);
        using var another = Open("0.0.0.0", 6000, join: group.Next());
        using var sender = Open("127.0.0.1", 0);
        using var connected = Open("127.0.0.1", 0, connect: member.LocalAddress);

        TransportTests.Send(sender, group, [[1]]);
        TransportTests.Send(sender, connected.LocalAddress, [[2]]);

        Assert.Equal(1, member.Receive(_batch));
        Assert.Equal(0, another.Receive(_batch));
        Assert.Equal(0, connected.Receive(_batch));
    }

    [Fact]
    public void Jitter_reorders_loss_loses_and_a_full_buffer_overflows()
    {
        _network.JitterNs = 1_000_000;
        _network.Loss = 0.5;
        using var receiver = Open("127.0.0.1", 5000);
        using var sender = Open("127.0.0.1", 0);
        byte[][] sent = [.. Enumerable.Range(0, 200).Select(i => new[] { (byte)i })];
        TransportTests.Send(sender, receiver.LocalAddress, sent);
        _clock.AdvanceMs(1);
        var received = new List<byte>();
        while (receiver.Receive(_batch) > 0)
        {
            received.AddRange(Enumerable.Range(0, _batch.Count).Select(i => _batch.Bytes(i)[0]));
        }

        Assert.Equal(200, received.Count + _network.Lost);
        Assert.InRange(_network.Lost, 60, 140);
        Assert.NotEqual(received.Order(), received);
        _network.Loss = 0;
        var big = new byte[60000];
        TransportTests.Send(sender, receiver.LocalAddress, [big, big, big, big]);
        Assert.Equal(1, _network.Overflowed);
    }

    private static UdpAddress At(string address, int port) =>
        UdpAddress.From(new IPEndPoint(IPAddress.Parse(address), port));

    private IUdpTransport Open(string address, int port, UdpAddress? join = null, UdpAddress? connect = null) =>
        _network.Open(new TransportOptions
        {
            Bind = At(address, port),
            JoinGroup = join,
            Connect = connect,
            IsSender = false,
        });
}
