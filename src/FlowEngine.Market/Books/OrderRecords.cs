using System.Runtime.InteropServices;

namespace FlowEngine.Market;

/// <summary>
/// One resting order in the pool; half a cache line. <see cref="Next"/> links the free ones too.
/// <code>
///  0          8          16        20         24       28
/// +----------+----------+---------+----------+--------+---------+
/// | Id       | Lots     | Level   | Previous | Next   | -       |
/// +----------+----------+---------+----------+--------+---------+
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = HandleTable.RecordLength)]
internal struct OrderRecord
{
    /// <summary>The venue's id: the key.</summary>
    public ulong Id;

    /// <summary>Lots left.</summary>
    public long Lots;

    /// <summary>Handle of its level.</summary>
    public int Level;

    /// <summary>Handle of the order before it in the queue, 0 for the first.</summary>
    public int Previous;

    /// <summary>Handle of the order after it in the queue, 0 for the last.</summary>
    public int Next;
}

/// <summary>
/// One level with its queue of orders; half a cache line. <see cref="First"/> links the free ones too.
/// <code>
///  0          8          16        20         24       28
/// +----------+----------+---------+----------+--------+---------+
/// | Price    | Lots     | First   | Last     | Orders | Side    |
/// +----------+----------+---------+----------+--------+---------+
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = HandleTable.RecordLength)]
internal struct QueueRecord
{
    /// <summary>Price quanta: the key among the levels of its side.</summary>
    public long Price;

    /// <summary>Sum of the orders' lots.</summary>
    public long Lots;

    /// <summary>Handle of the order that trades first.</summary>
    public int First;

    /// <summary>Handle of the order that came last.</summary>
    public int Last;

    /// <summary>Orders in the queue.</summary>
    public int Orders;

    /// <summary>0 for bids, 1 for asks.</summary>
    public int SideIndex;
}
