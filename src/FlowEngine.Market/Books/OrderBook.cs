using System.Runtime.CompilerServices;
using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>
/// A book of single orders (L3): every order by its id, every level a queue in the order of arrival, and the sums of
/// the levels in a <see cref="PriceLevelBook"/>, so that whatever is asked of price levels is answered too. Book thread
/// only.
/// <code>
///   id ──HandleTable──▶ order ◀──▶ order ◀──▶ order        intrusive queue, first to trade first
///                          │          │          │
///                          ▼          ▼          ▼
///   price ─HandleTable──▶ level: first, last, orders, lots ──▶ Levels (PriceLevelBook): lots by price
/// </code>
/// <para>
/// Costs: add, modify, execute and delete are O(1): one probe by id (add: one by price too), a link in the queue, one
/// change of <see cref="Levels"/>. Queue position is O(orders ahead). Nothing is allocated after construction; of the
/// memory stated (<see cref="BytesFor"/>) only what is used is touched.
/// </para>
/// <para>
/// Over capacity (orders, or levels of a side) an order is refused and counted, and <see cref="IsPartial"/> stands
/// until <see cref="Clear"/>: levels may hold less than the venue's. Its later events then find no order and are
/// counted.
/// </para>
/// </summary>
public sealed unsafe class OrderBook : IDisposable
{
    private readonly BookBlock _block;
    private readonly int _capacity;
    private OrderRecord* _orders;
    private HandleTable _byId;
    private LevelQueues _queues;
    private int _used;
    private int _free;
    private OrderCounters _counters;

    /// <summary>An empty book.</summary>
    /// <param name="orders">Most orders, 1 to <see cref="BookOptions.MaxOrdersPerBook"/>.</param>
    /// <param name="levelsPerSide">Most levels a side, 1 to <see cref="BookOptions.MaxLevelsPerSide"/>.</param>
    /// <param name="windowTicks">Of <see cref="Levels"/>.</param>
    /// <param name="tickQuanta">Of <see cref="Levels"/>.</param>
    public OrderBook(int orders, int levelsPerSide, int windowTicks = 1024, int tickQuanta = 1)
        : this(orders, levelsPerSide, windowTicks, tickQuanta, null)
    {
    }

    /// <summary>An empty book in an arena.</summary>
    internal OrderBook(int orders, int levelsPerSide, int windowTicks, int tickQuanta, BookArena? arena)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(orders, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(orders, BookOptions.MaxOrdersPerBook);
        Levels = new PriceLevelBook(levelsPerSide, windowTicks, tickQuanta, arena);
        _capacity = orders;
        _block = new BookBlock(OwnBytesFor(orders, levelsPerSide), arena);
        byte* table = _block.Pointer + RecordBytes(orders);
        _orders = (OrderRecord*)_block.Pointer;
        _byId = new HandleTable(table, _block.Pointer, orders);
        _queues = new LevelQueues(table + HandleTable.BytesFor(orders), levelsPerSide);
    }

    /// <summary>The sums by price: every question to price levels.</summary>
    public PriceLevelBook Levels { get; }

    /// <summary>Orders that rest.</summary>
    public int Count { get; private set; }

    /// <summary>Whether an order was refused for want of room since the last <see cref="Clear"/>.</summary>
    public bool IsPartial { get; private set; }

    /// <summary>What was counted instead of applied.</summary>
    public ref readonly OrderCounters Counters => ref _counters;

    /// <summary>Bytes of native memory that such a book takes at most, its levels with it.</summary>
    public static long BytesFor(int orders, int levelsPerSide, int windowTicks) =>
        OwnBytesFor(orders, levelsPerSide) + PriceLevelBook.BytesFor(levelsPerSide, windowTicks);

    /// <summary>Applies an order event or Clear; other kinds change nothing.</summary>
    /// <returns>Whether the book changed.</returns>
    [Hot]
    public bool Apply(in MarketEvent e) => _orders != null && e.Kind switch
    {
        EventKind.OrderAdd => Add(e.Id, e.Side, e.Price, e.Quantity),
        EventKind.OrderModify => Modify(e.Id, e.Side, e.Price, e.Quantity, e.Flags),
        EventKind.OrderExecute => Execute(e.Id, e.Quantity),
        EventKind.OrderDelete => Delete(e.Id),
        EventKind.Clear => Clear(),
        _ => false,
    };

    /// <summary>An order joins the end of the queue at its price.</summary>
    [Hot]
    public bool Add(ulong id, Side side, long price, long lots)
    {
        uint index = (uint)side - 1;
        if (lots <= 0 || index > 1)
        {
            _counters.Refused++;
            return false;
        }

        long slot = _byId.Find(id);
        bool changed = slot >= 0;
        if (changed)
        {
            _counters.DuplicateOrders++;
            TakeOut(slot);
        }

        if (Count >= _capacity)
        {
            return RefuseOver() || changed;
        }

        int queue = QueueFor((int)index, price, lots);
        if (queue == 0)
        {
            return changed;
        }

        int handle = NewOrder();
        ref OrderRecord order = ref _orders[handle];
        order.Id = id;
        order.Lots = lots;
        _byId.Insert(id, handle);
        Count++;
        Join(handle, queue);
        return true;
    }

