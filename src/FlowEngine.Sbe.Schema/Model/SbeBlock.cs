namespace FlowEngine.Sbe.Schema;

/// <summary>A message or a group: fixed fields, then groups, then data.</summary>
public abstract class SbeBlock
{
    private protected SbeBlock(string name, int id, SbeNotes notes, SbeBlockContent content)
    {
        Name = name;
        Id = id;
        Notes = notes;
        BlockLength = content.BlockLength;
        Fields = content.Fields;
        Groups = content.Groups;
        Data = content.Data;
    }

    /// <summary>The name in the schema.</summary>
    public string Name { get; }

    /// <summary>The template or group id.</summary>
    public int Id { get; }

    /// <summary>Description, versions and place.</summary>
    public SbeNotes Notes { get; }

    /// <summary>Bytes of the fixed part.</summary>
    public int BlockLength { get; }

    /// <summary>The fixed fields in schema order.</summary>
    public IReadOnlyList<SbeField> Fields { get; }

    /// <summary>The groups in wire order.</summary>
    public IReadOnlyList<SbeGroup> Groups { get; }

    /// <summary>The variable data in wire order.</summary>
    public IReadOnlyList<SbeDataField> Data { get; }

    /// <summary>Whether the block is all there is.</summary>
    public bool IsFixedLength => Groups.Count == 0 && Data.Count == 0;
}
