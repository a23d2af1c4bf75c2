namespace FlowEngine.Signals;

/// <summary>
/// F9's correlation C of the seven legs, decayed, for <see cref="SellPressure.CorrelationScale"/>: read between legs
/// that were valid at the same time. Slow work: one sample a minute is plenty.
/// </summary>
public sealed class LegCorrelation
{
    private const int Legs = PerLeg.Count;

    private readonly double _newShare;
    private readonly DecayedRegression[] _pairs = new DecayedRegression[Legs * Legs];

    /// <summary>Nothing seen: legs are taken to move together, the scaling that never overstates.</summary>
    /// <param name="newShare">Weight of a new sample, above 0, at most 1.</param>
    public LegCorrelation(double newShare)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(newShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(newShare, 1.0);
        _newShare = newShare;
    }

    /// <summary>Takes the deviations of the legs.</summary>
    /// <param name="deviations">z of each leg.</param>
    /// <param name="valid">Bit n is set where leg n is valid.</param>
    public void Add(in PerLeg deviations, uint valid)
    {
        for (int i = 0; i < Legs; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if ((valid >> i & valid >> j & 1) != 0)
                {
                    _pairs[i * Legs + j].Add(deviations[i], deviations[j], _newShare);
                }
            }
        }
    }

    /// <summary>C, seven by seven, row after row; 1 between legs that were not seen together, 0 where one did not
    /// vary.</summary>
    public double[] Solve()
    {
        double[] correlation = new double[Legs * Legs];
        for (int i = 0; i < Legs; i++)
        {
            correlation[i * Legs + i] = 1;
            for (int j = 0; j < i; j++)
            {
                RegressionFit fit = _pairs[i * Legs + j].Fit;
                double c = fit.RSquared > 0 ? Math.Sqrt(fit.RSquared) : fit.EffectiveSamples > 1 ? 0 : 1;
                correlation[i * Legs + j] = fit.Slope < 0 ? -c : c;
                correlation[j * Legs + i] = correlation[i * Legs + j];
            }
        }

        return correlation;
    }
}
