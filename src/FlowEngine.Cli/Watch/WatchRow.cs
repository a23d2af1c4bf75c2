using FlowEngine.Messages.Signals;

namespace FlowEngine.Cli.Watch;

/// <summary>One instrument as a trader reads it: prices in quote currency, costs in basis points.</summary>
internal sealed record WatchRow
{
    /// <summary>The venue's name.</summary>
    public required string Symbol { get; init; }

    /// <summary>Decimals that show a price quantum exactly.</summary>
    public int PriceDecimals { get; init; }

    /// <summary>Best bid in quote currency; null when the side is empty.</summary>
    public double? Bid { get; init; }

    /// <summary>Best ask in quote currency; null when the side is empty.</summary>
    public double? Ask { get; init; }

    /// <summary>
    /// Volume imbalance of the best five levels, -1 to 1, + is bid heavy; null before the first value.
    /// </summary>
    public double? Imbalance { get; init; }

    /// <summary>Order flow imbalance over the average depth at the touch; null before the first value.</summary>
    public double? OrderFlow { get; init; }

    /// <summary>Signed share of aggressor volume, -1 to 1, + is buy; null before the first value.</summary>
    public double? TradeImbalance { get; init; }

    /// <summary>What it costs to sweep the book; null before the first value.</summary>
    public SweepCost? Sweep { get; init; }

    /// <summary>Score, regime and loop gain; null where the engine's set has none.</summary>
    public PressureScore? Pressure { get; init; }

    /// <summary>What to know before trusting the row.</summary>
    public Validity Flags { get; init; }

    /// <summary>Seconds since the newest new value came.</summary>
    public double AgeSeconds { get; init; }

    /// <summary>No new value came since the watcher joined: the age is a lower bound.</summary>
    public bool IsAgeLowerBound { get; init; }

    /// <summary>Ask minus bid in quote currency; null when a side is empty.</summary>
    public double? Spread => Ask - Bid;

    /// <summary>The spread in basis points of the mid; null when a side is empty or the mid is not positive.</summary>
    public double? SpreadBps => Ask + Bid > 0 ? Spread / ((Ask + Bid) / 2) * 1e4 : null;
}

/// <summary>How hard the market is pushed, and why.</summary>
/// <param name="Score">-100 to 100, + is sell.</param>
/// <param name="IsValid">Whether enough is known for it, for long enough.</param>
/// <param name="Regime">Where the market stands.</param>
/// <param name="Direction">1 a fall, -1 a squeeze, 0 while calm.</param>
/// <param name="LoopGain">Of the side that is pushed; from 1 it feeds itself.</param>
/// <param name="Contributions">Of the seven legs, adding up to what the score is made of; + is sell.</param>
internal sealed record PressureScore(
    double Score, bool IsValid, Regime Regime, int Direction, double LoopGain, IReadOnlyList<double> Contributions);

/// <summary>Cost of trading one size at once, each way.</summary>
/// <param name="Size">The size in the venue's amount unit.</param>
/// <param name="SellBps">Mid minus average price when selling, basis points.</param>
/// <param name="BuyBps">Average price minus mid when buying, basis points.</param>
/// <param name="SellFills">Whether the bids take all of it; otherwise the cost is of what fills.</param>
/// <param name="BuyFills">Whether the asks give all of it.</param>
internal sealed record SweepCost(double Size, double SellBps, double BuyBps, bool SellFills, bool BuyFills);
