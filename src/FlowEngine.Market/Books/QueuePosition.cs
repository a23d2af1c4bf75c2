namespace FlowEngine.Market;

/// <summary>Where an order stands in the queue of its level.</summary>
/// <param name="Order">The order.</param>
/// <param name="LotsAhead">Lots that trade at this price before it does.</param>
/// <param name="OrdersAhead">Orders before it.</param>
/// <param name="LevelLots">Lots of the level in all.</param>
/// <param name="LevelOrders">Orders of the level in all.</param>
public readonly record struct QueuePosition(
    RestingOrder Order, long LotsAhead, int OrdersAhead, long LevelLots, int LevelOrders);
