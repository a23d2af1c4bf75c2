using FlowEngine.Core;
using FlowEngine.Market;

namespace FlowEngine.Signals;

/// <summary>y = Factor × x^Exponent, and the share of the variance of ln y it explains.</summary>
/// <param name="Factor">a.</param>
/// <param name="Exponent">b.</param>
/// <param name="RSquared">0 to 1.</param>
public readonly record struct PowerLaw(double Factor, double Exponent, double RSquared);

/// <summary>
/// Least squares of ln y on ln x: the impact curve (M2), and the depth law of Cont, Kukanov &amp; Stoikov (2014), slope
/// = c / depth^λ (M4).
/// </summary>
public struct PowerLawFit
{
    private double _count;
    private double _meanX;
    private double _meanY;
    private double _squareX;
    private double _squareY;
    private double _product;

    /// <summary>Adds a point; both coordinates are above 0.</summary>
    [Hot]
    public void Add(double x, double y)
    {
        double logX = Elementary.Log(x);
        double logY = Elementary.Log(y);
        _count++;
        double dx = logX - _meanX;
        double dy = logY - _meanY;
        _meanX += dx / _count;
        _meanY += dy / _count;
        _squareX += dx * (logX - _meanX);
        _squareY += dy * (logY - _meanY);
        _product += dx * (logY - _meanY);
    }

    /// <summary>The law.</summary>
    /// <returns>LowSamples, and 0 throughout, below two different x.</returns>
    [Hot]
    public readonly ValidityFlags Solve(out PowerLaw law)
    {
        if (!(_squareX > 0))
        {
            law = default;
            return ValidityFlags.LowSamples;
        }

        double exponent = _product / _squareX;
        double explained = _squareY > 0 ? Math.Min(1, _product * _product / (_squareX * _squareY)) : 1;
        law = new PowerLaw(Elementary.Exp(_meanY - exponent * _meanX), exponent, explained);
        return ValidityFlags.None;
    }
}
