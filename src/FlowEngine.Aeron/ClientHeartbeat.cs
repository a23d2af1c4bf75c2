using FlowEngine.Aeron.Control;
using FlowEngine.Core.Counters;
using FlowEngine.Core.Time;

namespace FlowEngine.Aeron;

/// <summary>
/// Watches the driver's heartbeat and writes the client's own into its counter, which the driver makes on the
/// client's first command. Conductor's thread.
/// </summary>
internal sealed class ClientHeartbeat
{
    /// <summary>Type of the counter that holds a client's last sign of life.</summary>
    public const int CounterTypeId = 11;

    private const int NotFound = CounterLayout.NullCounterId;

    private readonly CncFile _cnc;
    private readonly long _clientId;
    private readonly IClock _clock;
    private readonly long _intervalNs;
    private readonly long _driverTimeoutMs;
    private readonly string _name;
    private int _counterId = NotFound;
    private long _lastNs;

    public ClientHeartbeat(CncFile cnc, long clientId, AeronContext context)
    {
        _cnc = cnc;
        _clientId = clientId;
        _clock = context.Clock;
        _intervalNs = context.KeepAliveIntervalNs;
        _driverTimeoutMs = context.DriverTimeoutNs / 1_000_000;
        _name = context.ClientName;
        _lastNs = _clock.NanoTime;
    }

    /// <summary>Checks and writes, once per keep-alive interval.</summary>
    /// <returns>Why the client must close, or null.</returns>
    public Exception? OnTimer(long nowNs)
    {
        if (nowNs - _lastNs < _intervalNs)
        {
            return null;
        }

        _lastNs = nowNs;
        var nowMs = _clock.EpochMillis();
        var age = _cnc.HeartbeatAgeMs(nowMs);
        if (age is null)
        {
            return new DriverTimeoutException("the driver has shut down");
        }

        if (age > _driverTimeoutMs)
        {
            return new DriverTimeoutException($"the driver was last heard of {age} ms ago");
        }

        return Beat(nowMs);
    }

    private ClientTimeoutException? Beat(long nowMs)
    {
        var counters = _cnc.Counters;
        if (_counterId == NotFound)
        {
            _counterId = counters.Find(CounterTypeId, _clientId);
            if (_counterId == NotFound)
            {
                return null;
            }

            counters.AppendToLabel(
                _counterId, $" name={_name} version={DriverVersion.Text} commit={DriverVersion.Commit}");
        }

        if (counters.State(_counterId) != CounterLayout.StateAllocated
            || counters.RegistrationId(_counterId) != _clientId)
        {
            return new ClientTimeoutException("the driver has dropped this client: its heartbeat counter is gone");
        }

        counters.Counter(_counterId).Set(nowMs);
        return null;
    }
}
