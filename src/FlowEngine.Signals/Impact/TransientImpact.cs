using System.Runtime.CompilerServices;
using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// M8: impact(t) = Σ G(t - t_i) × s_i × f(q_i): what past trades still do to the price; quanta, + is up. O(K) a trade.
/// A copy is a "what if": add trades that may come and read on. An estimate, nothing to optimise: with concave f and
/// exponential decay round trips would seem to pay (Gatheral 2010). Bouchaud, Gefen, Potters &amp; Wyart (2004).
/// </summary>
public struct TransientImpact
{
    private readonly PropagatorKernel _kernel;
    private PerTerm _states;
    private long _lastNs;

    /// <summary>No trade yet.</summary>
    public TransientImpact(PropagatorKernel kernel) => _kernel = kernel;

    private TransientImpact(PropagatorKernel kernel, in TransientImpact states)
    {
        _kernel = kernel;
        _states = states._states;
        _lastNs = states._lastNs;
    }

    /// <summary>The same trades under a kernel <paramref name="factor"/> times as large. It allocates the
    /// kernel.</summary>
    public readonly TransientImpact Scaled(double factor) => new(_kernel.Scaled(factor), this);

    /// <summary>A trade of sign 1, -1 or 0.</summary>
    [Hot]
    public void Trade(int sign, long lots, long nowNs)
    {
        if (sign == 0)
        {
            return;
        }

        double size = _kernel.Shape == ImpactShape.SquareRoot ? Math.Sqrt(lots) : Elementary.Log1P(lots);
        PerTerm factors = default;
        HalfLife.Factors(_kernel.HalfLives, nowNs - _lastNs, factors);
        for (int k = 0; k < _kernel.Terms; k++)
        {
            _states[k] = _states[k] * factors[k] + sign * size;
        }

        _lastNs = nowNs;
    }

    /// <summary>What is left as of <paramref name="nowNs"/> of each term, g_k left out: roots of lots. O(K).</summary>
    /// <param name="nowNs">Not before the newest trade.</param>
    /// <param name="loads">Receives as many as there are terms.</param>
    [Hot]
    public readonly void Loads(long nowNs, Span<double> loads)
    {
        PerTerm factors = default;
        HalfLife.Factors(_kernel.HalfLives, nowNs - _lastNs, factors);
        for (int k = 0; k < _kernel.Terms; k++)
        {
            loads[k] = _states[k] * factors[k];
        }
    }

    /// <summary>What is left as of <paramref name="nowNs"/>, quanta. O(K).</summary>
    [Hot]
    public readonly double At(long nowNs)
    {
        double impact = 0;
        ReadOnlySpan<double> weights = _kernel.Weights;
        PerTerm factors = default;
        HalfLife.Factors(_kernel.HalfLives, nowNs - _lastNs, factors);
        for (int k = 0; k < weights.Length; k++)
        {
            impact += weights[k] * (_states[k] * factors[k]);
        }

        return impact;
    }

    [InlineArray(PropagatorKernel.MostTerms)]
    private struct PerTerm
    {
        private double _first;
    }
}
