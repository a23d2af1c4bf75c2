using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Driver.Sending;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// Send endpoints: opened for the first publication of a channel, closed after the last. Conductor's thread.
/// </summary>
internal sealed class SendChannels(
    StreamServices services, IUdpNetwork network, Sender sender, ConductorProxy conductorProxy)
{
    private const string StatusName = "snd-channel";

    private readonly MediaDriverContext _context = services.Context;
    private readonly List<SendChannel> _channels = [];

    /// <summary>The endpoint that a channel shares, or null.</summary>
    /// <exception cref="CommandException">It is being closed, or the channel's options do not fit it.</exception>
    public SendChannel? Find(UdpChannel channel)
    {
        var found = _channels.Find(candidate => Endpoints.AreSame(channel, candidate.Channel));
        if (found is null)
        {
            if (channel.ChannelTag is not null && channel.IsWildcard && channel.ControlMode == ControlMode.None)
            {
                throw new CommandException(
                    ErrorCode.InvalidChannel,
                    $"the first channel of a tag needs endpoint, control or control-mode: {channel.Uri}");
            }

            return null;
        }

        if (found.IsClosing)
        {
            throw new CommandException(
                ErrorCode.ResourceTemporarilyUnavailable, $"the channel is being closed, try again: {channel.Uri}");
        }

        Endpoints.RequireSameBuffers(channel, found.Channel);
        return found;
    }

    /// <summary>Opens an endpoint.</summary>
    /// <exception cref="CommandException">It cannot be opened.</exception>
    public SendChannel Open(UdpChannel channel, int mtuLength, long registrationId)
    {
        var sendBuffer = channel.SendBufferLength != 0 ? channel.SendBufferLength : _context.SocketSendBufferLength;
        if (sendBuffer != 0 && mtuLength > sendBuffer)
        {
            throw new CommandException(
                ErrorCode.InvalidChannel, $"mtu {mtuLength} does not fit in so-sndbuf {sendBuffer}: {channel.Uri}");
        }

        var transport = network.Open(channel.SenderTransport(_context));
        var counterIds = new List<int>();
        try
        {
            var text = channel.Uri.Text;
            var address = transport.LocalAddress.ToString();
            var status = ChannelCounters.AllocateForChannel(
                services.Counters, ChannelCounters.SendChannelTypeId, StatusName, registrationId, text);
            counterIds.Add(status.Id);
            ChannelCounters.LabelBound(services.Counters, status, StatusName, text, address);
            var destinations = default(Core.Counters.AtomicCounter);
            if (channel.IsMultiDestination)
            {
                destinations = ChannelCounters.AllocateForChannel(
                    services.Counters,
                    ChannelCounters.DestinationCountTypeId,
                    "mdc-num-dest",
                    registrationId,
                    text);
                counterIds.Add(destinations.Id);
            }

            counterIds.Add(ChannelCounters.AllocateForAddress(
                services.Counters, "snd-local-sockaddr", registrationId, status.Id, address).Id);
            var endpoint = new SendEndpoint(
                channel, transport, _context, services.System, status, conductorProxy, destinations);
            var opened = new SendChannel(endpoint, status, [.. counterIds]);
            _channels.Add(opened);
            status.Set(ChannelCounters.Active);
            sender.Commands.Post(() => sender.Add(endpoint));
            return opened;
        }
        catch (CommandException)
        {
            transport.Dispose();
            counterIds.ForEach(services.Counters.Free);
            throw;
        }
    }

    /// <summary>A publication uses it no more; after the last it is closed.</summary>
    public void Release(SendChannel channel)
    {
        if (--channel.References > 0 || channel.IsClosing)
        {
            return;
        }

        channel.IsClosing = true;
        channel.Status.Set(ChannelCounters.Closing);
        sender.Commands.Post(() => sender.Remove(channel.Endpoint, () => Free(channel)));
    }

    /// <summary>Closes all sockets; the sender has stopped.</summary>
    public void Close()
    {
        _channels.ForEach(channel => channel.Endpoint.Dispose());
        _channels.Clear();
    }

    private void Free(SendChannel channel)
    {
        if (_channels.Remove(channel))
        {
            channel.Endpoint.Dispose();
            Array.ForEach(channel.CounterIds, services.Counters.Free);
        }
    }
}
