namespace FlowEngine.Feeds.Captures;

/// <summary>One captured frame. Dead after the next read.</summary>
internal readonly ref struct CapturedFrame
{
    public CapturedFrame(LinkType link, long timeNs, ReadOnlySpan<byte> bytes, bool isWhole, long offset)
    {
        Offset = offset;
        Link = link;
        TimeNs = timeNs;
        Bytes = bytes;
        IsWhole = isWhole;
    }

    /// <summary>What the bytes begin with.</summary>
    public LinkType Link { get; }

    /// <summary>Byte of the (uncompressed) capture where its record begins.</summary>
    public long Offset { get; }

    /// <summary>Nanoseconds since epoch; 0 where the block has no time.</summary>
    public long TimeNs { get; }

    /// <summary>The frame as captured.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>False when the capture kept only the start of the frame.</summary>
    public bool IsWhole { get; }
}

/// <summary>Frames of one file format, in file order.</summary>
internal abstract class FrameSource
{
    /// <summary>Most bytes of one frame: more is a corrupt length.</summary>
    protected const int MaxFrameLength = 1024 * 1024;

    /// <summary>Whether the file ended inside its last record.</summary>
    public bool IsCutOff { get; protected set; }

    /// <summary>Records passed over because their type is none that holds frames.</summary>
    public long SkippedBlocks { get; protected set; }

    /// <summary>Reads the next frame.</summary>
    /// <returns>False at the end of the file.</returns>
    /// <exception cref="CaptureException">The file is corrupt here.</exception>
    public abstract bool TryRead(out CapturedFrame frame);

    /// <summary>After a <see cref="CaptureException"/>: passes over bytes until records seem to follow again.</summary>
    /// <returns>False when none do.</returns>
    public abstract bool TryResume();
}
