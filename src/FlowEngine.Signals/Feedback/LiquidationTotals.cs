using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// Forced trades since the start, by whose position was closed: a forced sell closes a long. The taker's is told by the
/// event's kind, the resting side's by <see cref="EventFlags.MakerLiquidation"/>; a print where both were forced counts
/// once, its lots on both sides. Lots without a venue's side count in the number only: a side is never guessed.
/// </summary>
public struct LiquidationTotals
{
    /// <summary>Lots of longs sold by force.</summary>
    public long LongLots { get; private set; }

    /// <summary>Lots of shorts bought back by force.</summary>
    public long ShortLots { get; private set; }

    /// <summary>Forced trades.</summary>
    public ulong Count { get; private set; }

    /// <summary>Adds a print if it was forced.</summary>
    [Hot]
    public void Add(in MarketEvent trade)
    {
        bool taker = trade.Kind == EventKind.Liquidation;
        bool maker = (trade.Flags & EventFlags.MakerLiquidation) != 0;
        if (!taker && !maker)
        {
            return;
        }

        Count++;
        bool told = (trade.Flags & EventFlags.SignInferred) == 0;
        bool takerSold = told && trade.Side == Side.Sell;
        bool takerBought = told && trade.Side == Side.Buy;
        if ((taker && takerSold) || (maker && takerBought))
        {
            LongLots = Saturating.Add(LongLots, trade.Quantity);
        }

        if ((taker && takerBought) || (maker && takerSold))
        {
            ShortLots = Saturating.Add(ShortLots, trade.Quantity);
        }
    }
}
