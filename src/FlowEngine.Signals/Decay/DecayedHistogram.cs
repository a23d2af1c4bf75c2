using FlowEngine.Core;

namespace FlowEngine.Signals;

/// <summary>
/// Quantiles of a positive quantity, old samples fading (signals.md 0.6, the robust alternative): 128 buckets, four to
/// a doubling, so a quantile is within an eighth of the truth; 32 doublings from the least value up, ends clamped.
/// <para>Fading is lazy and the same for all: a sample weighs 2^((t - t0)/h), and once that passes 2^60 all buckets are
/// scaled down and t0 moves. Adding is O(1), a quantile O(128) and changes nothing.</para>
/// </summary>
public sealed class DecayedHistogram
{
    private const int Buckets = 128;
    private const int StepBits = 2;
    private const int Steps = 1 << StepBits;
    private const int ExponentShift = 52;
    private const long OneBits = 1023L << ExponentShift;
    private const long RescaleHalfLives = 60;
    private const double Half = 0.5;

    private readonly double[] _weights = new double[Buckets];
    private readonly HalfLife _halfLife;
    private readonly double _perLeast;
    private readonly double _least;
    private double _total;
    private long _originNs;

    /// <summary>Empty.</summary>
    /// <param name="least">Values up to this share the lowest bucket; above 0.</param>
    /// <param name="halfLife">In which a sample loses half its weight, in whatever unit the samples are timed
    /// in.</param>
    public DecayedHistogram(double least, HalfLife halfLife)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(least);
        _least = least;
        _perLeast = 1 / least;
        _halfLife = halfLife;
    }

    /// <summary>Samples since the start.</summary>
    public long Count { get; private set; }

    /// <summary>Adds a sample at <paramref name="nowNs"/>, which never runs backwards.</summary>
    [Hot]
    public void Add(double value, long nowNs)
    {
        long elapsedNs = nowNs - _originNs;
        if (Count == 0 || elapsedNs / _halfLife.Ns >= RescaleHalfLives)
        {
            Rescale(nowNs);
            elapsedNs = 0;
        }

        double weight = 1 / _halfLife.Factor(elapsedNs);
        _weights[BucketOf(value)] += weight;
        _total += weight;
        Count++;
    }

    /// <summary>The value below which <paramref name="share"/> of the weight lies, 0 to 1; 0 when empty.</summary>
    [Hot]
    public double Quantile(double share)
    {
        double wanted = share * _total;
        double below = 0;
        for (int i = 0; i < _weights.Length; i++)
        {
            double weight = _weights[i];
            if (weight > 0 && below + weight >= wanted)
            {
                double low = LowerEdge(i);
                return low + (LowerEdge(i + 1) - low) * Math.Max(0, wanted - below) / weight;
            }

            below += weight;
        }

        return 0;
    }

    /// <summary>Share of the weight at or below <paramref name="value"/>, its bucket half; 0 when empty.</summary>
    [Hot]
    public double Rank(double value)
    {
        int bucket = BucketOf(value);
        double below = 0;
        for (int i = 0; i < bucket; i++)
        {
            below += _weights[i];
        }

        return _total > 0 ? Math.Min(1, (below + Half * _weights[bucket]) / _total) : 0;
    }

    private int BucketOf(double value)
    {
        double scaled = value * _perLeast;
        if (!(scaled > 1))
        {
            return 0;
        }

        // The exponent and the first two bits of the mantissa, counted from those of 1.
        long steps = (BitConverter.DoubleToInt64Bits(scaled) - OneBits) >> (ExponentShift - StepBits);
        return (int)Math.Min(steps, Buckets - 1);
    }

    private double LowerEdge(int bucket) =>
        _least * (1L << (bucket / Steps)) * (1 + bucket % Steps / (double)Steps);

    private void Rescale(long nowNs)
    {
        double factor = _halfLife.Factor(nowNs - _originNs);
        _total = 0;
        for (int i = 0; i < _weights.Length; i++)
        {
            _weights[i] *= factor;
            _total += _weights[i];
        }

        _originNs = nowNs;
    }
}
