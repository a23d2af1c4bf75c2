using System.Runtime.CompilerServices;
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
    private PerLevelTouch _last;
    private PerLevelLots _event;
    private PerLevelLots _sum;

    /// <summary>e^m of the newest event; 0 after <see cref="Prime"/>.</summary>
    public readonly PerLevelLots Event => _event;

    /// <summary>Σ e^m since the start; saturates.</summary>
    public readonly PerLevelLots Sum => _sum;

    /// <summary>Lots of both sides over all levels, as of the newest book.</summary>
    public long DepthLots { get; private set; }

    /// <summary>Takes the book as the state before the next event.</summary>
    [Hot]
    public void Prime(BookSide bids, BookSide asks)
    {
        _event = default;
        long depth = 0;
        for (int m = 0; m < OfiLevels.Count; m++)
        {
            _last[m] = TouchAt(bids, asks, m);
            depth = Saturating.Add(depth, Saturating.Add(_last[m].BidLots, _last[m].AskLots));
        }

        DepthLots = depth;
    }

    /// <summary>Adds the event that led to this book; after <see cref="Prime"/>. O(10).</summary>
    [Hot]
    public void Step(BookSide bids, BookSide asks)
    {
        long depth = 0;
        for (int m = 0; m < OfiLevels.Count; m++)
        {
            TouchState now = TouchAt(bids, asks, m);
            depth = Saturating.Add(depth, Saturating.Add(now.BidLots, now.AskLots));
            ref TouchState last = ref _last[m];
            if (now == last)
            {
                // Most events change one level: the others have no flow.
                _event[m] = 0;
                continue;
            }

            long e = OrderFlowImbalance.EventValue(last, now);
            _event[m] = e;
            _sum[m] = Saturating.Add(_sum[m], e);
            last = now;
        }

        DepthLots = depth;
    }

    private static TouchState TouchAt(BookSide bids, BookSide asks, int rank)
    {
        PriceLevel bid = rank < bids.Count ? bids[rank] : new PriceLevel(TouchState.NoBid, 0);
        PriceLevel ask = rank < asks.Count ? asks[rank] : new PriceLevel(TouchState.NoAsk, 0);
        return new TouchState(bid.Price, bid.Lots, ask.Price, ask.Lots);
    }

    [InlineArray(OfiLevels.Count)]
    private struct PerLevelTouch
    {
        private TouchState _first;
    }
}
