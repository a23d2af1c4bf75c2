namespace FlowEngine.Aeron.Logs;

/// <summary>
/// The header of a data or padding frame, the same in a log buffer and on the wire, little endian:
/// <code>
///  0 frame length i32, header included, unaligned: 0 not written, negative claimed, positive committed
///  4 version u8 (0) | 5 flags u8 | 6 type u16
///  8 term offset i32 | 12 session id i32 | 16 stream id i32 | 20 term id i32
/// 24 reserved value i64 | 32 payload
/// </code>
/// </summary>
public static class DataFrame
{
    public const int HeaderLength = 32;

    /// <summary>Frames start at multiples of this.</summary>
    public const int Alignment = 32;

    public const int VersionOffset = 4;
    public const int FlagsOffset = 5;
    public const int TypeOffset = 6;
    public const int TermOffsetOffset = 8;
    public const int SessionIdOffset = 12;
    public const int StreamIdOffset = 16;
    public const int TermIdOffset = 20;
    public const int ReservedValueOffset = 24;

    /// <summary>First fragment of a message.</summary>
    public const byte BeginFlag = 0x80;

    /// <summary>Last fragment of a message.</summary>
    public const byte EndFlag = 0x40;

    /// <summary>A whole message.</summary>
    public const byte Unfragmented = BeginFlag | EndFlag;

    /// <summary>On heartbeats: the stream ends here.</summary>
    public const byte EndOfStreamFlag = 0x20;

    /// <summary>On heartbeats: the publisher took the stream away.</summary>
    public const byte RevokedFlag = 0x10;

    /// <summary>Filler: skipped by readers.</summary>
    public const ushort TypePadding = 0;

    /// <summary>Payload.</summary>
    public const ushort TypeData = 1;

    /// <summary>Bytes a frame of <paramref name="frameLength"/> takes in the log.</summary>
    public static int Align(int frameLength) => (frameLength + (Alignment - 1)) & -Alignment;
}
