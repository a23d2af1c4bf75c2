using System.Net;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowEngine.Core;

namespace FlowEngine.Aeron.Driver.Media;

/// <summary>
/// Sockets of Linux, many datagrams a call (recvmmsg, sendmmsg), nothing allocated. The sockets are .NET's for set-up
/// and life time; only their numbers are used here.
/// </summary>
internal sealed unsafe class LinuxTransport : IUdpTransport
{
    private const int MaxBatch = 16;

    private readonly SocketPair _sockets;
    private readonly int _receiveFd;
    private readonly int _sendFd;
    private readonly Action<string>? _onError;
    private readonly MessageHeader[] _headers = GC.AllocateArray<MessageHeader>(MaxBatch, pinned: true);
    private readonly IoVector[] _vectors = GC.AllocateArray<IoVector>(MaxBatch, pinned: true);
    private UdpAddress _peer;
    private bool _isClosed;

    public LinuxTransport(SocketPair sockets, in TransportOptions options)
    {
        _sockets = sockets;
        _receiveFd = (int)sockets.Receive.Handle;
        _sendFd = (int)sockets.Send.Handle;
        _peer = options.Connect ?? default;
        _onError = options.OnError;
        LocalAddress = UdpAddress.From((IPEndPoint)sockets.Receive.LocalEndPoint!);
        SendBufferLength = sockets.Send.SendBufferSize;
        ReceiveBufferLength = sockets.Receive.ReceiveBufferSize;
        for (var i = 0; i < MaxBatch; i++)
        {
            _headers[i].Message.Vectors = (IoVector*)Unsafe.AsPointer(ref _vectors[i]);
            _headers[i].Message.VectorCount = 1;
        }
    }

    /// <inheritdoc/>
    public UdpAddress LocalAddress { get; }

    /// <inheritdoc/>
    public int SendBufferLength { get; }

    /// <inheritdoc/>
    public int ReceiveBufferLength { get; }

    /// <inheritdoc/>
    [Hot]
    public int Send(ReadOnlySpan<Datagram> datagrams, in UdpAddress remote)
    {
        if (_isClosed)
        {
            return 0;
        }

        var sent = 0;
        fixed (UdpAddress* address = &remote)
        {
            // To its peer a connected socket needs no address, and the kernel no route.
            var isPeer = _peer.IsSpecified && _peer.Equals(remote);
            var name = isPeer ? null : address;
            var nameLength = isPeer ? 0u : (uint)remote.Length;
            while (sent < datagrams.Length)
            {
                var rest = datagrams[sent..];
                var taken = rest.Length == 1
                    ? SendOne(rest[0], name, nameLength)
                    : SendMany(rest[..Math.Min(rest.Length, MaxBatch)], name, nameLength);
                sent += taken;
                if (taken < Math.Min(rest.Length, MaxBatch))
                {
                    break;
                }
            }
        }

        return sent;
    }

    /// <inheritdoc/>
    public void Reconnect(in UdpAddress peer)
    {
        if (_peer.IsSpecified && !_isClosed)
        {
            _sockets.Reconnect(peer, _onError);
            _peer = peer;
        }
    }

    /// <inheritdoc/>
    [Hot]
    public int Receive(DatagramBatch batch)
    {
        var received = 0;
        if (!_isClosed)
        {
            received = LinuxSockets.ReceiveMany(
                _receiveFd, batch.PrepareHeaders(), (uint)batch.Capacity, LinuxSockets.DontWait, null);
            if (received < 0)
            {
                OnFailure("receive");
                received = 0;
            }
        }

        batch.Take(received);
        return received;
    }

    public void Dispose()
    {
        // The numbers may be another file's right after.
        _isClosed = true;
        _sockets.Dispose();
    }

    [Hot]
    private int SendOne(in Datagram datagram, UdpAddress* name, uint nameLength)
    {
        var taken = LinuxSockets.SendTo(
            _sendFd, datagram.Pointer, (nuint)datagram.Length, LinuxSockets.DontWait, name, nameLength);
        if (taken >= 0)
        {
            return 1;
        }

        OnFailure("send");
        return 0;
    }

    [Hot]
    private int SendMany(ReadOnlySpan<Datagram> datagrams, UdpAddress* name, uint nameLength)
    {
        for (var i = 0; i < datagrams.Length; i++)
        {
            _vectors[i].Pointer = datagrams[i].Pointer;
            _vectors[i].Length = (nuint)datagrams[i].Length;
            _headers[i].Message.Name = name;
            _headers[i].Message.NameLength = nameLength;
        }

        var headers = (MessageHeader*)Unsafe.AsPointer(ref _headers[0]);
        var taken = LinuxSockets.SendMany(_sendFd, headers, (uint)datagrams.Length, LinuxSockets.DontWait);
        if (taken >= 0)
        {
            return taken;
        }

        OnFailure("send");
        return 0;
    }

    private void OnFailure(string call)
    {
        var error = Marshal.GetLastPInvokeError();
        if (error is LinuxSockets.TryAgain or LinuxSockets.Interrupted or LinuxSockets.ConnectionRefused
            or LinuxSockets.NoBufferSpace)
        {
            return;
        }

        _onError?.Invoke($"cannot {call} on {LocalAddress}: {Marshal.GetPInvokeErrorMessage(error)}");
    }
}
