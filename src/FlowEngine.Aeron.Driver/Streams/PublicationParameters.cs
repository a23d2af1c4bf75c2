using FlowEngine.Aeron.Logs;

namespace FlowEngine.Aeron.Driver;

/// <summary>What a publication's channel asks for, of whatever media, completed by the driver's defaults.</summary>
internal sealed record PublicationParameters
{
    /// <summary>No correlation id, no tag.</summary>
    public const long None = -1;

    /// <summary>Response correlation id of a publication that only stands for the response streams to come.</summary>
    public const long Prototype = -2;

    private const int MaxMtuLength = 65504;
    private const int MaxMaxResend = 256;

    public required ChannelUri Uri { get; init; }

    public required int TermLength { get; init; }

    public required int MtuLength { get; init; }

    public required int WindowLength { get; init; }

    public int? SessionId { get; init; }

    /// <summary>Where the stream starts, if the channel says so.</summary>
    public (int InitialTermId, int TermId, int TermOffset)? Start { get; init; }

    public required long LingerNs { get; init; }

    public required bool IsSparse { get; init; }

    public required bool SignalsEos { get; init; }

    /// <summary>Whether spies alone make it connected.</summary>
    public bool SpiesSimulateConnection { get; init; }

    /// <summary>Retransmissions under way to a group; 0 takes the driver's.</summary>
    public int MaxResend { get; init; }

    /// <summary>Second of the channel's tags, by which another publication can take this one's session id.</summary>
    public long EntityTag { get; init; } = None;

    /// <summary>The image answered, or the subscription that wants answers; see <see cref="IsResponse"/>.</summary>
    public long ResponseCorrelationId { get; init; } = None;

    /// <summary>Whether it answers an image's sender.</summary>
    public bool IsResponse { get; init; }

    /// <summary>The same channel as a subscription reads it.</summary>
    public required SubscriptionParameters Subscription { get; init; }

    public static bool IsMtu(int length) =>
        length is > DataFrame.HeaderLength and <= MaxMtuLength && length % DataFrame.Alignment == 0;

    /// <summary>Reads and checks them.</summary>
    /// <param name="uri">The channel.</param>
    /// <param name="context">Defaults.</param>
    /// <param name="findTagged">The publication with an entity tag, for <c>session-id=tag:N</c>.</param>
    /// <exception cref="CommandException">A value is invalid.</exception>
    public static PublicationParameters Resolve(
        ChannelUri uri, MediaDriverContext context, Func<long, TaggedSession?> findTagged)
    {
        try
        {
            return ResolveChecked(uri, context, findTagged);
        }
        catch (FormatException exception)
        {
            throw new CommandException(ErrorCode.InvalidChannel, exception.Message);
        }
    }

