using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Planning;

/// <summary>A whole schema with all C# names decided; the emitters only write it down.</summary>
internal sealed class SchemaPlan
{
    private readonly Dictionary<SbeType, EnumPlan> _enums = [];
    private readonly Dictionary<SbeType, CompositePlan> _composites = [];

    public SchemaPlan(SbeSchema schema, string? namespaceName)
    {
        Schema = schema;
        Namespace = string.IsNullOrWhiteSpace(namespaceName)
            ? CSharpName.Namespace(schema.Package) : namespaceName!.Trim();

        // Without regard to case: each type becomes a file, and file names may not differ in case alone.
        var scope = new NameScope(StringComparer.OrdinalIgnoreCase, "SchemaInfo");

        // Enums first: their names are the schema's own, the others carry a suffix. Named types before inline ones of
        // the same name would need the nesting; the first one read keeps the plain name.
        foreach (var type in schema.Types)
        {
            if (type is SbeEnum enumType)
                _enums.Add(type, PlanEnum(type, scope, enumType.Encoding, enumType.Values));
            else if (type is SbeSet set)
                _enums.Add(type, PlanEnum(type, scope, set.Encoding, set.Choices));
        }

        Messages = schema.Messages.Select(message => MessagePlan.Create(message, scope)).ToList();
        foreach (var composite in schema.Types.OfType<SbeComposite>())
        {
            _composites.Add(
                composite, CompositePlan.Create(composite, CSharpName.Pascal(composite.Name), scope));
        }
    }

    public SbeSchema Schema { get; }

    public string Namespace { get; }

    public IReadOnlyList<MessagePlan> Messages { get; }

    public IEnumerable<EnumPlan> Enums => _enums.Values;

    public IEnumerable<CompositePlan> Composites => _composites.Values;

    /// <summary>The run-time class that reads and writes in the schema's byte order.</summary>
    public string Endian => Schema.IsBigEndian ? "BigEndian" : "LittleEndian";

    public SbeComposite Header => Schema.Header!;

    public EnumPlan EnumOf(SbeType type) => _enums[type];

    public CompositePlan CompositeOf(SbeType type) => _composites[type];

    /// <summary>The full name of one of the generated types, safe where a member has the same name.</summary>
    public string Global(string typeName) => "global::" + Namespace + "." + typeName;

    private static EnumPlan PlanEnum(
        SbeType type, NameScope scope, SbePrimitive encoding, IReadOnlyList<SbeEnumValue> values) =>
        new(
            type, scope.Take(CSharpName.Pascal(type.Name)), scope.Take(CSharpName.Pascal(type.Name) + "Json"), encoding,
            values);
}
