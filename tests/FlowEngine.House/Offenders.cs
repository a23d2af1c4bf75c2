using Xunit;

namespace FlowEngine.House;

/// <summary>
/// Collects all breaches of one rule, so that one run shows the whole list. An exception names what it excuses and says
/// why; one that excuses nothing any more is itself a breach.
/// </summary>
internal sealed class Offenders(string rule, params Offenders.Excuse[] excuses)
{
    private readonly HashSet<string> _lines = [];
    private readonly HashSet<Excuse> _used = [];

    /// <summary>Adds a breach at a line of a file; its path or <paramref name="name"/> finds an excuse.</summary>
    public void Add(SourceFile file, int line, string what, string? name = null) =>
        Add(file.Path, $"{file.Path}:{line}: {what}", name);

    /// <summary>Adds a breach of a whole file or project.</summary>
    public void Add(string path, string text, string? name = null)
    {
        foreach (Excuse excuse in excuses)
        {
            if (excuse.For == path || excuse.For == name)
            {
                _used.Add(excuse);
                return;
            }
        }

        _lines.Add(text);
    }

    /// <summary>Fails with every breach, one a line.</summary>
    public void AssertNone()
    {
        foreach (Excuse excuse in excuses.Where(excuse => !_used.Contains(excuse)))
        {
            _lines.Add($"the excuse for {excuse.For} is no longer needed");
        }

        if (_lines.Count > 0)
        {
            Assert.Fail($"{rule}: {_lines.Count}\n{string.Join('\n', _lines.Order(StringComparer.Ordinal))}");
        }
    }

    /// <summary>An exception from a rule: a path or a name, and why.</summary>
    public sealed record Excuse(string For, string Because);
}
