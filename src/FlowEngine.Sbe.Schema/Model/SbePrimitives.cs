using System.Globalization;

namespace FlowEngine.Sbe.Schema;

/// <summary>Sizes, limits, null values and lexical forms of the primitive types.</summary>
public static class SbePrimitives
{
    private static readonly (string Name, int Size, SbeNumber Min, SbeNumber Max, SbeNumber Null)[] s_facts =
    [
        ("char", 1, SbeNumber.Of(32m), SbeNumber.Of(126m), SbeNumber.Of(0m)),
        ("int8", 1, SbeNumber.Of(-127m), SbeNumber.Of(127m), SbeNumber.Of(-128m)),
        ("int16", 2, SbeNumber.Of(-32767m), SbeNumber.Of(32767m), SbeNumber.Of(-32768m)),
        ("int32", 4, SbeNumber.Of(-2147483647m), SbeNumber.Of(2147483647m), SbeNumber.Of(-2147483648m)),
        ("int64", 8, SbeNumber.Of(long.MinValue + 1m), SbeNumber.Of((decimal)long.MaxValue),
            SbeNumber.Of((decimal)long.MinValue)),
        ("uint8", 1, SbeNumber.Of(0m), SbeNumber.Of(254m), SbeNumber.Of(255m)),
        ("uint16", 2, SbeNumber.Of(0m), SbeNumber.Of(65534m), SbeNumber.Of(65535m)),
        ("uint32", 4, SbeNumber.Of(0m), SbeNumber.Of(4294967294m), SbeNumber.Of(4294967295m)),
        ("uint64", 8, SbeNumber.Of(0m), SbeNumber.Of(ulong.MaxValue - 1m), SbeNumber.Of((decimal)ulong.MaxValue)),
        ("float", 4, SbeNumber.Of(-(double)float.MaxValue), SbeNumber.Of((double)float.MaxValue),
            SbeNumber.Of(double.NaN)),
        ("double", 8, SbeNumber.Of(double.MinValue), SbeNumber.Of(double.MaxValue), SbeNumber.Of(double.NaN)),
    ];

    /// <summary>Finds a primitive by its schema name.</summary>
    public static bool TryParse(string name, out SbePrimitive primitive)
    {
        for (var i = 0; i < s_facts.Length; i++)
        {
            if (s_facts[i].Name == name)
            {
                primitive = (SbePrimitive)i;
                return true;
            }
        }

        primitive = default;
        return false;
    }

    /// <summary>The name schemas use.</summary>
    public static string Name(this SbePrimitive primitive) => s_facts[(int)primitive].Name;

    /// <summary>Bytes on the wire.</summary>
    public static int Size(this SbePrimitive primitive) => s_facts[(int)primitive].Size;

    /// <summary>The smallest value the standard allows.</summary>
    public static SbeNumber Min(this SbePrimitive primitive) => s_facts[(int)primitive].Min;

    /// <summary>The largest value the standard allows.</summary>
    public static SbeNumber Max(this SbePrimitive primitive) => s_facts[(int)primitive].Max;

    /// <summary>The value that means null unless the schema says another.</summary>
    public static SbeNumber Null(this SbePrimitive primitive) => s_facts[(int)primitive].Null;

    /// <summary>Whether it is <c>float</c> or <c>double</c>.</summary>
    public static bool IsFloating(this SbePrimitive primitive) => primitive >= SbePrimitive.Float;

    /// <summary>Whether it is one of the four unsigned integers.</summary>
    public static bool IsUnsigned(this SbePrimitive primitive) =>
        primitive is SbePrimitive.UInt8 or SbePrimitive.UInt16 or SbePrimitive.UInt32 or SbePrimitive.UInt64;

    /// <summary>
    /// Reads a value in the primitive's lexical form and checks that its bits fit. A character is a single character or
    /// the number of one; <paramref name="digitsAreCharacters"/> decides what a lone digit is.
    /// </summary>
    public static bool TryParseValue(
        this SbePrimitive primitive, string text, bool digitsAreCharacters, out SbeNumber value)
    {
        value = default;
        if (primitive.IsFloating())
        {
            if (!TryParseFloating(text, out var floating))
                return false;
            value = SbeNumber.Of(floating);
            return true;
        }

        if (primitive == SbePrimitive.Char && text.Length == 1 && (digitsAreCharacters || !char.IsDigit(text[0])))
        {
            value = SbeNumber.Of((decimal)text[0]);
            return text[0] <= 0xFF;
        }

        if (!decimal.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer))
            return false;
        value = SbeNumber.Of(integer);
        var bits = primitive.Size() * 8;
        var (low, high) = primitive.IsUnsigned() || primitive == SbePrimitive.Char
            ? (0m, bits == 64 ? ulong.MaxValue : (1UL << bits) - 1)
            : (-(decimal)(1UL << (bits - 1)), (1UL << (bits - 1)) - 1m);
        return integer >= low && integer <= high;
    }

    private static bool TryParseFloating(string text, out double value)
    {
        switch (text)
        {
            case "NaN":
                value = double.NaN;
                return true;
            case "INF" or "Infinity":
                value = double.PositiveInfinity;
                return true;
            case "-INF" or "-Infinity":
                value = double.NegativeInfinity;
                return true;
            default:
                return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
        }
    }
}
