namespace FlowEngine.Feeds.Readers.Flow;

/// <summary>
/// How a <c>.flow</c> file lies on disk, little-endian. A writer that was killed leaves it without its end: the frames
/// before are whole, each with its own checksum.
/// <code>
/// +----------+---------+------+    +--------+-------+-------------+     +-----+-------+-------+----------+
/// | FLOWCAP1 | version | 0    |    | length | crc32 | venuePacket | ... |  0  | crc32 | index | FLOWEND1 |
/// | 8 bytes  | u32     | u32  |    | u32    | u32   |             |     | u32 | u32   |       | 8 bytes  |
/// +----------+---------+------+    +--------+-------+-------------+     +-----+-------+-------+----------+
/// index: entries of (packet u64, capture time i64, offset u64), then packets u64, first time i64, last time i64,
///        entries u64, offset of the index u64; its checksum covers all of that
/// </code>
/// </summary>
internal static class FlowLayout
{
    public const int HeaderLength = 16;
    public const int FrameHeaderLength = 8;
    public const int EntryLength = 24;
    public const int TotalsLength = 40;
    public const int EndLength = 8;
    public const uint Version = 1;

    /// <summary>Packets between two entries of the index.</summary>
    public const int IndexInterval = 4096;

    public static ReadOnlySpan<byte> Magic => "FLOWCAP1"u8;

    public static ReadOnlySpan<byte> EndMagic => "FLOWEND1"u8;
}
