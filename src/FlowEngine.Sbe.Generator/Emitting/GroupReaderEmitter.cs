using FlowEngine.Sbe.Generator.Planning;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Emitting;

/// <summary>Writes the nested types that read a group: the group with its enumerator, and the entry.</summary>
internal sealed class GroupReaderEmitter
{
    private readonly SchemaPlan _plan;
    private readonly CodeWriter _code;
    private readonly PartReaders _parts;

    public GroupReaderEmitter(SchemaPlan plan, CodeWriter code)
    {
        _plan = plan;
        _code = code;
        _parts = new PartReaders(plan, code);
    }

    public void Emit(GroupPlan group)
    {
        EmitGroup(group);
        EmitEntry(group);
    }

    private static string Version(GroupPlan group, string text) => group.IsVersioned ? text : string.Empty;

    private void EmitGroup(GroupPlan group)
    {
        _code.Doc($"The entries of the group {group.Block.Name}.");
        _code.Open($"public readonly ref struct {group.GroupType}");
        _code.Doc("Bytes of the fixed part of an entry in the schema's own version.");
        _code.Line($"public const int BlockLength = {group.Block.BlockLength};");
        _code.Line();
        _code.Line("private readonly ref byte _first;");
        _code.Line("private readonly int _stride;");
        _code.Line("private readonly int _count;");
        if (group.IsVersioned)
            _code.Line("private readonly int _version;");
        EmitExtraFields(group);
        _code.Line();
        EmitConstructor(group);
        _code.Doc("Entries in the group.");
        _code.Line("public int Count => _count;");
        _code.Line();
        if (group.Block.IsFixedLength)
            EmitIndexer(group);
        _code.Doc("Walks over the entries; allocates nothing.");
        _code.Arrow(
            "public Enumerator GetEnumerator()",
            $"new(ref _first, _stride, _count{Version(group, ", _version")}"
            + $"{Extra(group, ", _extraGroups, _extraData")})");
        _code.Line();
        EmitMeasure(group);
        EmitEnumerator(group);
        _code.Close();
        _code.Line();
    }

    private static string Extra(GroupPlan group, string text) => group.CountsParts ? text : string.Empty;

    private void EmitExtraFields(GroupPlan group)
    {
        if (!group.CountsParts)
            return;
        _code.Line("private readonly int _extraGroups;");
        _code.Line("private readonly int _extraData;");
    }

    /// <summary>How many parts of each entry only a newer sender knows.</summary>
    private void EmitExtras(GroupPlan group, string start, string groupsTarget, string dataTarget)
    {
        if (!group.CountsParts)
            return;
        var groups = DimensionRead(group, "numGroups", start);
        var data = DimensionRead(group, "numVarDataFields", start);
        _code.Line($"{groupsTarget} = {_parts.Extra(groups, group.Groups.Count)};");
        _code.Line($"{dataTarget} = {_parts.Extra(data, group.Data.Count)};");
    }

    private string DimensionRead(GroupPlan group, string member, string start)
    {
        var field = group.Group.Dimension.Find(member)!;
        return _parts.Length(((SbeScalarType)field.Type).Primitive, start, $"{field.Offset}");
    }

    private void EmitConstructor(GroupPlan group)
    {
        var dimension = group.Group.Dimension;
        var version = group.NeedsVersion ? ", int version" : string.Empty;
        _code.Open($"internal {group.GroupType}(ref byte block, int offset{version})");
        if (group.Block.Notes.SinceVersion > 0)
        {
            _code.Line("if (offset < 0)");
            _code.Line("    return;");
        }

        _code.Line("ref byte dimension = ref Unsafe.Add(ref block, offset);");
        _code.Line($"_stride = {Known(group.Group.BlockLengthMember, "dimension")};");
        _code.Line($"_count = {Known(group.Group.CountMember, "dimension")};");
        _code.Line($"_first = ref Unsafe.Add(ref dimension, {dimension.EncodedLength});");
        if (group.IsVersioned)
            _code.Line("_version = version;");
        EmitExtras(group, "dimension", "_extraGroups", "_extraData");
        _code.Close();
        _code.Line();
    }

    private string Known(SbeField member, string start) =>
        _parts.KnownLength(((SbeScalarType)member.Type).Primitive, start, $"{member.Offset}");

    private string Stride(GroupPlan group, string start) =>
        _parts.Length(group.StrideType.Primitive, start, $"{group.Group.BlockLengthMember.Offset}");

