using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// M9: of what a trade moved the mid by at once, the share that was still there a horizon later: decayed Σ s·(mid_H -
/// mid_-) over decayed Σ s·(mid_+ - mid_-); 60 s by default. The rest was temporary.
/// </summary>
public sealed class ImpactSplit
{
    private const double Half = 0.5;
    private const long LeastTrades = 30;

    private readonly MarkoutRing _ring;
    private readonly HalfLife _halfLife;
    private DecayedPair _sums;
    private long _mid2;
    private long _trades;

    /// <summary>Nothing settled yet.</summary>
    /// <param name="horizonNs">H.</param>
    /// <param name="halfLife">Of the sums.</param>
    /// <param name="capacity">Most trades that wait.</param>
    public ImpactSplit(long horizonNs, HalfLife halfLife, int capacity)
    {
        _ring = new MarkoutRing(capacity, horizonNs);
        _halfLife = halfLife;
    }

    /// <summary>Trades that found no room, since the start.</summary>
    public long Dropped => _ring.Dropped;

    /// <summary>Twice the mid from <paramref name="nowNs"/> on, at each event's end and on timers; 0 or less where
    /// there is none, and then the last one stands.</summary>
    [Hot]
    public void Set(long mid2, long nowNs)
    {
        while (_ring.TrySettle(0, nowNs, out Markout m))
        {
            double total = m.Sign * ((double)m.MidAfter2 - m.MidBefore2) * Half;
            double permanent = m.Sign * ((double)_mid2 - m.MidBefore2) * Half;
            _sums.Add(total, permanent, nowNs, _halfLife);
            _trades++;
        }

        _mid2 = mid2 > 0 ? mid2 : _mid2;
    }

    /// <summary>A trade, or a whole order, with the mids around its venue event.</summary>
    [Hot]
    public void Add(in Markout trade)
    {
        if (trade.Sign != 0)
        {
            _ring.Add(trade);
        }
    }

    /// <summary>Forgets what waits: after a snapshot, a gap or a halt.</summary>
    [Hot]
    public void Clear() => _ring.Clear();

    /// <summary>The shares.</summary>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="totalQuanta">Decayed sum of immediate moves.</param>
    /// <param name="permanentShare">About 0 to 1; 0 where nothing moved.</param>
    /// <returns>LowSamples below thirty trades, or where nothing moved.</returns>
    [Hot]
    public ValidityFlags Read(long nowNs, out double totalQuanta, out double permanentShare)
    {
        _sums.At(nowNs, _halfLife, out totalQuanta, out double permanent);
        bool moved = totalQuanta > 0;
        permanentShare = moved ? permanent / totalQuanta : 0;
        return moved && _trades >= LeastTrades ? ValidityFlags.None : ValidityFlags.LowSamples;
    }
}
