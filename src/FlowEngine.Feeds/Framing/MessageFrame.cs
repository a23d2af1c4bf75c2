namespace FlowEngine.Feeds.Framing;

/// <summary>Where a message lies, or a run of messages.</summary>
/// <param name="Offset">Byte of the SBE header, from the start of the bytes that were framed.</param>
/// <param name="Length">Bytes of the message with any padding behind it, or of the run.</param>
/// <param name="IsRun">Whether several messages may lie there, each as long as decoding says.</param>
/// <param name="Packet">What the packet around it says about itself.</param>
public readonly record struct MessageFrame(int Offset, int Length, bool IsRun, PacketFacts Packet);

/// <summary>What a venue's packet header says; null where the framing says no such thing.</summary>
/// <param name="Channel">The venue's channel.</param>
/// <param name="Sequence">The venue's number of the packet.</param>
public readonly record struct PacketFacts(long? Channel, ulong? Sequence);
