namespace FlowEngine.Feeds;

/// <summary>Venue packets one after the other, each with the time at which it is due.</summary>
public interface IPacketSource
{
    /// <summary>Most bytes that one packet takes.</summary>
    int MaxPacketLength { get; }

    /// <summary>Writes the next packet as a whole <c>venuePacket</c> message.</summary>
    /// <param name="buffer">At least <see cref="MaxPacketLength"/> bytes.</param>
    /// <param name="dueTimeOffsetNs">Nanoseconds after the first packet at which this one is due; never goes
    /// back.</param>
    /// <returns>Bytes written; 0 when there are no more packets.</returns>
    int NextPacket(Span<byte> buffer, out long dueTimeOffsetNs);
}
