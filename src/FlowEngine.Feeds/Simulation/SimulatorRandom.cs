using System.Numerics;

namespace FlowEngine.Feeds.Simulation;

/// <summary>
/// xoshiro256** seeded by SplitMix64 (Blackman and Vigna), and the distributions that the venue draws from. Uses only +
/// - × / on doubles, whose last bit is the same everywhere; <c>Math.Log</c>'s is not.
/// </summary>
internal struct SimulatorRandom
{
    private const double Ln2 = 0.693147180559945309417;
    private const double Sqrt2 = 1.41421356237309504880;
    private const int LogTerms = 17;

    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public SimulatorRandom(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    /// <summary>64 random bits.</summary>
    public ulong Next()
    {
        ulong result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        ulong shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>Uniform from 0 (included) to 1 (left out).</summary>
    public double NextDouble() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform from 0 to <paramref name="limit"/> - 1.</summary>
    public int NextInt(int limit) => (int)(((UInt128)Next() * (uint)limit) >> 64);

    /// <summary>True with this probability.</summary>
    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>Exponential with mean 1.</summary>
    public double NextExponential() => -Log(1.0 - NextDouble());

    /// <summary>How often a coin of this probability falls well in a row, at most <paramref name="limit"/>.</summary>
    public int NextRun(double probability, int limit)
    {
        var run = 0;
        while (run < limit && Chance(probability))
        {
            run++;
        }

        return run;
    }

    /// <summary>Natural logarithm of a normal number more than 0, good to about 1e-14.</summary>
    internal static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) - 1023;
        double mantissa = BitConverter.Int64BitsToDouble((bits & 0xF_FFFF_FFFF_FFFFL) | (1023L << 52));
        if (mantissa > Sqrt2)
        {
            mantissa *= 0.5;
            exponent++;
        }

        // ln m = 2 artanh((m - 1) / (m + 1)), whose series converges fast for m near 1.
        double s = (mantissa - 1) / (mantissa + 1);
        double q = s * s;
        double sum = 0;
        for (int k = LogTerms; k >= 1; k -= 2)
        {
            sum = (sum * q) + (1.0 / k);
        }

        return (exponent * Ln2) + (2 * s * sum);
    }

    /// <summary>e to the minus <paramref name="x"/>, x not negative, good to 1 in 500 up to x = 3.</summary>
    internal static double Decay(double x)
    {
        double y = x * (1.0 / 16);
        double power = 1 / (1 + (y * (1 + (y * (0.5 + (y * (1.0 / 6)))))));
        power *= power;
        power *= power;
        power *= power;
        return power * power;
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E37_79B9_7F4A_7C15;
        ulong z = state;
        z = (z ^ (z >> 30)) * 0xBF58_476D_1CE4_E5B9;
        z = (z ^ (z >> 27)) * 0x94D0_49BB_1331_11EB;
        return z ^ (z >> 31);
    }
}
