using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver;

/// <summary>How far one subscription has read one stream, and whether that holds the stream back.</summary>
internal sealed class SubscriberPosition(DriverSubscription subscription, AtomicCounter position)
{
    public DriverSubscription Subscription { get; } = subscription;

    public AtomicCounter Position { get; } = position;

    public bool IsTether => Subscription.Parameters.IsTether;

    public SubscriberState State { get; private set; } = SubscriberState.Active;

    /// <summary>Untethered: when it was last within the window, or entered its state.</summary>
    public long SinceNs { get; set; }

    /// <summary>Whether the publisher waits for it.</summary>
    public bool IsCounted => State < SubscriberState.Resting;

    public void Enter(SubscriberState state, long nowNs)
    {
        State = state;
        SinceNs = nowNs;
    }
}

/// <summary>States of an untethered subscriber; tethered ones stay active.</summary>
internal enum SubscriberState
{
    /// <summary>Reading.</summary>
    Active,

    /// <summary>Too slow for too long: image taken away, position still counted.</summary>
    Linger,

    /// <summary>Not counted; joined again after the resting timeout.</summary>
    Resting,

    /// <summary>Not counted and never joined again, because the channel says <c>rejoin=false</c>.</summary>
    Closed,
}
