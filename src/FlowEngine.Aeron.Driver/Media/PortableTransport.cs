using System.Net;
using System.Net.Sockets;

namespace FlowEngine.Aeron.Driver.Media;

/// <summary>
/// Sockets by .NET alone, one datagram a call. Nothing is allocated for a datagram; a full or refusing socket costs an
/// exception, which is why Linux has <see cref="LinuxTransport"/>.
/// </summary>
internal sealed unsafe class PortableTransport : IUdpTransport
{
    private readonly SocketPair _sockets;
    private readonly SocketAddress _source;
    private readonly SocketAddress _remote;
    private readonly Action<string>? _onError;
    private readonly bool _isConnected;
    private UdpAddress _lastRemote;
    private bool _isClosed;

    public PortableTransport(SocketPair sockets, in TransportOptions options)
    {
        _sockets = sockets;
        _source = new SocketAddress(sockets.Receive.AddressFamily);
        _remote = new SocketAddress(sockets.Send.AddressFamily);
        _isConnected = options.Connect is not null;
        _lastRemote = options.Connect ?? default;
        _onError = options.OnError;
        LocalAddress = UdpAddress.From((IPEndPoint)sockets.Receive.LocalEndPoint!);
        SendBufferLength = sockets.Send.SendBufferSize;
        ReceiveBufferLength = sockets.Receive.ReceiveBufferSize;
    }

    /// <inheritdoc/>
    public UdpAddress LocalAddress { get; }

    /// <inheritdoc/>
    public int SendBufferLength { get; }

    /// <inheritdoc/>
    public int ReceiveBufferLength { get; }

    /// <inheritdoc/>
    public int Send(ReadOnlySpan<Datagram> datagrams, in UdpAddress remote)
    {
        if (_isClosed)
        {
            return 0;
        }

        if (!_isConnected && _lastRemote != remote)
        {
            if (remote.IsIPv6 != (_remote.Family == AddressFamily.InterNetworkV6))
            {
                _onError?.Invoke($"cannot send from {LocalAddress} to {remote}: other family");
                return 0;
            }

            remote.CopyTo(_remote);
            _lastRemote = remote;
        }

        var sent = 0;
        foreach (var datagram in datagrams)
        {
            if (!TrySend(new ReadOnlySpan<byte>(datagram.Pointer, datagram.Length)))
            {
                break;
            }

            sent++;
        }

        return sent;
    }

    /// <inheritdoc/>
    public void Reconnect(in UdpAddress peer)
    {
        if (_isConnected && !_isClosed)
        {
            _sockets.Reconnect(peer, _onError);
        }
    }

    /// <inheritdoc/>
    public int Receive(DatagramBatch batch)
    {
        var count = 0;
        try
        {
            while (!_isClosed && count < batch.Capacity && _sockets.Receive.Poll(0, SelectMode.SelectRead))
            {
                var slot = new Span<byte>(batch.Pointer(count), DatagramBatch.SlotLength);
                batch.Length(count) = _sockets.Receive.ReceiveFrom(slot, SocketFlags.None, _source);
                batch.Source(count).CopyFrom(_source);
                count++;
            }
        }
        catch (SocketException e)
        {
            OnFailure("receive", e.SocketErrorCode);
        }

        batch.Count = count;
        return count;
    }

    public void Dispose()
    {
        _isClosed = true;
        _sockets.Dispose();
    }

    private bool TrySend(ReadOnlySpan<byte> bytes)
    {
        if (_isConnected)
        {
            _sockets.Send.Send(bytes, SocketFlags.None, out var error);
            return error == SocketError.Success || OnFailure("send", error);
        }

        try
        {
            _sockets.Send.SendTo(bytes, SocketFlags.None, _remote);
            return true;
        }
        catch (SocketException e)
        {
            return OnFailure("send", e.SocketErrorCode);
        }
    }

    private bool OnFailure(string call, SocketError error)
    {
        if (error is not (SocketError.WouldBlock or SocketError.Interrupted or SocketError.ConnectionRefused
            or SocketError.ConnectionReset or SocketError.NoBufferSpaceAvailable))
        {
            _onError?.Invoke($"cannot {call} on {LocalAddress}: {error}");
        }

        return false;
    }
}
