namespace FlowEngine.Aeron;

/// <summary>
/// What a client has open, and the images that linger. Under the conductor's lock, which image handlers run under too.
/// </summary>
internal sealed class ClientResources(AeronContext context)
{
    private readonly List<(Image Image, long DeadlineNs)> _lingering = [];

    public Dictionary<long, Publication> Publications { get; } = [];

    public Dictionary<long, ExclusivePublication> ExclusivePublications { get; } = [];

    public Dictionary<long, Subscription> Subscriptions { get; } = [];

    public Dictionary<long, Counter> Counters { get; } = [];

    /// <summary>Whether a handler of the user's is running.</summary>
    public bool IsInHandler { get; private set; }

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
        Handle(subscription.OnAvailableImage, image);
    }

    public void RemoveImage(Subscription subscription, long imageId)
    {
        if (subscription.Remove(imageId) is { } image)
        {
            Linger(image);
            Handle(subscription.OnUnavailableImage, image);
        }
    }

    public void CloseImages(Subscription subscription)
    {
        foreach (var image in subscription.MarkClosed())
        {
            Linger(image);
            Handle(subscription.OnUnavailableImage, image);
        }
    }

    /// <summary>Unmaps the images that have lingered long enough and that no thread is in.</summary>
    /// <returns>How many.</returns>
    public int ReleaseLingering(long nowNs) =>
        _lingering.RemoveAll(entry => nowNs - entry.DeadlineNs >= 0 && entry.Image.TryRelease());

    public void Report(Exception exception) => context.ErrorHandler?.Invoke(exception);

    private void Linger(Image image)
    {
        image.Close();
        _lingering.Add((image, context.Clock.NanoTime + context.ResourceLingerNs));
    }

    private void Handle(Action<Image>? handler, Image image)
    {
        if (handler is null)
        {
            return;
        }

        var wasInHandler = IsInHandler;
        IsInHandler = true;
        try
        {
            handler(image);
        }
        catch (Exception exception)
        {
            Report(exception);
        }
        finally
        {
            IsInHandler = wasInHandler;
        }
    }
}
