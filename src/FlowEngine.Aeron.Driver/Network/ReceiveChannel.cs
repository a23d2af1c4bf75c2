using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Driver.Receiving;
using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// A receive endpoint as the conductor keeps it: with its counters, its destinations and who uses it.
/// </summary>
internal sealed class ReceiveChannel(ReceiveEndpoint endpoint, AtomicCounter status, SubscriptionParameters parameters)
{
    private readonly Dictionary<(int StreamId, int? SessionId), int> _interests = [];

    public ReceiveEndpoint Endpoint { get; } = endpoint;

    public UdpChannel Channel => Endpoint.Channel;

    /// <summary>Its channel as a subscription reads it.</summary>
    public SubscriptionParameters Parameters { get; } = parameters;

    /// <summary>State of the channel, for clients.</summary>
    public AtomicCounter Status { get; } = status;

    /// <summary>Its sockets, each with the id of the counter that shows its address.</summary>
    public List<(ReceiveDestination Destination, int CounterId)> Destinations { get; } = [];

    /// <summary>Response subscriptions that do not know their session yet.</summary>
    public int ResponseWaiters { get; set; }

    /// <summary>Images received through it.</summary>
    public int Images { get; set; }

    /// <summary>Whether the receiver is letting go of it.</summary>
    public bool IsClosing { get; set; }

    /// <summary>Whether nobody needs it any more.</summary>
    public bool IsUnused => _interests.Count == 0 && ResponseWaiters == 0 && Images == 0;

    /// <summary>One more subscription wants this.</summary>
    /// <returns>Whether it is the first: the receiver is to know.</returns>
    public bool AddInterest(int streamId, int? sessionId)
    {
        var count = _interests.GetValueOrDefault((streamId, sessionId));
        _interests[(streamId, sessionId)] = count + 1;
        return count == 0;
    }

    /// <summary>One subscription less wants this.</summary>
    /// <returns>Whether it was the last: the receiver is to know.</returns>
    public bool RemoveInterest(int streamId, int? sessionId)
    {
        var count = _interests.GetValueOrDefault((streamId, sessionId));
        if (count > 1)
        {
            _interests[(streamId, sessionId)] = count - 1;
            return false;
        }

        return _interests.Remove((streamId, sessionId));
    }
}
