using FlowEngine.Messages.PreTrade;
using FlowEngine.Signals;

namespace FlowEngine.Engine;

/// <summary>A schedule, priced.</summary>
/// <param name="Slices">Lots, one after the other.</param>
/// <param name="ExpectedBps">By the model, against the mid.</param>
/// <param name="DeviationBps">Its standard deviation.</param>
/// <param name="LiveBps">The same slices on the book as it stands; null without transient impact.</param>
/// <param name="UnfilledLots">What that book could not fill of them.</param>
public sealed record PricedSchedule(
    long[] Slices, double ExpectedBps, double DeviationBps, double? LiveBps, long UnfilledLots);

/// <summary>What an order would cost: everything that an answer says. Quanta, lots and basis points.</summary>
public sealed class OrderCost
{
    /// <summary>Parts that could not be known.</summary>
    public Missing Missing { get; internal set; }

    /// <summary>Sweeps of a tenth, a quarter, a half, all and twice the order (M1).</summary>
    public SweepLines Sweeps;

    /// <summary>Spread in basis points of the mid.</summary>
    public double SpreadBps { get; internal set; }

    /// <summary>What past trades still do to the price, quanta (M8).</summary>
    public double TransientNow { get; internal set; }

    /// <summary>What will be left of it at the horizon.</summary>
    public double TransientAtHorizon { get; internal set; }

    /// <summary>M7 with Y = 1.</summary>
    public double SquareRootBps { get; internal set; }

    /// <summary>Almgren and Chriss's schedule (M10); null where volatility is not known.</summary>
    public PricedSchedule? Optimal { get; internal set; }

    /// <summary>Equal slices.</summary>
    public PricedSchedule? Straight { get; internal set; }

    /// <summary>Q* in lots (L6); 0 where none is known.</summary>
    public long CriticalLots { get; internal set; }
}
