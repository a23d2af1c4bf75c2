namespace FlowEngine.Sbe.Schema;

/// <summary>A field of a block or a member of a composite.</summary>
public sealed class SbeField
{
    internal SbeField(
        string name, int id, SbeType type, SbePresence presence, SbeConstant? constant, int offset, int sinceVersion,
        SbeNotes notes)
    {
        Name = name;
        Id = id;
        Type = type;
        Presence = presence;
        Constant = constant;
        Offset = offset;
        SinceVersion = sinceVersion;
        Notes = notes;
    }

    /// <summary>The name in the schema.</summary>
    public string Name { get; }

    /// <summary>The id; 0 for a composite's member.</summary>
    public int Id { get; }

    /// <summary>The type.</summary>
    public SbeType Type { get; }

    /// <summary>The presence: the field's own word, else its type's.</summary>
    public SbePresence Presence { get; }

    /// <summary>The value of a constant field.</summary>
    public SbeConstant? Constant { get; }

    /// <summary>Bytes from the start of the block or composite.</summary>
    public int Offset { get; }

    /// <summary>The version that brought it: the later of the field's and its type's.</summary>
    public int SinceVersion { get; }

    /// <summary>Description, versions and place.</summary>
    public SbeNotes Notes { get; }

    /// <summary>Bytes on the wire; 0 for a constant.</summary>
    public int EncodedLength => Presence == SbePresence.Constant ? 0 : Type.EncodedLength;
}
