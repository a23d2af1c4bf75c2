using System.Net;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Driver;
using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Core.Time;

namespace FlowEngine.Tests.Aeron.Media;

/// <summary>
/// A network in memory for several drivers of one process: ports, connected peers, multicast groups, delay, seeded
/// jitter (which reorders) and loss, receive buffers that overflow. Time is the given clock's, so a run is the same
/// each time. One thread. Duplicates come from a <see cref="FaultyNetwork"/> in front of it.
/// </summary>
internal sealed class SimulatedNetwork(IClock clock, int seed = 1) : IUdpNetwork
{
    private const int FirstFreePort = 40_000;

    private readonly Random _random = new(seed);
    private readonly List<SimulatedTransport> _transports = [];
    private int _nextPort = FirstFreePort;
    private long _sequence;

    /// <summary>Time from sending to arrival.</summary>
    public long DelayNs { get; set; }

    /// <summary>Longest addition to the delay, drawn for each datagram.</summary>
    public long JitterNs { get; set; }

    /// <summary>Chance of a datagram to be lost on its way to one receiver.</summary>
    public double Loss { get; set; }

    public long Sent { get; private set; }

    public long Delivered { get; private set; }

    public long Lost { get; private set; }

    /// <summary>Dropped because a receive buffer was full.</summary>
    public long Overflowed { get; private set; }

    /// <summary>Transports that are open.</summary>
    public int OpenCount => _transports.Count;

    public IUdpTransport Open(in TransportOptions options)
    {
        var bind = options.Bind;
        if (bind.Port == 0)
        {
            bind = bind.WithPort(_nextPort++);
        }
        else if (options.JoinGroup is null && _transports.Exists(t => t.Group is null && t.Hears(bind)))
        {
            throw new CommandException(ErrorCode.GenericError, $"cannot bind {bind}: Address already in use");
        }

        // As with sockets, what sends to a group while it hears another one sends from a port of its own.
        var sendPort = options is { JoinGroup: not null, Connect: not null } ? _nextPort++ : bind.Port;
        var transport = new SimulatedTransport(this, options, bind, sendPort);
        _transports.Add(transport);
        return transport;
    }

    internal void Close(SimulatedTransport transport) => _transports.Remove(transport);

    internal long NowNs => clock.NanoTime;

    /// <summary>Sends with any source address: what strangers do.</summary>
    /// <returns>How many ends hear it.</returns>
    public int Inject(ReadOnlySpan<byte> bytes, UdpAddress source, UdpAddress remote)
    {
        var before = Delivered;
        Send(source, bytes, remote);
        return (int)(Delivered - before);
    }

    internal void Send(UdpAddress source, ReadOnlySpan<byte> bytes, in UdpAddress remote)
    {
        Sent++;
        foreach (var transport in _transports)
        {
            if (!transport.Hears(remote) || !transport.Accepts(source))
            {
                continue;
            }

            if (_random.NextDouble() < Loss)
            {
                Lost++;
                continue;
            }

            var dueNs = clock.NanoTime + DelayNs + (JitterNs > 0 ? _random.NextInt64(JitterNs) : 0);
            if (transport.TryQueue(bytes, source, dueNs, _sequence++))
            {
                Delivered++;
            }
            else
            {
                Overflowed++;
            }
        }
    }

    /// <summary>One end of it.</summary>
    internal sealed class SimulatedTransport : IUdpTransport
    {
        private readonly SimulatedNetwork _network;
        private readonly PriorityQueue<(byte[] Bytes, UdpAddress Source), (long DueNs, long Sequence)> _queue = new();
        private UdpAddress? _peer;
        private int _queuedBytes;

        public SimulatedTransport(SimulatedNetwork network, in TransportOptions options, UdpAddress bind, int sendPort)
        {
            _network = network;
            _peer = options.JoinGroup is null ? options.Connect : null;
            Group = options.JoinGroup;
            LocalAddress = bind;
            var host = bind.IsIPv6 ? IPAddress.IPv6Loopback : IPAddress.Loopback;
            SendAddress = bind.IsAny ? UdpAddress.From(new IPEndPoint(host, sendPort)) : bind.WithPort(sendPort);
            ReceiveBufferLength = options.ReceiveBufferLength > 0 ? options.ReceiveBufferLength : 212_992;
            SendBufferLength = options.SendBufferLength > 0 ? options.SendBufferLength : 212_992;
        }

        public UdpAddress? Group { get; }

        public UdpAddress LocalAddress { get; }

        public UdpAddress SendAddress { get; }

        public int SendBufferLength { get; }

        public int ReceiveBufferLength { get; }

        public bool Hears(UdpAddress remote) => Group is { } group
            ? group == remote
            : LocalAddress.Port == remote.Port && !remote.IsMulticast
                && LocalAddress.IsIPv6 == remote.IsIPv6
                && (LocalAddress.IsAny || remote.IsAny || LocalAddress == remote);

        public bool Accepts(UdpAddress source) => _peer is not { } peer || peer == source;

        public bool TryQueue(ReadOnlySpan<byte> bytes, UdpAddress source, long dueNs, long sequence)
        {
            if (_queuedBytes + bytes.Length > ReceiveBufferLength)
            {
                return false;
            }

            _queuedBytes += bytes.Length;
            _queue.Enqueue((bytes.ToArray(), source), (dueNs, sequence));
            return true;
        }

        public void Reconnect(in UdpAddress peer)
        {
            if (_peer is not null)
            {
                _peer = peer;
            }
        }

        public unsafe int Send(ReadOnlySpan<Datagram> datagrams, in UdpAddress remote)
        {
            foreach (var datagram in datagrams)
            {
                _network.Send(SendAddress, new ReadOnlySpan<byte>(datagram.Pointer, datagram.Length), remote);
            }

            return datagrams.Length;
        }

        public unsafe int Receive(DatagramBatch batch)
        {
            var count = 0;
            while (count < batch.Capacity
                && _queue.TryPeek(out var next, out var due) && due.DueNs <= _network.NowNs)
            {
                _queue.Dequeue();
                _queuedBytes -= next.Bytes.Length;
                next.Bytes.CopyTo(new Span<byte>(batch.Pointer(count), DatagramBatch.SlotLength));
                batch.Length(count) = next.Bytes.Length;
                batch.Source(count) = next.Source;
                count++;
            }

            batch.Count = count;
            return count;
        }

        public void Dispose() => _network.Close(this);
    }
}
