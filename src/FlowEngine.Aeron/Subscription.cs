using FlowEngine.Core;

namespace FlowEngine.Aeron;

/// <summary>The receiving end of a stream: one <see cref="Image"/> for each publisher. Polled by one thread.</summary>
public sealed class Subscription : IDisposable
{
    private readonly ClientConductor _conductor;
    private volatile Image[] _images = [];
    private volatile bool _isClosed;
    private PaddedInt _next;

    internal Subscription(
        ClientConductor conductor,
        string channel,
        int streamId,
        long registrationId,
        Action<Image>? onAvailableImage,
        Action<Image>? onUnavailableImage)
    {
        _conductor = conductor;
        Channel = channel;
        StreamId = streamId;
        RegistrationId = registrationId;
        OnAvailableImage = onAvailableImage;
        OnUnavailableImage = onUnavailableImage;
    }

    /// <summary>Channel as it was asked for.</summary>
    public string Channel { get; }

    /// <summary>Stream id.</summary>
    public int StreamId { get; }

    /// <summary>Id of this registration.</summary>
    public long RegistrationId { get; }

    /// <summary>Whether the subscription delivers no more.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>Whether there is a publisher.</summary>
    public bool IsConnected => _images.Length > 0;

    /// <summary>Whether there is no publisher.</summary>
    public bool HasNoImages => _images.Length == 0;

    /// <summary>Number of publishers.</summary>
    public int ImageCount => _images.Length;

    /// <summary>The images as they are now.</summary>
    public IReadOnlyList<Image> Images => _images;

    /// <summary>One of <see cref="Aeron.ChannelStatus"/>.</summary>
    public long ChannelStatus =>
        _isClosed ? Aeron.ChannelStatus.NoIdAllocated : _conductor.ChannelStatusOf(ChannelStatusId);

    /// <summary>Id of the counter of <see cref="ChannelStatus"/>, or -1 for IPC and spies.</summary>
    public int ChannelStatusId { get; internal set; } = (int)Aeron.ChannelStatus.NoIdAllocated;

    /// <summary>Addresses and ports the channel's sockets are bound to; none for IPC. O(counters).</summary>
    public IReadOnlyList<string> LocalSocketAddresses =>
        _isClosed ? [] : Aeron.LocalSocketAddresses.Find(_conductor.Counters, ChannelStatusId);

    internal Action<Image>? OnAvailableImage { get; }

    internal Action<Image>? OnUnavailableImage { get; }

    /// <summary>The image of a session, or null. O(images).</summary>
    public Image? ImageBySession(int sessionId)
    {
        foreach (var image in _images)
        {
            if (image.SessionId == sessionId)
            {
                return image;
            }
        }

        return null;
    }

    /// <summary>Polls the images in turn, starting with another one each time.</summary>
    /// <param name="handler">Takes the fragments; a struct is inlined.</param>
    /// <param name="fragmentLimit">Most fragments to hand over.</param>
    /// <returns>Fragments handed over.</returns>
    [Hot]
    public int Poll<THandler>(ref THandler handler, int fragmentLimit)
        where THandler : IFragmentHandler, allows ref struct
    {
        var images = _images;
        var first = NextStart(images.Length);
        var fragments = 0;
        for (var i = first; i < images.Length && fragments < fragmentLimit; i++)
        {
            fragments += images[i].Poll(ref handler, fragmentLimit - fragments);
        }

        for (var i = 0; i < first && fragments < fragmentLimit; i++)
        {
            fragments += images[i].Poll(ref handler, fragmentLimit - fragments);
        }

        return fragments;
    }

    /// <summary>Like <see cref="Poll"/>, with a handler that says after each fragment how to go on.</summary>
    [Hot]
    public int ControlledPoll<THandler>(ref THandler handler, int fragmentLimit)
        where THandler : IControlledFragmentHandler, allows ref struct
    {
        var images = _images;
        var first = NextStart(images.Length);
        var fragments = 0;
        for (var i = first; i < images.Length && fragments < fragmentLimit; i++)
        {
            fragments += images[i].ControlledPoll(ref handler, fragmentLimit - fragments);
        }

        for (var i = 0; i < first && fragments < fragmentLimit; i++)
        {
            fragments += images[i].ControlledPoll(ref handler, fragmentLimit - fragments);
        }

        return fragments;
    }

