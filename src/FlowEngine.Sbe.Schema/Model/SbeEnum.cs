namespace FlowEngine.Sbe.Schema;

/// <summary>An enumeration; values the schema lacks may still arrive from newer senders.</summary>
public sealed class SbeEnum : SbeType
{
    internal SbeEnum(
        string name, SbeNotes notes, SbePrimitive encoding, SbeNumber nullValue, SbePresence presence,
        IReadOnlyList<SbeEnumValue> values)
        : base(name, notes)
    {
        Encoding = encoding;
        NullValue = nullValue;
        Presence = presence;
        Values = values;
    }

    /// <summary>The primitive on the wire.</summary>
    public SbePrimitive Encoding { get; }

    /// <summary>The value that means null.</summary>
    public SbeNumber NullValue { get; }

    /// <summary>The presence the type gives its fields.</summary>
    public SbePresence Presence { get; }

    /// <summary>The values in schema order.</summary>
    public IReadOnlyList<SbeEnumValue> Values { get; }

    /// <inheritdoc/>
    public override int EncodedLength => Encoding.Size();
}
