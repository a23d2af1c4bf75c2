using System.Runtime.CompilerServices;
using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>
/// The levels of one side in one run of native memory, worst to best, with slack at both ends:
/// <code>
///   0        _begin                    _begin + _count      _slots
///   +--------+--------------------------+---------------------+
///   | slack  | worst    ...        best |        slack        |
///   +--------+--------------------------+---------------------+
/// </code>
/// An insert or delete moves the shorter of its two parts, so that both the touch and the far end cost nothing: the
/// touch is where trading happens, the far end where snapshots are filled (best to worst) and where a full side evicts.
/// A price is compared as <c>price ^ mask</c> (mask 0 for bids, -1 for asks), which is larger the better the price is,
/// for any long. See <see cref="PriceLevelBook"/> for the invariants. The storage belongs to the book; a default side
/// holds nothing.
/// </summary>
internal unsafe struct PriceLevelSide
{
    // Changes land within a few levels of the touch: a short backward scan beats a binary search there (BookBench).
    private const int NearTouchLevels = 8;

    private readonly PriceLevel* _levels;
    private readonly int _slots;
    private readonly long _mask;
    private int _begin;
    private int _count;
    private int _room;
    private bool _returns;
    private bool _truncated;
    private long _horizon;

    /// <summary>An empty side over <see cref="SlotsFor"/> slots of storage.</summary>
    public PriceLevelSide(PriceLevel* levels, int capacity, Side side)
    {
        _levels = levels;
        _room = capacity;
        _slots = SlotsFor(capacity);
        _mask = side == Side.Bid ? 0 : -1;
        _begin = _slots / 2;
    }

    /// <summary>Levels held.</summary>
    public readonly int Count => _count;

    /// <summary>
    /// Levels that the side may hold now: its capacity less what is held elsewhere. At least <see cref="Count"/> when a
    /// level is set.
    /// </summary>
    public readonly int Room => _room;

    /// <summary>Whether deeper levels than those held were left out since the last <see cref="Clear"/>.</summary>
    public readonly bool IsTruncated => _truncated;

    /// <summary>Price from which on nothing is known; only while <see cref="IsTruncated"/>.</summary>
    public readonly long HorizonPrice => _horizon ^ _mask;

    /// <summary>The held levels, worst to best.</summary>
    public readonly ReadOnlySpan<PriceLevel> Levels => new(_levels + _begin, _count);

    /// <summary>Best level; the side must not be empty.</summary>
    public readonly ref readonly PriceLevel Best => ref _levels[_begin + _count - 1];

    /// <summary>Slots of storage for so many levels: a quarter more, so that recentring is rare.</summary>
    public static int SlotsFor(int capacity) => capacity + Math.Max(16, capacity / 4);

    /// <summary>The level at <paramref name="price"/> now holds <paramref name="lots"/>, more than 0.</summary>
    [Hot]
    public LevelChange Set(long price, long lots)
    {
        long key = price ^ _mask;
        if (_truncated && key <= _horizon)
        {
            return LevelChange.BeyondDepth;
        }

        int index = Search(key, out bool found);
        if (found)
        {
            _levels[_begin + index] = new PriceLevel(price, lots);
            return LevelChange.Changed;
        }

        return Insert(index, new PriceLevel(price, lots));
    }

    /// <summary>
    /// The level at <paramref name="price"/> changes by <paramref name="lots"/>; it goes at 0 or less.
    /// </summary>
    [Hot]
    public LevelChange Add(long price, long lots)
    {
        long key = price ^ _mask;
        if (_truncated && key <= _horizon)
        {
            return LevelChange.BeyondDepth;
        }

        int index = Search(key, out bool found);
        if (!found)
        {
            if (lots > 0)
            {
                return Insert(index, new PriceLevel(price, lots));
            }

            return lots == 0 ? LevelChange.UnknownLevel : LevelChange.NegativeResult;
        }

        long held = _levels[_begin + index].Lots;
        if (lots > long.MaxValue - held)
        {
            return LevelChange.Refused;
        }

        long result = held + lots;
        if (result > 0)
        {
            _levels[_begin + index] = new PriceLevel(price, result);
            return LevelChange.Changed;
        }

        RemoveAt(index);
        return result == 0 ? LevelChange.Changed : LevelChange.NegativeResult;
    }

