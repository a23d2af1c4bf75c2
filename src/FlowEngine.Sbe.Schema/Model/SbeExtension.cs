namespace FlowEngine.Sbe.Schema;

/// <summary>
/// How a decoder gets past groups and data that only a newer sender's schema knows. It can when the header counts the
/// parts of a message (<c>numGroups</c> and <c>numVarDataFields</c>) and the dimensions those of an entry; the counts
/// are believed of a version above the schema's only, since some encoders leave them unfilled.
/// </summary>
public sealed class SbeExtension
{
    private SbeExtension(bool headerCounts, SbeComposite? dimension, SbeDataField? data)
    {
        HeaderCounts = headerCounts;
        Dimension = dimension;
        Data = data;
    }

    /// <summary>Whether the header counts the groups and data of a message.</summary>
    public bool HeaderCounts { get; }

    /// <summary>
    /// The dimension an unknown group is taken to have: <c>groupSizeEncoding</c>, or that of the first group, whichever
    /// counts parts; null when none does.
    /// </summary>
    public SbeComposite? Dimension { get; }

    /// <summary>Data like which unknown data is taken to be; null when prefixes differ in the schema.</summary>
    public SbeDataField? Data { get; }

    /// <summary>Whether a header or dimension has unsigned <c>numGroups</c> and <c>numVarDataFields</c>.</summary>
    public static bool CountsParts(SbeComposite? composite) =>
        IsCount(composite?.Find("numGroups")) && IsCount(composite?.Find("numVarDataFields"));

    internal static SbeExtension Of(SbeSchema schema)
    {
        var groups = new List<SbeGroup>();
        var data = new List<SbeDataField>();
        foreach (var message in schema.Messages)
            Collect(message, groups, data);
        var usual = schema.Types.OfType<SbeComposite>().FirstOrDefault(
            type => type.Name == "groupSizeEncoding" && IsCount(type.Find("blockLength"))
                && IsCount(type.Find("numInGroup")) && CountsParts(type));
        var first = data.FirstOrDefault();
        return new SbeExtension(
            CountsParts(schema.Header),
            usual ?? groups.Select(group => group.Dimension).FirstOrDefault(
                type => CountsParts(type) && IsCount(type.Find("numInGroup"))),
            data.All(other => HasSamePrefix(first!, other)) ? first : null);
    }

    private static void Collect(SbeBlock block, List<SbeGroup> groups, List<SbeDataField> data)
    {
        data.AddRange(block.Data);
        foreach (var group in block.Groups)
        {
            groups.Add(group);
            Collect(group, groups, data);
        }
    }

    private static bool HasSamePrefix(SbeDataField one, SbeDataField other) =>
        one.Content.Offset == other.Content.Offset && one.LengthMember.Offset == other.LengthMember.Offset
        && one.LengthMember.EncodedLength == other.LengthMember.EncodedLength;

    private static bool IsCount(SbeField? member) =>
        member is { Presence: not SbePresence.Constant, Type: SbeScalarType { Length: 1 } scalar }
        && scalar.Primitive.IsUnsigned();
}
