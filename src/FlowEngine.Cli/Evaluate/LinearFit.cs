namespace FlowEngine.Cli.Evaluate;

/// <summary>Ordinary least squares of y on x with an intercept.</summary>
/// <param name="Slope">Units of y over units of x.</param>
/// <param name="Intercept">Units of y.</param>
/// <param name="RSquared">Share of y's variance that x explains, 0 to 1.</param>
/// <param name="Count">Pairs.</param>
internal readonly record struct LinearFit(double Slope, double Intercept, double RSquared, int Count)
{
    private const int LeastPairs = 3;

    /// <summary>Fits; null below three pairs or where x or y does not vary.</summary>
    public static LinearFit? Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        if (x.Length < LeastPairs)
        {
            return null;
        }

        var (meanX, meanY) = (Mean(x), Mean(y));
        var (xx, yy, xy) = (0.0, 0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            var (dx, dy) = (x[i] - meanX, y[i] - meanY);
            xx += dx * dx;
            yy += dy * dy;
            xy += dx * dy;
        }

        return xx > 0 && yy > 0
            ? new LinearFit(xy / xx, meanY - (xy / xx * meanX), Math.Min(1, xy * xy / (xx * yy)), x.Length)
            : null;
    }

    /// <summary>Fits what there is of both: pairs with a NaN are left out.</summary>
    public static LinearFit? OfKnown(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        var (knownX, knownY) = (new List<double>(x.Length), new List<double>(x.Length));
        for (var i = 0; i < x.Length; i++)
        {
            if (!double.IsNaN(x[i]) && !double.IsNaN(y[i]))
            {
                knownX.Add(x[i]);
                knownY.Add(y[i]);
            }
        }

        return Of(knownX.ToArray(), knownY.ToArray());
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
        {
            sum += value;
        }

        return sum / values.Length;
    }
}
