using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// B11: of the lots of levels that died or lost much at once, which share was consumed by trades and which pulled, by
/// side and distance from the mid, decayed. Depth times its consumed share is effective depth: a wall that is always
/// pulled is none.
/// </summary>
public struct LiquidityFate
{
    private const double Half = 0.5;

    private readonly HalfLife _halfLife;
    private readonly PerBandLots _bandBps;
    private readonly double _leastLossShare;
    private PerBandSums _bid;
    private PerBandSums _ask;

    /// <summary>Nothing seen yet.</summary>
    /// <param name="halfLife">Of removed and traded lots.</param>
    /// <param name="bandBps">Outer edges of the bands around the mid, ascending.</param>
    /// <param name="leastLossShare">What a level must lose in an event to count, 0 to 1; 0.5 by default.</param>
    public LiquidityFate(HalfLife halfLife, in PerBandLots bandBps, double leastLossShare = Half)
    {
        _halfLife = halfLife;
        _bandBps = bandBps;
        _leastLossShare = leastLossShare;
    }

    /// <summary>Takes what became of a level; <paramref name="mid2"/> is twice the mid before the event.</summary>
    [Hot]
    public void Add(in LevelFlow flow, long mid2, long nowNs)
    {
        bool died = flow.After == 0 || flow.Before - flow.After >= flow.Before * _leastLossShare;
        int band = BandOf(flow.Price, mid2);
        if (flow.Removed <= 0 || !died || band == SignalWidths.Bands)
        {
            return;
        }

        if (flow.Side == Side.Bid)
        {
            _bid[band].Add(flow.Removed, flow.Traded, nowNs, _halfLife);
        }
        else
        {
            _ask[band].Add(flow.Removed, flow.Traded, nowNs, _halfLife);
        }
    }

    /// <summary>The band of a price; <see cref="SignalWidths.Bands"/> beyond the widest.</summary>
    [Hot]
    public readonly int BandOf(long price, long mid2)
    {
        int band = 0;
        long distance2 = Saturating.Abs(2 * price - mid2);
        while (band < SignalWidths.Bands && distance2 > VolumeImbalance.Reach2((int)_bandBps[band], mid2))
        {
            band++;
        }

        return band;
    }

    /// <summary>The fate of a side's lots in one band, as of <paramref name="nowNs"/>.</summary>
    /// <param name="side">Bid or ask.</param>
    /// <param name="band">0 is the narrowest.</param>
    /// <param name="nowNs">Clamped venue time.</param>
    /// <param name="consumed">Consumed share, 0 to 1; 1 where nothing is known, so depth is then taken at its word.
    /// Pulled is 1 less this.</param>
    /// <returns>LowSamples where nothing died.</returns>
    [Hot]
    public readonly ValidityFlags Read(Side side, int band, long nowNs, out double consumed)
    {
        double removed;
        double traded;
        if (side == Side.Bid)
        {
            _bid[band].At(nowNs, _halfLife, out removed, out traded);
        }
        else
        {
            _ask[band].At(nowNs, _halfLife, out removed, out traded);
        }

        consumed = removed > 0 ? traded / removed : 1;
        return removed > 0 ? ValidityFlags.None : ValidityFlags.LowSamples;
    }

    /// <summary>The same over all bands of a side.</summary>
    [Hot]
    public readonly ValidityFlags Read(Side side, long nowNs, out double consumed)
    {
        double allRemoved = 0;
        double allTraded = 0;
        for (int band = 0; band < SignalWidths.Bands; band++)
        {
            double removed;
            double traded;
            if (side == Side.Bid)
            {
                _bid[band].At(nowNs, _halfLife, out removed, out traded);
            }
            else
            {
                _ask[band].At(nowNs, _halfLife, out removed, out traded);
            }

            allRemoved += removed;
            allTraded += traded;
        }

        consumed = allRemoved > 0 ? allTraded / allRemoved : 1;
        return allRemoved > 0 ? ValidityFlags.None : ValidityFlags.LowSamples;
    }

    [System.Runtime.CompilerServices.InlineArray(SignalWidths.Bands)]
    private struct PerBandSums
    {
        private DecayedPair _first;
    }
}