    /// <summary>
    /// An order now rests at a price with so many lots; it keeps its place at the same price with no more lots.
    /// </summary>
    /// <param name="id">The venue's id.</param>
    /// <param name="side">The order's own, or unknown.</param>
    /// <param name="price">Price quanta.</param>
    /// <param name="lots">Lots in all, more than 0.</param>
    /// <param name="flags">KeepsPriority and LosesPriority where the venue does otherwise.</param>
    [Hot]
    public bool Modify(ulong id, Side side, long price, long lots, EventFlags flags)
    {
        long slot = _byId.Find(id);
        if (slot < 0)
        {
            _counters.UnknownOrders++;
            return false;
        }

        int handle = _byId.HandleAt(slot);
        ref OrderRecord order = ref _orders[handle];
        ref QueueRecord queue = ref _queues[order.Level];
        int sideIndex = queue.SideIndex;
        if (lots <= 0 || (side != Side.Unknown && (uint)side - 1 != (uint)sideIndex))
        {
            _counters.Refused++;
            return false;
        }

        if (queue.Price != price)
        {
            return Move(slot, handle, sideIndex, price, lots);
        }

        long others = queue.Lots - order.Lots;
        if (lots > long.MaxValue - others)
        {
            _counters.Refused++;
            return false;
        }

        bool keeps = lots <= order.Lots || (flags & EventFlags.KeepsPriority) != 0;
        if (!keeps || (flags & EventFlags.LosesPriority) != 0)
        {
            ToEnd(handle, ref order, ref queue);
        }

        order.Lots = lots;
        queue.Lots = others + lots;
        Levels.SetSum(sideIndex, price, queue.Lots);
        return true;
    }

    /// <summary>Lots of an order traded; what is left keeps its place, none left is its end.</summary>
    [Hot]
    public bool Execute(ulong id, long lots)
    {
        long slot = _byId.Find(id);
        if (slot < 0)
        {
            _counters.UnknownOrders++;
            return false;
        }

        ref OrderRecord order = ref _orders[_byId.HandleAt(slot)];
        if (lots <= 0)
        {
            _counters.Refused++;
            return false;
        }

        if (lots >= order.Lots)
        {
            _counters.OverExecuted += lots > order.Lots ? 1 : 0;
            TakeOut(slot);
            return true;
        }

        ref QueueRecord queue = ref _queues[order.Level];
        order.Lots -= lots;
        queue.Lots -= lots;
        Levels.SetSum(queue.SideIndex, queue.Price, queue.Lots);
        return true;
    }

    /// <summary>An order is gone.</summary>
    [Hot]
    public bool Delete(ulong id)
    {
        long slot = _byId.Find(id);
        if (slot < 0)
        {
            _counters.UnknownOrders++;
            return false;
        }

        TakeOut(slot);
        return true;
    }

    /// <summary>Empties the book; it is whole again. O(capacity used).</summary>
    public bool Clear()
    {
        Levels.Clear();
        _byId.Clear();
        _queues.Clear();
        _used = 0;
        _free = 0;
        Count = 0;
        IsPartial = false;
        return true;
    }

    /// <summary>The order of an id.</summary>
    /// <returns>False when it does not rest.</returns>
    [Hot]
    public bool TryGet(ulong id, out RestingOrder order)
    {
        long slot = _byId.Find(id);
        order = slot < 0 ? default : OrderAt(_byId.HandleAt(slot));
        return slot >= 0;
    }

    /// <summary>Where an order stands in its queue. O(orders ahead).</summary>
    /// <returns>False when it does not rest.</returns>
    [Hot]
    public bool TryFindInQueue(ulong id, out QueuePosition position)
    {
        long slot = _byId.Find(id);
        if (slot < 0)
        {
            position = default;
            return false;
        }

        int handle = _byId.HandleAt(slot);
        ref QueueRecord queue = ref _queues[_orders[handle].Level];
        long lots = 0;
        var orders = 0;
        for (int ahead = _orders[handle].Previous; ahead != 0; ahead = _orders[ahead].Previous)
        {
            lots += _orders[ahead].Lots;
            orders++;
        }

        position = new QueuePosition(OrderAt(handle), lots, orders, queue.Lots, queue.Orders);
        return true;
    }

    /// <summary>The orders at a price, first to trade first; dead after the next change.</summary>
    public OrderQueue QueueAt(Side side, long price)
    {
        uint index = (uint)side - 1;
        int level = index > 1 ? 0 : _queues.Find((int)index, price);
        return new OrderQueue(this, level == 0 ? 0 : _queues[level].First);
    }

