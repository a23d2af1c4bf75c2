using System.Runtime.InteropServices;
using FlowEngine.Core.Memory;

namespace FlowEngine.Disruptor;

/// <summary>
/// The ring's fields, grouped by writer; a struct because a generic class can't have an explicit layout.
/// </summary>
/// <remarks>
/// <code>
///   0 ..127  padding
/// 128 ..167  read by everybody, written at set-up (Gating also when consumers come and go)
/// 168 ..319  padding
/// 320 ..351  read and written by the producer alone
/// 352 ..479  padding
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = ProducerOffset + 32 + CacheLine.Pad)]
internal unsafe struct RingState
{
    internal const int SharedOffset = CacheLine.Pad;
    internal const int ProducerOffset = 320;

    [FieldOffset(SharedOffset)]
    public byte* Entries;

    [FieldOffset(SharedOffset + 8)]
    public long Mask;

    [FieldOffset(SharedOffset + 16)]
    public Sequence Cursor;

    [FieldOffset(SharedOffset + 24)]
    public WaitSignal? Signal;

    [FieldOffset(SharedOffset + 32)]
    public Sequence[] Gating;

    /// <summary>Highest claimed sequence.</summary>
    [FieldOffset(ProducerOffset)]
    public long Claimed;

    /// <summary>What the slowest consumer had finished when the producer last looked; never ahead of it.</summary>
    [FieldOffset(ProducerOffset + 8)]
    public long CachedGating;

    /// <summary>Claims that had to wait for room.</summary>
    [FieldOffset(ProducerOffset + 16)]
    public long Waits;

    /// <summary>Thread that claims; 0 before the first claim. Checked builds only.</summary>
    [FieldOffset(ProducerOffset + 24)]
    public int ProducerThreadId;
}
