using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>
/// y = slope × x + e with exponentially forgotten samples (signals.md 0.6): slope = cov / var with c = (1 - a)(c +
/// a·dx·dy) from the deviations before the update; through the origin Σxy / Σx². The first sample seeds the means.
/// </summary>
public struct DecayedRegression
{
    // Fewer effective samples than this are no estimate.
    private const double LeastSamples = 10;

    private double _meanX;
    private double _meanY;
    private double _varianceY;
    private double _productXY;
    private double _squareX;
    private double _weight;
    private double _squaredWeight;
    private bool _seeded;

    /// <summary>Decayed covariance of x and y.</summary>
    public double Covariance { get; private set; }

    /// <summary>Decayed variance of x.</summary>
    public double Variance { get; private set; }

    /// <summary>(Σw)² / Σw²: as many equally weighted samples would say as much.</summary>
    public readonly double EffectiveSamples => _squaredWeight > 0 ? _weight * _weight / _squaredWeight : 0;

    /// <summary>The slope now, and what it is worth; a variance of 0 gives 0 and LowSamples.</summary>
    public readonly RegressionFit Fit
    {
        [Hot]
        get
        {
            bool known = Variance > 0;
            double explained = known && _varianceY > 0 ? Covariance * Covariance / (Variance * _varianceY) : 0;
            return new RegressionFit
            {
                Slope = known ? Covariance / Variance : 0,
                OriginSlope = _squareX > 0 ? _productXY / _squareX : 0,
                RSquared = Math.Min(explained, 1),
                EffectiveSamples = EffectiveSamples,
                Flags = known && EffectiveSamples >= LeastSamples ? ValidityFlags.None : ValidityFlags.LowSamples,
            };
        }
    }

    /// <summary>Takes a sample of weight <paramref name="a"/>, above 0, at most 1.</summary>
    [Hot]
    public void Add(double x, double y, double a)
    {
        double kept = 1 - a;
        _productXY = kept * _productXY + a * x * y;
        _squareX = kept * _squareX + a * x * x;
        _weight = kept * _weight + a;
        _squaredWeight = kept * kept * _squaredWeight + a * a;
        if (!_seeded)
        {
            _seeded = true;
            _meanX = x;
            _meanY = y;
            return;
        }

        double dx = x - _meanX;
        double dy = y - _meanY;
        _meanX += a * dx;
        _meanY += a * dy;
        Covariance = kept * (Covariance + a * dx * dy);
        Variance = kept * (Variance + a * dx * dx);
        _varianceY = kept * (_varianceY + a * dy * dy);
    }
}

/// <summary>A fitted slope. Units: those of y over those of x.</summary>
public struct RegressionFit
{
    /// <summary>With an intercept.</summary>
    public double Slope;

    /// <summary>Through the origin.</summary>
    public double OriginSlope;

    /// <summary>Share of y's variance that x explains, 0 to 1.</summary>
    public double RSquared;

    /// <summary>As many equally weighted samples would say as much.</summary>
    public double EffectiveSamples;

    /// <summary>LowSamples below ten effective samples, or where x does not vary.</summary>
    public ValidityFlags Flags;
}
