namespace FlowEngine.Sbe.Schema;

/// <summary>A primitive, a fixed array of one, or (length 0) the variable part of a data composite.</summary>
public sealed class SbeScalarType : SbeType
{
    internal SbeScalarType(string name, SbeNotes notes, SbePrimitive primitive, int length)
        : base(name, notes)
    {
        Primitive = primitive;
        Length = length;
        NullValue = primitive.Null();
        MinValue = primitive.Min();
        MaxValue = primitive.Max();
    }

    /// <summary>The element type.</summary>
    public SbePrimitive Primitive { get; }

    /// <summary>Elements: 1 for a scalar, 0 for variable length.</summary>
    public int Length { get; internal set; }

    /// <summary>The presence the type gives its fields.</summary>
    public SbePresence Presence { get; internal set; }

    /// <summary>The value that means null.</summary>
    public SbeNumber NullValue { get; internal set; }

    /// <summary>The smallest value.</summary>
    public SbeNumber MinValue { get; internal set; }

    /// <summary>The largest value.</summary>
    public SbeNumber MaxValue { get; internal set; }

    /// <summary>Whether the schema says the largest value itself.</summary>
    public bool HasExplicitMax { get; internal set; }

    /// <summary>The character encoding as the schema spells it, if said.</summary>
    public string? CharacterEncoding { get; internal set; }

    /// <summary>The value of a constant type.</summary>
    public SbeConstant? Constant { get; internal set; }

    /// <summary>Whether it is an array (a char array included).</summary>
    public bool IsArray => Length > 1;

    /// <inheritdoc/>
    public override int EncodedLength => Presence == SbePresence.Constant ? 0 : Primitive.Size() * Length;
}
