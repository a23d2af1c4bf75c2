namespace FlowEngine.Sbe.Schema;

/// <summary>One <c>validValue</c> of an enum, or one <c>choice</c> of a set (the value is the bit index).</summary>
public sealed class SbeEnumValue
{
    internal SbeEnumValue(string name, SbeNumber value, SbeNotes notes)
    {
        Name = name;
        Value = value;
        Notes = notes;
    }

    /// <summary>The name in the schema.</summary>
    public string Name { get; }

    /// <summary>The number on the wire, or the bit index.</summary>
    public SbeNumber Value { get; }

    /// <summary>Description, versions and place.</summary>
    public SbeNotes Notes { get; }
}
