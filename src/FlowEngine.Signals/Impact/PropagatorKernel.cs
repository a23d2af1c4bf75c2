using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>How a trade's size counts in M8.</summary>
public enum ImpactShape
{
    /// <summary>√lots.</summary>
    SquareRoot = 0,

    /// <summary>ln(1 + lots).</summary>
    Logarithm = 1,
}

/// <summary>
/// M8's G(t) = Σ g_k × e^(-t/τ_k), up to sixteen terms. Immutable, but for one that a set runs on; versioned. Quanta
/// for one unit of f(lots).
/// </summary>
public sealed class PropagatorKernel
{
    /// <summary>Most terms.</summary>
    public const int MostTerms = 16;

    private const double NsPerSecond = 1e9;
    private const double LeastNode = -14;
    private const double MostNode = 2.5;
    private const double Half = 0.5;

    private readonly double[] _weights;
    private readonly HalfLife[] _halfLives;

    /// <summary>A kernel of given terms.</summary>
    /// <param name="version">Which fit; 0 for none.</param>
    /// <param name="shape">f.</param>
    /// <param name="weights">g_k.</param>
    /// <param name="tausSeconds">τ_k, above 0, none below the feed's resolution.</param>
    public PropagatorKernel(
        long version, ImpactShape shape, ReadOnlySpan<double> weights, ReadOnlySpan<double> tausSeconds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(weights.Length, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(weights.Length, MostTerms);
        ArgumentOutOfRangeException.ThrowIfNotEqual(tausSeconds.Length, weights.Length);
        Version = version;
        Shape = shape;
        _weights = weights.ToArray();
        _halfLives = new HalfLife[weights.Length];
        for (int k = 0; k < weights.Length; k++)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(tausSeconds[k]);
            double ns = Math.Min(tausSeconds[k] * NsPerSecond * Elementary.Ln2, long.MaxValue / 4);
            _halfLives[k] = new HalfLife(Math.Max(1, (long)(ns + Half)));
        }
    }

    private PropagatorKernel(PropagatorKernel shape, double factor)
    {
        (Version, Shape, _halfLives) = (shape.Version, shape.Shape, shape._halfLives);
        _weights = new double[shape._weights.Length];
        for (int k = 0; k < _weights.Length; k++)
        {
            _weights[k] = shape._weights[k] * factor;
        }
    }

    /// <summary>Which fit.</summary>
    public long Version { get; private set; }

    /// <summary>f.</summary>
    public ImpactShape Shape { get; }

    /// <summary>K.</summary>
    public int Terms => _weights.Length;

    /// <summary>g_k.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>τ_k × ln 2.</summary>
    public ReadOnlySpan<HalfLife> HalfLives => _halfLives;

    /// <summary>Replaces the weights of a kernel that a set runs on. Its owner's thread only.</summary>
    [Hot]
    internal void Load(long version, ReadOnlySpan<double> weights)
    {
        weights.CopyTo(_weights);
        Version = version;
    }

    /// <summary>The same decay, <paramref name="factor"/> times as large.</summary>
    public PropagatorKernel Scaled(double factor) => new(this, factor);

    /// <summary>
    /// scale × (1 + t/t0)^-b, from the Gamma integral by the trapezoid rule at even ln u from -14 to 2.5, terms τ = t0
    /// / u and weights u^b × e^-u, scaled to G(0) = scale. Thirteen terms are within 0.82 % up to t = 100 × t0 for b =
    /// 0.5.
    /// </summary>
    public static PropagatorKernel PowerLaw(
        long version, ImpactShape shape, double scale, double exponent, double startSeconds, int terms = 13)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(terms, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(terms, MostTerms);
        double[] weights = new double[terms];
        double[] taus = new double[terms];
        double sum = 0;
        for (int k = 0; k < terms; k++)
        {
            double x = LeastNode + k * (MostNode - LeastNode) / (terms - 1);
            double u = Elementary.Exp(x);
            double end = k == 0 || k == terms - 1 ? Half : 1;
            weights[k] = end * Elementary.Exp(exponent * x - u);
            taus[k] = startSeconds / u;
            sum += weights[k];
        }

        for (int k = 0; k < terms; k++)
        {
            weights[k] *= scale / sum;
        }

        return new PropagatorKernel(version, shape, weights, taus);
    }
}