    private string Count(GroupPlan group, string start) =>
        _parts.Length(group.CountType.Primitive, start, $"{group.Group.CountMember.Offset}");

    private void EmitIndexer(GroupPlan group)
    {
        _code.Doc("The entry at an index from 0.");
        _code.Open($"public {group.EntryType} this[int index]");
        _code.Open("get");
        _code.Line("if ((uint)index >= (uint)_count)");
        _code.Line("    SbeThrow.IndexOutOfRange(index, _count);");
        if (group.CountsParts)
        {
            _code.Open("if ((_extraGroups | _extraData) != 0)");
            _code.Line("var walk = GetEnumerator();");
            _code.Line("while (walk.MoveNext() && index-- > 0)");
            _code.Line("    ;");
            _code.Line("return walk.Current;");
            _code.Close();
            _code.Line();
        }

        _code.Line($"return new(ref Unsafe.Add(ref _first, index * _stride){Version(group, ", _stride, _version")});");
        _code.Close();
        _code.Close();
        _code.Line();
    }

    private void EmitMeasure(GroupPlan group)
    {
        var dimensionLength = group.Group.Dimension.EncodedLength;
        _code.Doc("Bytes of the whole group; -1 when it does not fit what is available or is impossible.");
        _code.Inline();
        _code.Open("internal static int Measure(ref byte start, int available, int version)");
        _code.Line($"if (available < {dimensionLength})");
        _code.Line("    return -1;");
        _code.Line($"int stride = {Stride(group, "start")};");
        _code.Line($"int count = {Count(group, "start")};");
        if (MayBeNegative(group.StrideType.Primitive) || MayBeNegative(group.CountType.Primitive))
        {
            _code.Line("if ((stride | count) < 0)");
            _code.Line("    return -1;");
        }

        if (group.MinimumLength > 0)
        {
            _code.Line($"if (stride < {group.MinimumLength} && count != 0)");
            _code.Line("    return -1;");
        }

        EmitExtras(group, "start", "int extraGroups", "int extraData");
        if (group.Block.IsFixedLength)
        {
            if (group.CountsParts)
                _code.Line("if ((extraGroups | extraData) == 0)");
            var end = group.MinimumLength > 0 ? "WithBytes" : string.Empty;
            _code.Line(
                $"{(group.CountsParts ? "    " : string.Empty)}return SbeWire.MeasureEntries{end}({dimensionLength}, "
                + "stride, count, available);");
            if (!group.CountsParts)
            {
                _code.Close();
                _code.Line();
                return;
            }
        }

        _code.Line($"int position = {dimensionLength};");
        _code.Open("for (int i = 0; i < count; i++)");
        _code.Line(
            "int length = MeasureEntry("
            + $"ref Unsafe.Add(ref start, position), available - position, stride, version"
            + $"{Extra(group, ", extraGroups, extraData")});");
        _code.Line("if (length < 0 || (length == 0 && count > SbeWire.MaxEmptyEntries))");
        _code.Line("    return -1;");
        _code.Line("position += length;");
        _code.Close();
        _code.Line();
        _code.Line("return position;");
        _code.Close();
        _code.Line();
        _code.Doc("Bytes of one entry with its groups and data; -1 when they do not fit what is available.");
        _code.Inline();
        _code.Line("private static int MeasureEntry(");
        _code.Open(
            "    ref byte start, int available, int stride, int version"
            + $"{Extra(group, ", int extraGroups, int extraData")})");
        _code.Line("if (available < stride)");
        _code.Line("    return -1;");
        _code.Line("int position = stride;");
        _parts.EmitWalk(group, "start", "available", null, "return -1;", group.EntryType + ".");
        _code.Line("return position;");
        _code.Close();
        _code.Line();
    }

    private static bool MayBeNegative(SbePrimitive primitive) =>
        primitive is not (SbePrimitive.UInt8 or SbePrimitive.UInt16);