    /// <summary>Polls each image for one block of whole frames.</summary>
    /// <param name="handler">Takes the blocks.</param>
    /// <param name="blockLengthLimit">Most bytes of a block.</param>
    /// <returns>Bytes handed over.</returns>
    [Hot]
    public long BlockPoll<THandler>(ref THandler handler, int blockLengthLimit)
        where THandler : IBlockHandler, allows ref struct
    {
        long bytes = 0;
        foreach (var image in _images)
        {
            bytes += image.BlockPoll(ref handler, blockLengthLimit);
        }

        return bytes;
    }

    /// <summary>Polls each image for one block of whole frames, with the file it is in.</summary>
    /// <returns>Bytes handed over.</returns>
    public long RawPoll<THandler>(ref THandler handler, int blockLengthLimit)
        where THandler : IRawBlockHandler, allows ref struct
    {
        long bytes = 0;
        foreach (var image in _images)
        {
            bytes += image.RawPoll(ref handler, blockLengthLimit);
        }

        return bytes;
    }

    /// <summary>
    /// The channel with the port the driver picked in place of port 0; null while that is not known, the channel as it
    /// is if its port was given.
    /// </summary>
    public string? TryResolveChannelEndpointPort()
    {
        var uri = ChannelUri.Parse(Channel);
        if (uri["endpoint"] is not { } endpoint || !endpoint.EndsWith(":0", StringComparison.Ordinal))
        {
            return Channel;
        }

        // With several, as of destinations, there is no one answer.
        return LocalSocketAddresses is not [var bound]
            ? null
            : uri.With("endpoint", endpoint[..^1] + bound[(bound.LastIndexOf(':') + 1)..]).Text;
    }

    /// <summary>
    /// A publisher's channel, made one that asks for answers on this subscription, whose control mode is response.
    /// </summary>
    public string RequestChannel(string channel) =>
        ChannelUri.Parse(channel).With("response-correlation-id", $"{RegistrationId}").Text;

    /// <summary>Adds a source to a channel with <c>control-mode=manual</c>, and waits for the driver.</summary>
    /// <returns>Id of the command.</returns>
    /// <exception cref="RegistrationException">The driver refused.</exception>
    public long AddDestination(string channel) =>
        _conductor.AddDestination(RegistrationId, channel, isReceive: true, wait: true);

    /// <summary>Removes a source, and waits for the driver.</summary>
    public void RemoveDestination(string channel) =>
        _conductor.RemoveDestination(RegistrationId, channel, isReceive: true, wait: true);

    /// <summary>
    /// Asks for a source. The id is for <see cref="AeronClient.IsCommandDone"/>.
    /// </summary>
    public long AsyncAddDestination(string channel) =>
        _conductor.AddDestination(RegistrationId, channel, isReceive: true, wait: false);

    /// <summary>Asks for a source to be removed; the id is for <see cref="AeronClient.IsCommandDone"/>.</summary>
    public long AsyncRemoveDestination(string channel) =>
        _conductor.RemoveDestination(RegistrationId, channel, isReceive: true, wait: false);

    /// <summary>Closes the subscription and its images.</summary>
    public void Dispose() => _conductor.Close(this);

    internal void Add(Image image) => _images = [.. _images, image];

    internal Image? Remove(long correlationId)
    {
        var image = Array.Find(_images, candidate => candidate.CorrelationId == correlationId);
        if (image is not null)
        {
            _images = Array.FindAll(_images, candidate => candidate != image);
        }

        return image;
    }

    internal Image[] MarkClosed()
    {
        _isClosed = true;
        var images = _images;
        _images = [];
        return images;
    }

    private int NextStart(int count)
    {
        var start = _next.Value++;
        if (start < count)
        {
            return start;
        }

        _next.Value = 1;
        return 0;
    }
}
