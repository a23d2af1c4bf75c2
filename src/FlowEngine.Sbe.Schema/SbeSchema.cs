using FlowEngine.Sbe.Schema.Reading;

namespace FlowEngine.Sbe.Schema;

/// <summary>A message schema: what <see cref="Parse"/> makes of the XML.</summary>
public sealed class SbeSchema
{
    private SbeExtension? _extension;

    internal SbeSchema()
    {
    }

    /// <summary>The package attribute.</summary>
    public string Package { get; internal set; } = string.Empty;

    /// <summary>The schema id that travels in every header.</summary>
    public int Id { get; internal set; }

    /// <summary>The schema version that travels in every header.</summary>
    public int Version { get; internal set; }

    /// <summary>The semantic version, if said.</summary>
    public string? SemanticVersion { get; internal set; }

    /// <summary>The description, if any.</summary>
    public string? Description { get; internal set; }

    /// <summary>Whether all numbers, the header's too, are big-endian.</summary>
    public bool IsBigEndian { get; internal set; }

    /// <summary>The file, as it was given to the parser.</summary>
    public string Path { get; internal set; } = string.Empty;

    /// <summary>The message header; null only in a schema with errors.</summary>
    public SbeComposite? Header { get; internal set; }

    /// <summary>How to get past what only a newer sender knows.</summary>
    public SbeExtension Extension => _extension ??= SbeExtension.Of(this);

    /// <summary>All types, named and inline, each after the types it uses.</summary>
    public IReadOnlyList<SbeType> Types => TypeList;

    /// <summary>All messages in schema order.</summary>
    public IReadOnlyList<SbeMessage> Messages => MessageList;

    internal List<SbeType> TypeList { get; } = [];

    internal List<SbeMessage> MessageList { get; } = [];

    /// <summary>
    /// Reads a schema and checks it. <paramref name="include"/> gives the text of an included file by its path (the
    /// including file's folder + href), or null. Never throws on bad input: see the diagnostics.
    /// </summary>
    public static SbeParseResult Parse(string xml, string path, Func<string, string?>? include = null) =>
        new SchemaReader(include).Read(xml, path);

    /// <summary>The path of an included file, relative to the including one's folder, with forward slashes.</summary>
    public static string ResolveInclude(string includingPath, string href)
    {
        var parts = new List<string>(includingPath.Replace('\\', '/').Split('/'));
        parts.RemoveAt(parts.Count - 1);
        foreach (var part in href.Replace('\\', '/').Split('/'))
        {
            if (part == ".." && parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
            else if (part != ".")
                parts.Add(part);
        }

        return string.Join("/", parts);
    }
}
