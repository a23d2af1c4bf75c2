using System.Runtime.CompilerServices;
using FlowEngine.Core;

namespace FlowEngine.Market;

/// <summary>
/// A book of price levels (L2): each side a dense window of ticks around the touch with a sorted rest behind it
/// (<see cref="LadderSide"/>), in one run of native memory. Book thread only.
/// <para>
/// Idea. Changes land near the touch, at prices known to the tick: there, a level is an array slot and the best one is
/// known at once, whatever the depth. What lies behind the window is sorted by price, best last, and found by a binary
/// search. Readers who walk by rank get the window's levels laid out as (price, lots), once per change before them.
/// </para>
/// <para>
/// Invariants, checked by <see cref="BookCheck"/>: prices of a side strictly improve from worst to best; lots are more
/// than 0; at most <see cref="LevelsPerSide"/> levels a side; and what is held is exact to its far end: the held levels
/// of a side ARE the venue's best <c>Count</c> levels. The last one needs care when a side is full. The worse of
/// (newcomer, worst held level) is then left out and its price becomes the side's horizon: from there on nothing is
/// known. Every later change at or beyond the horizon is left out too and counted, although there may be room again,
/// because levels between could be missing. So truncation never makes a held level wrong, it only makes the book
/// shorter, down to empty if everything better than the horizon goes. <see cref="IsTruncated"/> (PARTIAL_DEPTH) stands
/// until <see cref="Clear"/> or the next snapshot. Sides are not compared with one another: a book may be crossed
/// between the events of one venue event.
/// </para>
/// <para>
/// Costs: best O(1); a change in the window O(1), some nanoseconds; behind it O(log n) and a move of up to n / 2 levels
/// of 16 bytes; evicting is O(1) beside the insert. Reading rank r is O(1) after a change behind it, else O(r) once.
/// Nothing is allocated after construction; of the memory stated (<see cref="BytesFor"/>) only what is used is touched.
/// </para>
/// <para>
/// Bad cases: a touch that jumps moves the window, which costs the levels that were and come in it, at most
/// <see cref="WindowTicks"/>. Thousands of levels behind the window want a wider one.
/// </para>
/// </summary>
public sealed unsafe class PriceLevelBook : IDisposable
{
    private readonly BookBlock _block;
    private BySide<LadderSide> _sides;
    private LevelCounters _counters;
    private int _depthLevels;

    /// <summary>An empty book.</summary>
    /// <param name="levelsPerSide">Most levels a side, 1 to <see cref="BookOptions.MaxLevelsPerSide"/>.</param>
    /// <param name="windowTicks">
    /// Ticks of the dense window of a side: a multiple of 64 to <see cref="BookOptions.MaxWindowTicks"/>, or 0.
    /// </param>
    /// <param name="tickQuanta">Quanta of the smallest price step, 1 or more.</param>
    public PriceLevelBook(int levelsPerSide, int windowTicks = 0, int tickQuanta = 1)
        : this(levelsPerSide, windowTicks, tickQuanta, null)
    {
    }

