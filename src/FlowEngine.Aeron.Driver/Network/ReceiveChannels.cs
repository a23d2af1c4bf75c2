using System.Buffers.Binary;
using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Driver.Receiving;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// Receive endpoints: opened for the first subscription of a channel, closed after the last and its images.
/// Conductor's thread.
/// </summary>
internal sealed class ReceiveChannels(StreamServices services, IUdpNetwork network, Receiver receiver)
{
    private const string StatusName = "rcv-channel";
    private const string AddressName = "rcv-local-sockaddr";

    private readonly MediaDriverContext _context = services.Context;
    private readonly List<ReceiveChannel> _channels = [];
    private long _nextReceiverId = FirstReceiverId(services.Context);

    /// <summary>The endpoint that a channel shares, or null.</summary>
    public ReceiveChannel? Find(UdpChannel channel) =>
        _channels.Find(candidate => Endpoints.AreSame(channel, candidate.Channel));

    /// <summary>The endpoint's entry, or null when it is gone.</summary>
    public ReceiveChannel? Find(ReceiveEndpoint endpoint) => _channels.Find(channel => channel.Endpoint == endpoint);

    /// <summary>The endpoint of a channel, opened if there is none.</summary>
    /// <exception cref="CommandException">It cannot be opened, or is being closed.</exception>
    public ReceiveChannel Get(UdpChannel channel, SubscriptionParameters parameters, long registrationId)
    {
        RequireWindow(channel);
        var found = Find(channel);
        if (found is null)
        {
            return Open(channel, parameters, registrationId);
        }

        if (found.IsClosing)
        {
            throw new CommandException(
                ErrorCode.ResourceTemporarilyUnavailable, $"the channel is being closed, try again: {channel.Uri}");
        }

        if (channel.ControlMode != ControlMode.Manual)
        {
            Endpoints.RequireSameBuffers(channel, found.Channel);
        }

        return found;
    }

    /// <summary>Opens one more socket of a multi-destination endpoint.</summary>
    /// <exception cref="CommandException">It cannot be opened.</exception>
    public void AddDestination(ReceiveChannel channel, UdpChannel destinationChannel, long registrationId)
    {
        var transport = network.Open(destinationChannel.ReceiverTransport(_context));
        try
        {
            var counter = ChannelCounters.AllocateForAddress(
                services.Counters, AddressName, registrationId, channel.Status.Id, transport.LocalAddress.ToString());
            var destination = new ReceiveDestination(destinationChannel, transport, _context.Clock.NanoTime);
            channel.Destinations.Add((destination, counter.Id));
            receiver.Commands.Post(() => channel.Endpoint.AddDestination(destination));
        }
        catch (CommandException)
        {
            transport.Dispose();
            throw;
        }
    }

    /// <summary>Closes one socket of a multi-destination endpoint.</summary>
    public bool TryRemoveDestination(ReceiveChannel channel, UdpChannel destinationChannel)
    {
        var index = channel.Destinations.FindIndex(d => d.Destination.Channel.HasSameEndpoint(destinationChannel));
        if (index < 0)
        {
            return false;
        }

        var (destination, counterId) = channel.Destinations[index];
        channel.Destinations.RemoveAt(index);
        services.Counters.Counter(counterId).Set(ChannelCounters.Closing);
        receiver.Commands.Post(() => channel.Endpoint.RemoveDestination(
            destination, () => services.Counters.Free(counterId)));
        return true;
    }

    /// <summary>Closes an endpoint that nobody needs any more.</summary>
    public void CloseIfUnused(ReceiveChannel channel)
    {
        if (!channel.IsUnused || channel.IsClosing)
        {
            return;
        }

        channel.IsClosing = true;
        channel.Status.Set(ChannelCounters.Closing);
        foreach (var (_, counterId) in channel.Destinations)
        {
            services.Counters.Counter(counterId).Set(ChannelCounters.Closing);
        }

        receiver.Commands.Post(() => receiver.Remove(channel.Endpoint, () => Free(channel)));
    }

    /// <summary>Looks for control addresses whose names may mean another address by now.</summary>
    public void CheckForReResolution(long nowNs, Action<ReceiveChannel, ReceiveDestination> reResolve)
    {
        foreach (var channel in _channels)
        {
            foreach (var (destination, _) in channel.Destinations)
            {
                if (!channel.IsClosing && destination.IsReResolutionDue(nowNs))
                {
                    reResolve(channel, destination);
                }
            }
        }
    }

    /// <summary>Closes all sockets; the receiver has stopped.</summary>
    public void Close()
    {
        foreach (var channel in _channels)
        {
            channel.Endpoint.CloseTransports();
            channel.Destinations.ForEach(d => d.Destination.Transport.Dispose());
        }

        _channels.Clear();
    }

    private static long FirstReceiverId(MediaDriverContext context)
    {
        if (context.Seed is { } seed)
        {
            return new Random(seed).NextInt64();
        }

        // Unlike all others there are, and hard to guess.
        Span<byte> bytes = stackalloc byte[16];
        Guid.NewGuid().TryWriteBytes(bytes);
        return BinaryPrimitives.ReadInt64LittleEndian(bytes) ^ BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
    }

    private ReceiveChannel Open(UdpChannel channel, SubscriptionParameters parameters, long registrationId)
    {
        var isManual = channel.ControlMode == ControlMode.Manual;
        var text = channel.Uri.Text;
        var status = ChannelCounters.AllocateForChannel(
            services.Counters, ChannelCounters.ReceiveChannelTypeId, StatusName, registrationId, text);
        IUdpTransport? transport = null;
        var addressCounterId = Core.Counters.CounterLayout.NullCounterId;
        try
        {
            var address = "";
            if (!isManual)
            {
                transport = network.Open(channel.ReceiverTransport(_context));
                address = transport.LocalAddress.ToString();
                addressCounterId = ChannelCounters.AllocateForAddress(
                    services.Counters, AddressName, registrationId, status.Id, address).Id;
            }

            ChannelCounters.LabelBound(services.Counters, status, StatusName, text, address);
            var endpoint = new ReceiveEndpoint(
                channel, transport, _context, services.System, status, unchecked(_nextReceiverId++));
            var opened = new ReceiveChannel(endpoint, status, parameters);
            opened.Destinations.AddRange(endpoint.Destinations.Select(d => (d, addressCounterId)));
            _channels.Add(opened);
            status.Set(ChannelCounters.Active);
            receiver.Commands.Post(() => receiver.Add(endpoint));
            return opened;
        }
        catch (CommandException)
        {
            transport?.Dispose();
            services.Counters.Free(status.Id);
            services.Counters.Free(addressCounterId);
            throw;
        }
    }

    private void RequireWindow(UdpChannel channel)
    {
        var window = channel.ReceiverWindowLength ?? _context.InitialWindowLength;
        var buffer = channel.ReceiveBufferLength != 0
            ? channel.ReceiveBufferLength
            : _context.SocketReceiveBufferLength;
        if (buffer != 0 && window > buffer)
        {
            throw new CommandException(
                ErrorCode.InvalidChannel, $"rcv-wnd {window} does not fit in so-rcvbuf {buffer}: {channel.Uri}");
        }
    }

    private void Free(ReceiveChannel channel)
    {
        if (_channels.Remove(channel))
        {
            services.Counters.Free(channel.Status.Id);
            channel.Destinations.ForEach(d => services.Counters.Free(d.CounterId));
        }
    }
}
