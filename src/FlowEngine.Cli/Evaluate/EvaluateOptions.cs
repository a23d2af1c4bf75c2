namespace FlowEngine.Cli.Evaluate;

/// <summary>What the user asked for.</summary>
/// <param name="Signals">Places in <see cref="SignalChoice.All"/>.</param>
/// <param name="IntervalNs">Length of an interval.</param>
/// <param name="WindowNs">Length of a window, a multiple of it.</param>
/// <param name="Horizons">How far ahead, intervals.</param>
/// <param name="Seed">Of the shuffles.</param>
/// <param name="Symbol">The one instrument that is wanted; null for all.</param>
/// <param name="FromNs">Events before are left out.</param>
/// <param name="ToNs">Events from here on are left out.</param>
internal sealed record EvaluateOptions(
    IReadOnlyList<int> Signals,
    long IntervalNs,
    long WindowNs,
    IReadOnlyList<int> Horizons,
    long Seed,
    string? Symbol,
    long FromNs,
    long ToNs);
