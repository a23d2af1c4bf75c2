using FlowEngine.Market;

namespace FlowEngine.Benchmarks.Market;

/// <summary>
/// A random order-by-order stream on a book of stated depth that keeps its size: 43 % adds, geometric around
/// the touch (mean 8 levels); 43 % deletes, 10 % modifies with one more lot, 4 % executions of one lot; a third of
/// these on any resting order, the others on one of the newest 400. Seeded.
/// </summary>
public sealed class SyntheticOrders
{
    private const long Mid = 100_000;

    private readonly Random _random = new(20120621);
    private readonly List<RestingOrder> _resting = [];
    private readonly int _levels;
    private ulong _nextId = 1;

    /// <summary>A book of so many levels a side with so many orders each.</summary>
    public SyntheticOrders(int levels, int ordersPerLevel, int messages)
    {
        _levels = levels;
        Opening = [.. Enumerable.Range(0, 2 * levels * ordersPerLevel).Select(i => Add(
            i % 2 == 0 ? Side.Bid : Side.Ask, i / 2 % levels))];
        Messages = new MarketEvent[messages];
        for (var i = 0; i < messages; i++)
        {
            Messages[i] = Next();
        }
    }

    /// <summary>The orders that rest when the stream begins.</summary>
    public MarketEvent[] Opening { get; }

    /// <summary>The stream.</summary>
    public MarketEvent[] Messages { get; }

    private MarketEvent Next()
    {
        int die = _random.Next(100);
        if (die < (_resting.Count < Opening.Length ? 46 : 40))
        {
            int rank = Math.Min(_levels - 1, (int)(-8 * Math.Log(1 - _random.NextDouble())));
            return Add(_random.Next(2) == 0 ? Side.Bid : Side.Ask, rank);
        }

        int newest = Math.Min(400, _resting.Count);
        int at = _random.Next(3) == 0 ? _random.Next(_resting.Count) : _resting.Count - 1 - _random.Next(newest);
        var order = _resting[at];
        if (die < 86 || (die >= 96 && order.Lots == 1))
        {
            _resting[at] = _resting[^1];
            _resting.RemoveAt(_resting.Count - 1);
            return Event(EventKind.OrderDelete, order);
        }

        bool executes = die >= 96;
        _resting[at] = order with { Lots = order.Lots + (executes ? -1 : 1) };
        return executes
            ? Event(EventKind.OrderExecute, order with { Lots = 1 })
            : Event(EventKind.OrderModify, _resting[at]);
    }

    private MarketEvent Add(Side side, int rank)
    {
        long price = side == Side.Bid ? Mid - 1 - rank : Mid + 1 + rank;
        var order = new RestingOrder(_nextId, side, price, _random.Next(1, 50));
        _nextId += (ulong)_random.Next(1, 20);
        _resting.Add(order);
        return Event(EventKind.OrderAdd, order);
    }

    private static MarketEvent Event(EventKind kind, RestingOrder order) => new()
    {
        Kind = kind,
        Side = order.Side,
        Price = order.Price,
        Quantity = order.Lots,
        Id = order.Id,
        Flags = EventFlags.EndOfEvent,
    };
}
