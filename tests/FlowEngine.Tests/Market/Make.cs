using FlowEngine.Market;

namespace FlowEngine.Tests.Market;

/// <summary>Market events as a decoder would write them.</summary>
internal static class Make
{
    /// <summary>An increment; <paramref name="id"/> is the sequence it builds on.</summary>
    public static MarketEvent Level(
        EventKind kind, Side side, long price, long lots, ulong sequence, ulong id, bool ends = true) => new()
        {
            Kind = kind,
            Side = side,
            Price = price,
            Quantity = lots,
            VenueSequence = sequence,
            Id = id,
            VenueTime = (long)sequence * 1_000_000,
            Flags = ends ? EventFlags.EndOfEvent : EventFlags.None,
        };

    public static MarketEvent Bid(long price, long lots, ulong sequence, ulong id, bool ends = true) =>
        Level(EventKind.LevelSet, Side.Bid, price, lots, sequence, id, ends);

    public static MarketEvent Ask(long price, long lots, ulong sequence, ulong id, bool ends = true) =>
        Level(EventKind.LevelSet, Side.Ask, price, lots, sequence, id, ends);

    public static MarketEvent Other(EventKind kind, ulong sequence = 0, long quantity = 0, bool ends = true) => new()
    {
        Kind = kind,
        VenueSequence = sequence,
        Quantity = quantity,
        Flags = ends ? EventFlags.EndOfEvent : EventFlags.None,
    };

    /// <summary>A whole snapshot: begin, levels, end.</summary>
    public static MarketEvent[] Snapshot(ulong sequence, IEnumerable<PriceLevel> bids, IEnumerable<PriceLevel> asks) =>
    [
        new() { Kind = EventKind.SnapshotBegin, VenueSequence = sequence, Flags = EventFlags.Snapshot },
        .. bids.Select(level => Piece(Side.Bid, level, sequence)),
        .. asks.Select(level => Piece(Side.Ask, level, sequence)),
        new()
        {
            Kind = EventKind.SnapshotEnd,
            VenueSequence = sequence,
            Flags = EventFlags.Snapshot | EventFlags.EndOfEvent,
        },
    ];

    private static MarketEvent Piece(Side side, PriceLevel level, ulong sequence) => new()
    {
        Kind = EventKind.SnapshotLevel,
        Side = side,
        Price = level.Price,
        Quantity = level.Lots,
        VenueSequence = sequence,
        Flags = EventFlags.Snapshot,
    };
}
