namespace FlowEngine.Sbe.OnTheFly.Values;

/// <summary>What a field holds.</summary>
public enum FieldKind
{
    /// <summary>An integer or floating number.</summary>
    Number,

    /// <summary>One character.</summary>
    Character,

    /// <summary>A char array, read up to its first NUL.</summary>
    Text,

    /// <summary>An array of numbers.</summary>
    Numbers,

    /// <summary>A value of an enum.</summary>
    Enum,

    /// <summary>Flags.</summary>
    Set,

    /// <summary>A composite; a visitor sees it as a field only when it is absent.</summary>
    Composite,
}
