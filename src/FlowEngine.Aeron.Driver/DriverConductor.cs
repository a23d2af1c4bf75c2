using System.Text;
using FlowEngine.Aeron.Control;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Counters;
using FlowEngine.Core.Errors;
using FlowEngine.Core.Time;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// The driver's agent: takes commands from the ring, moves the publishers' limits, keeps time of clients and
/// streams. All of the driver's state belongs to the thread that steps it.
/// </summary>
internal sealed class DriverConductor : IAgent
{
    private const int CommandsPerCycle = 16;
    private const long DriverShutDown = -1;

    private readonly MediaDriverContext _context;
    private readonly IClock _clock;
    private readonly CncFile _cnc;
    private readonly ManyToOneRing _ring;
    private readonly ClientNotifier _notifier;
    private readonly DistinctErrorLog _errors;
    private readonly SystemCounters _system;
    private readonly IpcStreams _streams;
    private readonly ClientRegistry _clients;
    private readonly long _timerIntervalNs;
    private readonly long _clientLivenessMs;
    private long _nowNs;
    private long _nextTimerNs;
    private long _lastHead;
    private long _headMovedNs;
    private bool _isClosed;

    public DriverConductor(MediaDriverContext context, CncFile cnc)
    {
        _context = context;
        _clock = context.Clock;
        _cnc = cnc;
        _ring = cnc.ToDriver;
        _notifier = new ClientNotifier(cnc.CreateTransmitter());
        _errors = cnc.CreateErrorLog();
        Counters = new CountersManager(
            cnc.Counters, _clock.EpochMillis, context.CounterFreeToReuseTimeoutNs / 1_000_000);
        _system = new SystemCounters(Counters);
        _system.BytesMapped.Add(cnc.Length + DriverDirectory.LossReportLength);
        _streams = new IpcStreams(context, Counters, _system, _notifier, LogError);
        _clients = new ClientRegistry(Counters, _notifier, _streams);
        _timerIntervalNs = context.TimerIntervalNs;
        _clientLivenessMs = context.ClientLivenessTimeoutNs / 1_000_000;
        _nowNs = _clock.NanoTime;
        _nextTimerNs = _nowNs + _timerIntervalNs;
        _headMovedNs = _nowNs;
        _ring.NextCorrelationId();
        _ring.ConsumerHeartbeatMs = _clock.EpochMillis();
    }

    /// <inheritdoc/>
    public string Name => "aeron-driver-conductor";

    public CountersManager Counters { get; }

    /// <inheritdoc/>
    public int DoWork(long nowNs)
    {
        if (_isClosed)
        {
            return 0;
        }

        _nowNs = nowNs;
        var handler = new CommandHandler(this);
        var work = _ring.Read(ref handler, CommandsPerCycle);
        if (nowNs - _nextTimerNs >= 0)
        {
            _nextTimerNs = nowNs + _timerIntervalNs;
            OnTimer();
            work++;
        }

        work += _streams.DoWork(nowNs);
        _system.OnCycle(_clock.NanoTime - nowNs);
        return work;
    }

