using FlowEngine.Aeron.Logs;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron;

/// <summary>What the driver's answer tells about a publication.</summary>
internal sealed record PublicationParts(
    ClientConductor? Conductor,
    string Channel,
    long RegistrationId,
    long OriginalRegistrationId,
    int SessionId,
    int StreamId,
    AtomicCounter Limit,
    int ChannelStatusId,
    LogBuffers Log);
