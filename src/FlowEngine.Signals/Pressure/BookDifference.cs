using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>One level before and after a venue event.</summary>
/// <param name="Side">Which side it rests on.</param>
/// <param name="Price">Quanta.</param>
/// <param name="Before">Lots before the event, 0 for none.</param>
/// <param name="After">Lots after it, 0 for none.</param>
public readonly record struct LevelStep(Side Side, long Price, long Before, long After);

/// <summary>
/// What a venue event changed among the best levels: the book after it against the book before it, both sides. Works
/// alike for books by level and by order, adds up what one event did to a level, and tells nothing of levels that came
/// or went only because the window of <see cref="Levels"/> moved. O(levels), and next to nothing while all are the
/// same. Feeds B8, B9 and B11.
/// </summary>
public sealed class BookDifference
{
    private readonly PriceLevel[] _bids;
    private readonly PriceLevel[] _asks;
    private readonly PriceLevel[] _room;
    private readonly LevelStep[] _steps;
    private readonly int _feedDepthLevels;
    private int _bidCount;
    private int _askCount;
    private bool _bidWhole;
    private bool _askWhole;
    private int _stepCount;

    /// <summary>No book seen yet: <see cref="Prime"/> first.</summary>
    /// <param name="levels">Best levels a side that are watched, 1 to 1000.</param>
    /// <param name="feedDepthLevels">Levels a side that the feed tells of, 0 for all.</param>
    public BookDifference(int levels, int feedDepthLevels = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levels, 1000);
        _bids = new PriceLevel[levels];
        _asks = new PriceLevel[levels];
        _room = new PriceLevel[levels];
        _steps = new LevelStep[4 * levels];
        _feedDepthLevels = feedDepthLevels > 0 ? feedDepthLevels : int.MaxValue;
    }

    /// <summary>Best levels a side that are watched.</summary>
    public int Levels => _bids.Length;

    /// <summary>What the newest event changed: bids, then asks, each best first.</summary>
    public ReadOnlySpan<LevelStep> Steps => _steps.AsSpan(0, _stepCount);

    /// <summary>Takes the book as the state before the next event: no steps.</summary>
    [Hot]
    public void Prime(in BookSide bids, in BookSide asks)
    {
        _stepCount = 0;
        Keep(bids, _bids, out _bidCount, out _bidWhole);
        Keep(asks, _asks, out _askCount, out _askWhole);
    }

    /// <summary>Compares the book with the one before.</summary>
    [Hot]
    public void Step(in BookSide bids, in BookSide asks)
    {
        _stepCount = 0;
        Compare(Side.Bid, bids, _bids, ref _bidCount, ref _bidWhole);
        Compare(Side.Ask, asks, _asks, ref _askCount, ref _askWhole);
    }

    private void Keep(in BookSide levels, PriceLevel[] kept, out int count, out bool whole)
    {
        count = Math.Min(levels.Count, kept.Length);
        whole = IsWhole(levels, count);
        levels.Best(_room).CopyTo(kept);
    }

    // Whether a price beyond the last of these levels is known to hold nothing.
    private bool IsWhole(in BookSide levels, int count) => count == levels.Count && count < _feedDepthLevels;

    private void Compare(Side side, in BookSide levels, PriceLevel[] kept, ref int count, ref bool whole)
    {
        ReadOnlySpan<PriceLevel> before = kept.AsSpan(0, count);
        ReadOnlySpan<PriceLevel> after = levels.Best(_room);
        bool afterWhole = IsWhole(levels, after.Length);
        int first = Same(before, after);
        if (first == before.Length && first == after.Length)
        {
            whole = afterWhole;
            return;
        }

        // Most events change the lots of one level: what is the same before and behind it is left alone.
        if (before.Length == after.Length && before[first].Price == after[first].Price
            && Same(before[(first + 1)..], after[(first + 1)..]) == after.Length - first - 1)
        {
            _steps[_stepCount++] = new LevelStep(side, after[first].Price, before[first].Lots, after[first].Lots);
            kept[first] = after[first];
            whole = afterWhole;
            return;
        }

        int oldEnd = before.Length;
        int newEnd = after.Length;
        while (oldEnd > first && newEnd > first && before[oldEnd - 1] == after[newEnd - 1])
        {
            oldEnd--;
            newEnd--;
        }

        bool oldKnown = whole || oldEnd < before.Length;
        bool newKnown = afterWhole || newEnd < after.Length;
        Merge(side, before[first..oldEnd], oldKnown, after[first..newEnd], newKnown);
        after[first..].CopyTo(kept.AsSpan(first));
        count = after.Length;
        whole = afterWhole;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Same(ReadOnlySpan<PriceLevel> before, ReadOnlySpan<PriceLevel> after) => MemoryMarshal
        .Cast<PriceLevel, long>(before).CommonPrefixLength(MemoryMarshal.Cast<PriceLevel, long>(after)) / 2;

    private void Merge(
        Side side, ReadOnlySpan<PriceLevel> before, bool beforeKnown, ReadOnlySpan<PriceLevel> after, bool afterKnown)
    {
        // Prices as distances from the best possible one: smaller is better on both sides.
        long sign = side == Side.Bid ? -1 : 1;
        int old = 0;
        int now = 0;
        while (old < before.Length || now < after.Length)
        {
            // Past its worst kept level the other side's window knows nothing.
            if ((old == before.Length && !beforeKnown) || (now == after.Length && !afterKnown))
            {
                return;
            }

            long oldPrice = old < before.Length ? sign * before[old].Price : long.MaxValue;
            long newPrice = now < after.Length ? sign * after[now].Price : long.MaxValue;
            long price = sign * Math.Min(oldPrice, newPrice);
            long had = oldPrice <= newPrice ? before[old++].Lots : 0;
            long has = newPrice <= oldPrice ? after[now++].Lots : 0;
            if (had != has)
            {
                _steps[_stepCount++] = new LevelStep(side, price, had, has);
            }
        }
    }
}
