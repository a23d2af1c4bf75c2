namespace FlowEngine.Signals;

/// <summary>Set <c>full</c>: the default set and the rest of the catalogue.</summary>
public readonly struct FullSet : ISignalSet
{
    /// <inheritdoc/>
    public static byte Version => 3;

    /// <inheritdoc/>
    public static bool HasScore => true;

    /// <inheritdoc/>
    public static bool HasCatalogue => true;
}
