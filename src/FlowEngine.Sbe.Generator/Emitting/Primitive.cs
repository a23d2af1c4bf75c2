using System.Globalization;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Emitting;

/// <summary>How primitives look in C#.</summary>
internal static class Primitive
{
    /// <summary>The C# keyword.</summary>
    public static string Keyword(SbePrimitive primitive) => primitive switch
    {
        SbePrimitive.Char or SbePrimitive.UInt8 => "byte",
        SbePrimitive.Int8 => "sbyte",
        SbePrimitive.Int16 => "short",
        SbePrimitive.UInt16 => "ushort",
        SbePrimitive.Int32 => "int",
        SbePrimitive.UInt32 => "uint",
        SbePrimitive.Int64 => "long",
        SbePrimitive.UInt64 => "ulong",
        SbePrimitive.Float => "float",
        _ => "double",
    };

    /// <summary>The name in the run-time's Read and Write methods.</summary>
    public static string Method(SbePrimitive primitive) => primitive switch
    {
        SbePrimitive.Char or SbePrimitive.UInt8 => "Byte",
        SbePrimitive.Int8 => "SByte",
        SbePrimitive.Float => "Single",
        _ => primitive.ToString(),
    };

    /// <summary>A constant of the primitive's type.</summary>
    public static string Literal(SbePrimitive primitive, SbeNumber number)
    {
        if (!primitive.IsFloating())
        {
            var suffix = primitive switch
            {
                SbePrimitive.UInt32 => "U",
                SbePrimitive.Int64 => "L",
                SbePrimitive.UInt64 => "UL",
                _ => string.Empty,
            };
            return number.Integer.ToString(CultureInfo.InvariantCulture) + suffix;
        }

        var keyword = Keyword(primitive);
        var value = number.IsFloating ? number.Floating : (double)number.Integer;
        if (double.IsNaN(value))
            return keyword + ".NaN";
        if (double.IsInfinity(value))
            return keyword + (value > 0 ? ".PositiveInfinity" : ".NegativeInfinity");
        return primitive == SbePrimitive.Float
            ? ((float)value).ToString("R", CultureInfo.InvariantCulture) + "F"
            : value.ToString("R", CultureInfo.InvariantCulture) + "D";
    }

    /// <summary>Whether the number is NaN, which no comparison finds.</summary>
    public static bool IsNaN(SbeNumber number) => number.IsFloating && double.IsNaN(number.Floating);
}
