using FlowEngine.Core;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>
/// Senders asked for a SETUP: once where data came without one, every second where <c>control</c> was given.
/// Receiver's thread.
/// </summary>
internal sealed class PendingSetups
{
    /// <summary>Sessions asked at a time: strangers can make up as many as they like.</summary>
    public const int MaxCount = 1024;

    private const long TimeoutNs = 1_000_000_000;

    // All of them wait equally long: the first is the next to expire.
    private readonly Queue<Once> _once = new(MaxCount);
    private readonly List<Periodic> _periodic = [];

    /// <summary>Whether one more may be asked.</summary>
    public bool HasRoom => _once.Count < MaxCount;

    /// <summary>Remembers that a session's sender was asked; after 1 s it may be asked again.</summary>
    public void Add(ReceiveEndpoint endpoint, int streamId, int sessionId, long nowNs) =>
        _once.Enqueue(new Once(endpoint, streamId, sessionId, nowNs));

    /// <summary>Asks the sender at a destination's control address now and every second from now on.</summary>
    public void AddPeriodic(ReceiveEndpoint endpoint, ReceiveDestination destination, long nowNs)
    {
        _periodic.Add(new Periodic(endpoint, destination) { LastNs = nowNs });
        endpoint.SendSetupRequest(destination, destination.ControlAddress, 0, 0);
    }

    public void Remove(ReceiveEndpoint endpoint)
    {
        _periodic.RemoveAll(entry => entry.Endpoint == endpoint);
        for (var count = _once.Count; count > 0; count--)
        {
            var entry = _once.Dequeue();
            if (entry.Endpoint != endpoint)
            {
                _once.Enqueue(entry);
            }
        }
    }

    public void Remove(ReceiveDestination destination) =>
        _periodic.RemoveAll(entry => entry.Destination == destination);

    /// <summary>Every duty cycle.</summary>
    [Hot]
    public int Poll(long nowNs)
    {
        var count = 0;
        while (_once.TryPeek(out var entry) && nowNs - entry.AskedNs > TimeoutNs)
        {
            _once.Dequeue();
            entry.Endpoint.Dispatcher.ForgetPendingSetup(entry.StreamId, entry.SessionId);
            count++;
        }

        foreach (var entry in _periodic)
        {
            if (nowNs - entry.LastNs > TimeoutNs && entry.Endpoint.Dispatcher.HasInterest)
            {
                entry.Endpoint.SendSetupRequest(entry.Destination, entry.Destination.ControlAddress, 0, 0);
                entry.LastNs = nowNs;
                count++;
            }
        }

        return count;
    }

    private readonly record struct Once(ReceiveEndpoint Endpoint, int StreamId, int SessionId, long AskedNs);

    private sealed class Periodic(ReceiveEndpoint endpoint, ReceiveDestination destination)
    {
        public ReceiveEndpoint Endpoint { get; } = endpoint;

        public ReceiveDestination Destination { get; } = destination;

        public long LastNs { get; set; }
    }
}
