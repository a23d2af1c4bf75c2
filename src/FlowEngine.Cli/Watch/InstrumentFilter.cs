using System.IO.Enumeration;

namespace FlowEngine.Cli.Watch;

/// <summary>
/// Which instruments to show: patterns divided by commas, * and ? as in file names; a pattern without them matches any
/// part of the name. Upper and lower case are the same.
/// </summary>
internal sealed class InstrumentFilter
{
    private readonly string[] _patterns;

    /// <summary>A filter; null matches everything.</summary>
    public InstrumentFilter(string? patterns) => _patterns = (patterns ?? "*")
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(pattern => pattern.AsSpan().ContainsAny('*', '?') ? pattern : $"*{pattern}*")
        .ToArray();

    /// <summary>Whether to show the instrument.</summary>
    public bool Matches(string symbol) =>
        Array.Exists(_patterns, pattern => FileSystemName.MatchesSimpleExpression(pattern, symbol, ignoreCase: true));
}