    private void EmitEnumerator(GroupPlan group)
    {
        var isFixed = group.Block.IsFixedLength;
        var arguments = $"ref byte first, int stride, int count{Version(group, ", int version")}"
            + Extra(group, ", int extraGroups, int extraData");
        _code.Doc("Walks over the entries in wire order.");
        _code.Open("public ref struct Enumerator");
        _code.Line("private readonly ref byte _first;");
        _code.Line("private readonly int _stride;");
        if (group.IsVersioned)
            _code.Line("private readonly int _version;");
        EmitExtraFields(group);
        if (isFixed && group.CountsParts)
            _code.Line("private readonly int _count;");
        _code.Line("private int _left;");
        _code.Line("private int _offset;");
        if (!isFixed)
            _code.Line("private int _length;");
        _code.Line();
        _code.Open($"internal Enumerator({arguments})");
        _code.Line("_first = ref first;");
        _code.Line("_stride = stride;");
        if (group.IsVersioned)
            _code.Line("_version = version;");
        _code.Line("_left = count;");
        if (group.CountsParts)
        {
            _code.Line("_extraGroups = extraGroups;");
            _code.Line("_extraData = extraData;");
            if (isFixed)
                _code.Line("_count = count;");
        }

        if (isFixed)
            _code.Line("_offset = -stride;");
        _code.Close();
        _code.Line();
        _code.Doc("The entry the walk stands on.");
        var sender = isFixed
            ? Version(group, ", _stride, _version")
            : $", _stride{Version(group, ", _version")}{Extra(group, ", _extraGroups, _extraData")}";
        _code.Line($"public readonly {group.EntryType} Current => new(ref Unsafe.Add(ref _first, _offset){sender});");
        _code.Line();
        _code.Doc("Steps to the next entry; false behind the last.");
        _code.Inline();
        _code.Open("public bool MoveNext()");
        _code.Line("if (_left == 0)");
        _code.Line("    return false;");
        _code.Line("_left--;");
        if (isFixed)
        {
            _code.Line("_offset += _stride;");
            if (group.CountsParts)
                EmitSkip();
        }
        else
        {
            _code.Line("_offset += _length;");
            _code.Line($"_length = LengthOf(ref Unsafe.Add(ref _first, _offset){sender});");
        }

        _code.Line("return true;");
        _code.Close();
        if (!isFixed)
            EmitLengthOf(group);
        _code.Close();
    }

    // Apart from the entry, so that what a loop does not look at is not kept for it.
    private void EmitLengthOf(GroupPlan group)
    {
        _code.Line();
        _code.Inline();
        _code.Open(
            $"private static int LengthOf(ref byte block, int stride{Version(group, ", int version")}"
            + $"{Extra(group, ", int extraGroups, int extraData")})");
        _code.Line("int position = stride;");
        _parts.EmitWalk(
            group, "block", null, null, null, group.EntryType + ".", group.IsVersioned ? "version" : "0");
        _code.Line("return position;");
        _code.Close();
    }

    // Entries of a fixed length grow groups or data only when the sender is newer.
    private void EmitSkip()
    {
        _code.Open("if ((_extraGroups | _extraData) != 0 && _left < _count - 1)");
        _code.Line(
            $"_offset += {_plan.Global("SchemaInfo")}.UnknownParts.Skip("
            + "ref Unsafe.Add(ref _first, _offset), _extraGroups, _extraData);");
        _code.Close();
        _code.Line();
    }

    private void EmitEntry(GroupPlan group)
    {
        var isFixed = group.Block.IsFixedLength;
        _code.Doc(group.Block.Notes.Description, $"One entry of the group {group.Block.Name}.");
        _code.Open($"public readonly ref struct {group.EntryType}");
        _code.Line("private readonly ref byte _block;");
        if (group.IsVersioned)
        {
            _code.Line("private readonly int _blockLength;");
            _code.Line("private readonly int _version;");
        }

        foreach (var offset in PartReaders.Offsets(group))
            _code.Line($"private readonly int {offset};");
        _code.Line();
        var stride = isFixed && !group.IsVersioned ? string.Empty : ", int stride";
        _code.Inline();
        var extra = isFixed ? string.Empty : Extra(group, ", int extraGroups, int extraData");
        _code.Open($"internal {group.EntryType}(ref byte block{stride}{Version(group, ", int version")}{extra})");
        _code.Line("_block = ref block;");
        if (group.IsVersioned)
        {
            _code.Line("_blockLength = stride;");
            _code.Line("_version = version;");
        }

        if (!isFixed)
        {
            _code.Line("int position = stride;");
            _parts.EmitWalk(
                group, "block", null, name => "_at" + name, null, version: group.IsVersioned ? "version" : "0");
        }

        _code.Close();
        _code.Line();
        var fields = new FieldReaders(_plan, _code, inComposite: false);
        foreach (var field in group.Fields)
            fields.Emit(field);
        _parts.EmitProperties(group, fields);
        new JsonEmitter(_plan, _code).Emit(group);
        foreach (var nested in group.Groups)
            Emit(nested);
        _code.Close();
        _code.Line();
    }
}
