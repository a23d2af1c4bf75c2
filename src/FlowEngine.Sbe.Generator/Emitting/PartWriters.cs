using FlowEngine.Sbe.Generator.Planning;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.Generator.Emitting;

/// <summary>
/// Writes the methods that append groups and data. They assume <c>_buffer</c> and <c>_cursor</c>; checked builds
/// (DEBUG or SBE_CHECKS) also keep <c>_order</c>, the index of the part that is due.
/// </summary>
internal sealed class PartWriters
{
    /// <summary>The symbols of checked builds.</summary>
    public const string Checks = "#if DEBUG || SBE_CHECKS";

    private readonly SchemaPlan _plan;
    private readonly CodeWriter _code;

    public PartWriters(SchemaPlan plan, CodeWriter code)
    {
        _plan = plan;
        _code = code;
    }

    /// <summary>Writes all methods of a block and the nested group writers.</summary>
    /// <param name="block">The message or group.</param>
    /// <param name="remaining">What the cursor's count of open entries must be between two parts.</param>
    /// <param name="isMessage">A message owns the cursor, a group refers to it.</param>
    public void Emit(BlockPlan block, string remaining, bool isMessage)
    {
        var order = 0;
        foreach (var group in block.Groups)
        {
            _code.Doc(
                $"Begins the group {group.Block.Name}; each of its entries starts with Next. Groups and data are "
                + "written in schema order.");
            if (isMessage)
                _code.Line("[UnscopedRef]");
            _code.Inline();
            _code.Open($"public {group.WriterType} {group.BeginName}(int count)");
            EmitOrder(order++, remaining, group.Name);
            _code.Line($"return new {group.WriterType}(_buffer, ref _cursor, count);");
            _code.Close();
            _code.Line();
        }

        foreach (var data in block.Data)
            EmitData(data, order++, remaining);
        foreach (var group in block.Groups)
            new GroupWriterEmitter(_plan, _code).Emit(group);
    }

    private void EmitOrder(int order, string remaining, string name)
    {
        _code.Line(Checks);
        _code.Line($"if (_order != {order} || _cursor.Remaining != {remaining})");
        _code.Line($"    SbeThrow.OutOfOrder(\"{name}\");");
        _code.Line($"_order = {order + 1};");
        _code.Line("#endif");
    }

    private void EmitData(DataPlan data, int order, string remaining)
    {
        var primitive = data.LengthType.Primitive;
        var max = Math.Min(data.LengthType.MaxValue.Integer, int.MaxValue);
        var prefix = data.PrefixLength;
        _code.Doc(data.Data.Notes.Description, $"Appends the data {data.Data.Name}.");
        _code.Inline();
        _code.Open($"public void {data.SetName}(ReadOnlySpan<byte> value)");
        EmitOrder(order, remaining, data.Name);
        if (max < int.MaxValue)
        {
            _code.Line($"if (value.Length > {max})");
            _code.Line($"    SbeThrow.ValueTooLong(\"{data.Name}\", value.Length, {max});");
        }

        _code.Line("int start = _cursor.Position;");
        _code.Line($"if (_buffer.Length - start - {prefix} < value.Length)");
        _code.Line($"    SbeThrow.BufferTooShort(\"{data.Name}\", value.Length + {prefix}, _buffer.Length - start);");
        if (prefix > primitive.Size())
            _code.Line($"_buffer.Slice(start, {prefix}).Clear();");
        _code.Line("ref byte target = ref Unsafe.Add(ref MemoryMarshal.GetReference(_buffer), start);");
        _code.Line(
            $"{_plan.Endian}.Write{Primitive.Method(primitive)}(ref target, {data.Data.LengthMember.Offset}, "
            + $"({Primitive.Keyword(primitive)})value.Length);");
        _code.Line($"value.CopyTo(_buffer.Slice(start + {prefix}));");
        _code.Line($"_cursor.Position = start + {prefix} + value.Length;");
        _code.Close();
        _code.Line();
    }
}
