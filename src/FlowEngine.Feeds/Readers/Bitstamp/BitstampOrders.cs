using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Bitstamp;

/// <summary>
/// The orders of a Bitstamp log that begins with an unknown book. The log tells what becomes of an order that meets
/// another some time after it was placed, and of a few never: an order that newer ones have crossed for 200 ms is taken
/// to be gone, so that a book does not stay crossed. What the log says of it later is counted as unknown.
/// </summary>
internal sealed class BitstampOrders
{
    private const long CrossedNs = 200_000_000;
    private const int MaxOrders = 4_000_000;

    private readonly NormalisedRun _run;
    private readonly ReadStatistics _statistics;
    private readonly Dictionary<ulong, Resting> _orders = [];
    private readonly SortedSet<Place> _bids = [];
    private readonly SortedSet<Place> _asks = [];
    private long _crossedSinceNs = -1;

    public BitstampOrders(NormalisedRun run, ReadStatistics statistics)
    {
        _run = run;
        _statistics = statistics;
    }

    /// <summary>What lots and prices of the log are worth.</summary>
    public ReaderInstrument Definition { get; } = new(FeedVenue.Bitstamp, "BTCUSD")
    {
        Quantum = new DecimalScale(1, -PriceDigits),
        Lot = new DecimalScale(1, -LotDigits),
        Contract = ContractKind.Spot,
        Book = BookKind.Orders,
    };

    /// <summary>Digits of a price behind the point.</summary>
    public const int PriceDigits = 2;

    /// <summary>Digits of an amount behind the point.</summary>
    public const int LotDigits = 8;

    /// <summary>Orders taken to be gone since newer ones had crossed them for long.</summary>
    public long Overrun { get; private set; }

    /// <summary>An order was placed, or rests differently now.</summary>
    public string? Rest(ulong id, Side side, long price, long lots, long timeNs)
    {
        Expire(timeNs);
        if (price is <= 0 or > FeedLimits.MaxPriceQuanta || lots is < 0 or > FeedLimits.MaxLots || side == Side.Unknown)
        {
            return "an order without price or side";
        }

        if (lots == 0)
        {
            // All of it was taken; the deletion follows.
            return null;
        }

        bool isKnown = _orders.TryGetValue(id, out Resting before);
        if (!isKnown && _orders.Count >= MaxOrders)
        {
            return $"more than {MaxOrders} orders rest";
        }

        if (isKnown)
        {
            Of(before.Side).Remove(new Place(before.Side, before.Price, before.Number, id));
        }

        var now = new Resting(side, price, isKnown ? before.Number : _statistics.Records);
        _orders[id] = now;
        Of(side).Add(new Place(side, price, now.Number, id));
        RunOrder order = new(Wire.OrderAction.Add, id, side, price, lots);
        ReadOnlySpan<RunOrder> changes = !isKnown ? [order]
            : before.Side == side ? [order with { Action = Wire.OrderAction.Modify }]
            : [Gone(id, before), order];
        Write(timeNs, changes);
        return null;
    }

    /// <summary>An order is gone, executed or cancelled.</summary>
    public void Remove(ulong id, long timeNs)
    {
        Expire(timeNs);
        if (!_orders.ContainsKey(id))
        {
            _statistics.UnknownOrders++;
            return;
        }

        Delete(id, timeNs);
    }

    private void Delete(ulong id, long timeNs)
    {
        _orders.Remove(id, out Resting order);
        Of(order.Side).Remove(new Place(order.Side, order.Price, order.Number, id));
        Write(timeNs, [Gone(id, order)]);
    }

    private void Expire(long timeNs)
    {
        while (_crossedSinceNs >= 0 && timeNs - _crossedSinceNs > CrossedNs)
        {
            Place older = _bids.Min.Number < _asks.Min.Number ? _bids.Min : _asks.Min;
            Overrun++;
            Delete(older.Id, timeNs);
        }
    }

    private void Write(long timeNs, ReadOnlySpan<RunOrder> changes)
    {
        _run.Orders(Definition, timeNs, Definition.Sequence + 1, Wire.UpdateFlags.EndOfEvent, changes);
        bool isCrossed = _bids.Count > 0 && _asks.Count > 0 && _bids.Min.Price >= _asks.Min.Price;
        _crossedSinceNs = !isCrossed ? -1 : _crossedSinceNs < 0 ? timeNs : _crossedSinceNs;
    }

    private SortedSet<Place> Of(Side side) => side == Side.Bid ? _bids : _asks;

    private static RunOrder Gone(ulong id, in Resting order) =>
        new(Wire.OrderAction.Delete, id, order.Side, order.Price, 0);

    private readonly record struct Resting(Side Side, long Price, long Number);

    /// <summary>A place in a side: best price first, then who came first.</summary>
    private readonly record struct Place(Side Side, long Price, long Number, ulong Id) : IComparable<Place>
    {
        public int CompareTo(Place other)
        {
            int byPrice = Side == Side.Bid ? other.Price.CompareTo(Price) : Price.CompareTo(other.Price);
            int byNumber = byPrice != 0 ? byPrice : Number.CompareTo(other.Number);
            return byNumber != 0 ? byNumber : Id.CompareTo(other.Id);
        }
    }
}
