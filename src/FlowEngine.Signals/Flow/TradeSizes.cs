using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>F11: decayed mean of the lots of a trade, and the 95th percentile, within an eighth.</summary>
public sealed class TradeSizes
{
    private const double Large = 0.95;
    private const long LeastTrades = 100;

    private readonly HalfLife _halfLife;
    private readonly DecayedHistogram _sizes;
    private DecayedPair _sums;

    /// <summary>No trade yet.</summary>
    public TradeSizes(HalfLife halfLife)
    {
        _halfLife = halfLife;
        _sizes = new DecayedHistogram(1, halfLife);
    }

    /// <summary>Adds a trade: the prints of one venue event and side together.</summary>
    [Hot]
    public void Add(long lots, long nowNs)
    {
        _sums.Add(lots, 1, nowNs, _halfLife);
        _sizes.Add(lots, nowNs);
    }

    /// <summary>Mean and 95th percentile, lots; 0 before the first trade.</summary>
    /// <returns>LowSamples below a hundred trades.</returns>
    [Hot]
    public ValidityFlags Read(out double mean, out double large)
    {
        // Only their ratio counts, so any one moment does for both.
        _sums.At(0, _halfLife, out double lots, out double trades);
        mean = trades > 0 ? lots / trades : 0;
        large = _sizes.Quantile(Large);
        return _sizes.Count >= LeastTrades ? ValidityFlags.None : ValidityFlags.LowSamples;
    }
}
