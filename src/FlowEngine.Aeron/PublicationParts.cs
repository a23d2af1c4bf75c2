using FlowEngine.Aeron.Logs;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron;

/// <summary>What the driver's answer tells about a publication, and its cold side.</summary>
internal sealed record PublicationParts(
    ClientConductor Conductor,
    string Channel,
    long RegistrationId,
    long OriginalRegistrationId,
    int SessionId,
    int StreamId,
    AtomicCounter Limit,
    int ChannelStatusId,
    LogBuffers Log)
{
    public long ChannelStatus(bool isClosed) =>
        isClosed ? Aeron.ChannelStatus.NoIdAllocated : Conductor.ChannelStatusOf(ChannelStatusId);

    public List<string> LocalSocketAddresses(bool isClosed) =>
        isClosed ? [] : Aeron.LocalSocketAddresses.Find(Conductor.Counters, ChannelStatusId);

    public long AddDestination(string channel, bool wait) =>
        Conductor.AddDestination(RegistrationId, channel, isReceive: false, wait);

    public long RemoveDestination(string channel, bool wait) =>
        Conductor.RemoveDestination(RegistrationId, channel, isReceive: false, wait);

    public long RemoveDestination(long destinationId, bool wait) =>
        Conductor.RemoveDestination(RegistrationId, destinationId, wait);
}
