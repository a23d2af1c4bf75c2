using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// Exponentially weighted mean and variance (signals.md 0.6, West's recursion): d = x - μ; z = d / max(σ, floor),
/// before the update; μ += a·d; σ² = (1 - a)(σ² + a·d²). The first sample is the mean.
/// </summary>
public struct DecayedMoments
{
    private bool _seeded;

    /// <summary>Starts from a mean and a variance that are known.</summary>
    public DecayedMoments(double mean, double variance)
    {
        Mean = mean;
        Variance = variance;
        _seeded = true;
    }

    /// <summary>μ, in the unit of the samples.</summary>
    public double Mean { get; private set; }

    /// <summary>σ², in its square.</summary>
    public double Variance { get; private set; }

    /// <summary>Whether there was a sample.</summary>
    public readonly bool HasMean => _seeded;

    /// <summary>How many deviations <paramref name="x"/> lies above the mean; 0 before the first sample.</summary>
    [Hot]
    public readonly double Standardise(double x, double floor)
    {
        double deviation = Math.Max(Math.Sqrt(Variance), floor);
        return _seeded && deviation > 0 ? (x - Mean) / deviation : 0;
    }

    /// <summary>Takes a sample of weight <paramref name="a"/>, 0 to 1.</summary>
    [Hot]
    public void Add(double x, double a)
    {
        if (!_seeded)
        {
            Mean = x;
            _seeded = true;
            return;
        }

        double deviation = x - Mean;
        double step = a * deviation;
        Mean += step;
        Variance = (1 - a) * (Variance + deviation * step);
    }
}
