using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace FlowEngine.Aeron.Driver.Media;

/// <summary>
/// The sockets of a transport: one, or two where it receives a control group and is connected to a data group, since
/// a connected socket hears its peer only.
/// </summary>
internal readonly record struct SocketPair(Socket Receive, Socket Send) : IDisposable
{
    // Linux's numbers: .NET has no names for them.
    private const int SolSocket = 1;
    private const int SoReuseAddress = 2;
    private const int SoReusePort = 15;
    private const int IpLevel = 0;
    private const int IpMulticastAll = 49;
    private const int IPv6Level = 41;
    private const int IPv6MulticastAll = 29;

    /// <summary>Opens, binds, joins, connects and sizes.</summary>
    /// <exception cref="CommandException">The system refused; the message says what and why.</exception>
    public static SocketPair Open(in TransportOptions options)
    {
        var family = options.Bind.IsIPv6 ? AddressFamily.InterNetworkV6 : AddressFamily.InterNetwork;
        var receive = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
        var pair = new SocketPair(receive, receive);
        var step = $"bind {options.Bind}";
        try
        {
            if (options.JoinGroup is { } group)
            {
                if (options.Connect is not null)
                {
                    pair = pair with { Send = new Socket(family, SocketType.Dgram, ProtocolType.Udp) };
                }

                ShareGroup(receive, family);
                receive.Bind(options.Bind.ToEndPoint());
                step = $"join group {group} on {options.InterfaceAddress}";
                Join(receive, group, options);
                SetMulticast(pair.Send, family, options);
            }
            else
            {
                receive.Bind(options.Bind.ToEndPoint());
            }

            if (options.Connect is { } peer)
            {
                step = $"connect to {peer}";
                pair.Send.Connect(peer.ToEndPoint());
            }

            step = "size the socket buffers";
            pair.SetBuffers(options);
            receive.Blocking = false;
            pair.Send.Blocking = false;
            return pair;
        }
        catch (SocketException e)
        {
            pair.Dispose();
            throw new CommandException(ErrorCode.GenericError, $"cannot {step}: {e.Message}");
        }
    }

    /// <summary>Connects the sending socket to another peer.</summary>
    public void Reconnect(in UdpAddress peer, Action<string>? onError)
    {
        try
        {
            Send.Connect(peer.ToEndPoint());
        }
        catch (SocketException e)
        {
            onError?.Invoke($"cannot connect {Send.LocalEndPoint} to {peer}: {e.Message}");
        }
    }

    public void Dispose()
    {
        Receive.Dispose();
        Send.Dispose();
    }

    private static void ShareGroup(Socket socket, AddressFamily family)
    {
        if (!OperatingSystem.IsLinux())
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            return;
        }

        var (on, off) = (1, 0);
        socket.SetRawSocketOption(SolSocket, SoReuseAddress, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in on)));
        socket.SetRawSocketOption(SolSocket, SoReusePort, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in on)));

        // Without it a socket hears every group that any process of this machine has joined on the port.
        var (level, all) = family == AddressFamily.InterNetworkV6
            ? (IPv6Level, IPv6MulticastAll)
            : (IpLevel, IpMulticastAll);
        socket.SetRawSocketOption(level, all, MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in off)));
    }

    private static void Join(Socket socket, UdpAddress group, in TransportOptions options)
    {
        var address = group.ToEndPoint().Address;
        if (group.IsIPv6)
        {
            socket.SetSocketOption(
                SocketOptionLevel.IPv6,
                SocketOptionName.AddMembership,
                new IPv6MulticastOption(address, options.InterfaceIndex));
            return;
        }

        var card = options.InterfaceAddress?.ToEndPoint().Address ?? IPAddress.Any;
        socket.SetSocketOption(
            SocketOptionLevel.IP, SocketOptionName.AddMembership, new MulticastOption(address, card));
    }

    private static void SetMulticast(Socket socket, AddressFamily family, in TransportOptions options)
    {
        var level = family == AddressFamily.InterNetworkV6 ? SocketOptionLevel.IPv6 : SocketOptionLevel.IP;
        if (options.InterfaceIndex != 0)
        {
            var index = family == AddressFamily.InterNetworkV6
                ? options.InterfaceIndex
                : IPAddress.HostToNetworkOrder(options.InterfaceIndex);
            socket.SetSocketOption(level, SocketOptionName.MulticastInterface, index);
        }

        if (options.Ttl != 0)
        {
            socket.SetSocketOption(level, SocketOptionName.MulticastTimeToLive, options.Ttl);
        }
    }

    private void SetBuffers(in TransportOptions options)
    {
        if (options.ReceiveBufferLength > 0)
        {
            Receive.ReceiveBufferSize = options.ReceiveBufferLength;
            Check("SO_RCVBUF", options.ReceiveBufferLength, Receive.ReceiveBufferSize, options);
        }

        if (options.SendBufferLength > 0)
        {
            Send.SendBufferSize = options.SendBufferLength;
            Check("SO_SNDBUF", options.SendBufferLength, Send.SendBufferSize, options);
        }
    }

    private static void Check(string name, int asked, int given, in TransportOptions options)
    {
        if (given < asked)
        {
            options.OnError?.Invoke(
                $"{name} of {asked} bytes was asked for {options.Bind}, the system gave {given}: see its limit");
        }
    }
}
