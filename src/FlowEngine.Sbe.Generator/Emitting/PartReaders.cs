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
    /// assignable expression for a part's place, null where nobody wants it; <paramref name="available"/> is the
    /// expression of the bytes left, null where the bytes were checked before.
    /// </summary>
    public void EmitWalk(
        BlockPlan block, string start, string? available, Func<string, string>? target, string? onFailure,
        string typePrefix = "", string version = "version")
    {
        var counts = block is GroupPlan counted ? counted.CountsParts : _plan.Schema.Extension.HeaderCounts;
        foreach (var group in block.Groups)
        {
            var measure = $"{typePrefix}{group.GroupType}.Measure(ref Unsafe.Add(ref {start}, position), "
                + $"{available ?? "int.MaxValue"}, {version})";
            EmitPart(group.Name, group.Block.Notes.SinceVersion, [], measure, target, onFailure);
        }

        if (counts)
            EmitSkipGroups(block, start, available, onFailure);
        foreach (var data in block.Data)
        {
            var length = Length(data.LengthType.Primitive, start, $"position + {data.Data.LengthMember.Offset}");
            var checks = available is null
                ? Array.Empty<string>() : [$"if ({available} < {data.PrefixLength})", "    " + onFailure];
            var measure = $"SbeWire.MeasureData({data.PrefixLength}, {length}, {available ?? "int.MaxValue"})";
            EmitPart(data.Name, data.Data.Notes.SinceVersion, checks, measure, target, onFailure);
        }

        if (counts)
            EmitSkipData(block, start, available, onFailure);
    }

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
            _code.Line($"length = {measure};");
            _code.Line("if (length < 0)");
            _code.Line("    " + onFailure);
            _code.Line("position += length;");
        }

        _code.Close();
        _code.Line();
    }

    private void EmitPart(
        string name, int sinceVersion, string[] checks, string measure, Func<string, string>? target, string? onFailure)
    {
        if (sinceVersion > 0)
        {
            if (target is not null)
                _code.Line(target(name) + " = -1;");
            _code.Open($"if (version >= {sinceVersion})");
        }

        if (target is not null)
            _code.Line(target(name) + " = position;");
        foreach (var check in checks)
            _code.Line(check);
        if (onFailure is null)
        {
            _code.Line($"position += {measure};");
        }
        else
        {
            _code.Line($"length = {measure};");
            _code.Line("if (length < 0)");
            _code.Line("    " + onFailure);
            _code.Line("position += length;");
        }

        if (sinceVersion > 0)
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

    /// <summary>Writes the properties of groups and data of a reader or entry.</summary>
    public void EmitProperties(BlockPlan block, FieldReaders fields)
    {
        foreach (var group in block.Groups)
        {
            _code.Doc(group.Block.Notes.Description, $"The group {group.Block.Name}.");
            var version = group.NeedsVersion ? ", _version" : string.Empty;
            _code.Line($"public {group.GroupType} {group.Name} => new(ref _block, _at{group.Name}{version});");
            _code.Line();
        }

        foreach (var data in block.Data)
        {
            _code.Doc(data.Data.Notes.Description, $"The data {data.Data.Name}.");
            var at = "_at" + data.Name;
            var length = Length(data.LengthType.Primitive, "_block", Plus(at, data.Data.LengthMember.Offset));
            var content = $"SbeWire.Data(ref _block, {Plus(at, data.PrefixLength)}, {length})";
            _code.Arrow(
                $"public ReadOnlySpan<byte> {data.Name}",
                data.Data.Notes.SinceVersion > 0 ? $"{at} < 0 ? default : {content}" : content);
            _code.Line();
            fields.EmitString(data.TextName, data.Name, data.Encoding ?? "UTF-8", string.Empty);
        }
    }

    private static string Plus(string name, int offset) => offset == 0 ? name : $"{name} + {offset}";
}
