using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Deribit;

/// <summary>
/// What the decoder keeps of one instrument: how its doubles become integers, and where its snapshot stands.
/// </summary>
[Hot]
internal struct DeribitInstrument
{
    // How far from the grid a price may lie for the doubles' own error, in ticks.
    private const double GridTolerance = 1e-4;

    public double TickSize;
    public double MinTradeAmount;
    public double QuantaPerPrice;
    public double LotsPerAmount;
    public ulong SnapshotChangeId;
    public TradingStatus Status;
    public bool IsInSnapshot;
    public bool AllowsAnySign;

    /// <summary>Price in quanta.</summary>
    public readonly DamageReason ToQuanta(double price, out long quanta)
    {
        double scaled = price * QuantaPerPrice;
        double rounded = Math.Round(scaled);
        quanta = 0;
        // NaN fails every comparison, so it ends here like infinity does.
        if (!(Math.Abs(rounded) <= FeedLimits.MaxPriceQuanta))
        {
            return double.IsFinite(price) ? DamageReason.BadPrice : DamageReason.NaNPrice;
        }

        if (Math.Abs(scaled - rounded) >= GridTolerance)
        {
            return DamageReason.OffGridPrice;
        }

        quanta = (long)rounded;
        return quanta > 0 || AllowsAnySign ? DamageReason.None : DamageReason.BadPrice;
    }

    /// <summary>Amount in lots, more than 0.</summary>
    public readonly DamageReason ToLots(double amount, out long lots)
    {
        double scaled = amount * LotsPerAmount;
        double rounded = Math.Round(scaled);
        lots = 0;
        if (!(rounded >= 1 && rounded <= FeedLimits.MaxLots) || Math.Abs(scaled - rounded) >= GridTolerance * rounded)
        {
            return DamageReason.BadQuantity;
        }

        lots = (long)rounded;
        return DamageReason.None;
    }

    /// <summary>Any value at 1e-9, such as a mark or a rate.</summary>
    public static DamageReason ToFixed9(double value, out long fixed9)
    {
        double scaled = Math.Round(value * 1e9);
        bool fits = Math.Abs(scaled) <= FeedLimits.MaxFixed9;
        fixed9 = fits ? (long)scaled : 0;
        return fits ? DamageReason.None : double.IsFinite(value) ? DamageReason.BadPrice : DamageReason.NaNPrice;
    }

    /// <summary>Milliseconds since epoch as nanoseconds.</summary>
    public static bool TryToNanos(ulong milliseconds, out long nanos)
    {
        const ulong NanosPerMillisecond = 1_000_000;
        nanos = (long)(milliseconds * NanosPerMillisecond);
        return milliseconds <= long.MaxValue / NanosPerMillisecond;
    }
}