    /// <summary>Releases the memory; the book is empty, and nothing but Apply may be called from here.</summary>
    public void Dispose()
    {
        Clear();
        Levels.Dispose();
        _orders = null;
        _byId = default;
        _queues = default;
        _block.Dispose();
    }

    /// <summary>Handle of the order after this one in its queue, 0 after the last.</summary>
    internal int After(int handle) => _orders[handle].Next;

    /// <summary>What a handle stands for.</summary>
    internal RestingOrder OrderAt(int handle)
    {
        ref OrderRecord order = ref _orders[handle];
        ref QueueRecord queue = ref _queues[order.Level];
        return new RestingOrder(order.Id, (Side)(queue.SideIndex + 1), queue.Price, order.Lots);
    }

    /// <summary>Forgets orders and counts: a fresh start for the next snapshot.</summary>
    internal void Reset()
    {
        Clear();
        Levels.Reset();
        _counters = default;
    }

    /// <summary>Takes over what another book counted.</summary>
    internal void AddCounts(OrderBook other) => _counters.Add(in other._counters);

    private static long RecordBytes(int orders) => (orders + 1L) * HandleTable.RecordLength;

    private static long OwnBytesFor(int orders, int levelsPerSide) =>
        RecordBytes(orders) + HandleTable.BytesFor(orders) + LevelQueues.BytesFor(levelsPerSide);

    /// <summary>The queue at a price, made if need be; 0, and counted, where it can't take so many lots more.</summary>
    private int QueueFor(int side, long price, long lots)
    {
        int level = _queues.Find(side, price);
        if (level == 0)
        {
            level = _queues.Make(side, price);
            if (level == 0)
            {
                RefuseOver();
            }
        }
        else if (_queues[level].Lots > long.MaxValue - lots)
        {
            _counters.Refused++;
            return 0;
        }

        return level;
    }

    private int NewOrder()
    {
        int handle = _free;
        if (handle == 0)
        {
            return ++_used;
        }

        _free = _orders[handle].Next;
        return handle;
    }

    /// <summary>Puts an order with its lots at the end of a queue.</summary>
    private void Join(int handle, int level)
    {
        ref OrderRecord order = ref _orders[handle];
        ref QueueRecord queue = ref _queues[level];
        order.Level = level;
        order.Previous = queue.Last;
        order.Next = 0;
        if (queue.Last != 0)
        {
            _orders[queue.Last].Next = handle;
        }
        else
        {
            queue.First = handle;
        }

        queue.Last = handle;
        queue.Orders++;
        queue.Lots += order.Lots;
        Levels.SetSum(queue.SideIndex, queue.Price, queue.Lots);
    }

    /// <summary>Takes an order out of its queue; an empty queue goes.</summary>
    private void Leave(ref OrderRecord order)
    {
        int level = order.Level;
        ref QueueRecord queue = ref _queues[level];
        Unlink(ref order, ref queue);
        queue.Orders--;
        queue.Lots -= order.Lots;
        if (queue.Orders != 0)
        {
            Levels.SetSum(queue.SideIndex, queue.Price, queue.Lots);
            return;
        }

        Levels.DropSum(queue.SideIndex, queue.Price);
        _queues.Drop(level);
    }

    private void Unlink(ref OrderRecord order, ref QueueRecord queue)
    {
        if (order.Previous != 0)
        {
            _orders[order.Previous].Next = order.Next;
        }
        else
        {
            queue.First = order.Next;
        }

        if (order.Next != 0)
        {
            _orders[order.Next].Previous = order.Previous;
        }
        else
        {
            queue.Last = order.Previous;
        }
    }

    private void ToEnd(int handle, ref OrderRecord order, ref QueueRecord queue)
    {
        if (queue.Last == handle)
        {
            return;
        }

        Unlink(ref order, ref queue);
        _orders[queue.Last].Next = handle;
        order.Previous = queue.Last;
        order.Next = 0;
        queue.Last = handle;
    }

    private void TakeOut(long slot)
    {
        int handle = _byId.HandleAt(slot);
        _byId.RemoveAt(slot);
        ref OrderRecord order = ref _orders[handle];
        Leave(ref order);
        order.Next = _free;
        _free = handle;
        Count--;
    }

    /// <summary>An order goes to the end of the queue at another price.</summary>
    private bool Move(long slot, int handle, int side, long price, long lots)
    {
        ref OrderRecord order = ref _orders[handle];
        bool leavesLevel = _queues[order.Level].Orders == 1;
        if (leavesLevel)
        {
            // Its level makes room for the new one.
            ulong id = order.Id;
            TakeOut(slot);
            Add(id, (Side)(side + 1), price, lots);
            return true;
        }

        int queue = QueueFor(side, price, lots);
        if (queue == 0)
        {
            // It no longer rests where it did, and there is no room where it does.
            TakeOut(slot);
            return true;
        }

        Leave(ref order);
        order.Lots = lots;
        Join(handle, queue);
        return true;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool RefuseOver()
    {
        _counters.OverCapacity++;
        IsPartial = true;
        return false;
    }
}
