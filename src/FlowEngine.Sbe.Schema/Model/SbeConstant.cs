namespace FlowEngine.Sbe.Schema;

/// <summary>The value of a constant: a number, a text, or one value of an enum.</summary>
public sealed class SbeConstant
{
    internal SbeConstant(SbeNumber number) => Number = number;

    internal SbeConstant(string text) => Text = text;

    internal SbeConstant(SbeEnum enumType, SbeEnumValue value)
    {
        Enum = enumType;
        EnumValue = value;
        Number = value.Value;
    }

    /// <summary>The number of a numeric, single character or enum constant.</summary>
    public SbeNumber Number { get; }

    /// <summary>The text of a char array constant.</summary>
    public string? Text { get; }

    /// <summary>The enum a <c>valueRef</c> names.</summary>
    public SbeEnum? Enum { get; }

    /// <summary>The enum value a <c>valueRef</c> names.</summary>
    public SbeEnumValue? EnumValue { get; }
}
