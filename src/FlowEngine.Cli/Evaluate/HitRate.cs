namespace FlowEngine.Cli.Evaluate;

/// <summary>How often the sign of a signal was the sign of the move that followed.</summary>
/// <param name="Hits">Times it was.</param>
/// <param name="Count">Pairs of which neither is 0.</param>
/// <param name="Rate">Hits over count; null without pairs.</param>
/// <param name="Low">Lower end of the 95 % interval of Wilson (1927).</param>
/// <param name="High">Its upper end.</param>
/// <param name="Base">What always guessing the commoner direction would have got.</param>
internal sealed record HitRate(int Hits, int Count, double? Rate, double? Low, double? High, double? Base)
{
    private const double Deviations = 1.959963984540054;

    /// <summary>Counts; NaN and 0 are left out.</summary>
    public static HitRate Of(ReadOnlySpan<double> forecast, ReadOnlySpan<double> move)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(move.Length, forecast.Length);
        var (hits, count, up) = (0, 0, 0);
        for (var i = 0; i < forecast.Length; i++)
        {
            var product = forecast[i] * move[i];
            if (product is > 0 or < 0)
            {
                count++;
                hits += product > 0 ? 1 : 0;
                up += move[i] > 0 ? 1 : 0;
            }
        }

        if (count == 0)
        {
            return new HitRate(0, 0, null, null, null, null);
        }

        var (low, high) = Wilson(hits, count);
        return new HitRate(
            hits, count, (double)hits / count, low, high, (double)Math.Max(up, count - up) / count);
    }

    /// <summary>The 95 % score interval of a share.</summary>
    public static (double Low, double High) Wilson(int hits, int count)
    {
        var (n, p, z2) = ((double)count, (double)hits / count, Deviations * Deviations);
        var centre = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        var half = Deviations / (1 + (z2 / n)) * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n)));
        return (Math.Max(0, centre - half), Math.Min(1, centre + half));
    }
}
