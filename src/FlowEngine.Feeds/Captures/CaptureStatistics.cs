namespace FlowEngine.Feeds.Captures;

/// <summary>What became of the frames of a capture so far: every frame is counted in exactly one of these.</summary>
public sealed record CaptureStatistics
{
    /// <summary>UDP datagrams handed out.</summary>
    public long Datagrams { get; internal set; }

    /// <summary>Frames of other protocols.</summary>
    public long OtherFrames { get; internal set; }

    /// <summary>Fragments of larger datagrams, left out: they are not put together.</summary>
    public long Fragments { get; internal set; }

    /// <summary>
    /// Datagrams of which the capture kept only the start, and the file's last packet where the file ends in it.
    /// </summary>
    public long Truncated { get; internal set; }

    /// <summary>Frames whose headers contradict themselves.</summary>
    public long Malformed { get; internal set; }

    /// <summary>Frames of link types that are not read here.</summary>
    public long UnknownLinks { get; internal set; }

    /// <summary>pcapng blocks that hold no frames (names, statistics, comments).</summary>
    public long SkippedBlocks { get; internal set; }
}
