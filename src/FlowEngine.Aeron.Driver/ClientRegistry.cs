using System.Buffers.Binary;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver;

/// <summary>Clients, their heartbeats and their counters. Conductor's thread.</summary>
internal sealed class ClientRegistry(CountersManager counters, ClientNotifier notifier, DriverStreams streams)
{
    private const int HeartbeatTypeId = 11;
    private const int NoOwner = -1;

    private readonly List<DriverClient> _clients = [];

    /// <summary>Number of live clients.</summary>
    public int Count => _clients.Count;

    /// <summary>The client of a command; a new one is registered and told so.</summary>
    /// <exception cref="CommandException">There is no counter for its heartbeat.</exception>
    public DriverClient Get(long clientId, long nowMs)
    {
        var client = _clients.Find(candidate => candidate.ClientId == clientId);
        if (client is not null)
        {
            return client;
        }

        Span<byte> key = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(key, clientId);
        var counterId = counters.Allocate(
            HeartbeatTypeId, key, $"client-heartbeat: id={clientId}", registrationId: clientId, ownerId: clientId);
        if (counterId == CounterLayout.NullCounterId)
        {
            throw new CommandException(ErrorCode.ResourceTemporarilyUnavailable, "no counter is free for the client");
        }

        client = new DriverClient(clientId, counters.Counter(counterId));
        client.Heartbeat.Set(nowMs);
        _clients.Add(client);
        notifier.CounterReady(clientId, counterId);
        return client;
    }

    public void AddCounter(DriverClient client, long registrationId, int typeId, ReadOnlySpan<byte> key, string label)
    {
        CheckType(typeId);
        if (client.Counters.ContainsKey(registrationId))
        {
            throw new CommandException(ErrorCode.GenericError, $"correlation id {registrationId} was used before");
        }

        var counterId = counters.Allocate(typeId, key, label, registrationId, client.ClientId);
        CheckAllocated(counterId);
        client.Counters.Add(registrationId, counterId);
        notifier.CounterReady(registrationId, counterId);
    }

    /// <summary>Adds a counter without an owner, or finds the one that is there.</summary>
    public void AddStaticCounter(
        long correlationId, long registrationId, int typeId, ReadOnlySpan<byte> key, string label)
    {
        CheckType(typeId);
        var counterId = counters.Reader.Find(typeId, registrationId);
        if (counterId == CounterLayout.NullCounterId)
        {
            counterId = counters.Allocate(typeId, key, label, registrationId, NoOwner);
            CheckAllocated(counterId);
        }
        else if (counters.Reader.OwnerId(counterId) != NoOwner)
        {
            throw new CommandException(
                ErrorCode.GenericError,
                $"counter of type {typeId} and registration {registrationId} belongs to a client");
        }

        notifier.StaticCounter(correlationId, counterId);
    }

    public bool TryRemoveCounter(DriverClient client, long correlationId, long registrationId)
    {
        if (!client.Counters.Remove(registrationId, out var counterId))
        {
            return false;
        }

        notifier.Success(correlationId);
        notifier.UnavailableCounter(registrationId, counterId);
        counters.Free(counterId);
        return true;
    }

    /// <summary>Releases what a client had, without a word to it.</summary>
    public void Close(long clientId)
    {
        var client = _clients.Find(candidate => candidate.ClientId == clientId);
        if (client is not null)
        {
            Release(client);
        }
    }

    /// <summary>Drops the clients that were silent for too long.</summary>
    /// <returns>How many.</returns>
    public int CheckLiveness(long nowMs, long timeoutMs)
    {
        var dropped = 0;
        for (var i = _clients.Count - 1; i >= 0; i--)
        {
            var client = _clients[i];
            if (nowMs - client.Heartbeat.Get() > timeoutMs)
            {
                dropped++;
                notifier.ClientTimeout(client.ClientId);
                Release(client);
            }
        }

        return dropped;
    }

    private void Release(DriverClient client)
    {
        _clients.Remove(client);
        streams.RemoveClient(client.ClientId);
        notifier.UnavailableCounter(client.ClientId, client.Heartbeat.Id);
        foreach (var (registrationId, counterId) in client.Counters)
        {
            notifier.UnavailableCounter(registrationId, counterId);
            counters.Free(counterId);
        }

        counters.Free(client.Heartbeat.Id);
    }

    private static void CheckType(int typeId)
    {
        if (typeId < 0)
        {
            throw new CommandException(ErrorCode.GenericError, $"counter type {typeId} is negative");
        }
    }

    private static void CheckAllocated(int counterId)
    {
        if (counterId == CounterLayout.NullCounterId)
        {
            throw new CommandException(ErrorCode.ResourceTemporarilyUnavailable, "no counter is free");
        }
    }
}
