using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// F3's weights: a decayed covariance of the levels' flows, one sample an interval, and one power iteration an interval
/// from where the last one ended, w = C w / |w|, signed so that Σ w is above 0. Slow work.
/// </summary>
public sealed class OfiWeightFit
{
    private readonly int _levels;
    private readonly double _newShare;
    private readonly double[,] _covariance;
    private readonly double[] _means;
    private readonly double[] _deviations;
    private double[] _direction;
    private double[] _turned;
    private bool _seeded;

    /// <summary>Equal weights until flows are seen.</summary>
    /// <param name="levels">Levels that count, 1 to 10.</param>
    /// <param name="newShare">Weight a of a new interval; 1 / 300 forgets half in about 200.</param>
    public OfiWeightFit(int levels, double newShare)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(levels, OfiLevels.Count);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(newShare);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(newShare, 1.0);
        _levels = levels;
        _newShare = newShare;
        _covariance = new double[levels, levels];
        _means = new double[levels];
        _deviations = new double[levels];
        _direction = new double[levels];
        _turned = new double[levels];
        Array.Fill(_direction, 1 / Math.Sqrt(levels));
    }

    /// <summary>Share of the variance along the direction, 0 to 1; 0 before flows vary.</summary>
    public double Explained { get; private set; }

    /// <summary>The direction: unit length.</summary>
    public ReadOnlySpan<double> Direction => _direction;

    /// <summary>Covariance of the flows of two levels.</summary>
    public double Covariance(int m, int n) => _covariance[m, n];

    /// <summary>Takes an interval's normalised flows, and turns the direction once. O(levels²), allocates
    /// nothing.</summary>
    [Hot]
    public void Add(in PerLevel flows)
    {
        for (int m = 0; m < _levels; m++)
        {
            _deviations[m] = _seeded ? flows[m] - _means[m] : 0;
            _means[m] = _seeded ? _means[m] + _newShare * _deviations[m] : flows[m];
        }

        _seeded = true;
        for (int m = 0; m < _levels; m++)
        {
            for (int n = 0; n < _levels; n++)
            {
                double added = _covariance[m, n] + _newShare * _deviations[m] * _deviations[n];
                _covariance[m, n] = (1 - _newShare) * added;
            }
        }

        if (TryTurn(_covariance, _direction, _turned, out double explained))
        {
            (_direction, _turned) = (_turned, _direction);
        }

        Explained = explained;
    }

    /// <summary>The weights now.</summary>
    public OfiWeights Solve(long version)
    {
        double sum = 0;
        foreach (double w in _direction)
        {
            sum += Math.Abs(w);
        }

        PerLevel weights = default;
        for (int m = 0; m < _levels; m++)
        {
            weights[m] = _direction[m] / sum;
        }

        return new OfiWeights(version, _levels, weights);
    }

    /// <summary>One power iteration.</summary>
    /// <param name="covariance">C, square.</param>
    /// <param name="from">Where the last one ended.</param>
    /// <returns>The turned direction and the share it explained before the turn; unchanged and 0 where C is
    /// 0.</returns>
    public static (double[] Direction, double Explained) Turn(double[,] covariance, double[] from)
    {
        ArgumentNullException.ThrowIfNull(covariance);
        ArgumentNullException.ThrowIfNull(from);
        double[] turned = new double[from.Length];
        return TryTurn(covariance, from, turned, out double explained) ? (turned, explained) : (from, 0);
    }

    private static bool TryTurn(double[,] covariance, double[] from, double[] turned, out double explained)
    {
        double square = 0;
        double sum = 0;
        double along = 0;
        double trace = 0;
        for (int m = 0; m < from.Length; m++)
        {
            turned[m] = 0;
            for (int n = 0; n < from.Length; n++)
            {
                turned[m] += covariance[m, n] * from[n];
            }

            square += turned[m] * turned[m];
            sum += turned[m];
            along += from[m] * turned[m];
            trace += covariance[m, m];
        }

        explained = 0;
        if (!(square > 0))
        {
            return false;
        }

        double length = sum < 0 ? -Math.Sqrt(square) : Math.Sqrt(square);
        for (int m = 0; m < turned.Length; m++)
        {
            turned[m] /= length;
        }

        explained = along / trace;
        return true;
    }
}
