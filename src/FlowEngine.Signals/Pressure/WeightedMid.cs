using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// B4: wmid = (Pb·Qa + Pa·Qb) / (Qa + Qb) in quanta, computed as mid + spread/2 × I_1, which keeps its digits at any
/// price. Gatheral &amp; Oomen (2010).
/// </summary>
public static class WeightedMid
{
    private const double Half = 0.5;

    /// <summary>The weighted mid; 0 when a side is empty.</summary>
    [Hot]
    public static double Of(in TouchState touch) => touch.HasBoth
        ? touch.Mid2 * Half + touch.Spread * Half * VolumeImbalance.Of(touch.BidLots, touch.AskLots)
        : 0;
}
