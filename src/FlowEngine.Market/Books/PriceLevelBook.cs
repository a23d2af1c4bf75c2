using System.Runtime.InteropServices;
using FlowEngine.Core;
using FlowEngine.Core.Memory;

namespace FlowEngine.Market;

/// <summary>
/// A book of price levels (L2): each side one run of native memory, ordered worst to best. Book thread only.
/// <para>
/// Idea. A book of some hundred levels is read far more often than it is searched, and changed within a few levels of
/// the touch. So it is kept as what readers want, two dense arrays of (price, lots), best last: rank r is one
/// subtraction, a signal over k levels is one forward walk over k × 16 bytes, and a change at the touch moves nothing.
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
/// Costs, n levels a side: best O(1); change of a level within 8 of the touch one short scan; elsewhere a binary
/// search, O(log n). Insert and delete move the shorter part of the side, 16 bytes a level, as one memmove. Evicting is
/// O(1) beside the insert. Nothing is allocated after construction.
/// </para>
/// <para>
/// Bad cases: inserts in the middle of a deep side move up to n / 2 levels (1024 levels: 8 KB). Growth at one end only
/// (a market that trends by its whole depth) recentres the array now and then: one move of n levels per n / 8 inserts
/// or fewer. A snapshot in random order costs O(n²/4) level moves; sorted either way it moves nothing. A side of many
/// thousand levels wants another structure.
/// </para>
/// </summary>
public sealed unsafe class PriceLevelBook : IDisposable
{
    private readonly NativeBlock _block;
    private PriceLevelSide _bids;
    private PriceLevelSide _asks;
    private LevelCounters _counters;

    /// <summary>An empty book.</summary>
    /// <param name="levelsPerSide">Most levels a side, 1 to <see cref="BookOptions.MaxLevelsPerSide"/>.</param>
    public PriceLevelBook(int levelsPerSide)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levelsPerSide, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levelsPerSide, BookOptions.MaxLevelsPerSide);
        LevelsPerSide = levelsPerSide;
        _block = new NativeBlock(BytesFor(levelsPerSide), CacheLine.Length);
        var levels = (PriceLevel*)_block.Pointer;
        _bids = new PriceLevelSide(levels, levelsPerSide, Side.Bid);
        _asks = new PriceLevelSide(levels + PriceLevelSide.SlotsFor(levelsPerSide), levelsPerSide, Side.Ask);
    }

    /// <summary>Most levels a side.</summary>
    public int LevelsPerSide { get; }

    /// <summary>Bids by rank; dead after the next change.</summary>
    public BookSide Bids => new(_bids.Levels);

    /// <summary>Asks by rank; dead after the next change.</summary>
    public BookSide Asks => new(_asks.Levels);

    /// <summary>Whether deeper levels than those held were left out on either side.</summary>
    public bool IsTruncated => _bids.IsTruncated || _asks.IsTruncated;

    /// <summary>Whether the best bid is above the best ask.</summary>
    [Hot]
    public bool IsCrossed => _bids.Count != 0 && _asks.Count != 0 && _bids.Best.Price > _asks.Best.Price;

    /// <summary>What was counted instead of applied.</summary>
    public ref readonly LevelCounters Counters => ref _counters;

    /// <summary>Crossed, Locked, OneSided, Empty and PartialDepth as the book stands. O(1).</summary>
    [Hot]
    public ValidityFlags Shape
    {
        get
        {
            var flags = IsTruncated ? ValidityFlags.PartialDepth : ValidityFlags.None;
            if (_bids.Count == 0 || _asks.Count == 0)
            {
                return flags | (_bids.Count == _asks.Count ? ValidityFlags.Empty : ValidityFlags.OneSided);
            }

            long bid = _bids.Best.Price;
            long ask = _asks.Best.Price;
            if (bid > ask)
            {
                return flags | ValidityFlags.Crossed;
            }

            return bid == ask ? flags | ValidityFlags.Locked : flags;
        }
    }

    /// <summary>Bytes of native memory that such a book takes.</summary>
    public static long BytesFor(int levelsPerSide) => 2L * PriceLevelSide.SlotsFor(levelsPerSide) * sizeof(PriceLevel);

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
        if (lots <= 0 || side is not (Side.Bid or Side.Ask))
        {
            return Count(LevelChange.Refused);
        }

        return Count(side == Side.Bid ? _bids.Set(price, lots) : _asks.Set(price, lots));
    }

    /// <summary>
    /// The level changes by <paramref name="lots"/>, is made if new and goes at 0 or less (less is counted).
    /// </summary>
    [Hot]
    public bool Add(Side side, long price, long lots)
    {
        if (side is not (Side.Bid or Side.Ask))
        {
            return Count(LevelChange.Refused);
        }

        int before = _bids.Count + _asks.Count;
        var change = side == Side.Bid ? _bids.Add(price, lots) : _asks.Add(price, lots);
        bool changed = Count(change);
        return changed || _bids.Count + _asks.Count != before;
    }

    /// <summary>The level is gone; one that was not there is counted.</summary>
    [Hot]
    public bool Delete(Side side, long price)
    {
        if (side is not (Side.Bid or Side.Ask))
        {
            return Count(LevelChange.Refused);
        }

        return Count(side == Side.Bid ? _bids.Delete(price) : _asks.Delete(price));
    }

    /// <summary>Empties both sides; an empty book is known to its end, so truncation ends too.</summary>
    [Hot]
    public bool Clear()
    {
        _bids.Clear();
        _asks.Clear();
        return true;
    }

    /// <summary>Releases the memory; the book is empty and refuses levels from here.</summary>
    public void Dispose()
    {
        _bids = default;
        _asks = default;
        _block.Dispose();
    }

    /// <summary>Forgets levels and counts: a fresh start for the next snapshot.</summary>
    internal void Reset()
    {
        Clear();
        _counters = default;
    }

    /// <summary>Takes the levels of a book of the same capacity, and adds its counts.</summary>
    internal void CopyFrom(PriceLevelBook other)
    {
        _bids.CopyFrom(in other._bids);
        _asks.CopyFrom(in other._asks);
        _counters.Add(in other._counters);
    }

    /// <summary>Whether both books hold the very same levels and know them to the same depth.</summary>
    internal bool IsSame(PriceLevelBook other) =>
        SameBytes(_bids.Levels, other._bids.Levels) && SameBytes(_asks.Levels, other._asks.Levels);

    /// <summary>Whether both can be true of one venue book: equal as far as both know.</summary>
    internal bool Agrees(PriceLevelBook other) => Agree(in _bids, in other._bids) && Agree(in _asks, in other._asks);

    /// <summary>The price from which on a side is unknown.</summary>
    /// <returns>False when the side is known to its end.</returns>
    internal bool TryHorizon(Side side, out long price)
    {
        ref readonly PriceLevelSide of = ref side == Side.Bid ? ref _bids : ref _asks;
        price = of.HorizonPrice;
        return of.IsTruncated;
    }

    private static bool Agree(in PriceLevelSide left, in PriceLevelSide right)
    {
        int common = Math.Min(left.Count, right.Count);
        bool shorterIsCut = left.Count == right.Count
            || (left.Count < right.Count ? left.IsTruncated : right.IsTruncated);
        return shorterIsCut && SameBytes(left.Levels[^common..], right.Levels[^common..]);
    }

    private static bool SameBytes(ReadOnlySpan<PriceLevel> left, ReadOnlySpan<PriceLevel> right) =>
        MemoryMarshal.AsBytes(left).SequenceEqual(MemoryMarshal.AsBytes(right));

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
