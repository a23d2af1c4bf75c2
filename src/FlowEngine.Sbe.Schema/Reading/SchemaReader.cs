using System.Xml;
using System.Xml.Linq;

namespace FlowEngine.Sbe.Schema.Reading;

/// <summary>Reads a whole schema: root, includes, types, header, messages. Elements match by local name.</summary>
internal sealed class SchemaReader
{
    private const int MaxIncludes = 64;

    private readonly SchemaContext _context = new();
    private readonly Func<string, string?>? _include;
    private int _includes;

    public SchemaReader(Func<string, string?>? include) => _include = include;

    public SbeParseResult Read(string xml, string path)
    {
        var root = Load(xml, path);
        SbeSchema? schema = null;
        if (root is not null)
        {
            if (root.Name.LocalName == "messageSchema")
                schema = ReadSchema(root, path);
            else
                _context.Report(SbeRule.WrongRoot, root, $"The root is <{root.Name.LocalName}>, not <messageSchema>.");
        }

        return new SbeParseResult(schema, _context.Diagnostics);
    }

    private XElement? Load(string xml, string path)
    {
        // A DOCTYPE is skipped unread: no entity of it is ever expanded.
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null };
        try
        {
            using var reader = XmlReader.Create(new StringReader(xml), settings);
            var document = XDocument.Load(reader, LoadOptions.SetLineInfo | LoadOptions.PreserveWhitespace);
            document.AddAnnotation(new SchemaPath(path));
            return document.Root;
        }
        catch (XmlException exception)
        {
            _context.Report(
                SbeRule.MalformedXml, new SbePosition(path, exception.LineNumber, exception.LinePosition),
                exception.Message);
            return null;
        }
    }

    private SbeSchema ReadSchema(XElement root, string path)
    {
        _context.SchemaVersion = _context.Number(root, "version", ushort.MaxValue) ?? 0;
        var schema = new SbeSchema
        {
            Package = SchemaContext.Text(root, "package") ?? string.Empty,
            Id = _context.RequiredNumber(root, "id", ushort.MaxValue),
            Version = _context.SchemaVersion,
            SemanticVersion = SchemaContext.Text(root, "semanticVersion"),
            Description = SchemaContext.Text(root, "description"),
            IsBigEndian = ReadByteOrder(root),
            Path = path,
        };
        var types = new TypeReader(_context);
        var messages = new List<XElement>();
        Sort(root, path, types, messages);
        types.ReadAll();
        var roles = new RoleRules(_context);
        schema.Header = ReadHeader(root, types, roles, schema);
        var blocks = new BlockReader(_context, types, roles);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var ids = new HashSet<int>();
        foreach (var element in messages)
        {
            var message = blocks.ReadMessage(element, schema.Header);
            if (!names.Add(message.Name))
                _context.Report(SbeRule.DuplicateName, element, $"There is a message '{message.Name}' already.");
            if (!ids.Add(message.Id))
                _context.Report(SbeRule.DuplicateId, element, $"The template id {message.Id} is taken.");
            schema.MessageList.Add(message);
        }

        if (messages.Count == 0)
            _context.Report(SbeRule.NoMessages, root, "The schema has no messages.");
        schema.TypeList.AddRange(types.All);
        return schema;
    }

    private void Sort(XElement root, string path, TypeReader types, List<XElement> messages)
    {
        foreach (var element in root.Elements())
        {
            switch (element.Name.LocalName)
            {
                case "types":
                    types.Declare(element);
                    break;
                case "message":
                    messages.Add(element);
                    break;
                case "include":
                    Include(element, path, types);
                    break;
                default:
                    _context.ReportUnexpected(element);
                    break;
            }
        }
    }

    private void Include(XElement element, string path, TypeReader types)
    {
        var href = _context.Required(element, "href");
        if (href.Length == 0)
            return;
        var target = SbeSchema.ResolveInclude(path, href);
        var text = ++_includes > MaxIncludes ? null : _include?.Invoke(target);
        if (text is null)
        {
            _context.Report(
                SbeRule.IncludeNotFound, element, $"The included file '{target}' is not among the given files.");
            return;
        }

        var root = Load(text, target);
        if (root is null)
            return;
        if (root.Name.LocalName == "types")
            types.Declare(root);
        else
            _context.Report(SbeRule.WrongRoot, root, $"An included file has <types> at its root.");
    }

    private bool ReadByteOrder(XElement root)
    {
        var attribute = root.Attribute("byteOrder");
        switch (attribute?.Value.Trim())
        {
            case null or "littleEndian":
                return false;
            case "bigEndian":
                return true;
            case var other:
                _context.Report(SbeRule.BadValue, attribute!, $"'{other}' is neither littleEndian nor bigEndian.");
                return false;
        }
    }

    private SbeComposite? ReadHeader(XElement root, TypeReader types, RoleRules roles, SbeSchema schema)
    {
        var name = SchemaContext.Text(root, "headerType") ?? "messageHeader";
        if (types.Find(name, root, report: false) is not SbeComposite header)
        {
            _context.Report(SbeRule.HeaderMembers, root, $"There is no composite '{name}' to be the message header.");
            return null;
        }

        roles.CheckHeader(header);
        roles.CheckFits(header, "schemaId", schema.Id, root, SbeRule.HeaderMembers, "The schema id");
        roles.CheckFits(header, "version", schema.Version, root, SbeRule.HeaderMembers, "The schema version");
        return header;
    }
}
