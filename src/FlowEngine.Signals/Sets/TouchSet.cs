namespace FlowEngine.Signals;

/// <summary>Set <c>touch</c>: best levels, imbalance, order flow, volumes, spread and sweep costs, nothing
/// else.</summary>
public readonly struct TouchSet : ISignalSet
{
    /// <inheritdoc/>
    public static byte Version => 1;

    /// <inheritdoc/>
    public static bool HasScore => false;

    /// <inheritdoc/>
    public static bool HasCatalogue => false;
}
