namespace FlowEngine.Cli.Evaluate;

/// <summary>
/// Files that belong together, given side by side: quotes and trades of one day (Lean), forced orders and large trades
/// of one month (Binance's tables).
/// </summary>
internal static class FilePairs
{
    private static readonly (string First, string Second)[] s_pairs =
        [("_quote", "_trade"), ("_trade", "_quote"), ("_forceorder", "_bigtrades"), ("_bigtrades", "_forceorder")];

    /// <summary>Groups of one or two.</summary>
    public static List<string[]> Group(IReadOnlyList<string> paths)
    {
        var groups = new List<string[]>();
        for (var i = 0; i < paths.Count; i++)
        {
            var isPair = i + 1 < paths.Count && Belong(paths[i], paths[i + 1]);
            groups.Add(isPair ? [paths[i], paths[i + 1]] : [paths[i]]);
            i += isPair ? 1 : 0;
        }

        return groups;
    }

    /// <summary>Whether this is one of Binance's tables.</summary>
    public static bool IsTable(string path) =>
        path.Contains("_forceorder", StringComparison.Ordinal) || path.Contains("_bigtrades", StringComparison.Ordinal);

    private static bool Belong(string first, string second) => s_pairs.Any(pair =>
        first.Contains(pair.First, StringComparison.OrdinalIgnoreCase)
        && first.Replace(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase) == second);
}
