using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Driver.Receiving;

namespace FlowEngine.Aeron.Driver;

/// <summary>Subscriptions to UDP streams, and what each wants of its endpoint. Conductor's thread.</summary>
internal sealed class NetworkSubscriptions(ReceiveChannels channels, Receiver receiver)
{
    private readonly List<NetworkSubscription> _subscriptions = [];

    public bool Contains(long registrationId) => _subscriptions.Exists(s => s.Link.RegistrationId == registrationId);

    /// <summary>Ids of a client's subscriptions.</summary>
    public long[] OfClient(long clientId) =>
        [.. _subscriptions.Where(s => s.Link.ClientId == clientId).Select(s => s.Link.RegistrationId)];

    /// <summary>Who takes a session of a stream of an endpoint, oldest first.</summary>
    public List<NetworkSubscription> FindTakers(ReceiveChannel channel, int streamId, int sessionId) =>
        _subscriptions.FindAll(s => s.Channel == channel && s.Link.Matches(streamId, sessionId));

    /// <summary>A subscription by its id, or null.</summary>
    public NetworkSubscription? Find(long registrationId) =>
        _subscriptions.Find(s => s.Link.RegistrationId == registrationId);

    /// <summary>Adds one, with its endpoint if there is none to share.</summary>
    /// <exception cref="CommandException">Its options contradict those of another, or the channel is
    /// invalid.</exception>
    public NetworkSubscription Add(DriverSubscription link, UdpChannel channel)
    {
        channel.RequireSubscription();
        if (channels.Find(channel) is { } existing)
        {
            RequireSameOptions(link, existing);
        }

        var receiveChannel = channels.Get(channel, link.Parameters, link.RegistrationId);
        var subscription = new NetworkSubscription(link, receiveChannel);
        _subscriptions.Add(subscription);
        if (link.AwaitsResponse)
        {
            receiveChannel.ResponseWaiters++;
        }
        else
        {
            AddInterest(subscription);
        }

        return subscription;
    }

    /// <summary>Removes one; the endpoint goes with the last.</summary>
    /// <returns>What was removed, or null.</returns>
    public NetworkSubscription? Remove(long registrationId)
    {
        var subscription = Find(registrationId);
        if (subscription is null)
        {
            return null;
        }

        _subscriptions.Remove(subscription);
        var (link, channel) = (subscription.Link, subscription.Channel);
        if (link.AwaitsResponse)
        {
            channel.ResponseWaiters--;
        }
        else if (channel.RemoveInterest(link.StreamId, link.SessionId))
        {
            receiver.Commands.Post(() => channel.Endpoint.RemoveInterest(link.StreamId, link.SessionId));
        }

        return subscription;
    }

    /// <summary>The sender of a request has heard which session answers it.</summary>
    public void OnResponseSetup(long registrationId, int sessionId)
    {
        if (Find(registrationId) is not { } subscription)
        {
            return;
        }

        var (link, channel) = (subscription.Link, subscription.Channel);
        if (link.AwaitsResponse)
        {
            link.TakeResponseSession(sessionId);
            AddInterest(subscription);
            channel.ResponseWaiters--;
        }
        else if (link.SessionId is { } known)
        {
            receiver.Commands.Post(() => channel.Endpoint.RequestSetup(link.StreamId, known));
        }
    }

    private void AddInterest(NetworkSubscription subscription)
    {
        var (link, channel) = (subscription.Link, subscription.Channel);
        if (channel.AddInterest(link.StreamId, link.SessionId))
        {
            receiver.Commands.Post(() => channel.Endpoint.AddInterest(link.StreamId, link.SessionId));
        }
    }

    private void RequireSameOptions(DriverSubscription asked, ReceiveChannel channel)
    {
        var existing = _subscriptions.Find(
            s => s.Channel == channel
                && s.Link.StreamId == asked.StreamId
                && s.Link.SessionId == asked.SessionId)?.Link;
        if (existing is null)
        {
            return;
        }

        var (mine, theirs) = (asked.Parameters, existing.Parameters);
        var conflict = mine.IsReliable != theirs.IsReliable ? "reliable"
            : mine.IsRejoin != theirs.IsRejoin ? "rejoin"
            : mine.IsResponse != theirs.IsResponse ? "control-mode"
            : null;
        if (conflict is not null)
        {
            throw new CommandException(
                ErrorCode.InvalidChannel,
                $"option conflicts with existing subscription: {conflict} of {existing.Channel}: {asked.Channel}");
        }
    }
}
