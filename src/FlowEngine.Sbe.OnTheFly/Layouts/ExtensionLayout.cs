using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.OnTheFly.Layouts;

/// <summary>How what only a newer sender knows is passed over, as the schema's headers and dimensions allow.</summary>
internal sealed class ExtensionLayout
{
    private readonly int _version;
    private readonly NumberPlace? _groups;
    private readonly NumberPlace? _data;

    public ExtensionLayout(SbeSchema schema)
    {
        _version = schema.Version;
        IsBigEndian = schema.IsBigEndian;
        var extension = schema.Extension;
        if (extension.HeaderCounts)
        {
            _groups = NumberPlace.Of(schema.Header!.Find("numGroups")!);
            _data = NumberPlace.Of(schema.Header!.Find("numVarDataFields")!);
        }

        CanSkipGroups = extension.Dimension is not null;
        CanSkipData = extension.Data is not null;
        UnknownParts = new SbeUnknownParts
        {
            IsBigEndian = schema.IsBigEndian,
            DimensionLength = extension.Dimension?.EncodedLength ?? 0,
            BlockLength = Place(extension.Dimension?.Find("blockLength")),
            NumInGroup = Place(extension.Dimension?.Find("numInGroup")),
            NumGroups = Place(extension.Dimension?.Find("numGroups")),
            NumVarDataFields = Place(extension.Dimension?.Find("numVarDataFields")),
            PrefixLength = extension.Data?.Content.Offset ?? 0,
            Length = Place(extension.Data?.LengthMember),
        };
    }

    public bool IsBigEndian { get; }

    /// <summary>Whether the dimension of an unknown group is known.</summary>
    public bool CanSkipGroups { get; }

    /// <summary>Whether the prefix of unknown data is known.</summary>
    public bool CanSkipData { get; }

    public SbeUnknownParts UnknownParts { get; }

    /// <summary>What a message has beyond its known parts.</summary>
    public ExtraParts OfMessage(ReadOnlySpan<byte> header, MessageLayout message, int version) =>
        _groups is { } groups && _data is { } data ? Of(header, groups, data, message, version) : default;

    /// <summary>What each entry of a group has beyond its known parts.</summary>
    public ExtraParts OfEntries(ReadOnlySpan<byte> dimension, GroupLayout group, int version) =>
        group.PartCounts is { } counts ? Of(dimension, counts.Groups, counts.Data, group, version) : default;

    // The counts are believed of newer versions only: some encoders leave them unfilled.
    private ExtraParts Of(
        ReadOnlySpan<byte> start, NumberPlace groups, NumberPlace data, BlockLayout block, int version) =>
        version <= _version ? default : new ExtraParts(
            Math.Max(0, WireNumbers.ReadLength(start, groups, IsBigEndian) - block.Groups.Length),
            Math.Max(0, WireNumbers.ReadLength(start, data, IsBigEndian) - block.Data.Length));

    private static SbeNumberPlace Place(SbeField? member) =>
        member is null ? default : new SbeNumberPlace(member.Offset, member.EncodedLength);
}

/// <summary>Groups and data of a block that only its sender knows.</summary>
internal readonly record struct ExtraParts(int Groups, int Data);
