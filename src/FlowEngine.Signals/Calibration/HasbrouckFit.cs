namespace FlowEngine.Signals;

/// <summary>Solves M6's normal equations: three for r, two for x. Slow work, once a second.</summary>
public static class HasbrouckFit
{
    /// <summary>Least trades that are an estimate.</summary>
    public const long LeastTrades = 50;

    /// <summary>The coefficients of least squares; null below fifty trades or where they can't be told apart.</summary>
    public static HasbrouckVar? Solve(in HasbrouckMoments m)
    {
        if (m.Count < LeastTrades)
        {
            return null;
        }

        double[,] left = { { m.R1R1, m.R1X0, m.R1X1 }, { m.R1X0, m.X0X0, m.X0X1 }, { m.R1X1, m.X0X1, m.X1X1 } };
        double[,] right = { { m.R0R1 }, { m.R0X0 }, { m.R0X1 } };
        double[,] flowLeft = { { m.R1R1, m.R1X1 }, { m.R1X1, m.X1X1 } };
        double[,] flowRight = { { m.R1X0 }, { m.X0X1 } };
        return LinearSystem.TrySolve(left, right) && LinearSystem.TrySolve(flowLeft, flowRight)
            ? new HasbrouckVar(right[0, 0], right[1, 0], right[2, 0], flowRight[0, 0], flowRight[1, 0])
            : null;
    }
}
