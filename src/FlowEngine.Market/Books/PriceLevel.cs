namespace FlowEngine.Market;

/// <summary>One populated price level.</summary>
/// <param name="Price">Price quanta.</param>
/// <param name="Lots">Lots resting, more than 0.</param>
public readonly record struct PriceLevel(long Price, long Lots);