    /// <summary>An empty book in an arena.</summary>
    internal PriceLevelBook(int levelsPerSide, int windowTicks, int tickQuanta, BookArena? arena)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levelsPerSide, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levelsPerSide, BookOptions.MaxLevelsPerSide);
        BookOptions.CheckWindow(windowTicks);
        LevelsPerSide = levelsPerSide;
        WindowTicks = windowTicks;
        _block = new BookBlock(BytesFor(levelsPerSide, windowTicks), arena);
        byte* asks = _block.Pointer + LadderSide.BytesFor(levelsPerSide, windowTicks);
        _sides[0] = new LadderSide(_block.Pointer, levelsPerSide, windowTicks, Side.Bid);
        _sides[1] = new LadderSide(asks, levelsPerSide, windowTicks, Side.Ask);
        SetTick(tickQuanta);
    }

    /// <summary>Most levels a side.</summary>
    public int LevelsPerSide { get; }

    /// <summary>Ticks of the dense window of a side; 0 where the levels are one sorted run.</summary>
    public int WindowTicks { get; }

    /// <summary>Bids by rank; dead after the next change.</summary>
    public BookSide Bids => new(ref _sides[0]);

    /// <summary>Asks by rank; dead after the next change.</summary>
    public BookSide Asks => new(ref _sides[1]);

    /// <summary>Whether deeper levels than those held were left out on either side.</summary>
    public bool IsTruncated => _sides[0].IsTruncated || _sides[1].IsTruncated;

    /// <summary>Whether the best bid is above the best ask.</summary>
    [Hot]
    public bool IsCrossed => _sides[0].Count != 0 && _sides[1].Count != 0 && _sides[0].BestPrice > _sides[1].BestPrice;

    /// <summary>What was counted instead of applied.</summary>
    public ref readonly LevelCounters Counters => ref _counters;

    /// <summary>Crossed, Locked, OneSided, Empty and PartialDepth as the book stands. O(1).</summary>
    [Hot]
    public ValidityFlags Shape
    {
        get
        {
            var flags = IsTruncated ? ValidityFlags.PartialDepth : ValidityFlags.None;
            if (_sides[0].Count == 0 || _sides[1].Count == 0)
            {
                return flags | (_sides[0].Count == _sides[1].Count ? ValidityFlags.Empty : ValidityFlags.OneSided);
            }

            long bid = _sides[0].BestPrice;
            long ask = _sides[1].BestPrice;
            if (bid > ask)
            {
                return flags | ValidityFlags.Crossed;
            }

            return bid == ask ? flags | ValidityFlags.Locked : flags;
        }
    }

    /// <summary>Bytes of native memory that such a book takes at most.</summary>
    public static long BytesFor(int levelsPerSide, int windowTicks = 0) =>
        2 * LadderSide.BytesFor(levelsPerSide, windowTicks);

    /// <summary>
    /// Applies a LevelSet, LevelDelta, LevelDelete, SnapshotLevel (as set) or Clear; other kinds change nothing.
    /// </summary>
    /// <returns>Whether held levels changed.</returns>
    [Hot]
    public bool Apply(in MarketEvent e) => e.Kind switch
    {
        EventKind.LevelSet or EventKind.SnapshotLevel => Set(e.Side, e.Price, e.Quantity),
        EventKind.LevelDelta => Add(e.Side, e.Price, e.Quantity),
        EventKind.LevelDelete => Delete(e.Side, e.Price),
        EventKind.Clear => Clear(),
        _ => false,
    };

    /// <summary>The level now holds <paramref name="lots"/>; 0 or less is refused and counted.</summary>
    [Hot]
    public bool Set(Side side, long price, long lots)
    {
        uint index = (uint)side - 1;
        if (lots <= 0 || index > 1)
        {
            return Count(LevelChange.Refused);
        }

        return Count(_sides[(int)index].Set(price, lots));
    }

    /// <summary>
    /// The level changes by <paramref name="lots"/>, is made if new and goes at 0 or less (less is counted).
    /// </summary>
    [Hot]
    public bool Add(Side side, long price, long lots)
    {
        uint index = (uint)side - 1;
        if (index > 1)
        {
            return Count(LevelChange.Refused);
        }

        ref LadderSide levels = ref _sides[(int)index];
        int before = levels.Count;
        bool changed = Count(levels.Add(price, lots));
        return changed || levels.Count != before;
    }

    /// <summary>The level is gone; one that was not there is counted.</summary>
    [Hot]
    public bool Delete(Side side, long price)
    {
        uint index = (uint)side - 1;
        return Count(index > 1 ? LevelChange.Refused : _sides[(int)index].Delete(price));
    }

    /// <summary>Lots at a price, 0 where no level is held.</summary>
    [Hot]
    public long LotsAt(Side side, long price)
    {
        uint index = (uint)side - 1;
        return index > 1 ? 0 : _sides[(int)index].LotsAt(price);
    }

    /// <summary>Empties both sides; an empty book is known to its end, so truncation ends too.</summary>
    [Hot]
    public bool Clear()
    {
        _sides[0].Clear();
        _sides[1].Clear();
        return true;
    }

    /// <summary>
    /// The instrument's tick changed. Prices need not keep to it: it only says how far the window reaches. O(levels).
    /// </summary>
    public void SetTick(int tickQuanta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tickQuanta, 1);
        _sides[0].SetTick(tickQuanta);
        _sides[1].SetTick(tickQuanta);
    }

    /// <summary>
    /// The feed shows so many levels a side: the worst of more leaves and is no cancel. Set-up, on an empty book.
    /// </summary>
    public void LimitDepth(int levels, DepthRule rule)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        _depthLevels = levels;
        if (rule == DepthRule.AtOnce)
        {
            _sides[0].LimitDepth(levels);
            _sides[1].LimitDepth(levels);
        }
    }

    /// <summary>
    /// Where a venue event ended: levels beyond a limited depth leave (<see cref="LevelCounters.LeftDepth"/>).
    /// </summary>
    [Hot]
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void TrimDepth()
    {
        if (_depthLevels != 0)
        {
            TrimTo(_depthLevels);
        }
    }

    /// <summary>
    /// The price from which on a side is unknown: levels were left out there, or the feed shows no more. What goes from
    /// there was not cancelled as far as anyone knows.
    /// </summary>
    /// <returns>False when the side is known to its end.</returns>
    public bool TryHorizon(Side side, out long price)
    {
        ref LadderSide of = ref _sides[side == Side.Bid ? 0 : 1];
        if (of.IsTruncated)
        {
            price = of.HorizonPrice;
            return true;
        }

        if (_depthLevels == 0 || of.Count < _depthLevels)
        {
            price = 0;
            return false;
        }

        price = unchecked(of.WorstPrice + (side == Side.Bid ? -1 : 1));
        return true;
    }

    /// <summary>Releases the memory; the book is empty and refuses levels from here.</summary>
    public void Dispose()
    {
        _sides = default;
        _block.Dispose();
    }

    /// <summary>The sum of a level's orders changed, to more than 0; held levels have room.</summary>
    [Hot]
    internal void SetSum(int side, long price, long lots) => _sides[side].SetSum(price, lots);

    /// <summary>The last order of a level is gone.</summary>
    [Hot]
    internal void DropSum(int side, long price) => _sides[side].Delete(price);

    /// <summary>Forgets levels and counts: a fresh start for the next snapshot.</summary>
    internal void Reset()
    {
        Clear();
        _counters = default;
    }

    /// <summary>Takes over what another book counted.</summary>
    internal void AddCounts(PriceLevelBook other) => _counters.Add(in other._counters);

    /// <summary>Whether both books hold the very same levels and know them to the same depth.</summary>
    internal bool IsSame(PriceLevelBook other) => IsSame(Bids, other.Bids) && IsSame(Asks, other.Asks);

    /// <summary>Whether both can be true of one venue book: equal as far as both know.</summary>
    internal bool Agrees(PriceLevelBook other) => Agree(other, 0) && Agree(other, 1);

    /// <summary>Looks for what is wrong with the structure of a side. O(window).</summary>
    internal string? FindBroken(Side side) => _sides[side == Side.Bid ? 0 : 1].FindBroken();

    private void TrimTo(int levels)
    {
        for (var side = 0; side < 2; side++)
        {
            while (_sides[side].Count > levels)
            {
                _sides[side].DropWorst();
                _counters.LeftDepth++;
            }
        }
    }

    private static bool IsSame(BookSide left, BookSide right) =>
        left.Count == right.Count && IsSame(left, right, left.Count);

    private static bool IsSame(BookSide left, BookSide right, int levels)
    {
        for (var rank = 0; rank < levels; rank++)
        {
            if (left[rank] != right[rank])
            {
                return false;
            }
        }

        return true;
    }

    private bool Agree(PriceLevelBook other, int side)
    {
        ref LadderSide left = ref _sides[side];
        ref LadderSide right = ref other._sides[side];
        bool shorterIsCut = left.Count == right.Count
            || (left.Count < right.Count ? left.IsTruncated : right.IsTruncated);
        return shorterIsCut && IsSame(new(ref left), new(ref right), Math.Min(left.Count, right.Count));
    }

    private bool Count(LevelChange change)
    {
        if (change == LevelChange.Changed)
        {
            return true;
        }

        return CountSlow(change);
    }

    private bool CountSlow(LevelChange change)
    {
        switch (change)
        {
            case LevelChange.ChangedEvicting when _depthLevels != 0 && !IsTruncated:
                _counters.LeftDepth++;
                return true;
            case LevelChange.ChangedEvicting:
                _counters.Evicted++;
                return true;
            case LevelChange.BeyondDepth:
                _counters.BeyondDepth++;
                return false;
            case LevelChange.UnknownLevel:
                _counters.UnknownDeletes++;
                return false;
            case LevelChange.NegativeResult:
                _counters.NegativeResults++;
                return false;
            default:
                _counters.Refused++;
                return false;
        }
    }
}
