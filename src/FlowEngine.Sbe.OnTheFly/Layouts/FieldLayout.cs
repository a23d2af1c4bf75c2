using System.Text;
using System.Text.Json;
using FlowEngine.Sbe.OnTheFly.Values;
using FlowEngine.Sbe.Schema;

namespace FlowEngine.Sbe.OnTheFly.Layouts;

/// <summary>A field or member with everything looked up: what reading it takes.</summary>
internal sealed class FieldLayout
{
    public required SbeField Field { get; init; }

    public required FieldKind Kind { get; init; }

    public required JsonEncodedText Name { get; init; }

    /// <summary>The element type of numbers and arrays, the encoding of enums and sets.</summary>
    public SbePrimitive Primitive { get; init; }

    /// <summary>Elements of an array, 1 otherwise.</summary>
    public int Count { get; init; } = 1;

    /// <summary>Whether one value on the wire means null.</summary>
    public bool IsNullable { get; init; }

    /// <summary>That value, sign-extended to 64 bits.</summary>
    public ulong NullBits { get; init; }

    /// <summary>That value of a floating number.</summary>
    public double NullFloating { get; init; }

    public Encoding TextEncoding { get; init; } = Encoding.ASCII;

    public IReadOnlyDictionary<ulong, JsonEncodedText> EnumNames { get; init; } = EmptyNames;

    public (JsonEncodedText Name, ulong Mask)[] Choices { get; init; } = [];

    public FieldLayout[] Members { get; init; } = [];

    public bool IsConstant => Field.Presence == SbePresence.Constant;

    /// <summary>Where it ends in its block.</summary>
    public int End => Field.Offset + Field.EncodedLength;

    private static IReadOnlyDictionary<ulong, JsonEncodedText> EmptyNames { get; } =
        new Dictionary<ulong, JsonEncodedText>();
}
