using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Planning;

/// <summary>A composite with the names of its reader, writer and members.</summary>
internal sealed class CompositePlan
{
    private CompositePlan(SbeComposite composite, string reader, string writer)
    {
        Composite = composite;
        Reader = reader;
        Writer = writer;
        var scope = new NameScope("TryWrap", "WriteJson", "Length", reader, writer);

        // The variable part of a data composite is no member: it lies behind.
        Members = composite.Members
            .Where(member => member.Type is not SbeScalarType { Length: 0 } && !IsBrokenConstant(member))
            .Select(member => new FieldPlan(member, scope)).ToList();
        foreach (var member in Members)
            member.TakeDerivedNames(scope);
        IsNullName = scope.Take("IsNull");
    }

    public SbeComposite Composite { get; }

    public string Reader { get; }

    public string Writer { get; }

    public IReadOnlyList<FieldPlan> Members { get; }

    public string IsNullName { get; }

    /// <summary>Whether every member is a number, enum or set, so that one call can write them all.</summary>
    public bool IsSimple =>
        Members.Any(member => !member.IsConstant)
        && Members.All(member => member.IsConstant || member.IsNumber || member.Type is SbeEnum or SbeSet);

    public static CompositePlan Create(SbeComposite composite, string name, NameScope types) =>
        new(composite, types.Take(name + "Reader"), types.Take(name + "Writer"));

    private static bool IsBrokenConstant(SbeField member) =>
        member.Presence == SbePresence.Constant && member.Constant is null;
}
