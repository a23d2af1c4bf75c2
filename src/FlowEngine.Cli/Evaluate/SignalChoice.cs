using FlowEngine.Cli.Frame;

namespace FlowEngine.Cli.Evaluate;

/// <summary>A signal that can be scored.</summary>
/// <param name="Name">What the user calls it.</param>
/// <param name="Sign">1 where + is buy, -1 where + is sell.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="What">One line for the table's reader.</param>
internal sealed record SignalChoice(string Name, int Sign, string Unit, string What)
{
    /// <summary>All of them, in the order of <see cref="IntervalValues"/>.</summary>
    public static IReadOnlyList<SignalChoice> All { get; } =
    [
        new("ofi", 1, "lots", "F1 over the interval"),
        new("mlofi", 1, "1", "F3 over the interval, levels weighted alike"),
        new("integratedOfi", 1, "1", "F3 over the interval, weights of the first principal component so far"),
        new("signedVolume", 1, "lots", "bought less sold over the interval"),
        new("tradeImbalance", 1, "1", "the same over all lots traded"),
        new("imbalance", 1, "1", "B1 at the touch, at the interval's end"),
        new("imbalance5", 1, "1", "B1 over five levels, at the interval's end"),
        new("weightedMid", 1, "ticks", "B4 less the mid, at the interval's end"),
        new("downTickShare", -1, "1", "F6 less a half, at the interval's end"),
        new("downStepShare", -1, "1", "B10, at the interval's end"),
        new("pressure", -1, "1", "F9 as the engine publishes it, at the interval's end"),
    ];

    /// <summary>The places in <see cref="All"/> of names with commas between; all of them for null.</summary>
    /// <exception cref="UserError">A name is none.</exception>
    public static int[] Parse(string? names)
    {
        if (names is null or "default" or "all")
        {
            return [.. Enumerable.Range(0, All.Count)];
        }

        return
        [
            .. names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(name =>
            {
                var place = All.ToList().FindIndex(choice => choice.Name == name);
                return place >= 0
                    ? place
                    : throw UserError.Usage(
                        $"--signals names '{name}': use {string.Join(", ", All.Select(choice => choice.Name))}");
            }).Distinct(),
        ];
    }
}
