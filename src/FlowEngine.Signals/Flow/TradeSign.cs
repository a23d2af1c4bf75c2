using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// F4: the sign of a print, 1 bought, -1 sold, 0 not known. In this order: the venue's flag; against the quotes before
/// the trade's event, at or above the ask bought, at or below the bid sold; inside the spread, above the mid bought,
/// below it sold; at the mid the tick test (the last different price; a zero-tick inherits). Where the quotes say both
/// (locked) or nothing, the tick test. Prints off the book get 0 and leave no trace. Lee &amp; Ready (1991) without its
/// lag.
/// </summary>
public struct TradeSign
{
    private long _lastPrice;
    private bool _hasLast;

    /// <summary>Sign of the last price change: the pure tick rule. 0 before the first change.</summary>
    public int TickDirection { get; private set; }

    /// <summary>Signs one print and remembers its price.</summary>
    /// <param name="trade">The print; <see cref="MarketEvent.Side"/> is believed unless it says it was
    /// inferred.</param>
    /// <param name="before">The touch before the trade's venue event; empty where it is not known.</param>
    /// <param name="source">How the sign was found.</param>
    [Hot]
    public int Classify(in MarketEvent trade, in TouchState before, out SignSource source)
    {
        if ((trade.Flags & EventFlags.OffBook) != 0)
        {
            source = SignSource.None;
            return 0;
        }

        TakeTick(trade.Price);
        if (trade.Side != Side.Unknown && (trade.Flags & EventFlags.SignInferred) == 0)
        {
            source = SignSource.Venue;
            return trade.Side == Side.Buy ? 1 : -1;
        }

        int sign = QuoteRule(trade.Price, before);
        source = sign != 0 ? SignSource.Quote : TickDirection != 0 ? SignSource.Tick : SignSource.None;
        return sign != 0 ? sign : TickDirection;
    }

    private static int QuoteRule(long price, in TouchState quotes)
    {
        bool bought = quotes.HasAsk && price >= quotes.AskPrice;
        bool sold = quotes.HasBid && price <= quotes.BidPrice;
        if (bought || sold)
        {
            return bought == sold ? 0 : bought ? 1 : -1;
        }

        return quotes.HasBoth ? (2 * price).CompareTo(quotes.Mid2) : 0;
    }

    private void TakeTick(long price)
    {
        if (_hasLast && price != _lastPrice)
        {
            TickDirection = price > _lastPrice ? 1 : -1;
        }

        _lastPrice = price;
        _hasLast = true;
    }
}
