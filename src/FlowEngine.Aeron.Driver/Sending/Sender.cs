using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Core;
using FlowEngine.Core.Agents;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>
/// Sends what publications have, each in its turn, and hears what receivers answer. Its sockets are polled when there
/// is nothing to send, every few cycles, or when they were not polled for long.
/// </summary>
internal sealed class Sender : IAgent, IDisposable
{
    private const long CycleThresholdNs = 100_000_000;
    private const int ReceiveBatch = 4;

    private readonly Action<ErrorCode, string> _logError;
    private readonly CommandQueue _conductor;
    private readonly DatagramBatch _batch = new(ReceiveBatch);
    private readonly List<SendEndpoint> _endpoints = [];
    private readonly List<PublicationSender> _publications = [];
    private readonly AtomicCounter _bytesSent;
    private readonly AtomicCounter _shortSends;
    private readonly AtomicCounter _maxCycle;
    private readonly AtomicCounter _exceeded;
    private readonly int _pollRatio;
    private readonly long _pollTimeoutNs;
    private readonly long _reResolutionIntervalNs;
    private int _first;
    private int _cycles;
    private long _nextPollNs;
    private long _nextReResolutionNs;
    private long _lastCycleNs;
    private bool _hasStarted;

    /// <param name="context">Settings.</param>
    /// <param name="system">The driver's counters.</param>
    /// <param name="logError">Records and counts errors of the network; safe on this thread.</param>
    /// <param name="conductor">Where the releases of what was removed are posted.</param>
    public Sender(
        MediaDriverContext context, SystemCounters system, Action<ErrorCode, string> logError, CommandQueue conductor)
    {
        _logError = logError;
        _conductor = conductor;
        _pollRatio = context.SendToStatusPollRatio;
        _pollTimeoutNs = context.StatusMessageTimeoutNs / 2;
        _reResolutionIntervalNs = context.ReResolutionCheckIntervalNs;
        _bytesSent = system[SystemCounter.BytesSent];
        _shortSends = system[SystemCounter.ShortSends];
        _maxCycle = system[SystemCounter.SenderMaxCycle];
        _exceeded = system[SystemCounter.SenderExceeded];
    }

    /// <inheritdoc/>
    public string Name => "sender";

    /// <summary>What the conductor asks for. Any thread posts; the rest of the members are called in it.</summary>
    public CommandQueue Commands { get; } = new();

    public void Add(SendEndpoint endpoint) => _endpoints.Add(endpoint);

    /// <summary>Polls an endpoint no more, then posts <paramref name="released"/> to the conductor.</summary>
    public void Remove(SendEndpoint endpoint, Action released)
    {
        _endpoints.Remove(endpoint);
        _conductor.Post(released);
    }

    public void Add(NetworkPublication publication)
    {
        _publications.Add(publication.Sender);
        publication.Endpoint.Add(publication.Sender);
    }

    /// <summary>Sends nothing of it any more, then posts <paramref name="released"/> to the conductor.</summary>
    public void Remove(NetworkPublication publication, Action released)
    {
        _publications.Remove(publication.Sender);
        publication.Endpoint.Remove(publication.Sender);
        _conductor.Post(released);
    }

    /// <inheritdoc/>
    [Hot]
    public int DoWork(long nowNs)
    {
        MeasureCycle(nowNs);
        var work = Commands.Drain();
        var shortSends = _shortSends.Get();
        var sent = SendAll(nowNs);
        var received = 0;
        if (sent == 0 || ++_cycles >= _pollRatio || nowNs - _nextPollNs > 0 || _shortSends.Get() != shortSends)
        {
            _cycles = 0;
            _nextPollNs = nowNs + _pollTimeoutNs;
            received = PollAll(nowNs);
        }

        if (_reResolutionIntervalNs > 0 && nowNs - _nextReResolutionNs > 0)
        {
            _nextReResolutionNs = nowNs + _reResolutionIntervalNs;
            foreach (var endpoint in _endpoints)
            {
                endpoint.CheckForReResolution(nowNs);
            }
        }

        return work + sent + received;
    }

    /// <summary>Frees the receive buffer. After the last duty cycle.</summary>
    public void Dispose() => _batch.Dispose();

    private int SendAll(long nowNs)
    {
        var count = _publications.Count;
        _first = _first + 1 >= count ? 0 : _first + 1;
        var bytes = 0;
        for (var i = 0; i < count; i++)
        {
            var index = _first + i;
            bytes += Send(_publications[index < count ? index : index - count], nowNs);
        }

        if (bytes > 0)
        {
            _bytesSent.Add(bytes);
        }

        return bytes;
    }

    private int Send(PublicationSender publication, long nowNs)
    {
        try
        {
            return publication.Send(nowNs);
        }
        catch (Exception exception) when (IsOfNetwork(exception))
        {
            OnError($"cannot send stream {publication.StreamId} of session {publication.SessionId}", exception);
            return 0;
        }
    }

    private int PollAll(long nowNs)
    {
        var bytes = 0;
        foreach (var endpoint in _endpoints)
        {
            try
            {
                bytes += endpoint.Poll(_batch, nowNs);
            }
            catch (Exception exception) when (IsOfNetwork(exception))
            {
                OnError($"cannot receive on {endpoint.LocalAddress}", exception);
            }
        }

        return bytes;
    }

    private static bool IsOfNetwork(Exception exception) =>
        exception is CommandException or IOException or System.Net.Sockets.SocketException;

    private void OnError(string what, Exception exception)
    {
        _logError(ErrorCode.GenericError, $"{what}: {exception.Message}");
    }

    /// <summary>The time between the starts of two cycles: also what another agent on the thread takes.</summary>
    private void MeasureCycle(long nowNs)
    {
        if (_hasStarted)
        {
            var cycleNs = nowNs - _lastCycleNs;
            _maxCycle.ProposeMax(cycleNs);
            if (cycleNs > CycleThresholdNs)
            {
                _exceeded.Increment();
            }
        }
        else
        {
            _hasStarted = true;
            _nextReResolutionNs = nowNs + _reResolutionIntervalNs;
        }

        _lastCycleNs = nowNs;
    }
}
