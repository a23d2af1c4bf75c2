using FlowEngine.Sbe.Generator.Planning;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Emitting;

/// <summary>Writes how the groups and data behind a block are measured and found: once, in wire order.</summary>
internal sealed class PartReaders
{
    private readonly SchemaPlan _plan;
    private readonly CodeWriter _code;

    public PartReaders(SchemaPlan plan, CodeWriter code)
    {
        _plan = plan;
        _code = code;
    }

    /// <summary>The names of the fields that keep where each part begins.</summary>
    public static IEnumerable<string> Offsets(BlockPlan block) =>
        block.Groups.Select(group => "_at" + group.Name).Concat(block.Data.Select(data => "_at" + data.Name));

    /// <summary>
    /// Writes the statements that walk over all parts from <c>position</c>. <paramref name="target"/> makes the
    /// assignable expression for a part's place, null where nobody wants it; <paramref name="limit"/> is the
    /// expression of where the bytes end, null where they were checked before.
    /// </summary>
    public void EmitWalk(
        BlockPlan block, string start, string? limit, Func<string, string>? target, string? onFailure,
        string typePrefix = "", string version = "version")
    {
        var available = limit is null ? null : limit + " - position";
        var counts = block is GroupPlan counted ? counted.CountsParts : _plan.Schema.Extension.HeaderCounts;
        foreach (var group in block.Groups)
        {
            Begin(group.Name, group.Block.Notes.SinceVersion, target);
            if (limit is not null && group.IsPlain)
                EmitPlainGroup(group, start, limit, onFailure!);
            else if (limit is null && group.IsPlain)
                EmitKnownGroup(group, start);
            else
                EmitMeasure(
                    $"{typePrefix}{group.GroupType}.Measure(ref Unsafe.Add(ref {start}, position), "
                    + $"{available ?? "int.MaxValue"}, {version})",
                    onFailure);
            End(group.Block.Notes.SinceVersion);
        }

        if (counts)
            EmitSkipGroups(block, start, available, onFailure);
        foreach (var data in block.Data)
        {
            Begin(data.Name, data.Data.Notes.SinceVersion, target);
            EmitData(data, start, limit, onFailure);
            End(data.Data.Notes.SinceVersion);
        }

        if (counts)
            EmitSkipData(block, start, available, onFailure);
    }

    private void Begin(string name, int sinceVersion, Func<string, string>? target)
    {
        if (sinceVersion > 0)
        {
            if (target is not null)
                _code.Line(target(name) + " = -1;");
            _code.Open($"if (version >= {sinceVersion})");
        }

        if (target is not null)
            _code.Line(target(name) + " = position;");
    }

    private void End(int sinceVersion)
    {
        if (sinceVersion > 0)
            _code.Close();
        _code.Line();
    }

    private void EmitMeasure(string measure, string? onFailure)
    {
        if (onFailure is null)
        {
            _code.Line($"position += {measure};");
            return;
        }

        _code.Open(string.Empty);
        _code.Line($"int length = {measure};");
        Fail("length < 0", onFailure);
        _code.Line("position += length;");
        _code.Close();
    }

    private void Fail(string condition, string onFailure)
    {
        _code.Line($"if ({condition})");
        _code.Line("    " + onFailure);
    }

    // The usual group: unsigned numbers of at most 32 bits cannot overflow 64, so one comparison bounds everything.
    private void EmitPlainGroup(GroupPlan group, string start, string limit, string onFailure)
    {
        var length = group.Group.Dimension.EncodedLength;
        Fail($"{limit} - position < {length}", onFailure);
        _code.Open(string.Empty);
        var stride = Raw(group.StrideType, start, group.Group.BlockLengthMember.Offset);
        var count = Raw(group.CountType, start, group.Group.CountMember.Offset);
        _code.Line($"ulong wireStride = {stride};");
        _code.Line($"ulong wireCount = {count};");
        if (group.StrideType.Primitive == SbePrimitive.UInt32)
            Fail("wireStride > int.MaxValue", onFailure);
        Fail(
            group.MinimumLength > 0
                ? $"wireStride < {group.MinimumLength} && wireCount != 0"
                : "wireStride == 0 && wireCount > SbeWire.MaxEmptyEntries",
            onFailure);
        _code.Line($"ulong wireEnd = (uint)position + {length}UL + (wireStride * wireCount);");
        Fail($"wireEnd > (uint)({limit})", onFailure);
        _code.Line("position = (int)wireEnd;");
        _code.Close();
    }

    private void EmitKnownGroup(GroupPlan group, string start)
    {
        var stride = KnownLength(
            group.StrideType.Primitive, start, Plus("position", group.Group.BlockLengthMember.Offset));
        var count = KnownLength(group.CountType.Primitive, start, Plus("position", group.Group.CountMember.Offset));
        _code.Line($"position += {group.Group.Dimension.EncodedLength} + ({stride} * {count});");
    }

