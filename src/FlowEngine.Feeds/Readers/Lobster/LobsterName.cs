using System.Globalization;

namespace FlowEngine.Feeds.Readers.Lobster;

/// <summary>What the name of a LOBSTER file tells: <c>AAPL_2012-06-21_34200000_57600000_message_10.csv</c>.</summary>
internal sealed record LobsterName(string Symbol, DateOnly Day, bool IsMessages, int Depth)
{
    private const int Parts = 6;
    private const int MaxDepth = 200;

    /// <summary>Reads a file's name, without its folder.</summary>
    public static LobsterName? TryParse(string name)
    {
        string[] parts = name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) ? name[..^4].Split('_') : [];
        return parts.Length == Parts && parts[4] is "message" or "orderbook" && parts[0].Length > 0
            && DateOnly.TryParseExact(parts[1], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None,
                out DateOnly day)
            && int.TryParse(parts[5], NumberStyles.None, CultureInfo.InvariantCulture, out int depth)
            && depth is > 0 and <= MaxDepth
            ? new LobsterName(parts[0], day, parts[4] == "message", depth)
            : null;
    }

    /// <summary>The name of the file beside it.</summary>
    public static string Other(string name) => name.Contains("_message_", StringComparison.Ordinal)
        ? name.Replace("_message_", "_orderbook_", StringComparison.Ordinal)
        : name.Replace("_orderbook_", "_message_", StringComparison.Ordinal);
}
