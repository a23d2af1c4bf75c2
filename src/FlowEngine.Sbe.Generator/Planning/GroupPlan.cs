using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Planning;

/// <summary>A group with the names of its types; it nests in its parent's reader and writer.</summary>
internal sealed class GroupPlan : BlockPlan
{
    private GroupPlan(SbeGroup group, string name, string entryType, string writerType, NameScope parent)
        : base(group, new NameScope("Next", "ResetCountToIndex", "WriteJson", entryType, writerType))
    {
        Group = group;
        Name = name;
        EntryType = entryType;
        WriterType = writerType;
        GroupType = parent.Take(name + "Group");
        BeginName = parent.Take("Begin" + name);
    }

    public SbeGroup Group { get; }

    public string Name { get; }

    public string GroupType { get; }

    public string EntryType { get; }

    public string WriterType { get; }

    public string BeginName { get; }

    public SbeScalarType CountType => (SbeScalarType)Group.CountMember.Type;

    public SbeScalarType StrideType => (SbeScalarType)Group.BlockLengthMember.Type;

    /// <summary>Whether the dimension counts an entry's parts, so that unknown ones can be skipped.</summary>
    public bool CountsParts => SbeExtension.CountsParts(Group.Dimension);

    /// <summary>Whether stride times count, both unsigned of at most 32 bits, is the whole group.</summary>
    public bool IsPlain => Group.IsFixedLength && !CountsParts && IsPlainNumber(StrideType) && IsPlainNumber(CountType);

    /// <summary>Whether reading the group takes the sender's version.</summary>
    public bool NeedsVersion => IsVersioned || CountsParts;

    private static bool IsPlainNumber(SbeScalarType type) =>
        type.Primitive is SbePrimitive.UInt8 or SbePrimitive.UInt16 or SbePrimitive.UInt32;

    /// <summary>Takes the names of the types from the parent, then plans the members, which must differ.</summary>
    public static GroupPlan Create(SbeGroup group, string name, NameScope parent) =>
        new(group, name, parent.Take(name + "Entry"), parent.Take(name + "Writer"), parent);
}
