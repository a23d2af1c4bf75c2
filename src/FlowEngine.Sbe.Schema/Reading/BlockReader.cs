using System.Xml.Linq;

namespace FlowEngine.Sbe.Schema.Reading;

/// <summary>Reads messages and groups: fields, then groups, then data.</summary>
internal sealed class BlockReader
{
    private readonly SchemaContext _context;
    private readonly TypeReader _types;
    private readonly RoleRules _roles;
    private int _depth;

    public BlockReader(SchemaContext context, TypeReader types, RoleRules roles)
    {
        _context = context;
        _types = types;
        _roles = roles;
    }

    public SbeMessage ReadMessage(XElement element, SbeComposite? header)
    {
        var name = _context.Required(element, "name");
        var id = _context.RequiredNumber(element, "id", ushort.MaxValue);
        var notes = _context.Notes(element);
        var content = ReadContent(element, name);
        if (header is not null)
        {
            _roles.CheckFits(header, "blockLength", content.BlockLength, element, SbeRule.BlockLength, $"'{name}'");
            _roles.CheckFits(header, "templateId", id, element, SbeRule.HeaderMembers, $"The id of '{name}'");
        }

        return new SbeMessage(name, id, notes, content);
    }

    private SbeBlockContent ReadContent(XElement element, string name)
    {
        var content = new SbeBlockContent();
        var names = new HashSet<string>(StringComparer.Ordinal);
        var ids = new HashSet<int>();
        var end = 0;
        var stage = 0;
        var since = 0;
        foreach (var child in element.Elements())
        {
            var stageOfChild = child.Name.LocalName switch { "field" => 1, "group" => 2, "data" => 3, _ => 0 };
            if (stageOfChild == 0)
            {
                _context.ReportUnexpected(child);
                continue;
            }

            if (stageOfChild < stage)
            {
                _context.Report(
                    SbeRule.ElementOrder, child,
                    $"A {child.Name.LocalName} cannot follow a {(stage == 2 ? "group" : "data")} in '{name}': "
                    + "fields come first, then groups, then data.");
            }

            since = stageOfChild > stage ? 0 : since;
            stage = Math.Max(stage, stageOfChild);
            CheckUnique(child, name, names, ids);
            since = CheckSince(child, since);
            switch (stageOfChild)
            {
                case 1 when ReadField(child, end) is { } field:
                    content.Fields.Add(field);
                    if (field.Presence != SbePresence.Constant)
                        end = _context.Bounded(field.Offset, field.EncodedLength, child, name);
                    break;
                case 2 when ReadGroup(child) is { } group:
                    content.Groups.Add(group);
                    break;
                case 3 when ReadData(child) is { } data:
                    content.Data.Add(data);
                    break;
            }
        }

        content.BlockLength = ReadBlockLength(element, name, end);
        return content;
    }

    private int CheckSince(XElement child, int before)
    {
        if (!int.TryParse(SchemaContext.Text(child, "sinceVersion") ?? "0", out var since) || since >= before)
            return Math.Max(since, before);
        _context.Report(
            SbeRule.SinceVersionOrder, child,
            $"A {child.Name.LocalName} of version {since} stands behind one of version {before}: "
            + "older decoders do not expect it there.");
        return before;
    }

    private void CheckUnique(XElement child, string block, HashSet<string> names, HashSet<int> ids)
    {
        var name = SchemaContext.Text(child, "name");
        if (name is not null && !names.Add(name))
            _context.Report(SbeRule.DuplicateName, child, $"'{block}' has a '{name}' already.");
        var idText = SchemaContext.Text(child, "id");
        if (int.TryParse(idText, out var id) && !ids.Add(id))
            _context.Report(SbeRule.DuplicateId, child, $"The id {id} is taken in '{block}'.");
    }

    private int ReadBlockLength(XElement element, string name, int computed)
    {
        var declared = _context.Number(element, "blockLength", int.MaxValue);
        if (declared is null)
            return computed;
        if (declared >= computed)
            return _context.Bounded(declared.Value, 0, element.Attribute("blockLength")!, name);
        _context.Report(
            SbeRule.BlockLength, element.Attribute("blockLength")!,
            $"blockLength {declared} of '{name}' is too small: its fields end at {computed}.");
        return computed;
    }

