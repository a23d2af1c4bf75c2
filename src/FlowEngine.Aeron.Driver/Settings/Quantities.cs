using System.Globalization;

namespace FlowEngine.Aeron.Driver;

/// <summary>Sizes and durations as Aeron's properties have them.</summary>
internal static class Quantities
{
    /// <summary>Bytes: plain, or with k, m or g, which are binary.</summary>
    public static bool TryBytes(ReadOnlySpan<char> text, out long bytes)
    {
        var shift = text.IsEmpty ? 0 : char.ToLowerInvariant(text[^1]) switch
        {
            'k' => 10,
            'm' => 20,
            'g' => 30,
            _ => 0,
        };
        return TryScaled(shift == 0 ? text : text[..^1], 1L << shift, out bytes);
    }

    /// <summary>Nanoseconds: plain, or with ns, us, ms or s.</summary>
    public static bool TryNanos(ReadOnlySpan<char> text, out long nanos)
    {
        var (factor, suffix) = text switch
        {
            _ when text.EndsWith("ns", StringComparison.OrdinalIgnoreCase) => (1L, 2),
            _ when text.EndsWith("us", StringComparison.OrdinalIgnoreCase) => (1_000L, 2),
            _ when text.EndsWith("ms", StringComparison.OrdinalIgnoreCase) => (1_000_000L, 2),
            _ when text.EndsWith("s", StringComparison.OrdinalIgnoreCase) => (1_000_000_000L, 1),
            _ => (1L, 0),
        };
        return TryScaled(text[..^suffix], factor, out nanos);
    }

    private static bool TryScaled(ReadOnlySpan<char> digits, long factor, out long value)
    {
        var isNumber = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value <= long.MaxValue / factor;
        value = isNumber ? value * factor : 0;
        return isNumber;
    }
}
