using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// M10's market: Almgren &amp; Chriss (2000). Units are the caller's: money a share, shares, and one unit of time.
/// </summary>
public readonly record struct AlmgrenChrissMarket
{
    /// <summary>σ: deviation of the price in one unit of time.</summary>
    public required double Deviation { get; init; }

    /// <summary>ε: fixed cost of a share, half the spread and fees.</summary>
    public required double FixedCost { get; init; }

    /// <summary>γ: permanent impact, price a share.</summary>
    public required double Permanent { get; init; }

    /// <summary>η: temporary impact, price for a share per unit of time.</summary>
    public required double Temporary { get; init; }

    /// <summary>What a book says: quanta, lots and seconds. Its shape gives η: what a sweep of the whole order costs
    /// beyond the half spread, a lot; at least a tenth of the half spread over the lots at the touch.</summary>
    /// <param name="whole">The order swept at once.</param>
    /// <param name="touch">The touch; both sides.</param>
    /// <param name="sign">1 buys, -1 sells.</param>
    /// <param name="deviation">σ, quanta in a second.</param>
    /// <param name="permanent">γ, quanta a lot.</param>
    /// <param name="sliceSeconds">τ.</param>
    [Hot]
    public static AlmgrenChrissMarket OfBook(
        in SweepLine whole, in TouchState touch, int sign, double deviation, double permanent, double sliceSeconds)
    {
        const double Half = 0.5;
        const double LeastShareOfSpread = 0.1;
        double half = touch.Spread * Half;
        long touchLots = Math.Max(1, sign < 0 ? touch.BidLots : touch.AskLots);
        double perLot = Math.Max(
            (whole.Slippage - half) / whole.Filled, LeastShareOfSpread * Math.Max(half, 1) / touchLots);
        return new AlmgrenChrissMarket
        {
            Deviation = deviation,
            FixedCost = half,
            Permanent = permanent,
            Temporary = perLot * sliceSeconds + permanent * sliceSeconds * Half,
        };
    }
}

/// <summary>A schedule and what to expect of it.</summary>
/// <param name="Trades">Shares of each slice.</param>
/// <param name="ExpectedCost">E, money.</param>
/// <param name="Deviation">Standard deviation of the cost, money.</param>
/// <param name="Kappa">κ, per unit of time; 0 for the straight line.</param>
public sealed record ExecutionSchedule(double[] Trades, double ExpectedCost, double Deviation, double Kappa);

/// <summary>
/// M10: x_j = X sinh(κ(T - t_j)) / sinh(κT) with 2(cosh(κτ) - 1) = λ·σ²τ²/η~, η~ = η - γτ/2; E = γX²/2 + ε Σ|n| +
/// (η~/τ) Σn², Var = σ²τ Σx². For a stream <see cref="Fill"/> and <see cref="Cost"/>, which allocate nothing.
/// </summary>
public static class AlmgrenChriss
{
    private const double Half = 0.5;

    /// <summary>The schedule that risk aversion makes best.</summary>
    /// <param name="market">The market.</param>
    /// <param name="shares">X, 0 or more.</param>
    /// <param name="horizon">T, above 0.</param>
    /// <param name="slices">N, 1 to 100000.</param>
    /// <param name="riskAversion">λ, 0 or more; 0 is the straight line.</param>
    public static ExecutionSchedule Optimal(
        AlmgrenChrissMarket market, double shares, double horizon, int slices, double riskAversion)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(shares);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(horizon);
        ArgumentOutOfRangeException.ThrowIfLessThan(slices, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(slices, 100_000);
        ArgumentOutOfRangeException.ThrowIfNegative(riskAversion);
        double tau = horizon / slices;
        double eta = market.Temporary - Half * market.Permanent * tau;
        if (!(eta > 0))
        {
            throw new ArgumentException(
                $"η - γτ/2 is {eta}: must be above 0; more slices or a greater η", nameof(market));
        }

        double[] trades = new double[slices];
        double kappa = Fill(market, shares, horizon, riskAversion, trades);
        return Evaluate(market, trades, horizon, kappa);
    }

    /// <summary>The schedule that risk aversion makes best, into room for its slices. η - γτ/2 must be above
    /// 0.</summary>
    /// <returns>κ, per unit of time; 0 for the straight line.</returns>
    [Hot]
    public static double Fill(
        in AlmgrenChrissMarket market, double shares, double horizon, double riskAversion, Span<double> trades)
    {
        double tau = horizon / trades.Length;
        double eta = market.Temporary - Half * market.Permanent * tau;

        // cosh(κτ) = 1 + z, and so κτ = ln(1 + z + √(z(z + 2))), which keeps its digits at tiny z.
        double z = Half * riskAversion * market.Deviation * market.Deviation * tau * tau / eta;
        double kappa = Elementary.Log1P(z + Math.Sqrt(z * (z + 2))) / tau;
        double held = shares;
        for (int j = 0; j < trades.Length; j++)
        {
            double next = j == trades.Length - 1 ? 0 : shares * Share(kappa, horizon - (j + 1) * tau, horizon);
            trades[j] = held - next;
            held = next;
        }

        return kappa;
    }

    /// <summary>A schedule in whole lots that add up: what rounding leaves goes on.</summary>
    /// <param name="trades">Of each slice.</param>
    /// <param name="lots">Receives as many.</param>
    [Hot]
    public static void Whole(ReadOnlySpan<double> trades, Span<long> lots)
    {
        double planned = 0;
        long given = 0;
        for (int i = 0; i < trades.Length; i++)
        {
            planned += trades[i];
            lots[i] = (long)Math.Round(planned) - given;
            given += lots[i];
        }
    }

    /// <summary>Cost and deviation of any schedule.</summary>
    public static ExecutionSchedule Evaluate(
        AlmgrenChrissMarket market, double[] trades, double horizon, double kappa = 0)
    {
        ArgumentNullException.ThrowIfNull(trades);
        double cost = Cost(market, trades, horizon, out double deviation);
        return new ExecutionSchedule(trades, cost, deviation, kappa);
    }

    /// <summary>E, and the standard deviation of the cost, of any schedule.</summary>
    [Hot]
    public static double Cost(
        in AlmgrenChrissMarket market, ReadOnlySpan<double> trades, double horizon, out double deviation)
    {
        double tau = horizon / trades.Length;
        double shares = 0;
        double sizes = 0;
        double squares = 0;
        foreach (double trade in trades)
        {
            shares += trade;
            sizes += Math.Abs(trade);
            squares += trade * trade;
        }

        double held = shares;
        double heldSquares = 0;
        foreach (double trade in trades)
        {
            held -= trade;
            heldSquares += held * held;
        }

        deviation = Math.Sqrt(market.Deviation * market.Deviation * tau * heldSquares);
        return Half * market.Permanent * shares * shares + market.FixedCost * sizes
            + (market.Temporary - Half * market.Permanent * tau) / tau * squares;
    }

    // sinh(κ·left) / sinh(κ·all) = e^(κ(left - all)) × (1 - e^(-2κ·left)) / (1 - e^(-2κ·all)): no overflow, and for κ
    // towards 0 the straight line.
    private static double Share(double kappa, double left, double all)
    {
        double whole = -Elementary.ExpMinus1(-2 * kappa * all);
        return whole > 0
            ? Elementary.Exp(kappa * (left - all)) * -Elementary.ExpMinus1(-2 * kappa * left) / whole
            : left / all;
    }
}
