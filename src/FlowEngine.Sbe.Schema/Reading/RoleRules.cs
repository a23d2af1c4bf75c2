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
            else if (PrimitiveOf(header.Find(name)) != SbePrimitive.UInt16)
            {
                Warn(header, name, "uint16");
            }
        }
    }

    public bool CheckDimension(SbeComposite dimension, XElement group)
    {
        var hasLength = IsUnsigned(dimension.Find("blockLength"));
        var count = dimension.Find("numInGroup");
        var hasCount = IsUnsigned(count) || IsSignedCount(count);
        if (hasLength && hasCount)
            return CheckWidths(dimension, "numInGroup", SbeRule.DimensionMembers);
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
        return isBehind && CheckWidths(composite, "length", SbeRule.DataMembers) ? content : null;
    }

    private readonly HashSet<SbeComposite> _checked = [];

    /// <summary>The range of a count or length, once for each composite; unusual widths are warned of.</summary>
    private bool CheckWidths(SbeComposite composite, string name, SbeRule rule)
    {
        var member = composite.Find(name)!;
        var type = (SbeScalarType)member.Type;
        if (!_checked.Add(composite))
            return true;
        if (type.MinValue.Integer > type.MaxValue.Integer)
        {
            _context.Report(
                rule, member.Notes.Position,
                $"'{name}' of '{composite.Name}' has a minValue {type.MinValue} above its maxValue {type.MaxValue}.");
        }
        else if (type.MaxValue.Integer > type.Primitive.Max().Integer)
        {
            _context.Report(
                rule, member.Notes.Position,
                $"The maxValue {type.MaxValue} of '{name}' of '{composite.Name}' is no {type.Primitive.Name()}.");
        }
        else if (type.Primitive is not (SbePrimitive.UInt8 or SbePrimitive.UInt16)
            && !(type.HasExplicitMax && type.MaxValue.Integer <= int.MaxValue))
        {
            Warn(composite, name, "uint8, uint16 or one with a maxValue up to 2147483647");
        }

        return true;
    }

    private void Warn(SbeComposite composite, string name, string usual) => _context.Report(
        SbeRule.UnusualWidth, composite.Find(name)!.Notes.Position,
        $"'{name}' of '{composite.Name}' is no {usual}, which other codecs expect.");

    private static SbePrimitive? PrimitiveOf(SbeField? member) => (member?.Type as SbeScalarType)?.Primitive;

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
