using FlowEngine.Feeds.Framing;

namespace FlowEngine.Cli.Dump;

/// <summary>Where a message was found.</summary>
internal readonly record struct MessagePlace
{
    /// <summary>Number of the frame in the capture, from 1; 0 where the file is no capture.</summary>
    public long Packet { get; init; }

    /// <summary>When it was captured, nanoseconds since epoch; 0 where the file does not say.</summary>
    public long TimeNs { get; init; }

    /// <summary>Address and port it came from; null where the file is no capture.</summary>
    public string? Source { get; init; }

    /// <summary>Address and port it was sent to.</summary>
    public string? Destination { get; init; }

    /// <summary>Byte of the (uncompressed) capture where the frame's record begins.</summary>
    public long FileOffset { get; init; }

    /// <summary>What the venue's packet header says.</summary>
    public PacketFacts Facts { get; init; }

    /// <summary>Byte of the SBE header: in the datagram, in the TCP stream as captured, or in the file.</summary>
    public long Offset { get; init; }

    /// <summary>In words, for a message about a byte behind <see cref="Offset"/>.</summary>
    public string Words(long behind) => Packet > 0
        ? $"byte {FileOffset} (packet {Packet}), payload byte {Offset + behind}" : $"byte {Offset + behind}";
}
