using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Planning;

/// <summary>A group with the names of its types; it nests in its parent's reader and writer.</summary>
internal sealed class GroupPlan : BlockPlan
{
    public GroupPlan(SbeGroup group, NameScope parent)
        : base(group, ScopeOf(group))
    {
        Group = group;
        Name = parent.Take(CSharpName.Pascal(group.Name));
    }

    public SbeGroup Group { get; }

    public string Name { get; }

    public string GroupType { get; private set; } = string.Empty;

    public string EntryType { get; private set; } = string.Empty;

    public string WriterType { get; private set; } = string.Empty;

    public string BeginName { get; private set; } = string.Empty;

    public SbeScalarType CountType => (SbeScalarType)Group.CountMember.Type;

    public SbeScalarType StrideType => (SbeScalarType)Group.BlockLengthMember.Type;

    public void TakeDerivedNames(NameScope parent)
    {
        GroupType = parent.Take(Name + "Group");
        EntryType = parent.Take(Name + "Entry");
        WriterType = parent.Take(Name + "Writer");
        BeginName = parent.Take("Begin" + Name);
    }

    // The names of the types are not known yet when the members take theirs; their usual forms are kept free.
    private static NameScope ScopeOf(SbeGroup group)
    {
        var name = CSharpName.Pascal(group.Name);
        return new NameScope(
            "Next", name + "Entry", name + "Writer", name + "ValueEntry", name + "ValueWriter");
    }
}
