using System.Text.Json;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.OnTheFly.Layouts;

/// <summary>A message or a group with everything looked up.</summary>
internal abstract class BlockLayout
{
    public required FieldLayout[] Fields
    {
        get;
        init
        {
            field = value;
            MinimumLength = value.Where(member => !member.IsConstant && member.Field.SinceVersion == 0)
                .Select(member => member.End).DefaultIfEmpty(0).Max();
        }
    }

    public required GroupLayout[] Groups { get; init; }

    public required DataLayout[] Data { get; init; }

    /// <summary>The shortest block a sender of any version may send: all fields of version 0.</summary>
    public int MinimumLength { get; private init; }

    public bool HasParts => Groups.Length + Data.Length > 0;
}

/// <summary>A message.</summary>
internal sealed class MessageLayout : BlockLayout
{
    public required SbeMessage Message { get; init; }
}

/// <summary>A group and where its dimension keeps the numbers.</summary>
internal sealed class GroupLayout : BlockLayout
{
    public required SbeGroup Group { get; init; }

    public required JsonEncodedText Name { get; init; }

    public required NumberPlace Stride { get; init; }

    public required NumberPlace Count { get; init; }

    /// <summary>Where the dimension counts an entry's groups and data; null where it does not.</summary>
    public (NumberPlace Groups, NumberPlace Data)? PartCounts { get; init; }

    public int DimensionLength => Group.Dimension.EncodedLength;

    public int SinceVersion => Group.Notes.SinceVersion;
}
