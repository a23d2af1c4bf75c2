using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Planning;

/// <summary>A message or group with the C# names of its members, reader and writer alike.</summary>
internal abstract class BlockPlan
{
    protected BlockPlan(SbeBlock block, NameScope scope)
    {
        Block = block;
        Fields = block.Fields.Select(field => new FieldPlan(field, scope)).ToList();
        var groupNames = block.Groups.Select(group => scope.Take(CSharpName.Pascal(group.Name))).ToList();
        Data = block.Data.Select(data => new DataPlan(data, scope)).ToList();
        Groups = block.Groups.Select((group, i) => GroupPlan.Create(group, groupNames[i], scope)).ToList();
        foreach (var data in Data)
            data.TakeDerivedNames(scope);
        foreach (var field in Fields)
            field.TakeDerivedNames(scope);
    }

    public SbeBlock Block { get; }

    public IReadOnlyList<FieldPlan> Fields { get; }

    public IReadOnlyList<GroupPlan> Groups { get; }

    public IReadOnlyList<DataPlan> Data { get; }

    /// <summary>Groups and data together: what must come in order behind the block.</summary>
    public int PartCount => Groups.Count + Data.Count;

    /// <summary>
    /// The shortest block a sender of any version may send: all fields of version 0. Readers refuse a shorter one, so
    /// those fields need no check when they are read.
    /// </summary>
    public int MinimumLength =>
        Fields.Where(member => !member.IsConstant && member.Field.SinceVersion == 0)
            .Select(member => member.End).DefaultIfEmpty(0).Max();

    /// <summary>Whether reading an entry depends on the sender's version, here or in a nested group.</summary>
    public bool IsVersioned =>
        Fields.Any(member => !member.IsConstant && member.Field.SinceVersion > 0)
        || Groups.Any(group => group.Block.Notes.SinceVersion > 0 || group.NeedsVersion)
        || Data.Any(data => data.Data.Notes.SinceVersion > 0);
}
