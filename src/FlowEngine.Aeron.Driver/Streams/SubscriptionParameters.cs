namespace FlowEngine.Aeron.Driver;

/// <summary>What a subscription's channel asks for besides where, completed by the driver's defaults.</summary>
internal sealed record SubscriptionParameters
{
    public required ChannelUri Uri { get; init; }

    /// <summary>The one session wanted; null takes all.</summary>
    public int? SessionId { get; init; }

    /// <summary>Whether publishers wait for it.</summary>
    public required bool IsTether { get; init; }

    /// <summary>Whether it takes a stream up again that it had lost.</summary>
    public required bool IsRejoin { get; init; }

    /// <summary>Whether loss is repaired; otherwise it is filled with padding.</summary>
    public required bool IsReliable { get; init; }

    /// <summary>Whether its images' logs take memory only where they are written.</summary>
    public required bool IsSparse { get; init; }

    /// <summary>Whether the stream goes to a group; null leaves it to the sender.</summary>
    public bool? IsGroup { get; init; }

    /// <summary>Whether it takes only the session that answers a publication of its client.</summary>
    public bool IsResponse { get; init; }

    public required long UntetheredWindowLimitNs { get; init; }

    public required long UntetheredLingerNs { get; init; }

    public required long UntetheredRestingNs { get; init; }

    /// <summary>Reads them from a channel.</summary>
    /// <exception cref="CommandException">A value is malformed.</exception>
    public static SubscriptionParameters Resolve(ChannelUri uri, MediaDriverContext context)
    {
        try
        {
            return ResolveTimeouts(uri, context) with { SessionId = uri.Int32("session-id") };
        }
        catch (FormatException exception)
        {
            throw new CommandException(ErrorCode.InvalidChannel, exception.Message);
        }
    }

    /// <summary>The same without the session id, which means something else to a publication.</summary>
    /// <exception cref="FormatException">A value is malformed.</exception>
    public static SubscriptionParameters ResolveTimeouts(ChannelUri uri, MediaDriverContext context)
    {
        var windowLimitNs = uri.DurationNs("untethered-window-limit-timeout") ?? context.UntetheredWindowLimitTimeoutNs;
        return new SubscriptionParameters
        {
            Uri = uri,
            IsTether = uri.Bool("tether") ?? true,
            IsRejoin = uri.Bool("rejoin") ?? true,
            IsReliable = uri.Bool("reliable") ?? true,
            IsSparse = uri.Bool("sparse") ?? context.TermBufferSparse,
            IsGroup = uri["group"] is null or "infer" ? null : uri.Bool("group"),
            IsResponse = uri["control-mode"] == "response",
            UntetheredWindowLimitNs = windowLimitNs,
            UntetheredLingerNs =
                uri.DurationNs("untethered-linger-timeout") ?? context.UntetheredLingerTimeoutNs ?? windowLimitNs,
            UntetheredRestingNs = uri.DurationNs("untethered-resting-timeout") ?? context.UntetheredRestingTimeoutNs,
        };
    }
}
