using FlowEngine.Sbe.OnTheFly.Layouts;
using FlowEngine.Sbe.OnTheFly.Values;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.OnTheFly;

/// <summary>
/// Walks over blocks as a sender of some version wrote them. <see cref="Measure"/> believes nothing; <see cref="Show"/>
/// is for bytes that were measured.
/// </summary>
internal readonly struct BlockWalk
{
    private readonly bool _isBigEndian;
    private readonly int _version;

    public BlockWalk(bool isBigEndian, int version)
    {
        _isBigEndian = isBigEndian;
        _version = version;
    }

    /// <summary>Finds the end of a block's groups and data.</summary>
    /// <param name="block">The block that was just passed.</param>
    /// <param name="body">The message behind its header.</param>
    /// <param name="position">Behind the fixed part; then behind all parts, or at the fault.</param>
    /// <returns>Null, or what is wrong.</returns>
    public string? Measure(BlockLayout block, ReadOnlySpan<byte> body, ref int position)
    {
        foreach (var group in block.Groups)
        {
            if (_version >= group.SinceVersion && MeasureGroup(group, body, ref position) is { } fault)
                return fault;
        }

        foreach (var data in block.Data)
        {
            if (_version >= data.SinceVersion && MeasureData(data, body, ref position) is { } fault)
                return fault;
        }

        return null;
    }

    /// <summary>Shows a block that was measured.</summary>
    /// <param name="block">Its layout.</param>
    /// <param name="body">From the block's first byte.</param>
    /// <param name="blockLength">Bytes of the fixed part as sent.</param>
    /// <param name="visitor">Who is shown it.</param>
    /// <returns>Bytes of the block with all its parts.</returns>
    public int Show<TVisitor>(BlockLayout block, ReadOnlySpan<byte> body, int blockLength, ref TVisitor visitor)
        where TVisitor : IMessageVisitor, allows ref struct
    {
        foreach (var field in block.Fields)
        {
            var isPresent = field.IsConstant || field.Field.SinceVersion == 0
                || (_version >= field.Field.SinceVersion && blockLength >= field.End);
            ShowField(field, body, isPresent, ref visitor);
        }

        var position = blockLength;
        foreach (var group in block.Groups)
            position += ShowGroup(group, body[position..], ref visitor);
        foreach (var data in block.Data)
        {
            var isPresent = _version >= data.SinceVersion;
            var length = isPresent ? WireNumbers.ReadLength(body[position..], data.Length, _isBigEndian) : 0;
            var content = isPresent ? body.Slice(position + data.PrefixLength, length) : default;
            visitor.OnData(new DataValue(data, content, isPresent));
            position += isPresent ? data.PrefixLength + length : 0;
        }

        return position;
    }

    private string? MeasureGroup(GroupLayout group, ReadOnlySpan<byte> body, ref int position)
    {
        var start = position;
        var available = body.Length - position;
        if (available < group.DimensionLength)
            return $"group '{group.Group.Name}' begins and {available} bytes are left";
        var stride = WireNumbers.ReadLength(body[position..], group.Stride, _isBigEndian);
        var count = WireNumbers.ReadLength(body[position..], group.Count, _isBigEndian);
        if ((stride | count) < 0 || (count > 0 && stride < group.MinimumLength))
            return $"group '{group.Group.Name}' claims {count} entries of {stride} bytes";
        position += group.DimensionLength;
        if (!group.HasParts)
        {
            var length = SbeWire.MeasureFixedGroup(
                group.DimensionLength, stride, count, group.MinimumLength, available);
            position = start + Math.Max(0, length);
            return length >= 0 ? null
                : $"group '{group.Group.Name}' claims {count} entries of {stride} bytes and {available} bytes are left";
        }

        for (var i = 0; i < count; i++)
        {
            var entry = position;
            if (body.Length - position < stride)
                return $"entry {i} of group '{group.Group.Name}' has {stride} bytes and "
                    + $"{body.Length - position} are left";
            position += stride;
            if (Measure(group, body, ref position) is { } fault)
                return fault;
            if (position == entry && count > SbeWire.MaxEmptyEntries)
                return $"group '{group.Group.Name}' claims {count} entries without bytes";
        }

        return null;
    }

    private string? MeasureData(DataLayout data, ReadOnlySpan<byte> body, ref int position)
    {
        var available = body.Length - position;
        if (available < Math.Max(data.PrefixLength, data.Length.End))
            return $"data '{data.Data.Name}' begins and {available} bytes are left";
        var length = WireNumbers.ReadLength(body[position..], data.Length, _isBigEndian);
        var whole = SbeWire.MeasureData(data.PrefixLength, length, available);
        if (whole < 0)
            return $"data '{data.Data.Name}' claims {length} bytes and {available - data.PrefixLength} are left";
        position += whole;
        return null;
    }

    private void ShowField<TVisitor>(
        FieldLayout field, ReadOnlySpan<byte> block, bool isPresent, ref TVisitor visitor)
        where TVisitor : IMessageVisitor, allows ref struct
    {
        var bytes = isPresent && !field.IsConstant
            ? block.Slice(field.Field.Offset, field.Field.EncodedLength) : default;
        if (field.Kind != FieldKind.Composite || !isPresent)
        {
            visitor.OnField(new FieldValue(field, bytes, isPresent, _isBigEndian));
            return;
        }

        visitor.OnBeginComposite(field.Field);
        foreach (var member in field.Members)
            ShowField(member, bytes, isPresent: true, ref visitor);
        visitor.OnEndComposite(field.Field);
    }

    private int ShowGroup<TVisitor>(GroupLayout group, ReadOnlySpan<byte> start, ref TVisitor visitor)
        where TVisitor : IMessageVisitor, allows ref struct
    {
        SbeGroup shown = group.Group;
        if (_version < group.SinceVersion)
        {
            visitor.OnBeginGroup(shown, 0);
            visitor.OnEndGroup(shown);
            return 0;
        }

        var stride = WireNumbers.ReadLength(start, group.Stride, _isBigEndian);
        var count = WireNumbers.ReadLength(start, group.Count, _isBigEndian);
        var position = group.DimensionLength;
        visitor.OnBeginGroup(shown, count);
        for (var i = 0; i < count; i++)
        {
            visitor.OnBeginEntry(shown, i);
            position += Show(group, start[position..], stride, ref visitor);
            visitor.OnEndEntry(shown, i);
        }

        visitor.OnEndGroup(shown);
        return position;
    }
}
