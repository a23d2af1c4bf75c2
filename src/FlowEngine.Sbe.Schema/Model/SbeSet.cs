namespace FlowEngine.Sbe.Schema;

/// <summary>A set of flags, bit 0 the least significant.</summary>
public sealed class SbeSet : SbeType
{
    internal SbeSet(string name, SbeNotes notes, SbePrimitive encoding, IReadOnlyList<SbeEnumValue> choices)
        : base(name, notes)
    {
        Encoding = encoding;
        Choices = choices;
    }

    /// <summary>The unsigned primitive on the wire.</summary>
    public SbePrimitive Encoding { get; }

    /// <summary>The flags in schema order.</summary>
    public IReadOnlyList<SbeEnumValue> Choices { get; }

    /// <inheritdoc/>
    public override int EncodedLength => Encoding.Size();
}
