namespace FlowEngine.Feeds.Captures;

/// <summary>What a captured frame carries.</summary>
public enum SegmentKind
{
    /// <summary>Nothing that is read here; <see cref="CapturedSegment.Payload"/> is empty.</summary>
    Other,

    /// <summary>A UDP datagram.</summary>
    Udp,

    /// <summary>A TCP segment.</summary>
    Tcp,
}

/// <summary>One frame of a capture with what it carries over UDP or TCP. Its spans die with the next read.</summary>
public readonly ref struct CapturedSegment
{
    internal CapturedSegment(
        FrameContent content, scoped in CapturedFrame frame, scoped in TransportSegment transport)
    {
        Kind = content switch
        {
            FrameContent.Udp or FrameContent.CutUdp => SegmentKind.Udp,
            FrameContent.Tcp or FrameContent.CutTcp => SegmentKind.Tcp,
            _ => SegmentKind.Other,
        };
        IsWhole = content is not (FrameContent.CutUdp or FrameContent.CutTcp or FrameContent.Malformed);
        IsFragment = content == FrameContent.Fragment;
        FileOffset = frame.Offset;
        CaptureTimeNs = frame.TimeNs;
        if (Kind == SegmentKind.Other)
        {
            return;
        }

        SourceAddress = transport.SourceAddress;
        SourcePort = transport.SourcePort;
        DestinationAddress = transport.DestinationAddress;
        DestinationPort = transport.DestinationPort;
        Sequence = transport.Sequence;
        IsSyn = transport.IsSyn;
        Payload = transport.Payload;
    }

    /// <summary>What it is.</summary>
    public SegmentKind Kind { get; }

    /// <summary>False when the capture kept only its start, or its headers contradict themselves.</summary>
    public bool IsWhole { get; }

    /// <summary>Whether it is part of a larger datagram; those are not put together.</summary>
    public bool IsFragment { get; }

    /// <summary>Byte of the (uncompressed) capture where the frame's record begins.</summary>
    public long FileOffset { get; }

    /// <summary>When it was captured, nanoseconds since epoch; 0 where the file does not say.</summary>
    public long CaptureTimeNs { get; }

    /// <summary>4 or 16 bytes in network order.</summary>
    public ReadOnlySpan<byte> SourceAddress { get; }

    /// <summary>Port it came from.</summary>
    public ushort SourcePort { get; }

    /// <summary>4 or 16 bytes in network order.</summary>
    public ReadOnlySpan<byte> DestinationAddress { get; }

    /// <summary>Port it was sent to.</summary>
    public ushort DestinationPort { get; }

    /// <summary>TCP: the number of the first byte of <see cref="Payload"/>.</summary>
    public uint Sequence { get; }

    /// <summary>TCP: whether it begins a connection.</summary>
    public bool IsSyn { get; }

    /// <summary>What it carries, as far as captured.</summary>
    public ReadOnlySpan<byte> Payload { get; }
}
