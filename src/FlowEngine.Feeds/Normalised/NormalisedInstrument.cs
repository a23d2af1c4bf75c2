using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Feeds.Normalised;

/// <summary>What the decoder keeps of one instrument of the normalised format.</summary>
[Hot]
internal struct NormalisedInstrument
{
    public DecimalScale Quantum;
    public DecimalScale Lot;
    public long TickQuanta;
    public ulong SnapshotSequence;
    public TradingStatus Status;
    public bool IsInSnapshot;

    /// <summary>Checks the price of a level or order: in range and on the tick grid.</summary>
    public readonly DamageReason CheckLevelPrice(long quanta)
    {
        DamageReason reason = CheckPrice(quanta);
        // The division is spared where a tick is one quantum, as it is almost everywhere.
        return reason == DamageReason.None && TickQuanta != 1 && quanta % TickQuanta != 0
            ? DamageReason.OffGridPrice
            : reason;
    }

    /// <summary>Checks the price of a print, which may lie between ticks.</summary>
    public static DamageReason CheckPrice(long quanta) =>
        quanta is >= -FeedLimits.MaxPriceQuanta and <= FeedLimits.MaxPriceQuanta
            ? DamageReason.None
            : DamageReason.BadPrice;

    /// <summary>Checks a quantity that must be more than 0.</summary>
    public static DamageReason CheckLots(long lots) =>
        lots is > 0 and <= FeedLimits.MaxLots ? DamageReason.None : DamageReason.BadQuantity;
}
