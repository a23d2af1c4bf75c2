using FlowEngine.Market;

namespace FlowEngine.Tests.Signals;

/// <summary>Markets made of other markets, of whose signals something is known (signals.md 5).</summary>
internal static class MarketTransforms
{
    /// <summary>A price and its mirror add up to this.</summary>
    public const long Twice = 2 * Script.Centre + 1;

    /// <summary>Bids are asks and purchases are sales.</summary>
    public static VenueEvent[] Mirrored(VenueEvent[] script) => [.. script.Select(e => e with
    {
        Changes = [.. e.Changes.Select(x => x with { IsBid = !x.IsBid, Price = Twice - x.Price })],
        Trades = [.. e.Trades.Select(x => x with { Price = Twice - x.Price, Side = Opposite(x.Side) })],
    })];

    /// <summary>All lots are multiplied.</summary>
    public static VenueEvent[] Scaled(VenueEvent[] script, long factor) => [.. script.Select(e => e with
    {
        Changes = [.. e.Changes.Select(x => x with { Lots = x.Lots * factor })],
        Trades = [.. e.Trades.Select(x => x with { Lots = x.Lots * factor })],
    })];

    /// <summary>All prices are shifted.</summary>
    public static VenueEvent[] Shifted(VenueEvent[] script, long quanta) => [.. script.Select(e => e with
    {
        Changes = [.. e.Changes.Select(x => x with { Price = x.Price + quanta })],
        Trades = [.. e.Trades.Select(x => x with { Price = x.Price + quanta })],
    })];

    private static Side Opposite(Side side) => side switch
    {
        Side.Buy => Side.Sell,
        Side.Sell => Side.Buy,
        _ => side,
    };
}
