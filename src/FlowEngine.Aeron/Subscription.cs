using FlowEngine.Core;

namespace FlowEngine.Aeron;

/// <summary>The receiving end of a stream: one <see cref="Image"/> for each publisher. Polled by one thread.</summary>
public sealed class Subscription : IDisposable
{
    private readonly ClientConductor? _conductor;
    private volatile Image[] _images = [];
    private volatile bool _isClosed;
    private int _next;

    internal Subscription(
        ClientConductor? conductor,
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

    /// <summary>Number of publishers.</summary>
    public int ImageCount => _images.Length;

    /// <summary>The images as they are now.</summary>
    public IReadOnlyList<Image> Images => _images;

    internal Action<Image>? OnAvailableImage { get; }

    internal Action<Image>? OnUnavailableImage { get; }

    /// <summary>The image of a session, or null.</summary>
    public Image? ImageBySession(int sessionId) => Array.Find(_images, image => image.SessionId == sessionId);

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

    /// <summary>Closes the subscription and its images.</summary>
    public void Dispose() => _conductor?.Close(this);

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
        var start = _next++;
        if (start < count)
        {
            return start;
        }

        _next = 1;
        return 0;
    }
}
