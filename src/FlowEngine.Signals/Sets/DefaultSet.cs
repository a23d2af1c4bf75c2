namespace FlowEngine.Signals;

/// <summary>Set <c>default</c>: the touch, and what explains selling pressure: flow by level, withdrawal, refill,
/// intensity, score, regime, forced trades, loop gain and the estimates of a second.</summary>
public readonly struct DefaultSet : ISignalSet
{
    /// <inheritdoc/>
    public static byte Version => 2;

    /// <inheritdoc/>
    public static bool HasScore => true;

    /// <inheritdoc/>
    public static bool HasCatalogue => false;
}