    private SbeField? ReadField(XElement element, int end)
    {
        var name = _context.Required(element, "name");
        var id = _context.RequiredNumber(element, "id", ushort.MaxValue);
        var notes = _context.Notes(element);
        var typeName = _context.Required(element, "type");
        var said = _context.Presence(element);
        if (typeName.Length == 0 || _types.Find(typeName, element) is not { } type)
            return null;
        if (type is SbeScalarType { Length: 0 })
        {
            _context.Report(SbeRule.UnknownType, element, $"'{typeName}' has no fixed length and cannot be a field.");
            return null;
        }

        var ofType = TypeReader.PresenceOf(type);
        var presence = ofType == SbePresence.Constant ? ofType : said ?? ofType;
        var constant = presence == SbePresence.Constant ? ReadConstant(element, name, type) : null;
        if (presence == SbePresence.Constant && constant is null)
            return null;
        var offset = _context.Number(element, "offset", ushort.MaxValue) ?? end;
        if (offset < end && presence != SbePresence.Constant)
        {
            _context.Report(
                SbeRule.OffsetOverlap, element.Attribute("offset")!,
                $"Offset {offset} of '{name}' reaches back into the field before, which ends at {end}.");
            offset = end;
        }

        var (own, ofItsType) = (notes.SemanticType, type.Notes.SemanticType);
        if (own is not null && ofItsType is not null && own != ofItsType)
        {
            _context.Report(
                SbeRule.SemanticType, element.Attribute("semanticType")!,
                $"The semanticType '{own}' of '{name}' is not '{ofItsType}', that of its type '{typeName}'.");
        }

        var since = Math.Max(notes.SinceVersion, type.Notes.SinceVersion);
        return new SbeField(name, id, type, presence, constant, offset, since, notes);
    }

    private SbeConstant? ReadConstant(XElement element, string name, SbeType type)
    {
        var reference = element.Attribute("valueRef");
        if (reference is not null && type is SbeEnum enumType)
            return _types.Scalars.ReadReference(reference, enumType.Encoding, enumType);
        if (reference is not null && type is SbeScalarType { Length: 1 } scalar)
            return _types.Scalars.ReadReference(reference, scalar.Primitive, expected: null);
        if (type is SbeScalarType { Constant: { } constant })
            return constant;
        if (type is SbeScalarType { Presence: SbePresence.Constant })
            return null; // Reported where the type is declared.
        _context.Report(
            SbeRule.ConstantWithoutValue, element,
            $"The constant '{name}' has no value: give a valueRef or a constant type.");
        return null;
    }

    private SbeGroup? ReadGroup(XElement element)
    {
        var name = _context.Required(element, "name");
        var id = _context.RequiredNumber(element, "id", ushort.MaxValue);
        var notes = _context.Notes(element);
        if (_depth == SchemaContext.MaxDepth)
        {
            _context.Report(SbeRule.NestingDepth, element, $"Groups nest more than {SchemaContext.MaxDepth} deep.");
            return null;
        }

        _depth++;
        var content = ReadContent(element, name);
        _depth--;
        if (!element.HasElements)
            _context.Report(SbeRule.EmptyGroup, element, $"The group '{name}' has no members.");
        var typeName = SchemaContext.Text(element, "dimensionType") ?? "groupSizeEncoding";
        var type = _types.Find(typeName, element);
        if (type is null)
            return null;
        if (type is not SbeComposite dimension)
        {
            _context.Report(
                SbeRule.DimensionMembers, element, $"The dimension '{typeName}' of '{name}' is no composite.");
            return null;
        }

        if (!_roles.CheckDimension(dimension, element))
            return null;
        _roles.CheckFits(dimension, "blockLength", content.BlockLength, element, SbeRule.BlockLength, $"'{name}'");
        return new SbeGroup(name, id, notes, content, dimension);
    }

    private SbeDataField? ReadData(XElement element)
    {
        var name = _context.Required(element, "name");
        var id = _context.RequiredNumber(element, "id", ushort.MaxValue);
        var notes = _context.Notes(element);
        var typeName = _context.Required(element, "type");
        if (typeName.Length == 0 || _types.Find(typeName, element) is not { } type)
            return null;
        var composite = type as SbeComposite;
        var content = composite is null ? null : _roles.FindDataContent(composite);
        if (content is null)
        {
            _context.Report(
                SbeRule.DataMembers, element,
                $"The type '{typeName}' of '{name}' is no composite of an unsigned length and a varData behind it.");
            return null;
        }

        return new SbeDataField(name, id, notes, composite!, content);
    }
}
