using System.Runtime.CompilerServices;

namespace FlowEngine.Sbe;

/// <summary>
/// Measures groups and data that only a newer sender's schema knows, where headers and dimensions count them. It takes
/// an unknown group for one of the schema's usual dimension, unknown data for one of its usual prefix.
/// Cold: only a message of a newer version that says it has more comes here.
/// </summary>
public readonly struct SbeUnknownParts
{
    /// <summary>Groups of groups a sender may nest; deeper ones are refused, which bounds the stack.</summary>
    public const int MaxDepth = 16;

    /// <summary>The schema's byte order.</summary>
    public bool IsBigEndian { get; init; }

    /// <summary>Bytes of a group's dimension; 0 when the schema has none that counts its parts.</summary>
    public int DimensionLength { get; init; }

    /// <summary>Bytes of an entry's fixed part, in the dimension.</summary>
    public SbeNumberPlace BlockLength { get; init; }

    /// <summary>Entries, in the dimension.</summary>
    public SbeNumberPlace NumInGroup { get; init; }

    /// <summary>Groups in each entry, in the dimension.</summary>
    public SbeNumberPlace NumGroups { get; init; }

    /// <summary>Data in each entry, in the dimension.</summary>
    public SbeNumberPlace NumVarDataFields { get; init; }

    /// <summary>Bytes before the content of data; 0 when the schema has no data, or data of several kinds.</summary>
    public int PrefixLength { get; init; }

    /// <summary>The length, in the prefix.</summary>
    public SbeNumberPlace Length { get; init; }

    /// <summary>Bytes of that many unknown groups; -1 when they do not fit or cannot be known.</summary>
    public int MeasureGroups(ref byte start, int available, int groups) =>
        MeasureGroups(ref start, available, groups, 0);

    /// <summary>Bytes of that many unknown data; -1 when they do not fit or cannot be known.</summary>
    public int MeasureData(ref byte start, int available, int count)
    {
        if (count <= 0)
            return 0;
        if (PrefixLength == 0)
            return -1;
        var position = 0;
        for (var i = 0; i < count; i++)
        {
            if (available - position < PrefixLength)
                return -1;
            var content = Length.Read(ref Unsafe.Add(ref start, position), IsBigEndian);
            var length = SbeWire.MeasureData(PrefixLength, content, available - position);
            if (length < 0)
                return -1;
            position += length;
        }

        return position;
    }

    /// <summary>Bytes of that many unknown groups and data behind an entry; they were measured before.</summary>
    public int Skip(ref byte start, int groups, int data)
    {
        var position = MeasureGroups(ref start, int.MaxValue, groups);
        return position + MeasureData(ref Unsafe.Add(ref start, position), int.MaxValue - position, data);
    }

    private int MeasureGroups(ref byte start, int available, int groups, int depth)
    {
        if (groups <= 0)
            return 0;
        if (DimensionLength == 0 || depth == MaxDepth)
            return -1;
        var position = 0;
        for (var i = 0; i < groups; i++)
        {
            var length = MeasureGroup(ref Unsafe.Add(ref start, position), available - position, depth);
            if (length < 0)
                return -1;
            position += length;
        }

        return position;
    }

    private int MeasureGroup(ref byte start, int available, int depth)
    {
        if (available < DimensionLength)
            return -1;
        var stride = BlockLength.Read(ref start, IsBigEndian);
        var count = NumInGroup.Read(ref start, IsBigEndian);
        var groups = NumGroups.Read(ref start, IsBigEndian);
        var data = NumVarDataFields.Read(ref start, IsBigEndian);
        if ((stride | count | groups | data) < 0)
            return -1;
        if ((groups | data) == 0)
            return SbeWire.MeasureFixedGroup(DimensionLength, stride, count, 0, available);

        // Each entry takes bytes, as its groups and data have prefixes: the buffer bounds the loop.
        var position = DimensionLength;
        for (var i = 0; i < count; i++)
        {
            if (available - position < stride)
                return -1;
            position += stride;
            var length = MeasureGroups(ref Unsafe.Add(ref start, position), available - position, groups, depth + 1);
            if (length < 0)
                return -1;
            position += length;
            length = MeasureData(ref Unsafe.Add(ref start, position), available - position, data);
            if (length < 0)
                return -1;
            position += length;
        }

        return position;
    }
}
