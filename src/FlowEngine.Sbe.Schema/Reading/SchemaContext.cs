using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace FlowEngine.Sbe.Schema.Reading;

/// <summary>Reads attributes with their positions and collects what is wrong; shared by one schema's readers.</summary>
internal sealed class SchemaContext
{
    /// <summary>Composites and groups nest no deeper: the readers recurse.</summary>
    public const int MaxDepth = 64;

    private const int MaxLength = 1 << 20;

    private readonly List<SbeDiagnostic> _diagnostics = [];

    /// <summary>The schema's version; set once the root is read.</summary>
    public int SchemaVersion { get; set; }

    public IReadOnlyList<SbeDiagnostic> Diagnostics => _diagnostics;

    public void Report(SbeRule rule, XObject at, string message) => Report(rule, PositionOf(at), message);

    public void Report(SbeRule rule, SbePosition position, string message) =>
        _diagnostics.Add(new SbeDiagnostic(rule, message, position));

    /// <summary>The place of an element or attribute in the file it came from.</summary>
    public static SbePosition PositionOf(XObject node)
    {
        var info = (IXmlLineInfo)node;
        var path = node.Document?.Annotation<SchemaPath>()?.Path ?? string.Empty;
        return new SbePosition(path, info.LineNumber, info.LinePosition);
    }

    /// <summary>An attribute without a namespace, trimmed; null when it is not there.</summary>
    public static string? Text(XElement element, string name) => element.Attribute(name)?.Value.Trim();

    /// <summary>An attribute that must be there; reports and returns an empty string otherwise.</summary>
    public string Required(XElement element, string name)
    {
        var text = Text(element, name);
        if (!string.IsNullOrEmpty(text))
            return text!;
        Report(SbeRule.MissingAttribute, element, $"<{element.Name.LocalName}> needs the attribute '{name}'.");
        return string.Empty;
    }

    /// <summary>Bytes of a block or composite; more than a mebibyte is a fault, and counts no further.</summary>
    public int Bounded(int start, int length, XObject at, string name)
    {
        if ((long)start + length <= MaxLength)
            return start + length;
        Report(SbeRule.BlockLength, at, $"'{name}' is longer than {MaxLength} bytes.");
        return MaxLength;
    }

    /// <summary>A whole number attribute from 0 to <paramref name="max"/>; null when absent or unreadable.</summary>
    public int? Number(XElement element, string name, int max)
    {
        var attribute = element.Attribute(name);
        if (attribute is null)
            return null;
        var text = attribute.Value.Trim();
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= max)
            return value;
        Report(SbeRule.BadValue, attribute, $"'{text}' is no whole number from 0 to {max} for '{name}'.");
        return null;
    }

    /// <summary>A whole number attribute that must be there.</summary>
    public int RequiredNumber(XElement element, string name, int max)
    {
        if (Required(element, name).Length == 0)
            return 0;
        return Number(element, name, max) ?? 0;
    }

    /// <summary>The presence attribute; null when absent or unreadable.</summary>
    public SbePresence? Presence(XElement element)
    {
        var attribute = element.Attribute("presence");
        switch (attribute?.Value.Trim())
        {
            case null:
                return null;
            case "required":
                return SbePresence.Required;
            case "optional":
                return SbePresence.Optional;
            case "constant":
                return SbePresence.Constant;
            case var other:
                Report(SbeRule.BadValue, attribute!, $"'{other}' is no presence: required, optional or constant.");
                return null;
        }
    }

    /// <summary>A value of a primitive from an attribute; null when absent or unreadable.</summary>
    public SbeNumber? Value(XElement element, string name, SbePrimitive primitive)
    {
        var attribute = element.Attribute(name);
        if (attribute is null)
            return null;
        if (primitive.TryParseValue(attribute.Value.Trim(), digitsAreCharacters: false, out var value))
            return value;
        Report(SbeRule.BadValue, attribute, $"'{attribute.Value}' is no {primitive.Name()} for '{name}'.");
        return null;
    }

    /// <summary>Description, versions and place of an element.</summary>
    public SbeNotes Notes(XElement element)
    {
        var since = Number(element, "sinceVersion", int.MaxValue) ?? 0;
        if (since > SchemaVersion)
        {
            Report(
                SbeRule.SinceVersion, element.Attribute("sinceVersion")!,
                $"sinceVersion {since} is newer than the schema's version {SchemaVersion}.");
        }

        var deprecated = Number(element, "deprecated", int.MaxValue);
        if (deprecated < since || deprecated > SchemaVersion)
        {
            Report(
                SbeRule.DeprecatedRange, element.Attribute("deprecated")!,
                $"deprecated {deprecated} is not from {since}, its sinceVersion, to {SchemaVersion}, the schema's.");
        }

        CheckName(element);
        return new SbeNotes(
            Text(element, "description"), Text(element, "semanticType"), since, deprecated, PositionOf(element),
            Foreign(element));
    }

    private static List<SbeForeignAttribute>? Foreign(XElement element)
    {
        List<SbeForeignAttribute>? foreign = null;
        foreach (var attribute in element.Attributes())
        {
            if (attribute.IsNamespaceDeclaration || attribute.Name.Namespace == XNamespace.None)
                continue;
            foreign ??= [];
            foreign.Add(new SbeForeignAttribute(
                attribute.Name.NamespaceName, attribute.Name.LocalName, attribute.Value));
        }

        return foreign;
    }

    private void CheckName(XElement element)
    {
        var attribute = element.Attribute("name");
        var name = attribute?.Value.Trim();
        if (string.IsNullOrEmpty(name))
            return;
        if (char.IsDigit(name![0]) || name.Any(character => character != '_' && !char.IsLetterOrDigit(character)))
            Report(SbeRule.UnusualName, attribute!, $"'{name}' is no name of letters, digits and underscores.");
    }

    /// <summary>Reports an element the standard does not have here; those of other vocabularies pass.</summary>
    public void ReportUnexpected(XElement element)
    {
        var root = element.Document?.Root;
        var isForeign = element.Name.Namespace != XNamespace.None && element.Name.Namespace != root?.Name.Namespace;
        if (!isForeign)
        {
            Report(
                SbeRule.UnexpectedElement, element,
                $"<{element.Name.LocalName}> does not belong in <{element.Parent?.Name.LocalName}>.");
        }
    }
}
