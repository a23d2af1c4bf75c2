namespace FlowEngine.Sbe.Schema;

/// <summary>A repeating group: a dimension composite, then that many entries.</summary>
public sealed class SbeGroup : SbeBlock
{
    internal SbeGroup(string name, int id, SbeNotes notes, SbeBlockContent content, SbeComposite dimension)
        : base(name, id, notes, content)
    {
        Dimension = dimension;
    }

    /// <summary>The composite before the entries; has <c>blockLength</c> and <c>numInGroup</c>.</summary>
    public SbeComposite Dimension { get; }

    /// <summary>The <c>blockLength</c> member of the dimension.</summary>
    public SbeField BlockLengthMember => Dimension.Find("blockLength")!;

    /// <summary>The <c>numInGroup</c> member of the dimension.</summary>
    public SbeField CountMember => Dimension.Find("numInGroup")!;
}
