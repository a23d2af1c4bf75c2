using System.Runtime.InteropServices;
using FlowEngine.Market;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds.Readers.Bitstamp;

/// <summary>
/// The orders of a Bitstamp log that begins with an unknown book. The log tells what becomes of an order that meets
/// another some time after it was placed: when the two have parted, all orders are told once more as a snapshot, for a
/// book that gave itself up in between. Of a few orders it never tells the end: one that newer ones have crossed for
/// two seconds is taken to be gone. What the log says of it later is counted as unknown.
/// </summary>
internal sealed class BitstampOrders
{
    private const long CrossedNs = 2_000_000_000;
    private const int MaxOrders = 4_000_000;

    private readonly NormalisedRun _run;
    private readonly ReadStatistics _statistics;
    private readonly Dictionary<ulong, Resting> _orders = [];
    private readonly SortedSet<Place> _bids = [];
    private readonly SortedSet<Place> _asks = [];
    private readonly List<RunOrder> _all = [];
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

        bool keepsPlace = isKnown && before.Side == side && before.Price == price && lots <= before.Lots;
        var now = new Resting(side, price, lots, keepsPlace ? before.Number : _statistics.Records);
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

    // The older of the two is gone, unless the newer one goes on crossing others.
    private void Expire(long timeNs)
    {
        ulong suspect = 0;
        while (_crossedSinceNs >= 0 && timeNs - _crossedSinceNs > CrossedNs)
        {
            (Place older, Place newer) = _bids.Min.Number < _asks.Min.Number
                ? (_bids.Min, _asks.Min)
                : (_asks.Min, _bids.Min);
            ulong gone = older.Id == suspect || newer.Id == suspect ? suspect : older.Id;
            suspect = gone == suspect ? 0 : newer.Id;
            Overrun++;
            Delete(gone, timeNs);
        }
    }

    private void Write(long timeNs, ReadOnlySpan<RunOrder> changes)
    {
        _run.Orders(Definition, timeNs, Definition.Sequence + 1, Wire.UpdateFlags.EndOfEvent, changes);
        bool isCrossed = _bids.Count > 0 && _asks.Count > 0 && _bids.Min.Price >= _asks.Min.Price;
        bool hasParted = !isCrossed && _crossedSinceNs >= 0;
        _crossedSinceNs = !isCrossed ? -1 : _crossedSinceNs < 0 ? timeNs : _crossedSinceNs;
        if (hasParted)
        {
            Confirm(timeNs);
        }
    }

    private void Confirm(long timeNs)
    {
        _all.Clear();
        foreach (Place place in _bids.Concat(_asks))
        {
            _all.Add(new RunOrder(Wire.OrderAction.Add, place.Id, place.Side, place.Price, _orders[place.Id].Lots));
        }

        _run.OrderSnapshot(Definition, timeNs, Definition.Sequence, CollectionsMarshal.AsSpan(_all));
    }

    private SortedSet<Place> Of(Side side) => side == Side.Bid ? _bids : _asks;

    private static RunOrder Gone(ulong id, in Resting order) =>
        new(Wire.OrderAction.Delete, id, order.Side, order.Price, 0);

    private readonly record struct Resting(Side Side, long Price, long Lots, long Number);

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
