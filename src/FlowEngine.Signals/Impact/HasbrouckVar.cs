using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// M6: r_t = a1·r_{t-1} + b0·x_t + b1·x_{t-1} + u, x_t = c1·r_{t-1} + d1·x_{t-1} + v in trade time: r the mid's move
/// after a trade in quanta, x its sign or signed √lots. What stays of a shock of one x is the sum of all r. Hasbrouck
/// (1991).
/// </summary>
/// <param name="A1">r on the r before.</param>
/// <param name="B0">r on its own trade.</param>
/// <param name="B1">r on the trade before.</param>
/// <param name="C1">x on the r before.</param>
/// <param name="D1">x on the x before.</param>
public readonly record struct HasbrouckVar(double A1, double B0, double B1, double C1, double D1)
{
    /// <summary>Whether shocks die out: both eigenvalues of the step lie within the unit circle.</summary>
    public bool IsStable
    {
        get
        {
            // The step in (r, x): [a1 + b0·c1, b0·d1 + b1; c1, d1]. Jury's conditions for its polynomial.
            double trace = A1 + B0 * C1 + D1;
            double determinant = (A1 + B0 * C1) * D1 - (B0 * D1 + B1) * C1;
            return Math.Abs(determinant) < 1 && Math.Abs(trace) < 1 + determinant;
        }
    }

    /// <summary>Σ r to the end: the permanent impact of a unit shock; and Σ x.</summary>
    /// <returns>LowSamples, and 0 throughout, where shocks don't die out.</returns>
    [Hot]
    public ValidityFlags Limit(out double quanta, out double flow)
    {
        // Both sums at once: the usual form divides by 1 - a1, which may be 0 where the flow leans against moves.
        bool stable = IsStable;
        double determinant = (1 - A1) * (1 - D1) - C1 * (B0 + B1);
        flow = stable ? (1 - A1) / determinant : 0;
        quanta = stable ? (B0 + B1) / determinant : 0;
        return stable ? ValidityFlags.None : ValidityFlags.LowSamples;
    }

    /// <summary>Σ r up to <paramref name="trades"/> trades after the shock. O(trades).</summary>
    [Hot]
    public double Cumulative(int trades)
    {
        double r = B0;
        double x = 1;
        double sum = r;
        for (int i = 0; i < trades; i++)
        {
            double next = C1 * r + D1 * x;
            r = A1 * r + B0 * next + B1 * x;
            x = next;
            sum += r;
        }

        return sum;
    }
}

/// <summary>
/// The decayed products that M6 is fitted from, one sample a trade: r and x of this trade (0) and the one before (1).
/// </summary>
public struct HasbrouckMoments
{
    private const double Half = 0.5;
    private const double LeastPivot = 1e-12;

    private readonly double _kept;
    private double _r1;
    private double _x0;
    private double _x1;
    private long _mid2;
    private int _seen;

    /// <summary>No trade yet.</summary>
    /// <param name="newShare">Weight of a new trade, 0 to 1.</param>
    public HasbrouckMoments(double newShare) => _kept = 1 - newShare;

    /// <summary>Σ w r1·r1.</summary>
    public double R1R1 { get; private set; }

    /// <summary>Σ w r1·x0.</summary>
    public double R1X0 { get; private set; }

    /// <summary>Σ w r1·x1.</summary>
    public double R1X1 { get; private set; }

    /// <summary>Σ w x0·x0.</summary>
    public double X0X0 { get; private set; }

    /// <summary>Σ w x0·x1.</summary>
    public double X0X1 { get; private set; }

    /// <summary>Σ w x1·x1.</summary>
    public double X1X1 { get; private set; }

    /// <summary>Σ w r0·r1.</summary>
    public double R0R1 { get; private set; }

    /// <summary>Σ w r0·x0.</summary>
    public double R0X0 { get; private set; }

    /// <summary>Σ w r0·x1.</summary>
    public double R0X1 { get; private set; }

    /// <summary>Samples since the start.</summary>
    public long Count { get; private set; }

    /// <summary>A trade.</summary>
    /// <param name="x">Its sign, or signed √lots.</param>
    /// <param name="mid2">Twice the mid before it: the move since the last such mid is what that trade did.</param>
    [Hot]
    public void Trade(double x, long mid2)
    {
        double r0 = ((double)mid2 - _mid2) * Half;
        if (_seen == 2)
        {
            Add(r0);
        }

        // The first trade has no move before it, and the second none before that.
        _r1 = _seen >= 1 ? r0 : 0;
        _x1 = _x0;
        _x0 = x;
        _mid2 = mid2;
        _seen = Math.Min(_seen + 1, 2);
    }

    /// <summary>Forgets the running trades, not what was learnt: after a snapshot, a gap, a halt.</summary>
    [Hot]
    public void Reset() => _seen = 0;

    /// <summary>The coefficients of least squares, as <see cref="HasbrouckFit"/> finds them, without memory. O(1), for
    /// a look each second.</summary>
    /// <returns>False below fifty trades, or where they can't be told apart.</returns>
    [Hot]
    public readonly bool TrySolve(out HasbrouckVar coefficients)
    {
        coefficients = default;
        if (Count < HasbrouckFit.LeastTrades)
        {
            return false;
        }

        // Sums of squares: the pivots are above 0 unless one regressor follows from those before it.
        double onX0 = R1R1 > 0 ? R1X0 / R1R1 : 0;
        double onX1 = R1R1 > 0 ? R1X1 / R1R1 : 0;
        double x0x0 = X0X0 - onX0 * R1X0;
        double x0x1 = X0X1 - onX0 * R1X1;
        double x1x1 = X1X1 - onX1 * R1X1;
        double x1OnX0 = x0x0 > 0 ? x0x1 / x0x0 : 0;
        double last = x1x1 - x1OnX0 * x0x1;
        if (!(R1R1 > 0 && x0x0 > LeastPivot * X0X0 && x1x1 > LeastPivot * X1X1 && last > LeastPivot * X1X1))
        {
            return false;
        }

        double right0 = R0X0 - onX0 * R0R1;
        double b1 = (R0X1 - onX1 * R0R1 - x1OnX0 * right0) / last;
        double b0 = (right0 - x0x1 * b1) / x0x0;
        double a1 = (R0R1 - R1X0 * b0 - R1X1 * b1) / R1R1;
        double d1 = (X0X1 - onX1 * R1X0) / x1x1;
        double c1 = (R1X0 - R1X1 * d1) / R1R1;
        coefficients = new HasbrouckVar(a1, b0, b1, c1, d1);
        return true;
    }

    private void Add(double r0)
    {
        R1R1 = R1R1 * _kept + _r1 * _r1;
        R1X0 = R1X0 * _kept + _r1 * _x0;
        R1X1 = R1X1 * _kept + _r1 * _x1;
        X0X0 = X0X0 * _kept + _x0 * _x0;
        X0X1 = X0X1 * _kept + _x0 * _x1;
        X1X1 = X1X1 * _kept + _x1 * _x1;
        R0R1 = R0R1 * _kept + r0 * _r1;
        R0X0 = R0X0 * _kept + r0 * _x0;
        R0X1 = R0X1 * _kept + r0 * _x1;
        Count++;
    }
}
