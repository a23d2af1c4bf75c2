using FlowEngine.Core.Counters;

namespace FlowEngine.Aeron.Driver;

/// <summary>
/// What the streams of every media share: counters, logs, ids, and the way to clients. Conductor's thread.
/// </summary>
internal sealed class StreamServices
{
    public StreamServices(
        MediaDriverContext context,
        CountersManager counters,
        SystemCounters system,
        ClientNotifier notifier,
        Action<ErrorCode, string> logError)
    {
        Context = context;
        Counters = counters;
        System = system;
        Notifier = notifier;
        LogError = logError;
        Logs = new LogFactory(context);
        Random = context.Seed is { } seed ? new Random(seed) : new Random();
        SessionIds = new SessionIds(Random, context.ReservedSessionIdLow, context.ReservedSessionIdHigh);
    }

    public MediaDriverContext Context { get; }

    public CountersManager Counters { get; }

    public SystemCounters System { get; }

    public ClientNotifier Notifier { get; }

    /// <summary>Writes to the error log; any thread.</summary>
    public Action<ErrorCode, string> LogError { get; }

    public LogFactory Logs { get; }

    public Random Random { get; }

    public SessionIds SessionIds { get; }

    /// <summary>A random term id to start a stream with.</summary>
    public int NextInitialTermId() => Random.Next(int.MinValue, int.MaxValue);

    /// <summary>The session id a new publication asks for, or the next that is free.</summary>
    /// <exception cref="CommandException">The one asked for is in use.</exception>
    public int ResolveSessionId(int streamId, PublicationParameters parameters, Func<int, bool> isInUse)
    {
        if (parameters.SessionId is not { } sessionId)
        {
            return SessionIds.Next(isInUse);
        }

        return isInUse(sessionId)
            ? throw new CommandException(
                ErrorCode.InvalidChannel, $"session-id {sessionId} is in use on stream {streamId}: {parameters.Uri}")
            : sessionId;
    }

    /// <summary>Checks what a channel asks against the stream that is there already.</summary>
    /// <exception cref="CommandException">They differ.</exception>
    public static void RequireSame(
        PublicationParameters asked, PublicationParameters existing, int sessionId, int initialTermId)
    {
        RequireSame(asked, "session-id", asked.SessionId ?? sessionId, sessionId);
        RequireSame(asked, "mtu", asked.MtuLength, existing.MtuLength);
        RequireSame(asked, "term-length", asked.TermLength, existing.TermLength);
        if (asked.Start is { } start)
        {
            RequireSame(asked, "init-term-id", start.InitialTermId, initialTermId);
            RequireSame(asked, "term-id", start.TermId, existing.Start?.TermId ?? initialTermId);
            RequireSame(asked, "term-offset", start.TermOffset, existing.Start?.TermOffset ?? 0);
        }
    }

    /// <summary>Gives a subscription its position in a stream and tells its client.</summary>
    /// <exception cref="CommandException">There is no counter for it.</exception>
    public SubscriberPosition Join(DriverSubscription subscription, IDriverStream stream, long joinPosition)
    {
        var position = StreamCounters.Allocate(
            Counters,
            StreamCounters.SubscriberPositionTypeId,
            "sub-pos",
            subscription.RegistrationId,
            stream.SessionId,
            stream.StreamId,
            subscription.Channel,
            subscription.ClientId,
            stream.ImageId,
            $" @{joinPosition}");
        position.Set(joinPosition);
        return new SubscriberPosition(subscription, position);
    }

    /// <summary>Frees a position's counter.</summary>
    public void Free(SubscriberPosition subscriber) => Counters.Free(subscriber.Position.Id);

    private static void RequireSame(PublicationParameters parameters, string key, int asked, int existing)
    {
        // What the channel leaves open is taken as the existing stream has it.
        if (parameters.Uri[key] is not null && asked != existing)
        {
            throw new CommandException(
                ErrorCode.InvalidChannel, $"existing publication has {key}={existing}, not {asked}: {parameters.Uri}");
        }
    }
}
