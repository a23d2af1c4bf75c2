using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// M7's Y: decayed median, over own orders, of realised / (σ × √(Q / V)); within an eighth. Orders that made money
/// count as the least value.
/// </summary>
public sealed class SquareRootFit
{
    private const double LeastFactor = 1.0 / 1024;
    private const double Half = 0.5;
    private const long LeastOrders = 20;

    private readonly DecayedHistogram _factors;

    /// <summary>No order yet.</summary>
    /// <param name="memory">Half-life in orders.</param>
    public SquareRootFit(long memory) => _factors = new DecayedHistogram(LeastFactor, new HalfLife(memory));

    /// <summary>Y of one order; 0 where σ, Q or V is.</summary>
    public static double FactorOf(double realised, double dailyDeviation, double lots, double dailyLots)
    {
        double unit = SquareRootImpact.Of(1, dailyDeviation, lots, dailyLots);
        return unit > 0 ? realised / unit : 0;
    }

    /// <summary>Takes an order's Y.</summary>
    public void Add(double factor) => _factors.Add(factor, _factors.Count);

    /// <summary>The median; 1 before the first order.</summary>
    /// <returns>LowSamples below twenty orders.</returns>
    public ValidityFlags Read(out double factor)
    {
        factor = _factors.Count > 0 ? _factors.Quantile(Half) : 1;
        return _factors.Count >= LeastOrders ? ValidityFlags.None : ValidityFlags.LowSamples;
    }
}
