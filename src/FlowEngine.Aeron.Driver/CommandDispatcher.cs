using System.Text;
using FlowEngine.Aeron.Control;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// Reads clients' commands and has them done; what cannot be done is answered with an error, never with an exception.
/// Conductor's thread.
/// </summary>
internal sealed class CommandDispatcher(
    MediaDriverContext context,
    ClientRegistry clients,
    DriverStreams streams,
    ClientNotifier notifier,
    Action<ErrorCode, string> logError)
{
    private long _nowNs;

    private long NowMs => context.Clock.EpochMillis();

    /// <summary>One command.</summary>
    public void OnCommand(int type, ReadOnlySpan<byte> body, long nowNs)
    {
        _nowNs = nowNs;
        if (!ClientCommand.TryRead(body, out var client))
        {
            logError(ErrorCode.MalformedCommand, $"command {type:x} of {body.Length} bytes is too short");
            return;
        }

        try
        {
            if (!TryDispatch(type, body, client))
            {
                logError(ErrorCode.MalformedCommand, $"command {type:x} of {body.Length} bytes is malformed");
            }
        }
        catch (CommandException exception)
        {
            Refuse(client.CorrelationId, exception.Code, exception);
        }
        catch (Exception exception)
        {
            // A command must not end the driver, whatever is wrong with it.
            Refuse(client.CorrelationId, ErrorCode.GenericError, exception);
        }
    }

    private bool TryDispatch(int type, ReadOnlySpan<byte> body, in ClientCommand client)
    {
        switch (type)
        {
            case CommandType.AddPublication:
            case CommandType.AddExclusivePublication:
                if (!PublicationCommand.TryRead(body, out var publication))
                {
                    return false;
                }

                clients.Get(client.ClientId, NowMs);
                streams.AddPublication(publication, type == CommandType.AddExclusivePublication, _nowNs);
                return true;

            case CommandType.AddSubscription:
                if (!SubscriptionCommand.TryRead(body, out var subscription))
                {
                    return false;
                }

                clients.Get(client.ClientId, NowMs);
                streams.AddSubscription(subscription, _nowNs);
                return true;

            case CommandType.RemovePublication:
            case CommandType.RemoveSubscription:
            case CommandType.RemoveCounter:
                if (!RemoveCommand.TryRead(body, out var remove))
                {
                    return false;
                }

                Remove(type, remove);
                return true;

            case CommandType.AddDestination:
            case CommandType.RemoveDestination:
            case CommandType.AddReceiveDestination:
            case CommandType.RemoveReceiveDestination:
                return DestinationCommand.TryRead(body, out var destination) && TryChange(type, destination);

            default:
                return TryDispatchRare(type, body, client);
        }
    }

    private bool TryDispatchRare(int type, ReadOnlySpan<byte> body, in ClientCommand client)
    {
        switch (type)
        {
            case CommandType.ClientKeepAlive:
                clients.Get(client.ClientId, NowMs).Heartbeat.Set(NowMs);
                return true;

            case CommandType.ClientClose:
                clients.Close(client.ClientId);
                return true;

            case CommandType.AddCounter:
            case CommandType.AddStaticCounter:
                return TryAddCounter(type, body, client);

            case CommandType.RemoveDestinationById:
                return RemoveDestinationByIdCommand.TryRead(body, out var byId) && TryRemoveById(byId);

            case CommandType.GetNextAvailableSessionId:
                if (!NextSessionIdCommand.TryRead(body, out var next))
                {
                    return false;
                }

                clients.Get(client.ClientId, NowMs);
                notifier.NextSessionId(client.CorrelationId, streams.PeekSessionId(next.StreamId));
                return true;

            case CommandType.RejectImage:
                return RejectImageCommand.TryRead(body, out var reject) && TryReject(reject);

            case CommandType.TerminateDriver:
                return TerminateDriverCommand.TryRead(body, out var end) && TryTerminate(end);

            default:
                logError(ErrorCode.UnknownCommandTypeId, $"command {type:x} is unknown");
                return true;
        }
    }

    private bool TryAddCounter(int type, ReadOnlySpan<byte> body, in ClientCommand client)
    {
        if (type == CommandType.AddCounter)
        {
            if (!CounterCommand.TryRead(body, out var counter))
            {
                return false;
            }

            clients.AddCounter(
                clients.Get(client.ClientId, NowMs),
                client.CorrelationId,
                counter.TypeId,
                counter.Key,
                Encoding.Latin1.GetString(counter.Label));
            return true;
        }

        if (!StaticCounterCommand.TryRead(body, out var constant))
        {
            return false;
        }

        clients.Get(client.ClientId, NowMs);
        clients.AddStaticCounter(
            client.CorrelationId,
            constant.RegistrationId,
            constant.TypeId,
            constant.Key,
            Encoding.Latin1.GetString(constant.Label));
        return true;
    }

    private void Remove(int type, in RemoveCommand command)
    {
        var client = clients.Get(command.ClientId, NowMs);
        switch (type)
        {
            case CommandType.RemovePublication:
                var revoke = (command.Flags & RemoveCommand.RevokeFlag) != 0;
                if (!streams.TryRemovePublication(command.RegistrationId, revoke))
                {
                    throw new CommandException(
                        ErrorCode.UnknownPublication, $"unknown publication {command.RegistrationId}");
                }

                notifier.Success(command.CorrelationId);
                return;

            case CommandType.RemoveSubscription:
                if (!streams.TryRemoveSubscription(command.RegistrationId))
                {
                    throw new CommandException(
                        ErrorCode.UnknownSubscription, $"unknown subscription {command.RegistrationId}");
                }

                notifier.Success(command.CorrelationId);
                return;

            default:
                if (!clients.TryRemoveCounter(client, command.CorrelationId, command.RegistrationId))
                {
                    throw new CommandException(ErrorCode.UnknownCounter, $"unknown counter {command.RegistrationId}");
                }

                return;
        }
    }

    private bool TryChange(int type, in DestinationCommand command)
    {
        clients.Get(command.ClientId, NowMs);
        switch (type)
        {
            case CommandType.AddDestination:
                streams.AddSendDestination(command);
                break;
            case CommandType.RemoveDestination:
                streams.RemoveSendDestination(command);
                break;
            case CommandType.AddReceiveDestination:
                streams.AddReceiveDestination(command, _nowNs);
                return true;
            default:
                streams.RemoveReceiveDestination(command);
                break;
        }

        notifier.Success(command.CorrelationId);
        return true;
    }

    private bool TryRemoveById(in RemoveDestinationByIdCommand command)
    {
        streams.RemoveSendDestination(command.ResourceId, command.DestinationId);
        notifier.Success(command.CorrelationId);
        return true;
    }

    private bool TryReject(in RejectImageCommand command)
    {
        if (command.Reason.Length > ClientNotifier.MaxReasonLength)
        {
            throw new CommandException(
                ErrorCode.GenericError, $"a reason of {command.Reason.Length} bytes is longer than 1023");
        }

        streams.Reject(command.ImageId, Encoding.UTF8.GetString(command.Reason), _nowNs);
        notifier.Success(command.CorrelationId);
        return true;
    }

    private bool TryTerminate(in TerminateDriverCommand command)
    {
        if (context.TerminationValidator?.Invoke(command.Token.ToArray()) == true)
        {
            context.TerminationHook?.Invoke();
        }
        else
        {
            logError(ErrorCode.GenericError, $"client {command.ClientId} may not end this driver");
        }

        return true;
    }

    private void Refuse(long correlationId, ErrorCode code, Exception exception)
    {
        logError(code, exception.Message);
        notifier.Error(correlationId, code, exception.Message);
        context.ErrorHandler?.Invoke(exception);
    }
}
