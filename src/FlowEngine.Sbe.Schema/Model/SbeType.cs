namespace FlowEngine.Sbe.Schema;

/// <summary>What all types have: a scalar or array, an enum, a set, or a composite.</summary>
public abstract class SbeType
{
    private protected SbeType(string name, SbeNotes notes)
    {
        Name = name;
        Notes = notes;
    }

    /// <summary>The name in the schema.</summary>
    public string Name { get; }

    /// <summary>Description, versions and place.</summary>
    public SbeNotes Notes { get; }

    /// <summary>Bytes on the wire; 0 for a constant or variable type.</summary>
    public abstract int EncodedLength { get; }
}
