using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// Best levels at one moment. An empty side has 0 lots, and its price is <see cref="NoBid"/> or <see cref="NoAsk"/>: -∞
/// and +∞ as far as comparisons go (signals.md F1). |price| below 2^62 so that sums of two fit.
/// </summary>
/// <param name="BidPrice">Quanta; <see cref="NoBid"/> when there is no bid.</param>
/// <param name="BidLots">Lots at the best bid.</param>
/// <param name="AskPrice">Quanta; <see cref="NoAsk"/> when there is no ask.</param>
/// <param name="AskLots">Lots at the best ask.</param>
public readonly record struct TouchState(long BidPrice, long BidLots, long AskPrice, long AskLots)
{
    /// <summary>Price of an empty bid side.</summary>
    public const long NoBid = long.MinValue;

    /// <summary>Price of an empty ask side.</summary>
    public const long NoAsk = long.MaxValue;

    /// <summary>Whether there is a bid.</summary>
    public bool HasBid => BidPrice != NoBid;

    /// <summary>Whether there is an ask.</summary>
    public bool HasAsk => AskPrice != NoAsk;

    /// <summary>Whether there are both.</summary>
    public bool HasBoth => HasBid && HasAsk;

    /// <summary>Twice the mid, an integer; only where <see cref="HasBoth"/>.</summary>
    public long Mid2 => unchecked(BidPrice + AskPrice);

    /// <summary>Ask minus bid in quanta; only where <see cref="HasBoth"/>.</summary>
    public long Spread => unchecked(AskPrice - BidPrice);

    /// <summary>The touch of a book.</summary>
    [Hot]
    public static TouchState Of(in BookSide bids, in BookSide asks)
    {
        bool hasBid = bids.TryBest(out PriceLevel bid);
        bool hasAsk = asks.TryBest(out PriceLevel ask);
        return new TouchState(hasBid ? bid.Price : NoBid, bid.Lots, hasAsk ? ask.Price : NoAsk, ask.Lots);
    }

    /// <summary>What the touch alone says of validity: empty, one-sided, crossed or locked.</summary>
    [Hot]
    public ValidityFlags Shape()
    {
        if (!HasBoth)
        {
            return HasBid || HasAsk ? ValidityFlags.OneSided : ValidityFlags.Empty;
        }

        return BidPrice < AskPrice ? ValidityFlags.None
            : BidPrice == AskPrice ? ValidityFlags.Locked
            : ValidityFlags.Crossed;
    }
}