    /// <inheritdoc/>
    public void OnClose()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        _streams.Close();
        _ring.ConsumerHeartbeatMs = DriverShutDown;
        if (_context.DeleteDirectoryOnShutdown)
        {
            DriverDirectory.Delete(_context.Directory);
        }
    }

    private void OnTimer()
    {
        var nowMs = _clock.EpochMillis();
        _ring.ConsumerHeartbeatMs = nowMs;
        UnblockRing();
        var dropped = _clients.CheckLiveness(nowMs, _clientLivenessMs);
        if (dropped > 0)
        {
            _system.ClientTimeouts.Add(dropped);
        }

        _streams.OnTimer(_nowNs);
    }

    private void UnblockRing()
    {
        var head = _ring.ConsumerPosition;
        if (head != _lastHead || _ring.ProducerPosition <= head)
        {
            _lastHead = head;
            _headMovedNs = _nowNs;
        }
        else if (_nowNs - _headMovedNs > _context.ClientLivenessTimeoutNs && _ring.Unblock())
        {
            _system.UnblockedCommands.Increment();
        }
    }

    private void OnCommand(int type, ReadOnlySpan<byte> body)
    {
        if (!ClientCommand.TryRead(body, out var command))
        {
            LogError(ErrorCode.MalformedCommand, $"command {type:x} of {body.Length} bytes is too short");
            return;
        }

        try
        {
            Dispatch(type, body, command);
        }
        catch (CommandException exception)
        {
            Refuse(command.CorrelationId, exception.Code, exception);
        }
        catch (Exception exception)
        {
            // A command must not end the driver, whatever is wrong with it.
            Refuse(command.CorrelationId, ErrorCode.GenericError, exception);
        }
    }

    private void Dispatch(int type, ReadOnlySpan<byte> body, in ClientCommand client)
    {
        switch (type)
        {
            case CommandType.AddPublication:
            case CommandType.AddExclusivePublication:
                if (PublicationCommand.TryRead(body, out var addPublication))
                {
                    _clients.Get(client.ClientId, _clock.EpochMillis());
                    _streams.AddPublication(addPublication, type == CommandType.AddExclusivePublication, _nowNs);
                    return;
                }

                break;

            case CommandType.AddSubscription:
                if (SubscriptionCommand.TryRead(body, out var addSubscription))
                {
                    _clients.Get(client.ClientId, _clock.EpochMillis());
                    _streams.AddSubscription(addSubscription, _nowNs);
                    return;
                }

                break;

            case CommandType.RemovePublication:
            case CommandType.RemoveSubscription:
            case CommandType.RemoveCounter:
                if (RemoveCommand.TryRead(body, out var remove))
                {
                    Remove(type, remove);
                    return;
                }

                break;

            case CommandType.AddCounter:
                if (CounterCommand.TryRead(body, out var addCounter))
                {
                    var owner = _clients.Get(client.ClientId, _clock.EpochMillis());
                    _clients.AddCounter(
                        owner,
                        client.CorrelationId,
                        addCounter.TypeId,
                        addCounter.Key,
                        Encoding.Latin1.GetString(addCounter.Label));
                    return;
                }

                break;

            default:
                DispatchRare(type, body, client);
                return;
        }

        LogError(ErrorCode.MalformedCommand, $"command {type:x} of {body.Length} bytes is malformed");
    }

    private void DispatchRare(int type, ReadOnlySpan<byte> body, in ClientCommand client)
    {
        switch (type)
        {
            case CommandType.ClientKeepAlive:
                _clients.Get(client.ClientId, _clock.EpochMillis()).Heartbeat.Set(_clock.EpochMillis());
                return;

            case CommandType.ClientClose:
                _clients.Close(client.ClientId);
                return;

            case CommandType.AddStaticCounter when StaticCounterCommand.TryRead(body, out var counter):
                _clients.Get(client.ClientId, _clock.EpochMillis());
                _clients.AddStaticCounter(
                    client.CorrelationId,
                    counter.RegistrationId,
                    counter.TypeId,
                    counter.Key,
                    Encoding.Latin1.GetString(counter.Label));
                return;

            case CommandType.GetNextAvailableSessionId when NextSessionIdCommand.TryRead(body, out var next):
                _clients.Get(client.ClientId, _clock.EpochMillis());
                _notifier.NextSessionId(client.CorrelationId, _streams.PeekSessionId(next.StreamId));
                return;

            case CommandType.AddDestination:
            case CommandType.RemoveDestination:
            case CommandType.RemoveDestinationById:
            case CommandType.AddReceiveDestination:
            case CommandType.RemoveReceiveDestination:
                throw new CommandException(ErrorCode.NotSupported, "destinations are not supported by this driver yet");

            case CommandType.RejectImage:
                throw new CommandException(
                    ErrorCode.NotSupported, "rejecting images is not supported by this driver yet");

            case CommandType.TerminateDriver:
                throw new CommandException(ErrorCode.NotSupported, "this driver is ended by its owner only");

            default:
                LogError(ErrorCode.UnknownCommandTypeId, $"command {type:x} is unknown or malformed");
                return;
        }
    }

    private void Remove(int type, in RemoveCommand command)
    {
        var client = _clients.Get(command.ClientId, _clock.EpochMillis());
        switch (type)
        {
            case CommandType.RemovePublication:
                var revoke = (command.Flags & RemoveCommand.RevokeFlag) != 0;
                if (!_streams.TryRemovePublication(command.RegistrationId, revoke))
                {
                    throw new CommandException(
                        ErrorCode.UnknownPublication, $"unknown publication {command.RegistrationId}");
                }

                _notifier.Success(command.CorrelationId);
                return;

            case CommandType.RemoveSubscription:
                if (!_streams.TryRemoveSubscription(command.RegistrationId))
                {
                    throw new CommandException(
                        ErrorCode.UnknownSubscription, $"unknown subscription {command.RegistrationId}");
                }

                _notifier.Success(command.CorrelationId);
                return;

            default:
                if (!_clients.TryRemoveCounter(client, command.CorrelationId, command.RegistrationId))
                {
                    throw new CommandException(ErrorCode.UnknownCounter, $"unknown counter {command.RegistrationId}");
                }

                return;
        }
    }

    private void Refuse(long correlationId, ErrorCode code, Exception exception)
    {
        LogError(code, exception.Message);
        _notifier.Error(correlationId, code, exception.Message);
        _context.ErrorHandler?.Invoke(exception);
    }

    private void LogError(ErrorCode code, string message)
    {
        _system.Errors.Increment();
        _errors.Record((int)code, $"{code}: {message}", _clock.EpochMillis());
    }

    private readonly struct CommandHandler(DriverConductor conductor) : IMessageHandler
    {
        public void OnMessage(int type, ReadOnlySpan<byte> body) => conductor.OnCommand(type, body);
    }
}
