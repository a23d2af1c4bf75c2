using FlowEngine.Aeron;

namespace FlowEngine.Cli.Frame;

/// <summary>Where a command finds its media driver and its streams, as the user gave it or by default.</summary>
internal sealed record AeronOptions
{
    /// <summary>Channel of both streams unless the user names others.</summary>
    public const string DefaultChannel = "aeron:ipc";

    /// <summary>Stream of the venue packets.</summary>
    public const int DefaultFeedStream = 1001;

    /// <summary>Stream of the signals.</summary>
    public const int DefaultSignalStream = 2001;

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

    /// <summary>
    /// The directory named by the user, or where Aeron's tools look: <c>AERON_DIR</c>, else <c>/dev/shm/aeron-user</c>.
    /// </summary>
    public string DirectoryOrDefault => Directory ?? AeronContext.DefaultDirectory;

    /// <summary>
    /// The signal channel for an observer: untethered, so that a stalled observer never holds anybody back.
    /// </summary>
    public string ObserverSignalChannel
    {
        get
        {
            var channel = ChannelUri.Parse(SignalChannel);
            return channel["tether"] is null ? channel.With("tether", "false").ToString() : SignalChannel;
        }
    }
}
