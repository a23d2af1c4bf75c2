using System.Runtime.InteropServices;

namespace FlowEngine.Market;

/// <summary>
/// One thing that happened, in integers: the only currency between ingress and the engine. One cache line, blittable;
/// the same 64 bytes travel the ring and the journal.
/// <code>
///  0        4    5    6       8        16         24   32              40          48            56
/// +--------+----+----+-------+--------+----------+----+---------------+-----------+-------------+---------+
/// | Instr. |Kind|Side| Flags | Price  | Quantity | Id | VenueSequence | VenueTime | ReceiveTime |  Spare  |
/// +--------+----+----+-------+--------+----------+----+---------------+-----------+-------------+---------+
/// </code>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Length)]
public struct MarketEvent
{
    /// <summary>Bytes of an event.</summary>
    public const int Length = 64;

    /// <summary>Dense id from the <see cref="InstrumentTable"/>; -1 where no instrument is meant.</summary>
    [FieldOffset(0)]
    public int InstrumentId;

    /// <summary>What happened.</summary>
    [FieldOffset(4)]
    public EventKind Kind;

    /// <summary>Resting side, or the aggressor's.</summary>
    [FieldOffset(5)]
    public Side Side;

    /// <summary>What else is known.</summary>
    [FieldOffset(6)]
    public EventFlags Flags;

    /// <summary>
    /// Price quanta (book, trades); 1e-9 fixed point (mark, index, funding); value bits (parameters).
    /// </summary>
    [FieldOffset(8)]
    public long Price;

    /// <summary>Lots.</summary>
    [FieldOffset(16)]
    public long Quantity;

    /// <summary>
    /// Order or trade id. For level events and SnapshotBegin: the venue sequence of this instrument that the change
    /// builds on (its predecessor), 0 where the venue tells none.
    /// </summary>
    [FieldOffset(24)]
    public ulong Id;

    /// <summary>The venue's own sequence of this instrument, for gaps and audit.</summary>
    [FieldOffset(32)]
    public ulong VenueSequence;

    /// <summary>Nanoseconds since epoch, matching-engine time.</summary>
    [FieldOffset(40)]
    public long VenueTime;

    /// <summary>Nanoseconds since epoch when ingress saw the packet; for timers the boundary itself.</summary>
    [FieldOffset(48)]
    public long ReceiveTime;

    /// <summary>Ingress monotonic stamp in nanoseconds while tracing is on, else 0.</summary>
    [FieldOffset(56)]
    public long Spare;

    /// <summary>Whether signals are evaluated after this event.</summary>
    public readonly bool IsEndOfEvent => (Flags & EventFlags.EndOfEvent) != 0;
}
