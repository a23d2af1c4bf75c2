using FlowEngine.Aeron.Driver.Receiving;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// Images of UDP streams: made when a stream sets itself up, freed when all have let go. Conductor's thread.
/// </summary>
internal sealed class NetworkImages(
    StreamServices services,
    NetworkSubscriptions subscriptions,
    ReceiveChannels channels,
    Receiver receiver,
    LossReport lossReport,
    Func<long> nextCorrelationId,
    IImageEvents events)
{
    private readonly MediaDriverContext _context = services.Context;
    private readonly List<Entry> _images = [];

    /// <summary>The image of a correlation id, or null.</summary>
    public PublicationImage? Find(long imageId) => _images.Find(entry => entry.Image.ImageId == imageId)?.Image;

    /// <summary>Makes an image of a stream that has set itself up, if somebody still wants it.</summary>
    public void Create(in ImageRequest request)
    {
        try
        {
            if (TryCreate(request))
            {
                return;
            }
        }
        catch (CommandException exception)
        {
            services.LogError(exception.Code, $"no image of {request.SourceAddress}: {exception.Message}");
        }
        catch (IOException exception)
        {
            services.LogError(
                ErrorCode.StorageSpace, $"no image of {request.SourceAddress}: {exception.Message}");
        }

        var (endpoint, setup) = (request.Endpoint, request.Setup);
        receiver.Commands.Post(() => endpoint.AbandonSetup(setup.SessionId, setup.StreamId));
    }

    /// <summary>Gives a new subscription the images of its endpoint.</summary>
    public void Link(NetworkSubscription subscription, long nowNs)
    {
        foreach (var entry in _images)
        {
            var image = entry.Image;
            if (entry.Channel == subscription.Channel
                && image.IsAcceptingSubscriptions
                && subscription.Link.Matches(image.StreamId, image.SessionId))
            {
                Link(subscription, image, image.JoinPosition, nowNs);
            }
        }
    }

    /// <summary>A subscription leaves all its images.</summary>
    public void Unlink(NetworkSubscription subscription)
    {
        foreach (var entry in _images)
        {
            if (entry.Image.Unlink(subscription.Link) is { } subscriber)
            {
                services.Free(subscriber);
            }
        }
    }

    public int TrackRebuild(long nowNs)
    {
        var work = 0;
        foreach (var entry in _images)
        {
            work += entry.Image.TrackRebuild(nowNs, events);
        }

        return work;
    }

    public void OnTimer(long nowNs)
    {
        for (var i = _images.Count - 1; i >= 0; i--)
        {
            var entry = _images[i];
            if (entry.Image.OnTimer(nowNs, events))
            {
                LetGo(entry);
            }

            if (entry.Image is { State: ImageState.Done, IsReleasedByReceiver: true })
            {
                _images.RemoveAt(i);
                Free(entry);
            }
        }
    }

    /// <summary>Deletes all logs; the receiver has stopped.</summary>
    public void Close()
    {
        _images.ForEach(Delete);
        _images.Clear();
    }

    private bool TryCreate(in ImageRequest request)
    {
        var setup = request.Setup;
        var channel = channels.Find(request.Endpoint);
        if (channel is null || channel.IsClosing)
        {
            return false;
        }

        var takers = subscriptions.FindTakers(channel, setup.StreamId, setup.SessionId);
        if (takers.Count == 0)
        {
            return false;
        }

        RequireMtu(channel, setup);
        var nowNs = _context.Clock.NanoTime;
        var correlationId = nextCorrelationId();
        var first = takers[0].Link;
        var counters = new StreamCounterSet(services.Counters)
        {
            RegistrationId = correlationId,
            SessionId = setup.SessionId,
            StreamId = setup.StreamId,
            Channel = first.Channel,
            OwnerId = first.ClientId,
        };
        PublicationImage image;
        try
        {
            image = Create(request, channel, takers, counters, nowNs);
        }
        catch (Exception)
        {
            counters.Free();
            throw;
        }

        channel.Images++;
        _images.Add(new Entry(image, channel, takers[0].Link.Parameters.IsRejoin));
        services.System.BytesMapped.Add(image.LogLength);
        var join = image.RebuildPosition;
        foreach (var taker in takers)
        {
            Link(taker, image, join, nowNs);
        }

        var endpoint = request.Endpoint;
        receiver.Commands.Post(() => receiver.Add(endpoint, image));
        return true;
    }

    private PublicationImage Create(
        in ImageRequest request,
        ReceiveChannel channel,
        List<NetworkSubscription> takers,
        StreamCounterSet counters,
        long nowNs)
    {
        var setup = request.Setup;
        var first = takers[0].Link.Parameters;
        var isGroup = first.IsGroup
            ?? (channel.Channel.IsMulticast || (setup.Flags & SetupFrame.GroupFlag) != 0);
        var congestion = new CongestionParts
        {
            Context = _context,
            Uri = channel.Channel.Uri,
            ReceiverWindowLength = channel.Channel.ReceiverWindowLength,
            TermLength = setup.TermLength,
            MtuLength = setup.MtuLength,
            CorrelationId = counters.RegistrationId,
            SessionId = setup.SessionId,
            StreamId = setup.StreamId,
            NowNs = nowNs,
        }.Create(services.Counters);
        LogBuffers? log = null;
        try
        {
            var hwm = counters.Add(StreamCounters.ReceiverHwmTypeId, "rcv-hwm");
            var position = counters.Add(StreamCounters.ReceiverPositionTypeId, "rcv-pos");
            var naksSent = counters.Add(StreamCounters.ReceiverNaksSentTypeId, "rcv-naks-sent");
            log = CreateLog(setup, channel, first, isGroup, counters.RegistrationId);
            return new PublicationImage(new PublicationImageParts
            {
                Context = _context,
                System = services.System,
                Log = log,
                Endpoint = request.Endpoint,
                Destination = request.Destination,
                Setup = setup,
                ControlAddress = request.ControlAddress,
                SourceAddress = request.SourceAddress,
                CorrelationId = counters.RegistrationId,
                HighWaterMark = hwm,
                Position = position,
                NaksSent = naksSent,
                CongestionControl = congestion,
                LossReport = lossReport,
                IsReliable = first.IsReliable,
                IsGroup = isGroup,
                NowNs = nowNs,
            });
        }
        catch (Exception)
        {
            congestion.Free(services.Counters);
            if (log is not null)
            {
                log.Dispose();
                File.Delete(log.Path);
            }

            throw;
        }
    }

    private LogBuffers CreateLog(
        in SetupFrame setup, ReceiveChannel channel, SubscriptionParameters first, bool isGroup, long correlationId) =>
        services.Logs.CreateImage(new ImageLog
        {
            CorrelationId = correlationId,
            SessionId = setup.SessionId,
            StreamId = setup.StreamId,
            InitialTermId = setup.InitialTermId,
            TermLength = setup.TermLength,
            MtuLength = setup.MtuLength,
            WindowLength = channel.Channel.ReceiverWindowLength ?? _context.InitialWindowLength,
            IsGroup = isGroup,
            IsReliable = first.IsReliable,
            IsSparse = first.IsSparse,
            Channel = channel.Channel,
            Parameters = channel.Parameters,
        });

    private void RequireMtu(ReceiveChannel channel, in SetupFrame setup)
    {
        var window = channel.Channel.ReceiverWindowLength ?? _context.InitialWindowLength;
        if (setup.MtuLength > window)
        {
            throw new CommandException(
                ErrorCode.InvalidChannel,
                $"sender's mtu {setup.MtuLength} is larger than the receiver window {window}: {channel.Channel.Uri}");
        }
    }

    private void Link(NetworkSubscription subscription, PublicationImage image, long joinPosition, long nowNs)
    {
        var subscriber = services.Join(subscription.Link, image, joinPosition);
        image.Link(subscriber, nowNs);
        events.OnAvailable(image, subscriber);
    }

    /// <summary>Subscribers have lost it: the receiver need not have it any more.</summary>
    private void LetGo(Entry entry)
    {
        var image = entry.Image;
        receiver.Commands.Post(() =>
        {
            receiver.Remove(image, () => image.IsReleasedByReceiver = true);
            if (entry.IsRejoin)
            {
                image.Endpoint.RemoveCoolDown(image.SessionId, image.StreamId);
            }
        });
    }

    private void Free(Entry entry)
    {
        foreach (var subscriber in entry.Image.Subscribers.All)
        {
            services.Free(subscriber);
        }

        services.System.BytesMapped.Add(-entry.Image.LogLength);
        Delete(entry);
        entry.Channel.Images--;
        channels.CloseIfUnused(entry.Channel);
    }

    private void Delete(Entry entry)
    {
        try
        {
            entry.Image.Free(services.Counters);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            services.System.FailedFrees.Increment();
            services.LogError(
                ErrorCode.GenericError, $"cannot delete {entry.Image.LogPath}: {exception.Message}");
        }
    }

    private sealed record Entry(PublicationImage Image, ReceiveChannel Channel, bool IsRejoin);
}
