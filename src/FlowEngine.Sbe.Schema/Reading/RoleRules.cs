using System.Xml.Linq;

namespace FlowEngine.Sbe.Schema.Reading;

/// <summary>What a composite needs to serve as header, group dimension or data prefix: members, by name.</summary>
internal sealed class RoleRules
{
    private readonly SchemaContext _context;

    public RoleRules(SchemaContext context) => _context = context;

    public void CheckHeader(SbeComposite header)
    {
        foreach (var name in new[] { "blockLength", "templateId", "schemaId", "version" })
        {
            if (!IsUnsigned(header.Find(name)))
            {
                _context.Report(
                    SbeRule.HeaderMembers, header.Notes.Position,
                    $"The header '{header.Name}' needs an unsigned '{name}'.");
            }
        }
    }

    public bool CheckDimension(SbeComposite dimension, XElement group)
    {
        var hasLength = IsUnsigned(dimension.Find("blockLength"));
        var count = dimension.Find("numInGroup");
        var hasCount = IsUnsigned(count) || IsSignedCount(count);
        if (hasLength && hasCount)
            return true;
        _context.Report(
            SbeRule.DimensionMembers, group,
            $"The dimension '{dimension.Name}' needs an unsigned '{(hasLength ? "numInGroup" : "blockLength")}'.");
        return false;
    }

    public SbeField? FindDataContent(SbeComposite composite)
    {
        var length = composite.Find("length");
        var content = composite.Find("varData") ?? composite.Find("data");
        var isBehind = IsUnsigned(length) && content is { Type: SbeScalarType }
            && content.Offset >= length!.Offset + length.EncodedLength;
        return isBehind ? content : null;
    }

    /// <summary>Reports a number that a member of a header or dimension cannot hold.</summary>
    public void CheckFits(
        SbeComposite composite, string member, int value, XElement at, SbeRule rule, string what)
    {
        if (composite.Find(member)?.Type is SbeScalarType type && value > type.MaxValue.Integer && value > LastOf(type))
        {
            _context.Report(
                rule, at,
                $"{what}: {value} does not fit the {type.Primitive.Name()} '{member}' of '{composite.Name}'.");
        }
    }

    /// <summary>The largest value of the bits: an id may use the one that means null elsewhere.</summary>
    private static decimal LastOf(SbeScalarType type) =>
        type.HasExplicitMax ? type.MaxValue.Integer : type.Primitive.Max().Integer + 1;

    private static bool IsUnsigned(SbeField? member) =>
        member is { Presence: not SbePresence.Constant, Type: SbeScalarType { Length: 1 } scalar }
        && scalar.Primitive.IsUnsigned();

    private static bool IsSignedCount(SbeField? member) =>
        member is { Presence: not SbePresence.Constant, Type: SbeScalarType { Length: 1 } scalar }
        && !scalar.Primitive.IsFloating() && scalar.Primitive != SbePrimitive.Char && scalar.MinValue.Integer >= 0;
}
