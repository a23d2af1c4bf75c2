using System.Diagnostics.CodeAnalysis;

namespace FlowEngine.Aeron;

/// <summary>
/// What a client has open, and the images that linger. Under the conductor's lock, which handlers run under too.
/// </summary>
internal sealed class ClientResources(AeronContext context, ClientEvents events)
{
    private readonly List<(Image Image, long DeadlineNs)> _lingering = [];

    public Dictionary<long, Publication> Publications { get; } = [];

    public Dictionary<long, ExclusivePublication> ExclusivePublications { get; } = [];

    public Dictionary<long, Subscription> Subscriptions { get; } = [];

    public Dictionary<long, Counter> Counters { get; } = [];

    public LogCache Logs { get; } = new(context.PreTouchMappedMemory);

    /// <summary>The open resource of this kind and registration.</summary>
    public bool TryFind<T>(long registrationId, [NotNullWhen(true)] out T? resource)
    {
        object? found = null;
        if (typeof(T) == typeof(Publication))
        {
            found = Publications.GetValueOrDefault(registrationId);
        }
        else if (typeof(T) == typeof(ExclusivePublication))
        {
            found = ExclusivePublications.GetValueOrDefault(registrationId);
        }
        else if (typeof(T) == typeof(Subscription))
        {
            found = Subscriptions.GetValueOrDefault(registrationId);
        }
        else if (typeof(T) == typeof(Counter))
        {
            found = Counters.GetValueOrDefault(registrationId);
        }

        resource = (T?)found;
        return found is not null;
    }

    /// <summary>Whether a publication of this client is on the log that this registration created.</summary>
    public bool HasPublication(long originalRegistrationId) =>
        Publications.Values.Any(p => p.OriginalRegistrationId == originalRegistrationId)
        || ExclusivePublications.Values.Any(p => p.OriginalRegistrationId == originalRegistrationId);

    /// <summary>Tells of a failed endpoint, once for each resource that uses it.</summary>
    public void ReportEndpointError(int statusId, string message)
    {
        var users = Publications.Values.Count(p => p.ChannelStatusId == statusId)
            + ExclusivePublications.Values.Count(p => p.ChannelStatusId == statusId)
            + Subscriptions.Values.Count(s => s.ChannelStatusId == statusId);
        for (var i = 0; i < users; i++)
        {
            events.Report(new ChannelEndpointException(statusId, message));
        }
    }

    /// <summary>Closes everything: from now on nothing of this client touches shared memory that may go away.</summary>
    public void CloseAll()
    {
        foreach (var publication in Publications.Values)
        {
            publication.MarkClosed();
        }

        foreach (var publication in ExclusivePublications.Values)
        {
            publication.MarkClosed();
        }

        foreach (var counter in Counters.Values)
        {
            counter.MarkClosed();
        }

        Publications.Clear();
        ExclusivePublications.Clear();
        Counters.Clear();

        // A handler may close a subscription meanwhile.
        var subscriptions = Subscriptions.Values.ToArray();
        Subscriptions.Clear();
        foreach (var subscription in subscriptions)
        {
            CloseImages(subscription);
        }
    }

    public void AddImage(Subscription subscription, Image image)
    {
        subscription.Add(image);
        events.RaiseImage(subscription.OnAvailableImage, image);
    }

    public void RemoveImage(Subscription subscription, long imageId)
    {
        if (subscription.Remove(imageId) is { } image)
        {
            Linger(image);
            events.RaiseImage(subscription.OnUnavailableImage, image);
        }
    }

    public void CloseImages(Subscription subscription)
    {
        foreach (var image in subscription.MarkClosed())
        {
            Linger(image);
            events.RaiseImage(subscription.OnUnavailableImage, image);
        }
    }

    /// <summary>Unmaps the images that have lingered long enough and that no thread is in.</summary>
    /// <returns>How many.</returns>
    public int ReleaseLingering(long nowNs)
    {
        var released = _lingering.RemoveAll(entry => nowNs - entry.DeadlineNs >= 0 && entry.Image.TryRelease());
        if (released > 0)
        {
            Logs.Prune();
        }

        return released;
    }

    private void Linger(Image image)
    {
        image.Close();
        _lingering.Add((image, context.Clock.NanoTime + context.ResourceLingerNs));
    }
}
