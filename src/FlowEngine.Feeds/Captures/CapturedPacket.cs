namespace FlowEngine.Feeds.Captures;

/// <summary>One UDP datagram of a capture. Its spans die with the next read.</summary>
public readonly ref struct CapturedPacket
{
    internal CapturedPacket(
        long captureTimeNs, ReadOnlySpan<byte> destinationAddress, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        CaptureTimeNs = captureTimeNs;
        DestinationAddress = destinationAddress;
        DestinationPort = destinationPort;
        Payload = payload;
    }

    /// <summary>When it was captured, nanoseconds since epoch; 0 where the file does not say.</summary>
    public long CaptureTimeNs { get; }

    /// <summary>IP address it was sent to: 4 or 16 bytes in network order.</summary>
    public ReadOnlySpan<byte> DestinationAddress { get; }

    /// <summary>UDP port it was sent to.</summary>
    public ushort DestinationPort { get; }

    /// <summary>What it carries.</summary>
    public ReadOnlySpan<byte> Payload { get; }
}
