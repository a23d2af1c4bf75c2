namespace FlowEngine.Signals;

/// <summary>
/// Least squares without negative coefficients (NNLS): the g ≥ 0 that makes Σ w (y - g·x)² least, from decayed normal
/// equations, by the active set of Lawson &amp; Hanson (1974). Slow work: adding is O(terms²), solving O(terms⁴) at
/// most, for the few terms it is made for.
/// </summary>
public sealed class NonNegativeFit
{
    /// <summary>Most terms.</summary>
    public const int MostTerms = 16;

    // Against products scaled to those of terms of unit length: below this a gradient is rounding.
    private const double LeastGradient = 1e-12;
    private const int RoundsPerTerm = 3;

    private readonly int _terms;
    private readonly double[,] _squares;
    private readonly double[] _products;
    private double _squareY;

    /// <summary>No sample yet.</summary>
    /// <param name="terms">Coefficients sought, 1 to 16.</param>
    public NonNegativeFit(int terms)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(terms, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(terms, MostTerms);
        _terms = terms;
        _squares = new double[terms, terms];
        _products = new double[terms];
    }

    /// <summary>Takes a sample.</summary>
    /// <param name="x">As many as there are terms.</param>
    /// <param name="y">What they are to explain.</param>
    /// <param name="kept">Share of its weight that each older sample keeps, 0 to 1.</param>
    public void Add(ReadOnlySpan<double> x, double y, double kept)
    {
        for (int i = 0; i < _terms; i++)
        {
            for (int j = 0; j < _terms; j++)
            {
                _squares[i, j] = kept * _squares[i, j] + x[i] * x[j];
            }

            _products[i] = kept * _products[i] + x[i] * y;
        }

        _squareY = kept * _squareY + y * y;
    }

    /// <summary>The coefficients, none below 0. Where some can't be told apart, those that came first stand.</summary>
    /// <param name="coefficients">Receives them.</param>
    /// <returns>Share of Σ w y² that they explain, 0 to 1.</returns>
    public double Solve(Span<double> coefficients)
    {
        double[] scales = new double[_terms];
        for (int i = 0; i < _terms; i++)
        {
            double square = _squares[i, i];
            scales[i] = square > 0 ? 1 / Math.Sqrt(square) : 0;
        }

        double[] found = ActiveSet(scales);
        double explained = 0;
        for (int i = 0; i < _terms; i++)
        {
            coefficients[i] = found[i] * scales[i];
            explained += coefficients[i] * _products[i];
        }

        // At the optimum g'Ag = g'b, so g'b is what is explained.
        return _squareY > 0 ? Math.Clamp(explained / _squareY, 0, 1) : 0;
    }

    private double[] ActiveSet(double[] scales)
    {
        double[] found = new double[_terms];
        bool[] isFree = new bool[_terms];
        bool[] isBarred = new bool[_terms];
        double least = LeastGradient * Math.Sqrt(_squareY);
        for (int round = 0; round < RoundsPerTerm * _terms; round++)
        {
            int steepest = Steepest(found, scales, isFree, isBarred, least);
            if (steepest < 0)
            {
                break;
            }

            isFree[steepest] = true;
            if (!TryDescend(found, scales, isFree))
            {
                // As good as a combination of those that are in: it would add nothing but noise.
                isFree[steepest] = false;
                isBarred[steepest] = true;
            }
        }

        return found;
    }

    // The term out of the set whose coefficient would gain most by growing; -1 where none gains.
    private int Steepest(double[] found, double[] scales, bool[] isFree, bool[] isBarred, double least)
    {
        int steepest = -1;
        double most = least;
        for (int i = 0; i < _terms; i++)
        {
            if (isFree[i] || isBarred[i])
            {
                continue;
            }

            double gradient = _products[i] * scales[i];
            for (int j = 0; j < _terms; j++)
            {
                gradient -= _squares[i, j] * scales[i] * scales[j] * found[j];
            }

            if (gradient > most)
            {
                most = gradient;
                steepest = i;
            }
        }

        return steepest;
    }

    // To the least squares of the free terms; those that would turn negative on the way are held at 0.
    private bool TryDescend(double[] found, double[] scales, bool[] isFree)
    {
        while (TrySolve(scales, isFree, out double[] wanted))
        {
            double step = 1;
            for (int i = 0; i < _terms; i++)
            {
                if (isFree[i] && wanted[i] <= 0)
                {
                    step = Math.Min(step, found[i] / (found[i] - wanted[i]));
                }
            }

            bool isWhole = true;
            for (int i = 0; i < _terms; i++)
            {
                if (!isFree[i])
                {
                    continue;
                }

                bool isHeld = wanted[i] <= 0 && found[i] / (found[i] - wanted[i]) <= step;
                found[i] = isHeld ? 0 : found[i] + step * (wanted[i] - found[i]);
                isFree[i] = !isHeld;
                isWhole &= !isHeld;
            }

            if (isWhole)
            {
                return true;
            }
        }

        return false;
    }

    private bool TrySolve(double[] scales, bool[] isFree, out double[] wanted)
    {
        wanted = new double[_terms];
        int[] free = new int[_terms];
        int count = 0;
        for (int i = 0; i < _terms; i++)
        {
            free[count] = i;
            count += isFree[i] ? 1 : 0;
        }

        double[,] left = new double[count, count];
        double[,] right = new double[count, 1];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                left[i, j] = _squares[free[i], free[j]] * scales[free[i]] * scales[free[j]];
            }

            right[i, 0] = _products[free[i]] * scales[free[i]];
        }

        if (!LinearSystem.TrySolve(left, right))
        {
            return false;
        }

        for (int i = 0; i < count; i++)
        {
            wanted[free[i]] = right[i, 0];
        }

        return true;
    }
}
