namespace FlowEngine.Sbe.Generator.Planning;

/// <summary>Gives out names that are unique within one C# type or namespace.</summary>
internal sealed class NameScope
{
    /// <summary>Members every type has, and types that generated code names without their namespace.</summary>
    private static readonly string[] s_always =
    [
        "Equals", "GetHashCode", "GetType", "ToString", "MemberwiseClone", "ReferenceEquals", "Finalize",
        "LittleEndian", "BigEndian", "SbeText", "SbeWire", "SbeThrow", "SbeCursor",
        "SbeJson", "SbeUnknownParts", "SbeNumberPlace",
        "Unsafe", "MemoryMarshal", "Span", "ReadOnlySpan", "UnscopedRef",
    ];

    private readonly HashSet<string> _taken;

    public NameScope(StringComparer comparer, params string[] reserved) =>
        _taken = new HashSet<string>(s_always.Concat(reserved), comparer);

    public NameScope(params string[] reserved)
        : this(StringComparer.Ordinal, reserved)
    {
    }

    /// <summary>The wanted name, or the nearest free one: first with a meaning, then numbered.</summary>
    public string Take(string wanted)
    {
        if (_taken.Add(wanted))
            return wanted;
        var name = wanted + "Value";
        for (var i = 2; !_taken.Add(name); i++)
            name = wanted + i.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return name;
    }

    /// <summary>Whether the name is free; takes it if so.</summary>
    public bool TryTake(string name) => _taken.Add(name);
}
