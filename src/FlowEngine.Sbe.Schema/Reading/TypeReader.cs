using System.Xml.Linq;

namespace FlowEngine.Sbe.Schema.Reading;

/// <summary>Reads all types; a type may be used before it is declared, so each is read when first asked for.</summary>
internal sealed class TypeReader
{
    private readonly SchemaContext _context;
    private readonly ScalarReader _scalars;
    private readonly EnumReader _enums;
    private readonly Dictionary<string, XElement> _declared = new(StringComparer.Ordinal);
    private readonly Dictionary<XElement, SbeType?> _read = [];
    private readonly HashSet<XElement> _reading = [];
    private readonly Dictionary<SbePrimitive, SbeScalarType> _primitives = [];
    private readonly List<SbeType> _all = [];

    public TypeReader(SchemaContext context)
    {
        _context = context;
        _scalars = new ScalarReader(context, this);
        _enums = new EnumReader(context, this);
    }

    /// <summary>Every type that was read, named or inline, dependencies first.</summary>
    public IReadOnlyList<SbeType> All => _all;

    public ScalarReader Scalars => _scalars;

    /// <summary>Takes note of the types of one <c>types</c> element.</summary>
    public void Declare(XElement types)
    {
        foreach (var element in types.Elements())
        {
            if (!IsType(element))
            {
                _context.ReportUnexpected(element);
                continue;
            }

            var name = SchemaContext.Text(element, "name");
            if (name is null)
                continue;
            if (_declared.ContainsKey(name))
                _context.Report(SbeRule.DuplicateName, element, $"The type '{name}' is declared already.");
            else
                _declared.Add(name, element);
        }
    }

    /// <summary>Reads all declared types, after all were declared.</summary>
    public void ReadAll()
    {
        var declared = _declared.Values.ToList();

        // Enums, sets and composites inside a composite are named types too, unless the name is taken.
        foreach (var composite in declared.Where(element => element.Name.LocalName == "composite"))
        {
            foreach (var inner in composite.Descendants().Where(IsNamedInner))
            {
                var name = SchemaContext.Text(inner, "name")!;
                if (!_declared.ContainsKey(name))
                    _declared.Add(name, inner);
            }
        }

        foreach (var element in declared)
            Read(element);
    }

    /// <summary>The type of that name, declared or primitive.</summary>
    public SbeType? Find(string name, XElement at, bool report = true)
    {
        if (_declared.TryGetValue(name, out var element))
            return Read(element);
        if (SbePrimitives.TryParse(name, out var primitive))
        {
            if (!_primitives.TryGetValue(primitive, out var type))
            {
                type = new SbeScalarType(name, new SbeNotes(null, null, 0, null, default), primitive, 1);
                _primitives.Add(primitive, type);
            }

            return type;
        }

        if (report)
            _context.Report(SbeRule.UnknownType, at, $"There is no type '{name}'.");
        return null;
    }

    private static bool IsType(XElement element) =>
        element.Name.LocalName is "type" or "composite" or "enum" or "set";

    private static bool IsNamedInner(XElement element) =>
        element.Name.LocalName is "composite" or "enum" or "set" && SchemaContext.Text(element, "name") is not null;

    private SbeType? Read(XElement element)
    {
        if (_read.TryGetValue(element, out var known))
            return known;
        if (!_reading.Add(element))
        {
            _context.Report(
                SbeRule.ReferenceCycle, element, $"'{SchemaContext.Text(element, "name")}' contains itself.");
            return null;
        }

        if (_reading.Count > SchemaContext.MaxDepth)
        {
            _context.Report(SbeRule.NestingDepth, element, $"Types nest more than {SchemaContext.MaxDepth} deep.");
            _reading.Remove(element);
            return _read[element] = null;
        }

        SbeType? type = element.Name.LocalName switch
        {
            "type" => _scalars.Read(element),
            "enum" => _enums.ReadEnum(element),
            "set" => _enums.ReadSet(element),
            _ => ReadComposite(element),
        };
        _reading.Remove(element);
        _read[element] = type;
        if (type is not null)
            _all.Add(type);
        return type;
    }

    private SbeComposite ReadComposite(XElement element)
    {
        var name = _context.Required(element, "name");
        var notes = _context.Notes(element);
        var members = new List<SbeField>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var end = 0;
        foreach (var child in element.Elements())
        {
            if (!IsType(child) && child.Name.LocalName != "ref")
            {
                _context.ReportUnexpected(child);
                continue;
            }

            if (ReadMember(child, end) is not { } member)
                continue;
            if (!names.Add(member.Name))
                _context.Report(SbeRule.DuplicateName, child, $"'{name}' has a member '{member.Name}' already.");
            members.Add(member);
            if (member.Presence != SbePresence.Constant)
                end = _context.Bounded(member.Offset, member.EncodedLength, child, name);
        }

        return new SbeComposite(name, notes, members, end);
    }

    private SbeField? ReadMember(XElement child, int end)
    {
        var memberName = _context.Required(child, "name");
        SbeType? type;
        SbeNotes notes;
        if (child.Name.LocalName == "ref")
        {
            notes = _context.Notes(child);
            var typeName = _context.Required(child, "type");
            type = typeName.Length == 0 ? null : Find(typeName, child);
        }
        else
        {
            type = Read(child);
            notes = type?.Notes ?? new SbeNotes(null, null, 0, null, SchemaContext.PositionOf(child));
        }

        if (type is null)
            return null;
        var presence = PresenceOf(type);
        var offset = _context.Number(child, "offset", ushort.MaxValue) ?? end;
        if (offset < end && presence != SbePresence.Constant)
        {
            _context.Report(
                SbeRule.OffsetOverlap, child.Attribute("offset")!,
                $"Offset {offset} of '{memberName}' reaches back into the member before, which ends at {end}.");
            offset = end;
        }

        return new SbeField(
            memberName, 0, type, presence, (type as SbeScalarType)?.Constant, offset, notes.SinceVersion, notes);
    }

    /// <summary>The presence a type gives its fields.</summary>
    public static SbePresence PresenceOf(SbeType type) => type switch
    {
        SbeScalarType scalar => scalar.Presence,
        SbeEnum enumType => enumType.Presence,
        _ => SbePresence.Required,
    };
}
