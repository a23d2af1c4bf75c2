using System.Xml.Linq;

namespace FlowEngine.Sbe.Schema.Reading;

/// <summary>Reads <c>enum</c> and <c>set</c> elements.</summary>
internal sealed class EnumReader
{
    private readonly SchemaContext _context;
    private readonly TypeReader _types;

    public EnumReader(SchemaContext context, TypeReader types)
    {
        _context = context;
        _types = types;
    }

    public SbeEnum? ReadEnum(XElement element)
    {
        var name = _context.Required(element, "name");
        var notes = _context.Notes(element);
        if (ReadEncoding(element, name) is not { } encoding)
            return null;
        if (encoding.Primitive.IsFloating())
        {
            _context.Report(
                SbeRule.EncodingType, element, $"The enum '{name}' cannot be encoded as a floating number.");
            return null;
        }

        var nullValue = _context.Value(element, "nullValue", encoding.Primitive) ?? encoding.NullValue;
        var values = new List<SbeEnumValue>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<decimal>();
        foreach (var child in element.Elements())
        {
            if (child.Name.LocalName != "validValue")
                _context.ReportUnexpected(child);
            else if (ReadValue(child, encoding, nullValue) is { } value && IsNew(names, numbers, value, child))
                values.Add(value);
        }

        var presence = _context.Presence(element) ?? encoding.Presence;
        if (presence == SbePresence.Constant)
            presence = SbePresence.Required;
        return new SbeEnum(name, notes, encoding.Primitive, nullValue, presence, values);
    }

    public SbeSet? ReadSet(XElement element)
    {
        var name = _context.Required(element, "name");
        var notes = _context.Notes(element);
        if (ReadEncoding(element, name) is not { } encoding)
            return null;
        if (!encoding.Primitive.IsUnsigned())
        {
            _context.Report(SbeRule.EncodingType, element, $"The set '{name}' needs an unsigned integer encoding.");
            return null;
        }

        var bits = encoding.Primitive.Size() * 8;
        var choices = new List<SbeEnumValue>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var numbers = new HashSet<decimal>();
        foreach (var child in element.Elements())
        {
            if (child.Name.LocalName != "choice")
            {
                _context.ReportUnexpected(child);
                continue;
            }

            var notesOfChoice = _context.Notes(child);
            var text = child.Value.Trim();
            if (!int.TryParse(text, out var bit) || bit < 0 || bit >= bits)
            {
                _context.Report(
                    SbeRule.ChoiceRange, child, $"'{text}' is no bit index of 0 to {bits - 1} in '{name}'.");
                continue;
            }

            var choice = new SbeEnumValue(_context.Required(child, "name"), SbeNumber.Of((decimal)bit), notesOfChoice);
            if (IsNew(names, numbers, choice, child))
                choices.Add(choice);
        }

        return new SbeSet(name, notes, encoding.Primitive, choices);
    }

    private SbeScalarType? ReadEncoding(XElement element, string name)
    {
        var encodingName = _context.Required(element, "encodingType");
        if (encodingName.Length == 0)
            return null;
        var type = _types.Find(encodingName, element, report: false);
        if (type is SbeScalarType { Length: 1 } scalar)
            return scalar;
        _context.Report(
            type is null ? SbeRule.UnknownType : SbeRule.EncodingType, element.Attribute("encodingType")!,
            $"'{encodingName}' is no primitive or scalar type that could encode '{name}'.");
        return null;
    }

    private SbeEnumValue? ReadValue(XElement element, SbeScalarType encoding, SbeNumber nullValue)
    {
        var name = _context.Required(element, "name");
        var notes = _context.Notes(element);
        var text = element.Value.Trim();
        if (text.Length == 0 && element.Value.Length > 0 && encoding.Primitive == SbePrimitive.Char)
            text = " "; // Some venues send a blank for "not applicable".
        if (!encoding.Primitive.TryParseValue(text, digitsAreCharacters: true, out var value))
        {
            _context.Report(SbeRule.EnumValue, element, $"'{text}' of '{name}' is no {encoding.Primitive.Name()}.");
            return null;
        }

        var isChar = encoding.Primitive == SbePrimitive.Char;
        if (!isChar && (value.Integer < encoding.MinValue.Integer || value.Integer > encoding.MaxValue.Integer))
        {
            _context.Report(
                SbeRule.EnumValue, element,
                value == nullValue
                    ? $"'{name}' = {value} is the null value of the encoding."
                    : $"'{name}' = {value} is outside {encoding.MinValue} to {encoding.MaxValue}.");
        }
        else if (!isChar && value == nullValue)
        {
            _context.Report(SbeRule.EnumValue, element, $"'{name}' = {value} is the null value of the encoding.");
        }

        return new SbeEnumValue(name, value, notes);
    }

    private bool IsNew(HashSet<string> names, HashSet<decimal> numbers, SbeEnumValue value, XElement element)
    {
        if (!numbers.Add(value.Value.Integer))
            _context.Report(SbeRule.DuplicateValue, element, $"The value {value.Value} of '{value.Name}' is taken.");
        if (names.Add(value.Name))
            return true;
        _context.Report(SbeRule.DuplicateName, element, $"'{value.Name}' is there already.");
        return false;
    }
}
