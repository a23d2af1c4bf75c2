using System.Runtime.InteropServices;
using FlowEngine.Sbe.OnTheFly.Layouts;
using FlowEngine.Sbe.OnTheFly.Values;

namespace FlowEngine.Sbe.OnTheFly;

/// <summary>
/// Walks over blocks as a sender of some version wrote them. <see cref="Measure"/> believes nothing; <see cref="Show"/>
/// is for bytes that were measured.
/// </summary>
internal readonly struct BlockWalk
{
    private readonly ExtensionLayout _extension;
    private readonly int _version;

    public BlockWalk(ExtensionLayout extension, int version)
    {
        _extension = extension;
        _version = version;
    }

    private bool IsBigEndian => _extension.IsBigEndian;

    /// <summary>Finds the end of a block's groups and data.</summary>
    /// <param name="block">The block that was just passed.</param>
    /// <param name="extra">What the sender has beyond the known parts.</param>
    /// <param name="body">The message behind its header.</param>
    /// <param name="position">Behind the fixed part; then behind all parts, or at the fault.</param>
    /// <returns>Null, or what is wrong.</returns>
    public string? Measure(BlockLayout block, ExtraParts extra, ReadOnlySpan<byte> body, ref int position)
    {
        foreach (var group in block.Groups)
        {
            if (_version >= group.SinceVersion && MeasureGroup(group, body, ref position) is { } fault)
                return fault;
        }

        if (extra.Groups > 0 && SkipGroups(block, ref extra, body, ref position) is { } groupFault)
            return groupFault;
        foreach (var data in block.Data)
        {
            if (_version >= data.SinceVersion && MeasureData(data, body, ref position) is { } fault)
                return fault;
        }

        return extra.Data > 0 ? SkipData(block, extra.Data, body, ref position) : null;
    }

    /// <summary>Shows a block that was measured.</summary>
    /// <param name="block">Its layout.</param>
    /// <param name="extra">What the sender has beyond the known parts.</param>
    /// <param name="body">From the block's first byte.</param>
    /// <param name="blockLength">Bytes of the fixed part as sent.</param>
    /// <param name="visitor">Who is shown it.</param>
    /// <returns>Bytes of the block with all its parts.</returns>
    public int Show<TVisitor>(
        BlockLayout block, ExtraParts extra, ReadOnlySpan<byte> body, int blockLength, ref TVisitor visitor)
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
        if (extra.Groups > 0)
            SkipGroups(block, ref extra, body, ref position);
        foreach (var data in block.Data)
        {
            var isPresent = _version >= data.SinceVersion;
            var length = isPresent ? WireNumbers.ReadLength(body[position..], data.Length, IsBigEndian) : 0;
            var content = isPresent ? body.Slice(position + data.PrefixLength, length) : default;
            visitor.OnData(new DataValue(data, content, isPresent));
            position += isPresent ? data.PrefixLength + length : 0;
        }

        if (extra.Data > 0)
            SkipData(block, extra.Data, body, ref position);
        return position;
    }

    private string? MeasureGroup(GroupLayout group, ReadOnlySpan<byte> body, ref int position)
    {
        var available = body.Length - position;
        var name = group.Group.Name;
        if (available < group.DimensionLength)
            return $"group '{name}' begins and {available} bytes are left";
        var dimension = body[position..];
        var stride = WireNumbers.ReadLength(dimension, group.Stride, IsBigEndian);
        var count = WireNumbers.ReadLength(dimension, group.Count, IsBigEndian);
        var extra = _extension.OfEntries(dimension, group, _version);
        if ((stride | count) < 0 || (count > 0 && stride < group.MinimumLength))
            return $"group '{name}' claims {count} entries of {stride} bytes";
        position += group.DimensionLength;
        if (!group.HasParts && extra == default)
        {
            var length = (long)stride * count;
            if (length > body.Length - position || (stride == 0 && count > SbeWire.MaxEmptyEntries))
            {
                position -= group.DimensionLength;
                return $"group '{name}' claims {count} entries of {stride} bytes and {available} bytes are left";
            }

            position += (int)length;
            return null;
        }

        for (var i = 0; i < count; i++)
        {
            var entry = position;
            if (body.Length - position < stride)
                return $"entry {i} of group '{name}' has {stride} bytes and {body.Length - position} are left";
            position += stride;
            if (Measure(group, extra, body, ref position) is { } fault)
                return fault;
            if (position == entry && count > SbeWire.MaxEmptyEntries)
                return $"group '{name}' claims {count} entries without bytes";
        }

        return null;
    }

    private string? MeasureData(DataLayout data, ReadOnlySpan<byte> body, ref int position)
    {
        var available = body.Length - position;
        if (available < Math.Max(data.PrefixLength, data.Length.End))
            return $"data '{data.Data.Name}' begins and {available} bytes are left";
        var length = WireNumbers.ReadLength(body[position..], data.Length, IsBigEndian);
        if (length < 0 || length > available - data.PrefixLength)
            return $"data '{data.Data.Name}' claims {length} bytes and {available - data.PrefixLength} are left";
        position += data.PrefixLength + length;
        return null;
    }

    // What cannot be skipped is left unread where nothing known follows, and refused elsewhere.
    private string? SkipGroups(BlockLayout block, ref ExtraParts extra, ReadOnlySpan<byte> body, ref int position)
    {
        if (!_extension.CanSkipGroups)
        {
            if (block is not MessageLayout || block.Data.Length > 0)
                return $"{extra.Groups} groups of a newer version cannot be passed";
            extra = default;
            return null;
        }

        var length = _extension.UnknownParts.MeasureGroups(
            ref MemoryMarshal.GetReference(body[position..]), body.Length - position, extra.Groups);
        if (length < 0)
            return $"{extra.Groups} groups of a newer version do not fit the {body.Length - position} bytes left";
        position += length;
        return null;
    }

    private string? SkipData(BlockLayout block, int extra, ReadOnlySpan<byte> body, ref int position)
    {
        if (!_extension.CanSkipData)
            return block is GroupLayout ? $"{extra} data of a newer version cannot be passed" : null;
        var length = _extension.UnknownParts.MeasureData(
            ref MemoryMarshal.GetReference(body[position..]), body.Length - position, extra);
        if (length < 0)
            return $"{extra} data of a newer version do not fit the {body.Length - position} bytes left";
        position += length;
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
            visitor.OnField(new FieldValue(field, bytes, isPresent, IsBigEndian));
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
        var shown = group.Group;
        if (_version < group.SinceVersion)
        {
            visitor.OnBeginGroup(shown, 0);
            visitor.OnEndGroup(shown);
            return 0;
        }

        var stride = WireNumbers.ReadLength(start, group.Stride, IsBigEndian);
        var count = WireNumbers.ReadLength(start, group.Count, IsBigEndian);
        var extra = _extension.OfEntries(start, group, _version);
        var position = group.DimensionLength;
        visitor.OnBeginGroup(shown, count);
        for (var i = 0; i < count; i++)
        {
            visitor.OnBeginEntry(shown, i);
            position += Show(group, extra, start[position..], stride, ref visitor);
            visitor.OnEndEntry(shown, i);
        }

        visitor.OnEndGroup(shown);
        return position;
    }
}
