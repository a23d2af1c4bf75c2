using FlowEngine.Core;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.Deribit;

namespace FlowEngine.Feeds.Deribit;

/// <summary>A ticker message in integers, checked whole before any of it is handed on.</summary>
[Hot]
internal struct DeribitTicker
{
    public long VenueTimeNs;
    public TradingStatus Status;
    public Parts Given;
    public long Mark;
    public long Index;
    public long OpenInterest;
    public long Funding;
    public PriceLevel Bid;
    public PriceLevel Ask;

    /// <summary>The parts that may be missing.</summary>
    [Flags]
    public enum Parts : byte
    {
        /// <summary>Mark price.</summary>
        Mark = 1,

        /// <summary>Index price.</summary>
        Index = 2,

        /// <summary>Open interest.</summary>
        OpenInterest = 4,

        /// <summary>Funding rate.</summary>
        Funding = 8,
    }

    public static DamageReason Read(
        in Wire.TickerReader message, in DeribitInstrument instrument, out DeribitTicker ticker)
    {
        ticker = default;
        if (!DeribitInstrument.TryToNanos(message.TimestampMs, out ticker.VenueTimeNs))
        {
            return DamageReason.BadTime;
        }

        if (!DeribitDefinition.TryStatus(message.InstrumentState, out ticker.Status))
        {
            return DamageReason.BadEnum;
        }

        DamageReason reason = ReadFixed9(message.MarkPrice, Parts.Mark, ref ticker.Given, out ticker.Mark);
        reason = reason != DamageReason.None
            ? reason
            : ReadFixed9(message.IndexPrice, Parts.Index, ref ticker.Given, out ticker.Index);
        reason = reason != DamageReason.None
            ? reason
            : ReadFixed9(message.CurrentFunding, Parts.Funding, ref ticker.Given, out ticker.Funding);
        reason = reason != DamageReason.None
            ? reason
            : ReadBest(message.BestBidPrice, message.BestBidAmount, in instrument, out ticker.Bid);
        reason = reason != DamageReason.None
            ? reason
            : ReadBest(message.BestAskPrice, message.BestAskAmount, in instrument, out ticker.Ask);
        return reason != DamageReason.None
            ? reason
            : ReadOpenInterest(message.OpenInterest, in instrument, ref ticker);
    }

    private static DamageReason ReadFixed9(double value, Parts part, ref Parts given, out long fixed9)
    {
        if (double.IsNaN(value))
        {
            fixed9 = 0;
            return DamageReason.None;
        }

        given |= part;
        return DeribitInstrument.ToFixed9(value, out fixed9);
    }

    private static DamageReason ReadBest(
        double price, double amount, in DeribitInstrument instrument, out PriceLevel level)
    {
        level = default;
        // An empty side is 0 at 0; combos may well be quoted at a price of 0.
        if (price == 0 && amount == 0)
        {
            return DamageReason.None;
        }

        DamageReason reason = instrument.ToQuanta(price, out long quanta);
        if (reason != DamageReason.None)
        {
            return reason;
        }

        reason = instrument.ToLots(amount, out long lots);
        level = new PriceLevel(quanta, lots);
        return reason;
    }

    private static DamageReason ReadOpenInterest(
        double amount, in DeribitInstrument instrument, ref DeribitTicker ticker)
    {
        if (double.IsNaN(amount))
        {
            return DamageReason.None;
        }

        // Open interest is a sum that need not be whole lots.
        double lots = Math.Round(amount * instrument.LotsPerAmount);
        if (!(lots >= 0 && lots <= FeedLimits.MaxLots))
        {
            return DamageReason.BadQuantity;
        }

        ticker.Given |= Parts.OpenInterest;
        ticker.OpenInterest = (long)lots;
        return DamageReason.None;
    }
}
