using System.Runtime.InteropServices;
using FlowEngine.Core.Memory;

namespace FlowEngine.Disruptor;

/// <summary>
/// What producers and consumers of a ring share; a struct because a generic class can't have an explicit layout.
/// </summary>
/// <remarks>
/// <code>
///   0 ..127  padding
/// 128 ..207  read by everybody, written at set-up (Gating and Halted also when consumers come and go)
/// 208 ..335  padding
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = SharedOffset + 80 + CacheLine.Pad)]
internal unsafe struct RingState
{
    internal const int SharedOffset = CacheLine.Pad;

    [FieldOffset(SharedOffset)]
    public byte* Entries;

    [FieldOffset(SharedOffset + 8)]
    public long Mask;

    /// <summary>Highest published sequence of one producer, highest claimed one of several.</summary>
    [FieldOffset(SharedOffset + 16)]
    public Sequence Cursor;

    [FieldOffset(SharedOffset + 24)]
    public WaitSignal? Signal;

    /// <summary>Which claims are published; absent with one producer.</summary>
    [FieldOffset(SharedOffset + 32)]
    public LapFlags Laps;

    [FieldOffset(SharedOffset + 56)]
    public Sequence[] Gating;

    /// <summary>Consumers that an exception has halted.</summary>
    [FieldOffset(SharedOffset + 64)]
    public int Halted;
}
