using System.Globalization;
using FlowEngine.Messages.Signals;

namespace FlowEngine.Cli.Watch;

/// <summary>Numbers and flags as the table and the plain lines write them.</summary>
internal static class WatchFormat
{
    /// <summary>What stands where there is no value.</summary>
    public const string None = "-";

    private const double LeastContribution = 0.05;

    private static readonly string[] s_legs = ["flow", "book", "trades", "ticks", "pulled", "steps", "forced"];

    private static readonly (Validity Flag, string Word)[] s_words =
    [
        (Validity.Gap, "GAP"),
        (Validity.Crossed, "CROSSED"),
        (Validity.Empty, "empty"),
        (Validity.OneSided, "1-sided"),
        (Validity.Locked, "locked"),
        (Validity.Halted, "halted"),
        (Validity.Stale, "stale"),
        (Validity.DamagedInput, "damaged"),
        (Validity.Warmup, "warm-up"),
        (Validity.PartialDepth, "thin"),
        (Validity.ThrottledInput, "throttled"),
        (Validity.Clamped, "clamped"),
        (Validity.LowSamples, "few"),
    ];

    /// <summary>A price or a spread.</summary>
    public static string Price(double? value, int decimals) =>
        value is { } price ? price.ToString($"F{decimals}", CultureInfo.InvariantCulture) : None;

    /// <summary>A signed number.</summary>
    public static string Signed(double? value, int decimals) => value is { } number
        ? (Math.Round(number, decimals) + 0.0).ToString(
            $"+0.{new string('0', decimals)};-0.{new string('0', decimals)};0.{new string('0', decimals)}",
            CultureInfo.InvariantCulture)
        : None;

    /// <summary>
    /// Basis points, one decimal, none above a hundred; who has to pay the whole price needs no digits.
    /// </summary>
    public static string Bps(double? value) => value switch
    {
        null => None,
        >= 9999.5 => "9999+",
        { } bps => bps.ToString(Math.Abs(bps) >= 99.95 ? "F0" : "F1", CultureInfo.InvariantCulture),
    };

    /// <summary>A cost; > says that less than the whole size fills.</summary>
    public static string Cost(double bps, bool fills) => fills ? Bps(bps) : $">{Bps(bps)}";

    /// <summary>An amount with a k or M where it gets long.</summary>
    public static string Amount(double value) => value switch
    {
        >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M",
        >= 1e4 => (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + "k",
        _ => value.ToString("0.####", CultureInfo.InvariantCulture),
    };

    /// <summary>A count with thousands separators.</summary>
    public static string Count(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>Short words, the worst first; <see cref="None"/> when all is well.</summary>
    public static string Flags(Validity flags)
    {
        var words = s_words.Where(pair => (flags & pair.Flag) != 0).Select(pair => pair.Word).ToList();
        return words.Count == 0 ? None : string.Join(' ', words);
    }

    /// <summary>The score, without decimals; in brackets while it is not to be trusted.</summary>
    public static string Score(PressureScore? pressure) =>
        pressure is null ? None : pressure.IsValid ? Signed(pressure.Score, 0) : $"({Signed(pressure.Score, 0)})";

    /// <summary>The regime, with an arrow that says which way.</summary>
    public static string RegimeOf(PressureScore? pressure) => pressure is null
        ? None
        : pressure.Regime.ToString().ToLowerInvariant()
            + (pressure.Direction switch { > 0 => " ↓", < 0 => " ↑", _ => "" });

    /// <summary>The loop gain.</summary>
    public static string Gain(PressureScore? pressure) =>
        pressure is null ? None : pressure.LoopGain.ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>The three greatest contributions that can be seen, the greatest first.</summary>
    public static string Why(PressureScore? pressure)
    {
        var parts = pressure?.Contributions
            .Select((value, leg) => (Value: value, Name: s_legs[leg]))
            .Where(part => Math.Abs(part.Value) >= LeastContribution)
            .OrderByDescending(part => Math.Abs(part.Value))
            .Take(3)
            .Select(part => part.Name + Signed(part.Value, 1))
            .ToList() ?? [];
        return parts.Count == 0 ? None : string.Join(' ', parts);
    }

    /// <summary>Whether the row's book values are frozen or gone.</summary>
    public static bool IsBookUnusable(Validity flags) =>
        (flags & (Validity.Gap | Validity.Crossed | Validity.Empty | Validity.Halted)) != 0;

    /// <summary>An age; > says that it is at least that.</summary>
    public static string Age(double seconds, bool isLowerBound)
    {
        var text = seconds switch
        {
            < 10 => $"{seconds.ToString("F1", CultureInfo.InvariantCulture)}s",
            < 120 => $"{(int)seconds}s",
            < 7200 => $"{(int)(seconds / 60)}m",
            _ => $"{(int)(seconds / 3600)}h",
        };
        return isLowerBound ? $">{text}" : text;
    }

    /// <summary>
    /// A bar from -1 to 1 around a middle line, filled towards the heavier side: sellers to the left, buyers to the
    /// right.
    /// </summary>
    /// <param name="value">From -1 to 1; what lies outside is cut off.</param>
    /// <param name="half">Characters on each side.</param>
    public static (string Left, string Right) Bar(double value, int half)
    {
        var filled = (int)Math.Round(Math.Clamp(Math.Abs(value), 0, 1) * half);
        var full = new string('█', filled);
        var blank = new string(' ', half);
        return value < 0
            ? (full.PadLeft(half), blank)
            : (blank, full.PadRight(half));
    }
}
