using System.Text;
using FlowEngine.Aeron.Control;

namespace FlowEngine.Aeron;

/// <summary>Writes a client's commands into the driver's ring. Under the conductor's lock.</summary>
internal sealed class CommandSender(ManyToOneRing ring, long clientId, Action<Exception> report)
{
    private const int Attempts = 10;

    private readonly byte[] _scratch = new byte[ChannelUri.MaxLength + 1024];

    /// <summary>An id for the next command.</summary>
    public long NextId() => ring.NextCorrelationId();

    public void AddPublication(long id, string channel, int streamId, bool isExclusive)
    {
        var command = new PublicationCommand
        {
            ClientId = clientId,
            CorrelationId = id,
            StreamId = streamId,
            Channel = ChannelBytes(channel),
        };
        Send(
            isExclusive ? CommandType.AddExclusivePublication : CommandType.AddPublication,
            command.Write(_scratch));
    }

    public void AddSubscription(long id, string channel, int streamId)
    {
        var command = new SubscriptionCommand
        {
            ClientId = clientId,
            CorrelationId = id,
            RegistrationCorrelationId = -1,
            StreamId = streamId,
            Channel = ChannelBytes(channel),
        };
        Send(CommandType.AddSubscription, command.Write(_scratch));
    }

    public void AddCounter(long id, int typeId, ReadOnlySpan<byte> key, string label)
    {
        var command = new CounterCommand
        {
            ClientId = clientId,
            CorrelationId = id,
            TypeId = typeId,
            Key = key,
            Label = Encoding.Latin1.GetBytes(label),
        };
        Send(CommandType.AddCounter, command.Write(_scratch));
    }

    public void AddStaticCounter(long id, long registrationId, int typeId, ReadOnlySpan<byte> key, string label)
    {
        var command = new StaticCounterCommand
        {
            ClientId = clientId,
            CorrelationId = id,
            RegistrationId = registrationId,
            TypeId = typeId,
            Key = key,
            Label = Encoding.Latin1.GetBytes(label),
        };
        Send(CommandType.AddStaticCounter, command.Write(_scratch));
    }

    public void NextSessionId(long id, int streamId)
    {
        var command = new NextSessionIdCommand { ClientId = clientId, CorrelationId = id, StreamId = streamId };
        Send(CommandType.GetNextAvailableSessionId, command.Write(_scratch));
    }

    /// <summary>Adds or removes a destination of a publication or subscription.</summary>
    public void Destination(int type, long id, long resourceId, string channel)
    {
        var command = new DestinationCommand
        {
            ClientId = clientId,
            CorrelationId = id,
            RegistrationId = resourceId,
            Channel = ChannelBytes(channel),
        };
        Send(type, command.Write(_scratch));
    }

    public void RemoveDestinationById(long id, long resourceId, long destinationId)
    {
        var command = new RemoveDestinationByIdCommand
        {
            ClientId = clientId,
            CorrelationId = id,
            ResourceId = resourceId,
            DestinationId = destinationId,
        };
        Send(CommandType.RemoveDestinationById, command.Write(_scratch));
    }

    public void RejectImage(long id, long imageId, long position, string reason)
    {
        var command = new RejectImageCommand
        {
            ClientId = clientId,
            CorrelationId = id,
            ImageId = imageId,
            Position = position,
            Reason = Encoding.Latin1.GetBytes(reason),
        };
        Send(CommandType.RejectImage, command.Write(_scratch));
    }

    public void RemovePublication(long registrationId, bool revoke)
    {
        var command = new RemoveCommand
        {
            ClientId = clientId,
            CorrelationId = NextId(),
            RegistrationId = registrationId,
            Flags = revoke ? RemoveCommand.RevokeFlag : 0,
        };
        SendOrReport(CommandType.RemovePublication, command.Write(_scratch, withFlags: true));
    }

    /// <summary>Removes what a command asked for.</summary>
    public void Remove(RegistrationKind kind, long registrationId)
    {
        switch (kind)
        {
            case RegistrationKind.Publication or RegistrationKind.ExclusivePublication:
                RemovePublication(registrationId, revoke: false);
                break;
            case RegistrationKind.Subscription:
                RemoveSubscription(registrationId);
                break;
            case RegistrationKind.Counter:
                RemoveCounter(registrationId);
                break;
        }
    }

    public void RemoveSubscription(long registrationId) => Remove(CommandType.RemoveSubscription, registrationId);

    public void RemoveCounter(long registrationId) => Remove(CommandType.RemoveCounter, registrationId);

    /// <summary>Says goodbye; nothing depends on its arrival.</summary>
    public void CloseClient()
    {
        var command = new ClientCommand { ClientId = clientId, CorrelationId = NextId() };
        ring.TryWrite(CommandType.ClientClose, _scratch.AsSpan(0, command.Write(_scratch)));
    }

    private void Remove(int type, long registrationId)
    {
        var command = new RemoveCommand
        {
            ClientId = clientId,
            CorrelationId = NextId(),
            RegistrationId = registrationId,
        };
        SendOrReport(type, command.Write(_scratch, withFlags: false));
    }

    /// <summary>Closing must not throw; what the driver is not told, it finds out when the client ends.</summary>
    private void SendOrReport(int type, int length)
    {
        if (!TrySend(type, length))
        {
            report(RingFull());
        }
    }

    private void Send(int type, int length)
    {
        if (!TrySend(type, length))
        {
            throw RingFull();
        }
    }

    private bool TrySend(int type, int length)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (ring.TryWrite(type, _scratch.AsSpan(0, length)))
            {
                return true;
            }

            Thread.Yield();
        }

        return false;
    }

    private static AeronException RingFull() => new("the driver does not take commands: its ring is full");

    private static byte[] ChannelBytes(string channel)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channel.Length, ChannelUri.MaxLength, nameof(channel));
        return Encoding.Latin1.GetBytes(channel);
    }
}
