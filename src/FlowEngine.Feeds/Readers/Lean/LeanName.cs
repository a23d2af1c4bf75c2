using System.Globalization;

namespace FlowEngine.Feeds.Readers.Lean;

/// <summary>What the name of a Lean tick file tells: <c>20131007_bac_Quote_Tick.csv</c>.</summary>
internal sealed record LeanName(string Symbol, DateOnly Day, bool IsQuotes)
{
    private const int Parts = 4;

    /// <summary>Reads a file's name, without its folder.</summary>
    public static LeanName? TryParse(string name)
    {
        string[] parts = name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? name[..^4].Split('_') : [];
        return parts.Length == Parts && parts[1].Length > 0
            && parts[3].Equals("tick", StringComparison.OrdinalIgnoreCase)
            && (IsKind(parts[2], "quote") || IsKind(parts[2], "trade"))
            && DateOnly.TryParseExact(parts[0], "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None,
                out DateOnly day)
            ? new LeanName(parts[1].ToUpperInvariant(), day, IsKind(parts[2], "quote"))
            : null;
    }

    /// <summary>Whether the other tells the other half of the same day.</summary>
    public bool IsPairOf(LeanName other) => Symbol == other.Symbol && Day == other.Day && IsQuotes != other.IsQuotes;

    private static bool IsKind(string part, string kind) => part.Equals(kind, StringComparison.OrdinalIgnoreCase);
}
