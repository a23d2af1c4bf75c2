using System.Numerics;
using FlowEngine.Core.Memory;

namespace FlowEngine.Aeron.Logs;

/// <summary>
/// Layout and arithmetic of a log buffer file: three terms of the same length, then one page of metadata at the end.
/// <code>
/// | term 0 | term 1 | term 2 | (gap if pages are larger than 4 KiB) | metadata, 4096 B |
///
/// metadata:  0 raw tails i64 x 3 (term id in the high half, offset in the low)  24 active term count i32
///          128 end of stream position i64 | 136 is connected i32 | 140 active transports i32
///          256 correlation id i64 | 264 initial term id i32 | 268 header length i32 | 272 MTU i32
///          276 term length i32 | 280 page size i32 | 284 publication window i32
///          288 receiver window i32 | 292.. socket buffers i32 x 6
///          316 max resend i32 | 320 default frame header, 128 B | 448 entity tag i64 | 456 response correlation id i64
///          464 linger ns i64 | 472 untethered window limit ns i64 | 480 untethered resting ns i64
///          488 group, is response, rejoin, reliable, sparse, signal eos, spies simulate connection, tether: u8 each
///          496 is revoked u8 | 497 type u8 | 500 untethered linger ns i64, unaligned
/// </code>
/// </summary>
public static class LogBufferDescriptor
{
    public const int PartitionCount = 3;
    public const int MetadataLength = 4096;
    public const int MinTermLength = 64 * 1024;
    public const int MaxTermLength = 1024 * 1024 * 1024;
    public const int MaxMessageLengthLimit = 16 * 1024 * 1024;

    public const int TailsOffset = 0;
    public const int ActiveTermCountOffset = 24;
    public const int EndOfStreamPositionOffset = 128;
    public const int IsConnectedOffset = 136;
    public const int ActiveTransportCountOffset = 140;
    public const int CorrelationIdOffset = 256;
    public const int InitialTermIdOffset = 264;
    public const int HeaderLengthOffset = 268;
    public const int MtuLengthOffset = 272;
    public const int TermLengthOffset = 276;
    public const int PageSizeOffset = 280;
    public const int PublicationWindowLengthOffset = 284;
    public const int ReceiverWindowLengthOffset = 288;
    public const int SendBufferLengthOffset = 292;
    public const int OsDefaultSendBufferLengthOffset = 296;
    public const int OsMaxSendBufferLengthOffset = 300;
    public const int ReceiveBufferLengthOffset = 304;
    public const int OsDefaultReceiveBufferLengthOffset = 308;
    public const int OsMaxReceiveBufferLengthOffset = 312;
    public const int MaxResendOffset = 316;
    public const int DefaultFrameHeaderOffset = 320;
    public const int EntityTagOffset = 448;
    public const int ResponseCorrelationIdOffset = 456;
    public const int LingerNsOffset = 464;
    public const int UntetheredWindowLimitNsOffset = 472;
    public const int UntetheredRestingNsOffset = 480;
    public const int GroupOffset = 488;
    public const int IsResponseOffset = 489;
    public const int RejoinOffset = 490;
    public const int ReliableOffset = 491;
    public const int SparseOffset = 492;
    public const int SignalEosOffset = 493;
    public const int SpiesSimulateConnectionOffset = 494;
    public const int TetherOffset = 495;
    public const int IsRevokedOffset = 496;
    public const int LogTypeOffset = 497;
    public const int UntetheredLingerNsOffset = 500;

    /// <summary>End of stream position while the stream goes on.</summary>
    public const long NoEndOfStream = long.MaxValue;

    /// <summary>File length for terms of this length.</summary>
    public static long FileLength(int termLength, int pageSize) =>
        CacheLine.Align(((long)termLength * PartitionCount) + MetadataLength, pageSize);

    /// <summary>Whether a term may have this length.</summary>
    public static bool IsTermLength(int length) =>
        length is >= MinTermLength and <= MaxTermLength && BitOperations.IsPow2(length);

    /// <summary>Position of an offset in a term: bytes since the stream's first term began.</summary>
    public static long Position(int termId, long termOffset, int positionBitsToShift, int initialTermId) =>
        ((long)unchecked(termId - initialTermId) << positionBitsToShift) + termOffset;

    /// <summary>Term id half of a raw tail.</summary>
    public static int TermId(long rawTail) => (int)(rawTail >> 32);

    /// <summary>Offset half of a raw tail; writers may have pushed it beyond the term.</summary>
    public static long RawOffset(long rawTail) => rawTail & 0xFFFF_FFFFL;

    /// <summary>A tail at the start of a term.</summary>
    public static long PackTail(int termId, int termOffset) => ((long)termId << 32) | (uint)termOffset;

    /// <summary>Largest message: an eighth of the term, 16 MiB at most.</summary>
    public static int MaxMessageLength(int termLength) => Math.Min(termLength / 8, MaxMessageLengthLimit);
}
