using FlowEngine.Market;

namespace FlowEngine.Tests.Market;

/// <summary>The obvious model of an order book: a dictionary of orders, and a list of ids by side and price.</summary>
internal sealed class ModelOrders
{
    private readonly Dictionary<ulong, RestingOrder> _orders = [];
    private readonly SortedDictionary<long, List<ulong>>[] _queues =
    [
        new(Comparer<long>.Create((left, right) => right.CompareTo(left))), [],
    ];

    public int Count => _orders.Count;

    public IEnumerable<ulong> Ids => _orders.Keys;

    public PriceLevel[] Levels(Side side) =>
    [
        .. Queues(side).Select(pair => new PriceLevel(pair.Key, pair.Value.Sum(id => _orders[id].Lots))),
    ];

    public RestingOrder[] Orders(Side side) =>
        [.. Queues(side).SelectMany(pair => pair.Value).Select(id => _orders[id])];

    public RestingOrder Of(ulong id) => _orders[id];

    public void Add(ulong id, Side side, long price, long lots)
    {
        Delete(id);
        _orders[id] = new RestingOrder(id, side, price, lots);
        if (!Queues(side).TryGetValue(price, out var queue))
        {
            Queues(side)[price] = queue = [];
        }

        queue.Add(id);
    }

    public void Modify(ulong id, long price, long lots, EventFlags flags)
    {
        if (!_orders.TryGetValue(id, out var order))
        {
            return;
        }

        bool keeps = price == order.Price && (lots <= order.Lots || flags.HasFlag(EventFlags.KeepsPriority))
            && !flags.HasFlag(EventFlags.LosesPriority);
        if (keeps)
        {
            _orders[id] = order with { Lots = lots };
        }
        else
        {
            Add(id, order.Side, price, lots);
        }
    }

    public void Execute(ulong id, long lots)
    {
        if (!_orders.TryGetValue(id, out var order))
        {
            return;
        }

        if (lots >= order.Lots)
        {
            Delete(id);
        }
        else
        {
            _orders[id] = order with { Lots = order.Lots - lots };
        }
    }

    public void Delete(ulong id)
    {
        if (_orders.Remove(id, out var order))
        {
            var queue = Queues(order.Side)[order.Price];
            queue.Remove(id);
            if (queue.Count == 0)
            {
                Queues(order.Side).Remove(order.Price);
            }
        }
    }

    public void Clear()
    {
        _orders.Clear();
        _queues[0].Clear();
        _queues[1].Clear();
    }

    /// <summary>What an event says, done.</summary>
    public void Apply(in MarketEvent e)
    {
        switch (e.Kind)
        {
            case EventKind.OrderAdd:
                Add(e.Id, e.Side, e.Price, e.Quantity);
                break;
            case EventKind.OrderModify:
                Modify(e.Id, e.Price, e.Quantity, e.Flags);
                break;
            case EventKind.OrderExecute:
                Execute(e.Id, e.Quantity);
                break;
            case EventKind.OrderDelete:
                Delete(e.Id);
                break;
            default:
                Clear();
                break;
        }
    }

    private SortedDictionary<long, List<ulong>> Queues(Side side) => _queues[(int)side - 1];
}
