using FlowEngine.Core;
using FlowEngine.Core.Checks;

namespace FlowEngine.Signals;

/// <summary>
/// exp, log, tanh, pow and the normal distribution in + - × ÷ and square root only, all exactly rounded by IEEE 754:
/// the same bits on every machine, which the platform's maths library does not promise. Each states its error, and a
/// test holds it to that. Finite arguments give finite results.
/// </summary>
public static class Elementary
{
    /// <summary>Natural logarithm of 2.</summary>
    public const double Ln2 = 0.6931471805599453;

    // ln 2 in two parts; products of the first with integers up to 2^11 are exact.
    private const double Ln2High = 0.693147180369123816490;
    private const double Ln2Low = 1.90821492927058770002e-10;
    private const double PerLn2 = 1.4426950408889634;
    private const double Half = 0.5;
    private const double SqrtHalf = 0.7071067811865476;
    private const double PerSqrtTwoPi = 0.3989422804014327;
    private const double MostExponent = 709;
    private const double LeastExponent = -708;
    private const double SmallArgument = 0.34;
    private const double SureNormal = 38;
    private const double SeriesNormal = 6;
    private const double SaturatedTanh = 22;
    private const int ExponentShift = 52;
    private const int ExponentBias = 1023;
    private const long MantissaMask = (1L << ExponentShift) - 1;
    private const long OneBits = (long)ExponentBias << ExponentShift;
    private const int SeriesTermsMax = 200;

    /// <summary>e^x within 4e-16 relative; 0 below -708, e^709 above 709.</summary>
    [Hot]
    public static double Exp(double x)
    {
        if (!(x >= LeastExponent))
        {
            return 0;
        }

        x = Math.Min(x, MostExponent);
        double whole = Math.Floor(x * PerLn2 + Half);
        double rest = x - whole * Ln2High - whole * Ln2Low;
        double part = 1 + ExpMinus1Series(rest);
        long bits = BitConverter.DoubleToInt64Bits(part) + ((long)whole << ExponentShift);
        return BitConverter.Int64BitsToDouble(bits);
    }

    /// <summary>e^x - 1 within 1e-15 relative, near 0 too.</summary>
    [Hot]
    public static double ExpMinus1(double x) => Math.Abs(x) < SmallArgument ? ExpMinus1Series(x) : Exp(x) - 1;

    /// <summary>ln x within 4e-16 relative to the larger of 1 and the result. x is above 0 and a normal
    /// number.</summary>
    [Hot]
    public static double Log(double x)
    {
        Check.That(x >= double.MinValue && x > 0);
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> ExponentShift) - ExponentBias;
        double mantissa = BitConverter.Int64BitsToDouble((bits & MantissaMask) | OneBits);
        if (mantissa > 2 * SqrtHalf)
        {
            mantissa *= Half;
            exponent++;
        }

        double log = TwiceAtanh((mantissa - 1) / (mantissa + 1));
        return exponent * Ln2High + (log + exponent * Ln2Low);
    }

    /// <summary>ln(1 + x) within 1e-15 relative, near 0 too. x is above -1.</summary>
    [Hot]
    public static double Log1P(double x) => Math.Abs(x) < SmallArgument ? TwiceAtanh(x / (2 + x)) : Log(1 + x);

    /// <summary>x^y for x of 0 or more, within (1 + |y ln x|) × 4e-16 relative; 0^y is 0.</summary>
    [Hot]
    public static double Pow(double x, double y) => x > 0 ? Exp(y * Log(x)) : 0;

    /// <summary>tanh x within 1e-15 relative; exactly odd.</summary>
    [Hot]
    public static double Tanh(double x)
    {
        double size = Math.Abs(x);
        if (size > SaturatedTanh)
        {
            return x > 0 ? 1 : -1;
        }

        double grown = ExpMinus1(2 * size);
        double tanh = grown / (grown + 2);
        return x < 0 ? -tanh : tanh;
    }

    /// <summary>1 / (1 + e^-x), within 1e-15; 0 to 1.</summary>
    [Hot]
    public static double Logistic(double x) => Half * (1 + Tanh(Half * x));

    /// <summary>
    /// Z(x), the probability that a normal variable lies below x, within 1e-14; 0 to 1. A series of up to 120 terms, or
    /// a continued fraction of 40 steps beyond 6 deviations.
    /// </summary>
    [Hot]
    public static double Normal(double x)
    {
        double size = Math.Abs(x);
        if (!(size < SureNormal))
        {
            return x > 0 ? 1 : 0;
        }

        double density = PerSqrtTwoPi * Exp(-Half * x * x);
        if (size < SeriesNormal)
        {
            // Marsaglia (2004): 1/2 + density × (x + x³/3 + x⁵/15 + …).
            double term = x;
            double sum = x;
            for (int i = 3; i < SeriesTermsMax * 2 && Math.Abs(term) > 1e-17 * Math.Abs(sum); i += 2)
            {
                term *= x * x / i;
                sum += term;
            }

            return Half + density * sum;
        }

        double fraction = 0;
        for (int i = 40; i > 0; i--)
        {
            fraction = i / (size + fraction);
        }

        double tail = density / (size + fraction);
        return x > 0 ? 1 - tail : tail;
    }

    // x + x²/2! + … + x^13/13!, from the smallest up; |x| of 0.35 at most leaves 1e-17.
    private static double ExpMinus1Series(double x)
    {
        double sum = 1.0 / 6227020800;
        sum = sum * x + 1.0 / 479001600;
        sum = sum * x + 1.0 / 39916800;
        sum = sum * x + 1.0 / 3628800;
        sum = sum * x + 1.0 / 362880;
        sum = sum * x + 1.0 / 40320;
        sum = sum * x + 1.0 / 5040;
        sum = sum * x + 1.0 / 720;
        sum = sum * x + 1.0 / 120;
        sum = sum * x + 1.0 / 24;
        sum = sum * x + 1.0 / 6;
        sum = sum * x + 1.0 / 2;
        return x + x * x * sum;
    }

    // ln((1 + f) / (1 - f)) = 2 (f + f³/3 + … + f^23/23); |f| of 0.21 at most leaves 1e-17.
    private static double TwiceAtanh(double f)
    {
        double square = f * f;
        double sum = 1.0 / 23;
        for (int i = 21; i >= 3; i -= 2)
        {
            sum = sum * square + 1.0 / i;
        }

        return 2 * f + 2 * f * square * sum;
    }
}
