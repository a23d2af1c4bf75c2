namespace FlowEngine.Signals;

/// <summary>
/// M10's market: Almgren &amp; Chriss (2000). Units are the caller's: money a share, shares, and one unit of time.
/// </summary>
public sealed record AlmgrenChrissMarket
{
    /// <summary>σ: deviation of the price in one unit of time.</summary>
    public required double Deviation { get; init; }

    /// <summary>ε: fixed cost of a share, half the spread and fees.</summary>
    public required double FixedCost { get; init; }

    /// <summary>γ: permanent impact, price a share.</summary>
    public required double Permanent { get; init; }

    /// <summary>η: temporary impact, price for a share per unit of time.</summary>
    public required double Temporary { get; init; }
}

/// <summary>A schedule and what to expect of it.</summary>
/// <param name="Trades">Shares of each slice.</param>
/// <param name="ExpectedCost">E, money.</param>
/// <param name="Deviation">Standard deviation of the cost, money.</param>
/// <param name="Kappa">κ, per unit of time; 0 for the straight line.</param>
public sealed record ExecutionSchedule(double[] Trades, double ExpectedCost, double Deviation, double Kappa);

/// <summary>
/// M10: x_j = X sinh(κ(T - t_j)) / sinh(κT) with 2(cosh(κτ) - 1) = λ·σ²τ²/η~, η~ = η - γτ/2; E = γX²/2 + ε Σ|n| +
/// (η~/τ) Σn², Var = σ²τ Σx². A request's answer, not a stream's: it allocates.
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
        ArgumentNullException.ThrowIfNull(market);
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

        // cosh(κτ) = 1 + z, and so κτ = ln(1 + z + √(z(z + 2))), which keeps its digits at tiny z.
        double z = Half * riskAversion * market.Deviation * market.Deviation * tau * tau / eta;
        double kappa = Elementary.Log1P(z + Math.Sqrt(z * (z + 2))) / tau;
        double[] trades = new double[slices];
        double held = shares;
        for (int j = 0; j < slices; j++)
        {
            double next = j == slices - 1 ? 0 : shares * Share(kappa, horizon - (j + 1) * tau, horizon);
            trades[j] = held - next;
            held = next;
        }

        return Evaluate(market, trades, horizon, kappa);
    }

    /// <summary>Cost and deviation of any schedule.</summary>
    public static ExecutionSchedule Evaluate(
        AlmgrenChrissMarket market, double[] trades, double horizon, double kappa = 0)
    {
        ArgumentNullException.ThrowIfNull(market);
        ArgumentNullException.ThrowIfNull(trades);
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

        double cost = Half * market.Permanent * shares * shares + market.FixedCost * sizes
            + (market.Temporary - Half * market.Permanent * tau) / tau * squares;
        double variance = market.Deviation * market.Deviation * tau * heldSquares;
        return new ExecutionSchedule(trades, cost, Math.Sqrt(variance), kappa);
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
