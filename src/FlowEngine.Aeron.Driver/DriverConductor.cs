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
    private readonly DistinctErrorLog _errors;
    private readonly Lock _errorsLock = new();
    private readonly SystemCounters _system;
    private readonly DriverStreams _streams;
    private readonly ClientRegistry _clients;
    private readonly CommandDispatcher _dispatcher;
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
        var notifier = new ClientNotifier(cnc.CreateTransmitter());
        _errors = cnc.CreateErrorLog();
        Counters = new CountersManager(
            cnc.Counters, _clock.EpochMillis, context.CounterFreeToReuseTimeoutNs / 1_000_000);
        _system = new SystemCounters(Counters, context);
        _system.BytesMapped.Add(cnc.Length + DriverDirectory.LossReportLength);
        var services = new StreamServices(context, Counters, _system, notifier, LogError);
        var network = new NetworkStreams(services, Commands, _ring.NextCorrelationId);
        Sender = network.Sender;
        Receiver = network.Receiver;
        var errors = new PublicationErrors(services);
        _streams = new DriverStreams(services, new IpcStreams(services, errors), network);
        _clients = new ClientRegistry(Counters, notifier, _streams);
        _dispatcher = new CommandDispatcher(context, _clients, _streams, notifier, LogError);
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

    /// <summary>What sender and receiver ask of the conductor.</summary>
    public CommandQueue Commands { get; } = new();

    /// <summary>Sends; on whatever thread.</summary>
    public IAgent Sender { get; }

    /// <summary>Receives; on whatever thread.</summary>
    public IAgent Receiver { get; }

    public CountersManager Counters { get; }

    /// <inheritdoc/>
    public int DoWork(long nowNs)
    {
        if (_isClosed)
        {
            return 0;
        }

        _nowNs = nowNs;
        var work = Commands.Drain();
        var handler = new CommandHandler(_dispatcher, nowNs);
        work += _ring.Read(ref handler, CommandsPerCycle);
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

    /// <summary>An exception left one of the agents. Any of their threads.</summary>
    public void OnFailure(Exception exception)
    {
        LogError(ErrorCode.GenericError, $"{exception.GetType().Name}: {exception.Message}");
        _context.ErrorHandler?.Invoke(exception);
    }

    /// <summary>Writes to the error log. Any thread: errors are rare and may wait for each other.</summary>
    private void LogError(ErrorCode code, string message)
    {
        lock (_errorsLock)
        {
            _system.Errors.AddShared(1);
            _errors.Record((int)code, $"{code}: {message}", _clock.EpochMillis());
        }
    }

    private readonly struct CommandHandler(CommandDispatcher dispatcher, long nowNs) : IMessageHandler
    {
        public void OnMessage(int type, ReadOnlySpan<byte> body) => dispatcher.OnCommand(type, body, nowNs);
    }
}
