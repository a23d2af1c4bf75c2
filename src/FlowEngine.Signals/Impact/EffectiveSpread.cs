using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// M11: what takers pay, ES = 2s(p - m), m the mid before the trade's event; what makers keep a horizon later, RS =
/// 2s(p - m_H); what the price moved against them, PI = ES - RS, exactly. Lot-weighted, decayed; quanta. Horizons 100
/// ms, 1 s, 10 s, 60 s by default. Huang &amp; Stoll (1996).
/// </summary>
public sealed class EffectiveSpread
{
    private readonly MarkoutRing _ring;
    private readonly HalfLife _halfLife;
    private readonly DecayedPair[] _realised;
    private DecayedPair _effective;
    private long _mid2;

    /// <summary>No trade yet.</summary>
    /// <param name="halfLife">Of the means.</param>
    /// <param name="capacity">Most trades that wait.</param>
    /// <param name="horizonsNs">Ascending.</param>
    public EffectiveSpread(HalfLife halfLife, int capacity, params ReadOnlySpan<long> horizonsNs)
    {
        _halfLife = halfLife;
        _ring = new MarkoutRing(capacity, horizonsNs);
        _realised = new DecayedPair[horizonsNs.Length];
    }

    /// <summary>Trades that found no room, since the start.</summary>
    public long Dropped => _ring.Dropped;

    /// <summary>2s(p - m) in quanta, exactly.</summary>
    /// <param name="sign">1 bought, -1 sold.</param>
    /// <param name="price">p, quanta.</param>
    /// <param name="mid2">Twice m.</param>
    [Hot]
    public static long Of(int sign, long price, long mid2) => sign * (2 * price - mid2);

    /// <summary>Twice the mid from <paramref name="nowNs"/> on, at each event's end and on timers; 0 or less where
    /// there is none, and then the last one stands.</summary>
    [Hot]
    public void Set(long mid2, long nowNs)
    {
        for (int h = 0; h < _realised.Length; h++)
        {
            while (_ring.TrySettle(h, nowNs, out Markout m))
            {
                // Both halves of the mean are decayed from one moment, so when they are settled does not matter.
                _realised[h].Add((double)Of(m.Sign, m.Price, _mid2) * m.Lots, m.Lots, nowNs, _halfLife);
            }
        }

        _mid2 = mid2 > 0 ? mid2 : _mid2;
    }

    /// <summary>A trade.</summary>
    [Hot]
    public void Add(in Markout trade)
    {
        if (trade.Sign == 0)
        {
            return;
        }

        double weighted = (double)Of(trade.Sign, trade.Price, trade.MidBefore2) * trade.Lots;
        _effective.Add(weighted, trade.Lots, trade.TimeNs, _halfLife);
        _ring.Add(trade);
    }

    /// <summary>Forgets what waits: after a snapshot, a gap or a halt.</summary>
    [Hot]
    public void Clear() => _ring.Clear();

    /// <summary>Mean effective spread, quanta; 0 before the first trade.</summary>
    [Hot]
    public ValidityFlags ReadEffective(out double quanta) => Mean(_effective, out quanta);

    /// <summary>Mean realised spread of a horizon by its index, quanta; below 0 makers were picked off.</summary>
    [Hot]
    public ValidityFlags ReadRealised(int horizon, out double quanta) => Mean(_realised[horizon], out quanta);

    private ValidityFlags Mean(in DecayedPair sums, out double mean)
    {
        // Only their ratio counts, so any one moment does for both.
        sums.At(0, _halfLife, out double weighted, out double lots);
        mean = lots > 0 ? weighted / lots : 0;
        return lots > 0 ? ValidityFlags.None : ValidityFlags.LowSamples;
    }
}
