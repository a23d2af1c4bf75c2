using System.Net;
using System.Net.Sockets;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Driver.Media;
using Xunit;

namespace FlowEngine.Tests.Aeron.Media;

/// <summary>Real sockets on loopback, by Linux's batch calls and by .NET alone.</summary>
public sealed unsafe class TransportTests : IDisposable
{
    private static readonly UdpAddress s_anyPort = UdpAddress.From(new IPEndPoint(IPAddress.Loopback, 0));

    private readonly DatagramBatch _batch = new(4);
    private readonly List<string> _errors = [];

    public static TheoryData<bool> Paths => [false, true];

    public void Dispose() => _batch.Dispose();

    [Theory]
    [MemberData(nameof(Paths))]
    public void Datagrams_arrive_whole_in_order_and_with_their_source(bool portable)
    {
        using var receiver = Open(portable);
        using var sender = Open(portable, connect: receiver.LocalAddress);
        byte[][] sent = [.. Enumerable.Range(0, 40).Select(i => Golden.Payload(i * 37, i))];

        Assert.Equal(40, Send(sender, receiver.LocalAddress, sent));
        var received = Receive(receiver, 40);

        Assert.Equal(sent, received.Select(r => r.Bytes));
        Assert.All(received, r => Assert.Equal(sender.LocalAddress, r.Source));
        Assert.Equal(0, receiver.Receive(_batch));
        Assert.Empty(_errors);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void The_longest_datagram_passes_and_a_longer_one_is_an_error(bool portable)
    {
        using var receiver = Open(portable);
        using var sender = Open(portable);

        Assert.Equal(1, Send(sender, receiver.LocalAddress, [new byte[65507]]));
        Assert.Equal(65507, Receive(receiver, 1)[0].Bytes.Length);
        Assert.Equal(0, Send(sender, receiver.LocalAddress, [new byte[65508]]));
        Assert.Single(_errors);
    }

    [Fact]
    public void Errors_go_to_the_network_if_the_options_name_nobody()
    {
        using var transport = new SocketNetwork(_errors.Add).Open(
            new TransportOptions { Bind = s_anyPort, IsSender = true });

        Assert.Equal(0, Send(transport, UdpAddress.From(new IPEndPoint(IPAddress.Loopback, 0)), [[1]]));

        Assert.StartsWith($"cannot send on {transport.LocalAddress}: ", Assert.Single(_errors));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_transport_answers_whoever_sent(bool portable)
    {
        using var server = Open(portable);
        using var first = Open(portable, connect: server.LocalAddress);
        using var second = Open(portable);
        Send(first, server.LocalAddress, [[1]]);
        Send(second, server.LocalAddress, [[2]]);

        foreach (var (bytes, source) in Receive(server, 2))
        {
            Send(server, source, [bytes]);
        }

        Assert.Equal([1], Receive(first, 1)[0].Bytes);
        Assert.Equal([2], Receive(second, 1)[0].Bytes);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_peer_that_is_not_there_is_no_error(bool portable)
    {
        var gone = Open(portable);
        using var sender = Open(portable, connect: gone.LocalAddress);
        gone.Dispose();

        for (var i = 0; i < 10; i++)
        {
            Send(sender, gone.LocalAddress, [[1]]);
            Assert.Equal(0, sender.Receive(_batch));
        }

        Assert.Empty(_errors);
        Assert.Equal(0, gone.Receive(_batch));
        Assert.Equal(0, Send(gone, sender.LocalAddress, [[1]]));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_full_receive_buffer_loses_the_last_and_stops_nobody(bool portable)
    {
        using var receiver = Open(portable, receiveBuffer: 4096);
        using var sender = Open(portable, connect: receiver.LocalAddress);

        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(1, Send(sender, receiver.LocalAddress, [Golden.Payload(1024, i)]));
        }

        var received = ReceiveAll(receiver);
        Assert.InRange(received.Count, 1, 99);
        Assert.Equal(Golden.Payload(1024, 0), received[0].Bytes);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void IPv6_works_as_IPv4(bool portable)
    {
        var local = UdpAddress.From(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        if (!Socket.OSSupportsIPv6 || !LocalInterface.All().Any(i => i.Address.Equals(IPAddress.IPv6Loopback)))
        {
            Assert.Skip("this machine has no IPv6 loopback");
        }

        using var receiver = Open(portable, bind: local);
        using var sender = Open(portable, bind: local);
        Send(sender, receiver.LocalAddress, [[1, 2], [3]]);
        var received = Receive(receiver, 2);

        Assert.Equal([[1, 2], [3]], received.Select(r => r.Bytes));
        Assert.Equal(sender.LocalAddress, received[1].Source);
        Assert.Equal($"[::1]:{sender.LocalAddress.Port}", received[1].Source.ToString());
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_port_in_use_is_refused_by_name(bool portable)
    {
        using var first = Open(portable);

        var refusal = Assert.Throws<CommandException>(() => Open(portable, bind: first.LocalAddress));

        Assert.Contains($"cannot bind {first.LocalAddress}", refusal.Message);
    }

    [Fact]
    public void A_buffer_the_system_does_not_give_is_told()
    {
        using var transport = Open(portable: false, receiveBuffer: int.MaxValue / 4);

        if (transport.ReceiveBufferLength >= int.MaxValue / 4)
        {
            Assert.Skip("this system gives any buffer");
        }

        Assert.Contains($"the system gave {transport.ReceiveBufferLength}", Assert.Single(_errors));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_group_is_heard_by_all_who_joined_and_control_goes_the_other_way(bool portable)
    {
        var uri = ChannelUri.Parse($"aeron:udp?endpoint=224.20.30.39:{FreePort()}|interface=127.0.0.1");
        var channel = UdpChannel.Parse(uri, DnsResolver.Instance);
        var network = new SocketNetwork(portable: portable);
        using var sender = network.Open(channel.SenderTransport(new MediaDriverContext()));
        using var first = network.Open(channel.ReceiverTransport(new MediaDriverContext()));
        using var second = network.Open(channel.ReceiverTransport(new MediaDriverContext()));

        Send(sender, channel.RemoteData, [[1, 2, 3]]);
        if (ReceiveAll(first) is not [var data])
        {
            Assert.Skip("this machine has no multicast on loopback");
            return;
        }

        Assert.Equal([1, 2, 3], data.Bytes);
        Assert.Equal([1, 2, 3], Assert.Single(ReceiveAll(second)).Bytes);
        Send(second, channel.RemoteControl, [[4]]);
        Assert.Equal([4], Assert.Single(ReceiveAll(sender)).Bytes);
        Assert.Empty(ReceiveAll(first));
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void Sending_and_receiving_allocate_nothing(bool portable)
    {
        using var receiver = Open(portable);
        using var connected = Open(portable, connect: receiver.LocalAddress);
        using var free = Open(portable);
        var bytes = stackalloc byte[100];
        Span<Datagram> datagrams = [new(bytes, 100), new(bytes, 50)];
        long before = 0;
        Assert.True(portable ? connected is PortableTransport : connected is LinuxTransport);

        for (var i = 0; i < 3000; i++)
        {
            if (i == 1000)
            {
                before = GC.GetAllocatedBytesForCurrentThread();
            }

            connected.Send(datagrams, receiver.LocalAddress);
            free.Send(datagrams[..1], receiver.LocalAddress);
            while (receiver.Receive(_batch) > 0)
            {
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    internal static int Send(IUdpTransport transport, UdpAddress remote, byte[][] datagrams)
    {
        var all = datagrams.SelectMany(d => d).ToArray();
        var slots = new Datagram[datagrams.Length];
        fixed (byte* pointer = all.Append((byte)0).ToArray())
        {
            var offset = 0;
            for (var i = 0; i < slots.Length; i++)
            {
                slots[i] = new Datagram(pointer + offset, datagrams[i].Length);
                offset += datagrams[i].Length;
            }

            return transport.Send(slots, remote);
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private IUdpTransport Open(
        bool portable, UdpAddress? bind = null, UdpAddress? connect = null, int receiveBuffer = 0)
    {
        if (!portable && !OperatingSystem.IsLinux())
        {
            Assert.Skip("batch calls are Linux's");
        }

        return new SocketNetwork(portable: portable).Open(new TransportOptions
        {
            Bind = bind ?? s_anyPort,
            Connect = connect,
            ReceiveBufferLength = receiveBuffer,
            OnError = _errors.Add,
            IsSender = false,
        });
    }

    // On loopback a datagram is there when the call that sent it returns.
    private List<(byte[] Bytes, UdpAddress Source)> ReceiveAll(IUdpTransport transport)
    {
        var all = new List<(byte[], UdpAddress)>();
        while (transport.Receive(_batch) > 0)
        {
            for (var i = 0; i < _batch.Count; i++)
            {
                all.Add((_batch.Bytes(i).ToArray(), _batch.Source(i)));
            }
        }

        return all;
    }

    private List<(byte[] Bytes, UdpAddress Source)> Receive(IUdpTransport transport, int count)
    {
        var all = ReceiveAll(transport);
        Assert.Equal(count, all.Count);
        return all;
    }
}