    private void EmitData(DataPlan data, string start, string? limit, string? onFailure)
    {
        var primitive = data.LengthType.Primitive;
        var offset = data.Data.LengthMember.Offset;
        if (limit is null)
        {
            _code.Line(
                $"position += {data.PrefixLength} + {KnownLength(primitive, start, $"position + {offset}")};");
            return;
        }

        Fail($"{limit} - position < {data.PrefixLength}", onFailure!);
        if (primitive == SbePrimitive.UInt64)
        {
            var length = Length(primitive, start, $"position + {offset}");
            EmitMeasure($"SbeWire.MeasureData({data.PrefixLength}, {length}, {limit} - position)", onFailure);
            return;
        }

        _code.Open(string.Empty);
        _code.Line(
            $"ulong wireEnd = (uint)position + {data.PrefixLength}UL + {Raw(data.LengthType, start, offset)};");
        Fail($"wireEnd > (uint)({limit})", onFailure!);
        _code.Line("position = (int)wireEnd;");
        _code.Close();
    }

    private string Raw(SbeScalarType type, string start, int offset) =>
        $"{_plan.Endian}.Read{Primitive.Method(type.Primitive)}(ref {start}, {Plus("position", offset)})";

    /// <summary>The number of parts the sender has beyond the known ones; 0 unless its version is newer.</summary>
    public string Extra(string count, int known) =>
        $"version > {_plan.Schema.Version} ? global::System.Math.Max(0, {count} - {known}) : 0";

    // What cannot be skipped is left unread where nothing known follows, and refused elsewhere.
    private void EmitSkipGroups(BlockPlan block, string start, string? available, string? onFailure)
    {
        if (_plan.Schema.Extension.Dimension is not null)
        {
            EmitSkip("Groups", start, available, onFailure);
            return;
        }

        var isLast = block is MessagePlan && block.Data.Count == 0;
        if (onFailure is null)
            return;
        _code.Line("if (extraGroups > 0)");
        _code.Line("    " + (isLast ? "extraData = 0;" : onFailure));
    }

    private void EmitSkipData(BlockPlan block, string start, string? available, string? onFailure)
    {
        if (_plan.Schema.Extension.Data is not null)
        {
            EmitSkip("Data", start, available, onFailure);
        }
        else if (block is GroupPlan && onFailure is not null)
        {
            _code.Line("if (extraData > 0)");
            _code.Line("    " + onFailure);
        }
    }

    private void EmitSkip(string what, string start, string? available, string? onFailure)
    {
        _code.Open($"if (extra{what} > 0)");
        var measure = $"{_plan.Global("SchemaInfo")}.UnknownParts.Measure{what}("
            + $"ref Unsafe.Add(ref {start}, position), {available ?? "int.MaxValue - position"}, extra{what})";
        if (onFailure is null)
        {
            _code.Line($"position += {measure};");
        }
        else
        {
            _code.Line($"int length = {measure};");
            _code.Line("if (length < 0)");
            _code.Line("    " + onFailure);
            _code.Line("position += length;");
        }

        _code.Close();
        _code.Line();
    }

    /// <summary>An expression that reads a length or count as an int, negative when it is impossible.</summary>
    public string Length(SbePrimitive primitive, string start, string offset)
    {
        var read = $"{_plan.Endian}.Read{Primitive.Method(primitive)}(ref {start}, {offset})";
        return primitive switch
        {
            SbePrimitive.UInt32 or SbePrimitive.UInt64 => $"SbeWire.ToLength({read})",
            SbePrimitive.Int64 => $"SbeWire.ToLength((ulong){read})",
            _ => read,
        };
    }

    /// <summary>As <see cref="Length"/>, of bytes that were checked when the message was wrapped.</summary>
    public string KnownLength(SbePrimitive primitive, string start, string offset)
    {
        var read = $"{_plan.Endian}.Read{Primitive.Method(primitive)}(ref {start}, {offset})";
        return primitive.Size() >= 4 ? "(int)" + read : read;
    }

    /// <summary>Writes the properties of groups and data of a reader or entry.</summary>
    public void EmitProperties(BlockPlan block, FieldReaders fields)
    {
        foreach (var group in block.Groups)
        {
            _code.Doc(group.Block.Notes.Description, $"The group {group.Block.Name}.");
            var version = group.NeedsVersion ? ", _version" : string.Empty;
            _code.Obsolete(group.Block.Notes.Deprecated);
            _code.Line($"public {group.GroupType} {group.Name} => new(ref _block, _at{group.Name}{version});");
            _code.Line();
        }

        foreach (var data in block.Data)
        {
            _code.Doc(data.Data.Notes.Description, $"The data {data.Data.Name}.");
            var at = "_at" + data.Name;
            var length = KnownLength(data.LengthType.Primitive, "_block", Plus(at, data.Data.LengthMember.Offset));
            var content = $"SbeWire.Data(ref _block, {Plus(at, data.PrefixLength)}, {length})";
            _code.Obsolete(data.Data.Notes.Deprecated);
            _code.Arrow(
                $"public ReadOnlySpan<byte> {data.Name}",
                data.Data.Notes.SinceVersion > 0 ? $"{at} < 0 ? default : {content}" : content);
            _code.Line();
            fields.EmitString(data.TextName, data.Name, data.Encoding ?? "UTF-8", string.Empty);
        }
    }

    private static string Plus(string name, int offset) => offset == 0 ? name : $"{name} + {offset}";
}
