namespace FlowEngine.Signals;

/// <summary>The compiled signal sets by the names that a configuration uses.</summary>
public static class SignalSets
{
    /// <summary>Name of <see cref="TouchSet"/>.</summary>
    public const string Touch = "touch";

    /// <summary>Name of <see cref="DefaultSet"/>.</summary>
    public const string Default = "default";

    /// <summary>Name of <see cref="FullSet"/>.</summary>
    public const string Full = "full";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> Names { get; } = [Touch, Default, Full];

    /// <summary>The set's number on the wire; 0 for a name that is none.</summary>
    public static byte VersionOf(string name) => name switch
    {
        Touch => TouchSet.Version,
        Default => DefaultSet.Version,
        Full => FullSet.Version,
        _ => 0,
    };
}
