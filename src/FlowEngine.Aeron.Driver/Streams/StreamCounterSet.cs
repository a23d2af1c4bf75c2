using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver;

/// <summary>The counters of one stream: allocated one by one, freed together. Conductor's thread.</summary>
internal sealed class StreamCounterSet(CountersManager counters)
{
    private readonly List<int> _ids = [];

    /// <summary>The publication's, or the image's correlation id.</summary>
    public required long RegistrationId { get; init; }

    public required int SessionId { get; init; }

    public required int StreamId { get; init; }

    public required string Channel { get; init; }

    /// <summary>The client the stream is there for.</summary>
    public required long OwnerId { get; init; }

    /// <summary>Allocates one more.</summary>
    /// <exception cref="CommandException">There is no room.</exception>
    public AtomicCounter Add(int typeId, string name) => Add(typeId, name, OwnerId);

    /// <summary>Allocates one more that belongs to somebody else.</summary>
    /// <exception cref="CommandException">There is no room.</exception>
    public AtomicCounter Add(int typeId, string name, long ownerId)
    {
        var counter = StreamCounters.Allocate(
            counters, typeId, name, RegistrationId, SessionId, StreamId, Channel, ownerId);
        _ids.Add(counter.Id);
        return counter;
    }

    /// <summary>Frees all.</summary>
    public void Free()
    {
        _ids.ForEach(counters.Free);
        _ids.Clear();
    }
}
