using System.Globalization;
using System.Numerics;

namespace FlowEngine.Aeron.Driver;

/// <summary>One property a driver heeds: its name, what it may be, and how it gets into a context.</summary>
/// <param name="Name">Dotted name, as the original's.</param>
/// <param name="Allowed">What a value must be, for people.</param>
/// <param name="Apply">The context with the value; null if it is not allowed.</param>
internal sealed record DriverSetting(
    string Name, string Allowed, Func<MediaDriverContext, string, MediaDriverContext?> Apply)
{
    /// <summary>A size that fits an int.</summary>
    public static DriverSetting Bytes(
        string name, long min, long max, Func<MediaDriverContext, int, MediaDriverContext> set) => new(
        name,
        $"a size from {min} to {max} bytes, such as 65536 or 64k",
        (c, text) => Quantities.TryBytes(text, out var bytes) && bytes >= min && bytes <= max
            ? set(c, (int)bytes)
            : null);

    /// <summary>A power of two that fits an int.</summary>
    public static DriverSetting PowerOfTwo(
        string name, int min, int max, Func<MediaDriverContext, int, MediaDriverContext> set, int trailer = 0) => new(
        name,
        $"a power of two from {min} to {max} bytes, such as 65536 or 64k",
        (c, text) =>
        {
            // The original counts the trailer of a ring in; both ways of saying it are understood.
            if (!Quantities.TryBytes(text, out var bytes))
            {
                return null;
            }

            bytes = BitOperations.IsPow2(bytes) ? bytes : bytes - trailer;
            return BitOperations.IsPow2(bytes) && bytes >= min && bytes <= max ? set(c, (int)bytes) : null;
        });

    /// <summary>A longest frame.</summary>
    public static DriverSetting Mtu(string name, Func<MediaDriverContext, int, MediaDriverContext> set) => new(
        name,
        "a multiple of 32 from 64 to 65504 bytes",
        (c, text) => Quantities.TryBytes(text, out var bytes) && bytes is >= 64 and <= 65504 && bytes % 32 == 0
            ? set(c, (int)bytes)
            : null);

    /// <summary>A duration of at least <paramref name="minNs"/>.</summary>
    public static DriverSetting Nanos(
        string name, long minNs, Func<MediaDriverContext, long, MediaDriverContext> set) => new(
        name,
        $"a duration of {minNs}ns or more, such as 500ms, 5s or plain nanoseconds",
        (c, text) => Quantities.TryNanos(text, out var nanos) && nanos >= minNs ? set(c, nanos) : null);

    /// <summary>An integer.</summary>
    public static DriverSetting Number(
        string name, long min, long max, Func<MediaDriverContext, long, MediaDriverContext> set) => new(
        name,
        $"an integer from {min} to {max}",
        (c, text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= min && number <= max
            ? set(c, number)
            : null);

    /// <summary>A switch.</summary>
    public static DriverSetting Bool(string name, Func<MediaDriverContext, bool, MediaDriverContext> set) => new(
        name,
        "true or false (or on, off, 1, 0)",
        (c, text) => text switch
        {
            "true" or "on" or "1" => set(c, true),
            "false" or "off" or "0" => set(c, false),
            _ => null,
        });

    /// <summary>One of some names; each may have several.</summary>
    public static DriverSetting Choice<T>(
        string name, (string Text, T Value)[] choices, Func<MediaDriverContext, T, MediaDriverContext> set) => new(
        name,
        string.Join(", ", choices.Select(c => c.Text)),
        (c, text) => Array.FindIndex(choices, choice => choice.Text == text) is >= 0 and var i
            ? set(c, choices[i].Value)
            : null);
}
