using System.Runtime.InteropServices;
using FlowEngine.Core.Memory;

namespace FlowEngine.Aeron;

/// <summary>
/// Where an exclusive publication writes next. Publishing thread only; room around it keeps the other threads' objects
/// on other cache lines.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = CacheLine.Pad + 40 + CacheLine.Pad)]
internal unsafe struct ExclusiveCursor
{
    /// <summary>Raw tail of the partition.</summary>
    [FieldOffset(CacheLine.Pad)]
    public long* Tail;

    /// <summary>First byte of the partition.</summary>
    [FieldOffset(CacheLine.Pad + 8)]
    public byte* Term;

    /// <summary>Position of the first byte of the term.</summary>
    [FieldOffset(CacheLine.Pad + 16)]
    public long TermBeginPosition;

    [FieldOffset(CacheLine.Pad + 24)]
    public int TermId;

    [FieldOffset(CacheLine.Pad + 28)]
    public int TermOffset;

    [FieldOffset(CacheLine.Pad + 32)]
    public int Partition;
}
