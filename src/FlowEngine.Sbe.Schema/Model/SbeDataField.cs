namespace FlowEngine.Sbe.Schema;

/// <summary>Variable data: a length, then that many bytes.</summary>
public sealed class SbeDataField
{
    internal SbeDataField(string name, int id, SbeNotes notes, SbeComposite type, SbeField content)
    {
        Name = name;
        Id = id;
        Notes = notes;
        Type = type;
        Content = content;
    }

    /// <summary>The name in the schema.</summary>
    public string Name { get; }

    /// <summary>The id.</summary>
    public int Id { get; }

    /// <summary>Description, versions and place.</summary>
    public SbeNotes Notes { get; }

    /// <summary>The composite of length and content.</summary>
    public SbeComposite Type { get; }

    /// <summary>The <c>length</c> member.</summary>
    public SbeField LengthMember => Type.Find("length")!;

    /// <summary>The <c>varData</c> (or <c>data</c>) member; its offset is where the bytes begin.</summary>
    public SbeField Content { get; }

    /// <summary>The character encoding as the schema spells it, if said.</summary>
    public string? CharacterEncoding => (Content.Type as SbeScalarType)?.CharacterEncoding;
}
