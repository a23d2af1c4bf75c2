using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>Quoted spread and basis points: bps = 1e4 × quanta / (mid2 / 2) (signals.md 0.1).</summary>
public static class Spread
{
    private const double TwiceBpsPerUnit = 20_000;

    /// <summary>A distance in quanta as basis points of the mid; 0 when there is no mid above 0.</summary>
    [Hot]
    public static double Bps(double quanta, long mid2) => mid2 > 0 ? quanta * TwiceBpsPerUnit / mid2 : 0;

    /// <summary>Spread of the touch in basis points; 0 when a side is empty or the mid is not above 0.</summary>
    [Hot]
    public static double Bps(in TouchState touch) => touch.HasBoth ? Bps(touch.Spread, touch.Mid2) : 0;
}
