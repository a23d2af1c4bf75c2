using System.Xml.Linq;

namespace FlowEngine.Sbe.Schema.Reading;

/// <summary>Reads <c>type</c> elements and the values of constants.</summary>
internal sealed class ScalarReader
{
    private readonly SchemaContext _context;
    private readonly TypeReader _types;

    public ScalarReader(SchemaContext context, TypeReader types)
    {
        _context = context;
        _types = types;
    }

    public SbeScalarType? Read(XElement element)
    {
        var name = _context.Required(element, "name");
        var primitiveName = _context.Required(element, "primitiveType");
        var notes = _context.Notes(element);
        if (!SbePrimitives.TryParse(primitiveName, out var primitive))
        {
            if (primitiveName.Length > 0)
            {
                _context.Report(
                    SbeRule.UnknownType, element.Attribute("primitiveType")!,
                    $"'{primitiveName}' is no primitive type.");
            }

            return null;
        }

        var isVariable = SchemaContext.Text(element, "variableLength") == "true";
        var length = isVariable ? 0 : _context.Number(element, "length", ushort.MaxValue) ?? 1;
        var type = new SbeScalarType(name, notes, primitive, length)
        {
            CharacterEncoding = SchemaContext.Text(element, "characterEncoding"),
            Presence = _context.Presence(element) ?? SbePresence.Required,
        };
        ReadLimits(element, type);
        if (type.Presence == SbePresence.Constant)
            ReadConstant(element, type);
        else if (element.Attribute("valueRef") is { } reference)
            _context.Report(SbeRule.BadValueRef, reference, $"'{name}' has a valueRef and is no constant.");
        return type;
    }

    private void ReadLimits(XElement element, SbeScalarType type)
    {
        type.NullValue = _context.Value(element, "nullValue", type.Primitive) ?? type.NullValue;
        type.MinValue = _context.Value(element, "minValue", type.Primitive) ?? type.MinValue;
        var max = _context.Value(element, "maxValue", type.Primitive);
        type.MaxValue = max ?? type.MaxValue;
        type.HasExplicitMax = max is not null;
        if (element.Attribute("nullValue") is { } unused && type.Presence != SbePresence.Optional)
            _context.Report(SbeRule.UnusedNullValue, unused, $"'{type.Name}' is not optional: it is never null.");
    }

    private void ReadConstant(XElement element, SbeScalarType type)
    {
        var reference = element.Attribute("valueRef");
        if (reference is not null)
        {
            type.Constant = ReadReference(reference, type.Primitive, expected: null);
            return;
        }

        var text = element.Value.Trim();
        if (text.Length == 0)
        {
            _context.Report(
                SbeRule.ConstantWithoutValue, element,
                $"The constant '{type.Name}' has neither a value nor a valueRef.");
            return;
        }

        if (type.Primitive == SbePrimitive.Char && (type.Length > 1 || text.Length > 1))
        {
            var hasLength = element.Attribute("length") is not null;
            if (hasLength && text.Length > type.Length)
            {
                _context.Report(
                    SbeRule.ConstantWithoutValue, element,
                    $"The constant '{type.Name}' is longer than its {type.Length} characters.");
                return;
            }

            type.Length = hasLength ? type.Length : text.Length;
            type.Constant = new SbeConstant(text);
        }
        else if (type.Primitive.TryParseValue(text, digitsAreCharacters: true, out var value))
        {
            type.Constant = new SbeConstant(value);
        }
        else
        {
            _context.Report(SbeRule.BadValue, element, $"'{text}' is no {type.Primitive.Name()} for '{type.Name}'.");
        }
    }

    /// <summary>Resolves <c>Enum.Value</c>; the enum must have the encoding and be the expected one, if any.</summary>
    public SbeConstant? ReadReference(XAttribute reference, SbePrimitive encoding, SbeEnum? expected)
    {
        var text = reference.Value.Trim();
        var dot = text.LastIndexOf('.');
        if (dot <= 0 || dot == text.Length - 1)
        {
            _context.Report(SbeRule.BadValueRef, reference, $"valueRef '{text}' is not of the form Enum.Value.");
            return null;
        }

        // Some schemas qualify the enum with a package or prefix: only the last part is the name.
        var enumName = text.Substring(0, dot);
        enumName = enumName.Substring(enumName.LastIndexOfAny(['.', ':']) + 1);
        if (_types.Find(enumName, reference.Parent!, report: false) is not SbeEnum type)
        {
            _context.Report(SbeRule.BadValueRef, reference, $"valueRef '{text}' names no enum.");
            return null;
        }

        foreach (var value in type.Values)
        {
            if (value.Name != text.Substring(dot + 1))
                continue;
            if (type.Encoding == encoding && (expected is null || ReferenceEquals(expected, type)))
                return new SbeConstant(type, value);
            _context.Report(
                SbeRule.BadValueRef, reference, $"valueRef '{text}' does not fit the type of the constant.");
            return null;
        }

        _context.Report(SbeRule.BadValueRef, reference, $"'{enumName}' has no value '{text.Substring(dot + 1)}'.");
        return null;
    }
}
