namespace FlowEngine.Sbe.Schema;

/// <summary>What any element of a schema may say about itself.</summary>
public sealed class SbeNotes
{
    internal SbeNotes(
        string? description, string? semanticType, int sinceVersion, int? deprecated, SbePosition position,
        IReadOnlyList<SbeForeignAttribute>? foreign = null)
    {
        Description = description;
        SemanticType = semanticType;
        SinceVersion = sinceVersion;
        Deprecated = deprecated;
        Position = position;
        Foreign = foreign ?? [];
    }

    /// <summary>The description, if any.</summary>
    public string? Description { get; }

    /// <summary>The FIX type or meaning, if said.</summary>
    public string? SemanticType { get; }

    /// <summary>The schema version that brought the element.</summary>
    public int SinceVersion { get; }

    /// <summary>The schema version that deprecated it, if any.</summary>
    public int? Deprecated { get; }

    /// <summary>Where it stands.</summary>
    public SbePosition Position { get; }

    /// <summary>The attributes of other vocabularies.</summary>
    public IReadOnlyList<SbeForeignAttribute> Foreign { get; }
}
