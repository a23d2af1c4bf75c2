using FlowEngine.Aeron;

namespace FlowEngine.Cli.Frame;

/// <summary>Where a command finds its media driver and its streams, as the user gave it or by default.</summary>
internal sealed record AeronOptions
{
    /// <summary>Channel of all streams unless the user names others.</summary>
    public const string DefaultChannel = "aeron:ipc";

    /// <summary>Stream of the venue packets.</summary>
    public const int DefaultFeedStream = 1001;

    /// <summary>Stream of the signals.</summary>
    public const int DefaultSignalStream = 2001;

    /// <summary>Stream of the pre-trade questions.</summary>
    public const int DefaultRequestStream = 2003;

    /// <summary>Stream of their answers.</summary>
    public const int DefaultAnswerStream = 2004;

    /// <summary>Directory of the media driver; null when the user named none.</summary>
    public string? Directory { get; init; }

    /// <summary>Channel of the venue packets.</summary>
    public string FeedChannel { get; init; } = DefaultChannel;

    /// <summary>Stream of the venue packets.</summary>
    public int FeedStream { get; init; } = DefaultFeedStream;

    /// <summary>Channel of the signals.</summary>
    public string SignalChannel { get; init; } = DefaultChannel;

    /// <summary>Stream of the signals.</summary>
    public int SignalStream { get; init; } = DefaultSignalStream;

    /// <summary>Channel of the pre-trade questions.</summary>
    public string RequestChannel { get; init; } = DefaultChannel;

    /// <summary>Stream of the pre-trade questions.</summary>
    public int RequestStream { get; init; } = DefaultRequestStream;

    /// <summary>Channel of their answers.</summary>
    public string AnswerChannel { get; init; } = DefaultChannel;

    /// <summary>Stream of their answers.</summary>
    public int AnswerStream { get; init; } = DefaultAnswerStream;

    /// <summary>
    /// The directory named by the user, or where Aeron's tools look: <c>AERON_DIR</c>, else <c>/dev/shm/aeron-user</c>.
    /// </summary>
    public string DirectoryOrDefault => Directory ?? AeronContext.DefaultDirectory;

    /// <summary>The signal channel for an observer.</summary>
    public string ObserverSignalChannel => ObserverOf(SignalChannel);

    /// <summary>
    /// A channel for an observer: untethered, and let go soon after it stalls, while a quarter of the window is still
    /// free, so that it never holds anybody back (Aeron's defaults would let it for ten seconds); joined again a second
    /// later.
    /// </summary>
    public static string ObserverOf(string signalChannel)
    {
        var channel = ChannelUri.Parse(signalChannel);
        return channel["tether"] is not null
            ? signalChannel
            : channel
                .With("tether", "false")
                .With("untethered-window-limit-timeout", "100ms")
                .With("untethered-linger-timeout", "100ms")
                .With("untethered-resting-timeout", "1s")
                .ToString();
    }
}
