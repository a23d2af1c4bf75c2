using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// F7's bulk volume classification, for prints without a sign: over a bar of lots V, Vb = V × Z(dP / σ), Z the normal
/// distribution, dP the change of the last price from bar to bar and σ the deviation of those changes. Easley, Lopez de
/// Prado &amp; O'Hara (2012).
/// </summary>
public struct BulkVolume
{
    private readonly double _barLots;
    private readonly double _newShare;
    private readonly double _floor;
    private DecayedMoments _changes;
    private double _lots;
    private long _lastPrice;
    private bool _hasLast;

    /// <summary>No bar yet.</summary>
    /// <param name="barLots">Lots of a bar; V / 10 by default. The print that fills it belongs to it whole.</param>
    /// <param name="newShare">Weight of a new bar in σ.</param>
    /// <param name="floorQuanta">Least σ.</param>
    public BulkVolume(double barLots, double newShare, double floorQuanta)
    {
        _barLots = barLots;
        _newShare = newShare;
        _floor = floorQuanta;
    }

    /// <summary>Z(dP / σ): the share of a bar that was bought, 0 to 1.</summary>
    [Hot]
    public static double BuyShare(double change, double deviation) => Elementary.Normal(change / deviation);

    /// <summary>Takes a print.</summary>
    /// <param name="price">Quanta.</param>
    /// <param name="lots">More than 0.</param>
    /// <param name="buy">Lots bought, when a bar ended.</param>
    /// <param name="sell">Lots sold, when a bar ended.</param>
    /// <param name="flags">LowSamples while σ stands on its floor.</param>
    /// <returns>Whether a bar ended. The first bar has no change before it, and tells nothing.</returns>
    [Hot]
    public bool Trade(long price, long lots, out double buy, out double sell, out ValidityFlags flags)
    {
        (buy, sell, flags) = (0, 0, ValidityFlags.None);
        _lots += lots;
        if (_lots < _barLots)
        {
            return false;
        }

        bool told = _hasLast;
        if (told)
        {
            double change = (double)price - _lastPrice;
            double deviation = Math.Sqrt(_changes.Variance);
            flags = deviation > _floor ? ValidityFlags.None : ValidityFlags.LowSamples;
            buy = _lots * BuyShare(change, Math.Max(deviation, _floor));
            sell = _lots - buy;
            _changes.Add(change, _newShare);
        }

        _lastPrice = price;
        _hasLast = true;
        _lots = 0;
        return told;
    }
}
