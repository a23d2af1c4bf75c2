namespace FlowEngine.Aeron.Driver;

/// <summary>
/// The subscribers of one stream: the slowest and the fastest, and the life of untethered ones. Conductor's thread.
/// </summary>
internal sealed class Subscribers
{
    private readonly List<SubscriberPosition> _all = [];
    private bool _hasUntethered;

    /// <summary>All of them, counted or not.</summary>
    public IReadOnlyList<SubscriberPosition> All => _all;

    /// <summary>Whether one of them holds the stream back.</summary>
    public bool HasCounted
    {
        get
        {
            foreach (var subscriber in _all)
            {
                if (subscriber.IsCounted)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public void Add(SubscriberPosition subscriber, long nowNs)
    {
        subscriber.Enter(SubscriberState.Active, nowNs);
        _all.Add(subscriber);
        _hasUntethered |= !subscriber.IsTether;
    }

    /// <summary>Takes a subscription's position out.</summary>
    /// <returns>The position, whose counter is to be freed, or null.</returns>
    public SubscriberPosition? Remove(DriverSubscription subscription)
    {
        var subscriber = _all.Find(candidate => candidate.Subscription == subscription);
        if (subscriber is not null)
        {
            _all.Remove(subscriber);
        }

        return subscriber;
    }

    public void Clear() => _all.Clear();

    /// <summary>
    /// Positions of the slowest and the fastest of those that count; both <paramref name="none"/> if none does.
    /// </summary>
    /// <returns>Whether one counts.</returns>
    public bool TryRange(long none, out long min, out long max)
    {
        min = long.MaxValue;
        max = long.MinValue;
        foreach (var subscriber in _all)
        {
            if (subscriber.IsCounted)
            {
                // Pairs with the release of the position in Image.
                var position = subscriber.Position.Get();
                min = Math.Min(min, position);
                max = Math.Max(max, position);
            }
        }

        if (min != long.MaxValue)
        {
            return true;
        }

        min = none;
        max = none;
        return false;
    }

    /// <summary>
    /// Lets go of untethered subscribers that are too slow, and takes them up again. Every duty cycle.
    /// </summary>
    /// <param name="stream">Whose subscribers these are.</param>
    /// <param name="max">Position of the fastest.</param>
    /// <param name="window">Bytes a subscriber may be behind.</param>
    /// <param name="joinPosition">Where one that is taken up again starts.</param>
    /// <param name="nowNs">Time of the duty cycle.</param>
    /// <param name="events">Told which images come and go.</param>
    /// <returns>Whether one changed its state: counted ones may be others now.</returns>
    public bool UpdateUntethered(
        IDriverStream stream, long max, long window, long joinPosition, long nowNs, IImageEvents events)
    {
        if (!_hasUntethered)
        {
            return false;
        }

        var changed = false;
        var windowLimit = max - window + (window / 4);
        foreach (var subscriber in _all)
        {
            changed |= !subscriber.IsTether && Update(subscriber, stream, windowLimit, joinPosition, nowNs, events);
        }

        return changed;
    }

    /// <summary>Takes the image away from all that have it.</summary>
    public void TellUnavailable(IDriverStream stream, IImageEvents events)
    {
        foreach (var subscriber in _all)
        {
            if (subscriber.State == SubscriberState.Active)
            {
                events.OnUnavailable(stream, subscriber);
            }
        }
    }

    private static bool Update(
        SubscriberPosition subscriber,
        IDriverStream stream,
        long windowLimit,
        long joinPosition,
        long nowNs,
        IImageEvents events)
    {
        var parameters = subscriber.Subscription.Parameters;
        switch (subscriber.State)
        {
            case SubscriberState.Active:
                if (subscriber.Position.Get() > windowLimit)
                {
                    subscriber.SinceNs = nowNs;
                }
                else if (nowNs - subscriber.SinceNs > parameters.UntetheredWindowLimitNs)
                {
                    subscriber.Enter(SubscriberState.Linger, nowNs);
                    events.OnUnavailable(stream, subscriber);
                    return true;
                }

                return false;

            case SubscriberState.Linger:
                if (nowNs - subscriber.SinceNs <= parameters.UntetheredLingerNs)
                {
                    return false;
                }

                subscriber.Enter(parameters.IsRejoin ? SubscriberState.Resting : SubscriberState.Closed, nowNs);
                return true;

            case SubscriberState.Resting:
                if (nowNs - subscriber.SinceNs <= parameters.UntetheredRestingNs)
                {
                    return false;
                }

                subscriber.Position.Set(joinPosition);
                subscriber.Enter(SubscriberState.Active, nowNs);
                events.OnAvailable(stream, subscriber);
                return true;

            default:
                return false;
        }
    }
}
