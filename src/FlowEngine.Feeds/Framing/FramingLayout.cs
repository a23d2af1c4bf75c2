namespace FlowEngine.Feeds.Framing;

/// <summary>
/// One framing in numbers. All of them are of one shape, with parts left out:
/// <code>
/// packet header | { frame header | SBE message } ...     or     packet header | run of SBE messages
/// </code>
/// </summary>
internal sealed record FramingLayout(FramingKind Kind, string Name, string Description)
{
    /// <summary>Bytes before the first frame; 0 where frames follow each other without more.</summary>
    public int PacketHeaderLength { get; init; }

    /// <summary>Bytes that every packet header has.</summary>
    public byte[] PacketSignature { get; init; } = [];

    /// <summary>Where they are.</summary>
    public int PacketSignatureOffset { get; init; }

    /// <summary>Bytes of the packet; without it a packet ends with its datagram.</summary>
    public WirePlace PacketLength { get; init; }

    /// <summary>What <see cref="PacketLength"/> leaves out.</summary>
    public int PacketLengthExcludes { get; init; }

    /// <summary>Whether a packet of a stream ends where the next one's signature is: nothing else tells.</summary>
    public bool EndsAtNextPacket { get; init; }

    /// <summary>The venue's number of the packet.</summary>
    public WirePlace Sequence { get; init; }

    /// <summary>The venue's channel.</summary>
    public WirePlace Channel { get; init; }

    /// <summary>Frames in the packet.</summary>
    public WirePlace FrameCount { get; init; }

    /// <summary>Whether only decoding a message tells where the next begins.</summary>
    public bool IsRun { get; init; }

    /// <summary>Bytes of the frame header before the SBE header.</summary>
    public int FrameHeaderLength { get; init; }

    /// <summary>Bytes of the frame.</summary>
    public WirePlace FrameLength { get; init; }

    /// <summary>What <see cref="FrameLength"/> leaves out.</summary>
    public int FrameLengthExcludes { get; init; }

    /// <summary>Bytes that every frame header has.</summary>
    public byte[] FrameSignature { get; init; } = [];

    /// <summary>Where they are.</summary>
    public int FrameSignatureOffset { get; init; }

    /// <summary>Whether a stream can be cut into its parts without decoding messages.</summary>
    public bool IsStream => PacketLength.Exists || (FrameLength.Exists && PacketHeaderLength == 0)
        || EndsAtNextPacket;
}
