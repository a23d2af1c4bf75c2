using FlowEngine.Market;
using Xunit;

namespace FlowEngine.Tests.Market;

/// <summary>A venue that makes random events without end and knows its whole book now.</summary>
internal interface IVenue
{
    /// <summary>Of its newest event.</summary>
    ulong Sequence { get; }

    /// <summary>Whether its feed says when something was lost.</summary>
    bool TellsLosses { get; }

    /// <summary>Its next venue event.</summary>
    MarketEvent[] Next();

    /// <summary>Its book now.</summary>
    MarketEvent[] Snapshot();

    /// <summary>Holds a book against it.</summary>
    void AssertEqual(InstrumentBook book);
}

/// <summary>Tells levels, each event with its predecessor. Its touch wanders, sometimes far.</summary>
internal sealed class LevelVenue(int seed) : IVenue
{
    private readonly Random _random = new(seed);
    private readonly ModelSide[] _sides = [new(Side.Bid, 512), new(Side.Ask, 512)];
    private long _mid = -50 * (seed % 5);

    public ulong Sequence { get; private set; } = 1000;

    public bool TellsLosses => false;

    public MarketEvent[] Next()
    {
        ulong previous = Sequence;
        Sequence += (ulong)_random.Next(1, 4);
        _mid += _random.Next(40) == 0 ? _random.Next(-200, 201) : _random.Next(-1, 2);
        int last = _random.Next(1, 4) - 1;
        return [.. Enumerable.Range(0, last + 1).Select(i => Piece(previous, i == last))];
    }

    public MarketEvent[] Snapshot() => Make.Snapshot(Sequence, _sides[0].Held, _sides[1].Held);

    public void AssertEqual(InstrumentBook book)
    {
        Assert.Equal(_sides[0].Held, PriceLevelBookTests.Held(book.Levels, Side.Bid));
        Assert.Equal(_sides[1].Held, PriceLevelBookTests.Held(book.Levels, Side.Ask));
    }

    private MarketEvent Piece(ulong previous, bool ends)
    {
        // Far apart, so that no side needs to know of the other.
        var side = _random.Next(2) == 0 ? Side.Bid : Side.Ask;
        var model = _sides[(int)side - 1];
        long distance = _random.Next(10) == 0 ? _random.Next(200) : _random.Next(12);
        long price = side == Side.Bid ? Math.Min(_mid, 5000) - distance : Math.Max(_mid, -5000) + 1 + distance;
        price += side == Side.Bid ? -20_000 : 20_000;
        var held = model.Held;
        if (held.Length > 40 && _random.Next(2) == 0)
        {
            price = held[_random.Next(held.Length)].Price;
        }

        bool has = held.Any(level => level.Price == price);
        int die = has ? _random.Next(5) : 5;
        if (die < 2)
        {
            model.Delete(price);
            return Make.Level(EventKind.LevelDelete, side, price, 0, Sequence, previous, ends);
        }

        if (die == 2)
        {
            long delta = _random.Next(-3, 6);
            model.Add(price, delta);
            return Make.Level(EventKind.LevelDelta, side, price, delta, Sequence, previous, ends);
        }

        long lots = _random.Next(1, 9);
        model.Set(price, lots);
        return Make.Level(EventKind.LevelSet, side, price, lots, Sequence, previous, ends);
    }
}

/// <summary>Tells orders, and its losses. Some events name ids that are gone.</summary>
internal sealed class OrderVenue(int seed) : IVenue
{
    private readonly Random _random = new(seed);
    private readonly ModelOrders _orders = new();
    private readonly List<ulong> _ids = [];
    private ulong _nextId = (ulong)seed << 20;
    private long _mid;

    public ulong Sequence { get; private set; } = 1000;

    public bool TellsLosses => true;

    public MarketEvent[] Next()
    {
        Sequence += (ulong)_random.Next(1, 4);
        _mid += _random.Next(40) == 0 ? _random.Next(-200, 201) : _random.Next(-1, 2);
        int last = _random.Next(1, 4) - 1;
        var pieces = new MarketEvent[last + 1];
        for (var i = 0; i <= last; i++)
        {
            pieces[i] = Piece(i == last);
            _orders.Apply(in pieces[i]);
        }

        return pieces;
    }

    public MarketEvent[] Snapshot()
    {
        var orders = _orders.Orders(Side.Bid).Concat(_orders.Orders(Side.Ask)).Select(
            order => Make.Level(EventKind.OrderAdd, order.Side, order.Price, order.Lots, Sequence, order.Id));
        return BookFeaturesTests.OrderSnapshot(Sequence, [.. orders]);
    }

    public void AssertEqual(InstrumentBook book)
    {
        foreach (var side in (Side[])[Side.Bid, Side.Ask])
        {
            Assert.Equal(_orders.Levels(side), PriceLevelBookTests.Held(book.Levels, side));
            Assert.Equal(_orders.Orders(side), OrderBookTests.Orders(book.Orders!, side));
        }
    }

    private MarketEvent Piece(bool ends)
    {
        int die = _random.Next(100);
        if (die < (_orders.Count < 120 ? 55 : 25) || _ids.Count == 0)
        {
            bool again = _random.Next(50) == 0 && _ids.Count != 0;
            ulong id = again ? _ids[_random.Next(_ids.Count)] : _nextId += (ulong)_random.Next(1, 5);
            _ids.Add(id);
            var side = _random.Next(2) == 0 ? Side.Bid : Side.Ask;
            return Make.Level(EventKind.OrderAdd, side, Price(side), _random.Next(1, 9), Sequence, id, ends);
        }

        // Of the newest two hundred ids: most rest, some are gone.
        int at = _random.Next(Math.Max(0, _ids.Count - 200), _ids.Count);
        ulong target = _ids[at];
        if (die < 60)
        {
            return Make.Level(EventKind.OrderDelete, Side.Unknown, 0, 0, Sequence, target, ends);
        }

        if (die < 80)
        {
            return Make.Level(EventKind.OrderExecute, Side.Unknown, 0, _random.Next(1, 6), Sequence, target, ends);
        }

        if (die == 80 && _random.Next(10) == 0)
        {
            return Make.Level(EventKind.Clear, Side.Unknown, 0, 0, Sequence, 0, ends);
        }

        var order = _orders.Ids.Contains(target) ? _orders.Of(target) : new RestingOrder(target, Side.Bid, _mid, 1);
        long price = _random.Next(2) == 0 ? order.Price : Price(order.Side);
        var modify = Make.Level(EventKind.OrderModify, order.Side, price, _random.Next(1, 9), Sequence, target, ends);
        modify.Flags |= _random.Next(4) switch
        {
            0 => EventFlags.KeepsPriority,
            1 => EventFlags.LosesPriority,
            _ => EventFlags.None,
        };
        return modify;
    }

    private long Price(Side side)
    {
        long distance = _random.Next(10) == 0 ? _random.Next(200) : _random.Next(12);
        return side == Side.Bid ? _mid - distance - 20_000 : _mid + distance + 20_000;
    }
}
