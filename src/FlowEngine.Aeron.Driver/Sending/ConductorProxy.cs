using FlowEngine.Aeron.Driver.Media;

namespace FlowEngine.Aeron.Driver.Sending;

/// <summary>
/// The conductor as the sender sees it: each call is posted to its queue and answered, if at all, by a command of the
/// conductor's own. Cold: allocates.
/// </summary>
internal sealed class ConductorProxy(CommandQueue conductor, ISendEvents events)
{
    public void OnPublicationError(PublicationError error) => conductor.Post(() => events.OnPublicationError(error));

    public void OnResponseSetup(long responseCorrelationId, int responseSessionId) =>
        conductor.Post(() => events.OnResponseSetup(responseCorrelationId, responseSessionId));

    public void OnResponseConnected(long responseCorrelationId) =>
        conductor.Post(() => events.OnResponseConnected(responseCorrelationId));

    public void OnReResolve(SendEndpoint endpoint, UdpChannel channel, UdpAddress address) =>
        conductor.Post(() => events.OnReResolve(endpoint, channel, address));
}
