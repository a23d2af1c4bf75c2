namespace FlowEngine.Market;

/// <summary>An exact decimal unit: Mantissa × 10^Exponent, as price quanta and lot sizes are.</summary>
/// <param name="Mantissa">More than 0.</param>
/// <param name="Exponent">From -18 to 18.</param>
public readonly record struct DecimalScale(long Mantissa, sbyte Exponent)
{
    private const int MaxExponent = 18;
    private const double MaxMantissa = 1e15;

    // Reading a short decimal and scaling it round twice: two units in the last place.
    private const double Rounding = 4.5e-16;

    /// <summary>One.</summary>
    public static DecimalScale One => new(1, 0);

    /// <summary>The unit as a double; exact enough to multiply with, never to compare.</summary>
    public double ToDouble() => Exponent >= 0 ? Mantissa * PowersOfTen[Exponent] : Mantissa / PowersOfTen[-Exponent];

    // Exact up to 1e22: no maths library, whose last bit differs between machines.
    private static ReadOnlySpan<double> PowersOfTen =>
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19];

    /// <summary>The unit as a decimal, exactly.</summary>
    public decimal ToDecimal()
    {
        decimal value = Mantissa;
        for (var i = 0; i < Exponent; i++)
        {
            value *= 10;
        }

        for (var i = 0; i > Exponent; i--)
        {
            value /= 10;
        }

        return value;
    }

    /// <summary>
    /// Finds the short decimal that a venue meant when it sent <paramref name="value"/> as a double (0.0001, 10, 0.5).
    /// </summary>
    /// <returns>False for NaN, infinity, 0, negatives and numbers of more than 15 digits.</returns>
    public static bool TryFromDouble(double value, out DecimalScale scale)
    {
        scale = default;
        if (!(value > 0) || double.IsInfinity(value))
        {
            return false;
        }

        double scaled = value;
        for (var exponent = 0; exponent <= MaxExponent; exponent++)
        {
            double rounded = Math.Round(scaled);
            if (rounded >= 1 && rounded < MaxMantissa && Math.Abs(scaled - rounded) <= Rounding * rounded)
            {
                scale = new DecimalScale((long)rounded, (sbyte)-exponent);
                return true;
            }

            scaled = value * PowersOfTen[exponent + 1];
            if (scaled >= MaxMantissa)
            {
                return false;
            }
        }

        return false;
    }
}