    private static PublicationParameters ResolveChecked(
        ChannelUri uri, MediaDriverContext context, Func<long, TaggedSession?> findTagged)
    {
        var tagged = ResolveTagged(uri, findTagged);
        var isUdp = uri.Media == ChannelUri.Udp;
        var isResponse = uri["control-mode"] == "response";
        var responseCorrelationId = uri["response-correlation-id"] == "prototype"
            ? Prototype
            : uri.Int64("response-correlation-id") ?? None;
        var termLength = uri.Size("term-length")
            ?? tagged?.TermLength
            ?? (isUdp ? context.TermBufferLength : context.IpcTermBufferLength);
        if (isResponse && responseCorrelationId == Prototype)
        {
            // Nothing is ever sent on it: it costs as little as a log can.
            termLength = LogBufferDescriptor.MinTermLength;
        }

        Require(
            termLength <= int.MaxValue && LogBufferDescriptor.IsTermLength((int)termLength),
            uri,
            $"term-length {termLength} is not a power of two from 64k to 1g");
        var mtu = uri.Size("mtu") ?? tagged?.MtuLength ?? (isUdp ? context.MtuLength : context.IpcMtuLength);
        Require(mtu <= int.MaxValue && IsMtu((int)mtu), uri, $"mtu {mtu} is not a multiple of 32 from 64 to 65504");
        var window = uri.Size("pub-wnd")
            ?? (isUdp ? context.PublicationWindowLength : context.IpcPublicationWindowLength);
        Require(
            window == 0 || (window >= mtu && (uri["pub-wnd"] is null || window <= termLength / 2)),
            uri,
            $"pub-wnd {window} is not between the mtu {mtu} and half the term length {termLength}");
        var maxResend = uri.Int32("max-resend") ?? 0;
        Require(
            uri["max-resend"] is null || maxResend is > 0 and <= MaxMaxResend,
            uri,
            $"max-resend {maxResend} is not from 1 to {MaxMaxResend}");
        return new PublicationParameters
        {
            Uri = uri,
            TermLength = (int)termLength,
            MtuLength = (int)mtu,
            WindowLength = (int)(window == 0 ? termLength / 2 : Math.Min(window, termLength / 2)),
            SessionId = tagged is null ? uri.Int32("session-id") : tagged.Value.SessionId,
            Start = ResolveStart(uri, (int)termLength),
            LingerNs = uri.DurationNs("linger") ?? context.PublicationLingerTimeoutNs,
            IsSparse = uri.Bool("sparse") ?? context.TermBufferSparse,
            SignalsEos = uri.Bool("eos") ?? true,
            SpiesSimulateConnection = uri.Bool("ssc") ?? context.SpiesSimulateConnection,
            MaxResend = maxResend,
            EntityTag = ResolveEntityTag(uri),
            ResponseCorrelationId = responseCorrelationId,
            IsResponse = isResponse,
            Subscription = SubscriptionParameters.ResolveTimeouts(uri, context),
        };
    }

    private static TaggedSession? ResolveTagged(ChannelUri uri, Func<long, TaggedSession?> findTagged)
    {
        const string Prefix = "tag:";
        if (uri["session-id"] is not { } text || !text.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        Require(long.TryParse(text.AsSpan(Prefix.Length), out var tag), uri, $"session-id {text} has no valid tag");
        var tagged = findTagged(tag);
        Require(tagged is not null, uri, $"session-id {text} must refer to a network publication with that tag");
        return tagged;
    }

    private static long ResolveEntityTag(ChannelUri uri)
    {
        if (uri["tags"]?.Split(',') is not { Length: > 1 } tags || tags[1].Length == 0)
        {
            return None;
        }

        Require(long.TryParse(tags[1], out var tag), uri, $"entity tag {tags[1]} is no integer");
        return tag;
    }

    private static (int InitialTermId, int TermId, int TermOffset)? ResolveStart(ChannelUri uri, int termLength)
    {
        var initialTermId = uri.Int32("init-term-id");
        var termId = uri.Int32("term-id");
        var termOffset = uri.Int32("term-offset");
        if (initialTermId is null && termId is null && termOffset is null)
        {
            return null;
        }

        Require(
            initialTermId is not null && termId is not null && termOffset is not null,
            uri,
            "init-term-id, term-id and term-offset come all three or not at all");
        Require(
            termOffset >= 0 && termOffset <= termLength && termOffset % DataFrame.Alignment == 0,
            uri,
            $"term-offset {termOffset} is not a multiple of 32 within the term of {termLength}");
        var termCount = unchecked(termId!.Value - initialTermId!.Value);
        Require(termCount >= 0, uri, $"term-id {termId} lies before init-term-id");
        return (initialTermId.Value, termId.Value, termOffset!.Value);
    }

    private static void Require(bool holds, ChannelUri uri, string message)
    {
        if (!holds)
        {
            throw new CommandException(ErrorCode.InvalidChannel, $"{message}: {uri}");
        }
    }
}

/// <summary>What a publication takes over from the one whose tag it names.</summary>
internal readonly record struct TaggedSession(int SessionId, int MtuLength, int TermLength);
