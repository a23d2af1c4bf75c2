using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>The levels of an order book by side and price, in a pool of handles. Owns no memory.</summary>
internal unsafe struct LevelQueues
{
    private readonly int _levelsPerSide;
    private QueueRecord* _records;
    private BySide<HandleTable> _byPrice;
    private BySide<int> _counts;
    private int _used;
    private int _free;

    /// <summary>No levels, over <see cref="BytesFor"/> zeroed bytes.</summary>
    public LevelQueues(byte* memory, int levelsPerSide)
    {
        _levelsPerSide = levelsPerSide;
        _records = (QueueRecord*)memory;
        byte* tables = memory + RecordBytes(levelsPerSide);
        _byPrice[0] = new HandleTable(tables, memory, levelsPerSide);
        _byPrice[1] = new HandleTable(tables + HandleTable.BytesFor(levelsPerSide), memory, levelsPerSide);
    }

    /// <summary>The level of a handle.</summary>
    public readonly ref QueueRecord this[int handle] => ref _records[handle];

    /// <summary>Bytes of memory for so many levels a side.</summary>
    public static long BytesFor(int levelsPerSide) =>
        RecordBytes(levelsPerSide) + (2 * HandleTable.BytesFor(levelsPerSide));

    /// <summary>Handle of the level at a price, 0 where there is none.</summary>
    [Hot]
    public int Find(int side, long price)
    {
        long slot = _byPrice[side].Find((ulong)price);
        return slot < 0 ? 0 : _byPrice[side].HandleAt(slot);
    }

    /// <summary>An empty level at a price that has none; 0 when the side is full.</summary>
    [Hot]
    public int Make(int side, long price)
    {
        if (_counts[side] >= _levelsPerSide)
        {
            return 0;
        }

        int handle = _free;
        if (handle == 0)
        {
            handle = ++_used;
        }
        else
        {
            _free = _records[handle].First;
        }

        _records[handle] = new QueueRecord { Price = price, SideIndex = side };
        _byPrice[side].Insert((ulong)price, handle);
        _counts[side]++;
        return handle;
    }

    /// <summary>A level without orders goes.</summary>
    [Hot]
    public void Drop(int handle)
    {
        ref QueueRecord queue = ref _records[handle];
        ref HandleTable byPrice = ref _byPrice[queue.SideIndex];
        byPrice.RemoveAt(byPrice.Find((ulong)queue.Price));
        _counts[queue.SideIndex]--;
        queue.First = _free;
        _free = handle;
    }

    /// <summary>Forgets all levels.</summary>
    public void Clear()
    {
        _byPrice[0].Clear();
        _byPrice[1].Clear();
        _counts = default;
        _used = 0;
        _free = 0;
    }

    private static long RecordBytes(int levelsPerSide) => ((2L * levelsPerSide) + 1) * HandleTable.RecordLength;
}