    /// <summary>The level at <paramref name="price"/> is gone.</summary>
    [Hot]
    public LevelChange Delete(long price)
    {
        long key = price ^ _mask;
        if (_truncated && key <= _horizon)
        {
            return LevelChange.BeyondDepth;
        }

        int index = Search(key, out bool found);
        if (!found)
        {
            return LevelChange.UnknownLevel;
        }

        RemoveAt(index);
        return LevelChange.Changed;
    }

    /// <summary>Lots at a price, 0 where no level is held. O(log levels).</summary>
    [Hot]
    public readonly long LotsAt(long price)
    {
        int index = Search(price ^ _mask, out bool found);
        return found ? _levels[_begin + index].Lots : 0;
    }

    /// <summary>Empties the side; nothing is unknown any more.</summary>
    public void Clear()
    {
        _begin = _slots / 2;
        _count = 0;
        _truncated = false;
        _horizon = 0;
    }

    /// <summary>Says how many levels the side may hold from here.</summary>
    public void SetRoom(int levels) => _room = levels;

    /// <summary>Puts a level before the best one; it must be better, and there must be storage.</summary>
    public void PushBest(PriceLevel level) => InsertAt(_count, level);

    /// <summary>Takes the best level out; the side must not be empty.</summary>
    public PriceLevel PopBest()
    {
        _count--;
        return _levels[_begin + _count];
    }

    /// <summary>Takes the worst level out; the side must not be empty.</summary>
    public PriceLevel PopWorst()
    {
        _count--;
        return _levels[_begin++];
    }

    /// <summary>From this price on nothing is known any more, unless the feed says all that comes back.</summary>
    public void CutAt(long price)
    {
        if (!_returns)
        {
            _truncated = true;
            _horizon = price ^ _mask;
        }
    }

    /// <summary>A level that has to go will be told again when it comes back: no horizon is kept.</summary>
    public void ExpectReturns() => _returns = true;

    /// <summary>Whether nothing is known of this price.</summary>
    public readonly bool IsBeyondHorizon(long price) => _truncated && (price ^ _mask) <= _horizon;

    /// <summary>First index whose level is not worse than <paramref name="key"/>: where it is or belongs.</summary>
    [Hot]
    private readonly int Search(long key, out bool found)
    {
        PriceLevel* first = _levels + _begin;
        long mask = _mask;
        int floor = Math.Max(0, _count - NearTouchLevels);
        for (int i = _count; i > floor; i--)
        {
            long other = first[i - 1].Price ^ mask;
            if (other <= key)
            {
                found = other == key;
                return found ? i - 1 : i;
            }
        }

        int low = 0;
        int high = floor;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if ((first[middle].Price ^ mask) < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        found = low < floor && (first[low].Price ^ mask) == key;
        return low;
    }

    private LevelChange Insert(int index, PriceLevel level)
    {
        if (_count < _room)
        {
            InsertAt(index, level);
            return LevelChange.Changed;
        }

        if (index == 0)
        {
            CutAt(level.Price);
            return LevelChange.BeyondDepth;
        }

        // The side is full and the new level is better than its worst: that one goes, and with it all knowledge beyond
        // it.
        CutAt(PopWorst().Price);
        InsertAt(index - 1, level);
        return LevelChange.ChangedEvicting;
    }

    // In bounds: 0 <= index <= _count < _slots, and the side moved into has a free slot after Recentre.
    private void InsertAt(int index, PriceLevel level)
    {
        int better = _count - index;
        bool moveWorse = index < better;
        if (moveWorse ? _begin == 0 : _begin + _count == _slots)
        {
            Recentre();
        }

        PriceLevel* first = _levels + _begin;
        if (moveWorse)
        {
            Move(first, first - 1, index);
            _begin--;
            first--;
        }
        else
        {
            Move(first + index, first + index + 1, better);
        }

        first[index] = level;
        _count++;
    }

    // In bounds: 0 <= index < _count.
    private void RemoveAt(int index)
    {
        PriceLevel* first = _levels + _begin;
        int better = _count - index - 1;
        if (index < better)
        {
            Move(first, first + 1, index);
            _begin++;
        }
        else
        {
            Move(first + index + 1, first + index, better);
        }

        _count--;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Recentre()
    {
        int begin = (_slots - _count) / 2;
        Move(_levels + _begin, _levels + begin, _count);
        _begin = begin;
    }

    private static void Move(PriceLevel* from, PriceLevel* to, int count) =>
        new ReadOnlySpan<PriceLevel>(from, count).CopyTo(new Span<PriceLevel>(to, count));
}
