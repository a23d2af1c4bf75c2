namespace FlowEngine.Sbe.Schema;

/// <summary>A schema and what is wrong with it; the schema is complete only when nothing is.</summary>
public sealed class SbeParseResult
{
    internal SbeParseResult(SbeSchema? schema, IReadOnlyList<SbeDiagnostic> found)
    {
        Schema = schema;
        Diagnostics = found.Where(one => !one.IsWarning).ToList();
        Warnings = found.Where(one => one.IsWarning).ToList();
    }

    /// <summary>The schema; null when the file is no schema at all.</summary>
    public SbeSchema? Schema { get; }

    /// <summary>All findings in file order of discovery; each is an error.</summary>
    public IReadOnlyList<SbeDiagnostic> Diagnostics { get; }

    /// <summary>What is allowed and yet likely a mistake.</summary>
    public IReadOnlyList<SbeDiagnostic> Warnings { get; }

    /// <summary>Whether the schema can be used.</summary>
    public bool IsValid => Schema is not null && Diagnostics.Count == 0;
}
