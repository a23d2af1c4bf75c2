using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>How many levels F2 looks at.</summary>
public static class OfiLevels
{
    /// <summary>M.</summary>
    public const int Count = 10;
}

/// <summary>One integer for each level, best first.</summary>
[InlineArray(OfiLevels.Count)]
public struct PerLevelLots
{
    private long _first;
}

/// <summary>Room for the levels themselves, best first.</summary>
[InlineArray(OfiLevels.Count)]
public struct PerLevelLevel
{
    private PriceLevel _first;
}

/// <summary>One value for each level, best first.</summary>
[InlineArray(OfiLevels.Count)]
public struct PerLevel
{
    private double _first;
}

/// <summary>
/// F2: the formula of F1 on the m-th populated level of both sides, m = 1 … 10; lots, + is buy. A new best level shifts
/// all that follow, which shows in e^m for m above 1: that is the definition. Xu, Gould &amp; Howison (2018).
/// </summary>
public struct MultiLevelOfi
{
    private PerLevelLevel _bids;
    private PerLevelLevel _asks;
    private PerLevelLots _depth;
    private PerLevelLots _event;
    private PerLevelLots _sum;
    private int _bidCount;
    private int _askCount;

    /// <summary>e^m of the newest event; 0 after <see cref="Prime"/>.</summary>
    [UnscopedRef]
    public readonly ref readonly PerLevelLots Event => ref _event;

    /// <summary>Σ e^m since the start; saturates.</summary>
    [UnscopedRef]
    public readonly ref readonly PerLevelLots Sum => ref _sum;

    /// <summary>Lots of both sides over all levels, as of the newest book.</summary>
    public long DepthLots { get; private set; }

    /// <summary>First level that may have flow in the newest event; all before it are as they were.</summary>
    public int FirstChanged { get; private set; }

    /// <summary>End of the levels that may have flow in the newest event.</summary>
    public int EndChanged { get; private set; }

    /// <summary>Takes the book as the state before the next event.</summary>
    [Hot]
    public void Prime(in BookSide bids, in BookSide asks)
    {
        PerLevelLots sum = _sum;
        Step(bids, asks);
        _event = default;
        _sum = sum;
        FirstChanged = EndChanged = 0;
    }

    /// <summary>Adds the event that led to this book; after <see cref="Prime"/>. O(levels from the first that
    /// changed).</summary>
    [Hot]
    public void Step(in BookSide bids, in BookSide asks)
    {
        Unsafe.SkipInit(out PerLevelLevel bidRoom);
        Unsafe.SkipInit(out PerLevelLevel askRoom);
        ReadOnlySpan<PriceLevel> bidLevels = bids.Best(bidRoom);
        ReadOnlySpan<PriceLevel> askLevels = asks.Best(askRoom);
        ((Span<long>)_event)[FirstChanged..EndChanged].Clear();
        int first = Math.Min(Same(bidLevels, _bids, _bidCount), Same(askLevels, _asks, _askCount));
        FirstChanged = first;
        EndChanged = first;
        if (first == OfiLevels.Count)
        {
            return;
        }

        // What lies behind all levels of both books has no flow.
        int end = Math.Max(Math.Max(bidLevels.Length, _bidCount), Math.Max(askLevels.Length, _askCount));
        EndChanged = end;
        long depth = first > 0 ? _depth[first - 1] : 0;
        for (int m = first; m < end; m++)
        {
            TouchState now = TouchAt(bidLevels, askLevels, m);
            TouchState last = TouchAt(
                ((Span<PriceLevel>)_bids)[.._bidCount], ((Span<PriceLevel>)_asks)[.._askCount], m);
            depth = Saturating.Add(depth, Saturating.Add(now.BidLots, now.AskLots));
            _depth[m] = depth;
            long e = OrderFlowImbalance.EventValue(last, now);
            _event[m] = e;
            _sum[m] = Saturating.Add(_sum[m], e);
        }

        DepthLots = depth;
        bidLevels[Math.Min(first, bidLevels.Length)..].CopyTo(((Span<PriceLevel>)_bids)[first..]);
        askLevels[Math.Min(first, askLevels.Length)..].CopyTo(((Span<PriceLevel>)_asks)[first..]);
        (_bidCount, _askCount) = (bidLevels.Length, askLevels.Length);
    }

    /// <summary>Levels from the best on that are as they were; all ten where nothing changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Same(ReadOnlySpan<PriceLevel> now, ReadOnlySpan<PriceLevel> last, int lastCount)
    {
        int words = MemoryMarshal.Cast<PriceLevel, long>(now)
            .CommonPrefixLength(MemoryMarshal.Cast<PriceLevel, long>(last[..lastCount]));
        return words == 2 * now.Length && now.Length == lastCount ? OfiLevels.Count : words / 2;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TouchState TouchAt(ReadOnlySpan<PriceLevel> bids, ReadOnlySpan<PriceLevel> asks, int rank)
    {
        PriceLevel bid = rank < bids.Length ? bids[rank] : new PriceLevel(TouchState.NoBid, 0);
        PriceLevel ask = rank < asks.Length ? asks[rank] : new PriceLevel(TouchState.NoAsk, 0);
        return new TouchState(bid.Price, bid.Lots, ask.Price, ask.Lots);
    }
}
