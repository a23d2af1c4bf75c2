using System.Globalization;
using FlowEngine.Cli.Frame;

namespace FlowEngine.Cli.Evaluate;

/// <summary>Lengths of time as users write them: <c>100ms</c>, <c>10s</c>, <c>30m</c>, <c>1h</c>.</summary>
internal static class Durations
{
    private const long LongestNs = 7L * 24 * 3_600_000_000_000;

    private static readonly (string Unit, long Ns)[] s_units =
        [("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000), ("h", 3_600_000_000_000)];

    /// <summary>Reads one.</summary>
    /// <param name="option">Where it was given, for the fault.</param>
    /// <param name="text">What was given.</param>
    /// <exception cref="UserError">It is none, or none from a millisecond to a week.</exception>
    public static long Parse(string option, string text)
    {
        foreach (var (unit, ns) in s_units)
        {
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && decimal.TryParse(
                    text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture, out var value)
                && value > 0 && value <= LongestNs && value * ns is >= 1_000_000 and <= LongestNs)
            {
                return (long)(value * ns);
            }
        }

        throw UserError.Usage($"{option} is '{text}': use a time from 1ms to 168h, such as 10s or 30m");
    }
}
