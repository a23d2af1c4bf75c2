namespace FlowEngine.Market;

/// <summary>An order that rests in a book.</summary>
/// <param name="Id">The venue's id.</param>
/// <param name="Side">Bid or ask.</param>
/// <param name="Price">Price quanta.</param>
/// <param name="Lots">Lots left, more than 0.</param>
public readonly record struct RestingOrder(ulong Id, Side Side, long Price, long Lots);
