namespace FlowEngine.Signals;

/// <summary>A position whose end is known (L5): what a desk knows of itself or its clients, or a venue that publishes
/// positions.</summary>
/// <param name="Symbol">The venue's name of the instrument.</param>
/// <param name="Price">Where it is closed by force, quote currency, above 0.</param>
/// <param name="Lots">Above 0 for a long, below for a short.</param>
public sealed record KnownPosition(string Symbol, double Price, long Lots);
