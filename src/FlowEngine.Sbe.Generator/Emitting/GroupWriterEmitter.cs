using FlowEngine.Sbe.Generator.Planning;

namespace FlowEngine.Sbe.Generator.Emitting;

/// <summary>Writes the nested type that writes a group.</summary>
internal sealed class GroupWriterEmitter
{
    private readonly SchemaPlan _plan;
    private readonly CodeWriter _code;

    public GroupWriterEmitter(SchemaPlan plan, CodeWriter code)
    {
        _plan = plan;
        _code = code;
    }

    public void Emit(GroupPlan group)
    {
        _code.Doc($"Writes the entries of the group {group.Block.Name}: Next, then its fields, groups and data.");
        _code.Open($"public ref struct {group.WriterType}");
        var dimension = DimensionOf(group);
        dimension.Declare(_code, "_dimensionImage");
        var entry = new BlockImage(group.Block.BlockLength, _plan.Schema.IsBigEndian);
        entry.Fill(group.Block.Fields, 0, all: false);
        if (!entry.IsZero)
            entry.Declare(_code, "_entryImage");
        _code.Line("private readonly Span<byte> _buffer;");
        _code.Line("private readonly ref SbeCursor _cursor;");
        _code.Line("private ref byte _block;");
        _code.Line("private int _left;");
        _code.Line("private readonly int _dimension;");
        _code.Line("private int _count;");
        _code.Line(PartWriters.Checks);
        _code.Line("private readonly int _base;");
        _code.Line("private int _order;");
        _code.Line("#endif");
        _code.Line();
        EmitConstructor(group);
        EmitNext(group, entry);
        EmitReset(group);
        var fields = new FieldWriters(_plan, _code);
        foreach (var field in group.Fields)
            fields.Emit(field);
        new PartWriters(_plan, _code).Emit(group, "_base + _left", isMessage: false);
        _code.Close();
        _code.Line();
    }

    private BlockImage DimensionOf(GroupPlan group)
    {
        var dimension = group.Group.Dimension;
        var image = new BlockImage(dimension.EncodedLength, _plan.Schema.IsBigEndian);
        image.Fill(dimension.Members, 0, all: false);
        image.PutMember(dimension, "blockLength", group.Block.BlockLength);
        image.PutMember(dimension, "numGroups", group.Groups.Count);
        image.PutMember(dimension, "numVarDataFields", group.Data.Count);
        return image;
    }

    private void EmitConstructor(GroupPlan group)
    {
        var length = group.Group.Dimension.EncodedLength;
        var primitive = group.CountType.Primitive;
        var max = Math.Min(group.CountType.MaxValue.Integer, int.MaxValue);
        _code.Inline();
        _code.Open($"internal {group.WriterType}(Span<byte> buffer, ref SbeCursor cursor, int count)");
        _code.Line(max == int.MaxValue ? "if (count < 0)" : $"if ((uint)count > {max})");
        _code.Line($"    SbeThrow.CountOutOfRange(\"{group.Name}\", count, {max});");
        _code.Line("int start = cursor.Position;");
        _code.Line($"if (buffer.Length - start < {length})");
        _code.Line($"    SbeThrow.BufferTooShort(\"{group.Name}\", {length}, buffer.Length - start);");
        _code.Line("_dimensionImage.CopyTo(buffer.Slice(start));");
        _code.Line(
            $"{_plan.Endian}.Write{Primitive.Method(primitive)}(ref Unsafe.Add(ref MemoryMarshal.GetReference(buffer), "
            + $"start), {group.Group.CountMember.Offset}, ({Primitive.Keyword(primitive)})count);");
        _code.Line($"cursor.Position = start + {length};");
        _code.Line("_buffer = buffer;");
        _code.Line("_cursor = ref cursor;");
        _code.Line("_left = count;");
        _code.Line("_count = count;");
        _code.Line("_dimension = start;");
        _code.Line(PartWriters.Checks);
        _code.Line("_base = cursor.Remaining;");
        _code.Line("cursor.Remaining += count;");
        _code.Line($"_order = {group.PartCount};");
        _code.Line("#endif");
        _code.Close();
        _code.Line();
    }

    private void EmitReset(GroupPlan group)
    {
        var primitive = group.CountType.Primitive;
        _code.Doc("Ends the group with the entries begun so far: patches the count that was announced.");
        _code.Open("public void ResetCountToIndex()");
        _code.Line(PartWriters.Checks);
        _code.Line("_cursor.Remaining -= _left;");
        _code.Line("#endif");
        _code.Line("_count -= _left;");
        _code.Line("_left = 0;");
        _code.Line(
            $"{_plan.Endian}.Write{Primitive.Method(primitive)}("
            + "ref Unsafe.Add(ref MemoryMarshal.GetReference(_buffer), _dimension), "
            + $"{group.Group.CountMember.Offset}, ({Primitive.Keyword(primitive)})_count);");
        _code.Close();
        _code.Line();
    }

    private void EmitNext(GroupPlan group, BlockImage entry)
    {
        var length = group.Block.BlockLength;
        _code.Doc("Moves to the next entry, whose fields start at 0 or null; throws behind the last announced one.");
        _code.Inline();
        _code.Open("public void Next()");
        _code.Line("if (_left == 0)");
        _code.Line($"    SbeThrow.NoMoreEntries(\"{group.Name}\");");
        _code.Line(PartWriters.Checks);
        _code.Line($"if (_order != {group.PartCount} || _cursor.Remaining != _base + _left)");
        _code.Line($"    SbeThrow.OutOfOrder(\"{group.Name}\");");
        _code.Line("_order = 0;");
        _code.Line("_cursor.Remaining--;");
        _code.Line("#endif");
        _code.Line("_left--;");
        _code.Line("int start = _cursor.Position;");
        _code.Line($"if (_buffer.Length - start < {length})");
        _code.Line($"    SbeThrow.BufferTooShort(\"{group.Name}\", {length}, _buffer.Length - start);");
        if (!entry.IsZero)
            _code.Line("_entryImage.CopyTo(_buffer.Slice(start));");
        else if (length > 0)
            _code.Line($"_buffer.Slice(start, {length}).Clear();");
        _code.Line("_block = ref Unsafe.Add(ref MemoryMarshal.GetReference(_buffer), start);");
        _code.Line($"_cursor.Position = start + {length};");
        _code.Close();
        _code.Line();
    }
}
