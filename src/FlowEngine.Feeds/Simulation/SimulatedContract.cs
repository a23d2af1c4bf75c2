using FlowEngine.Market;

namespace FlowEngine.Feeds.Simulation;

/// <summary>What one instrument of the simulated venue is, and how it tends to behave.</summary>
internal sealed record SimulatedContract
{
    public required string Symbol { get; init; }

    public required ContractKind Kind { get; init; }

    public required DecimalScale Quantum { get; init; }

    public int TickQuanta { get; init; } = 1;

    public required DecimalScale Lot { get; init; }

    /// <summary>Where the price starts and is drawn back to, in ticks.</summary>
    public required long AnchorTicks { get; init; }

    /// <summary>Typical distance between neighbouring levels, in ticks.</summary>
    public int GapTicks { get; init; } = 1;

    /// <summary>Levels a side that the book tends to.</summary>
    public int DepthLevels { get; init; } = 32;

    /// <summary>Typical order, in lots.</summary>
    public required int OrderLots { get; init; }

    /// <summary>Share of all events, relative to the other instruments.</summary>
    public required int Weight { get; init; }

    /// <summary>Whether it pays funding and knows forced orders.</summary>
    public bool IsPerpetual { get; init; }

    /// <summary>Whether it has a mark and open interest.</summary>
    public bool IsDerivative => Kind != ContractKind.Spot;

    /// <summary>The venue's instruments; the first six have one of each sort.</summary>
    public static IReadOnlyList<SimulatedContract> Catalogue { get; } =
    [
        new()
        {
            Symbol = "BTC-PERP.SIM", Kind = ContractKind.Inverse, Quantum = new(5, -1), Lot = new(10, 0),
            AnchorTicks = 120_000, OrderLots = 400, Weight = 32, DepthLevels = 40, IsPerpetual = true,
        },
        new()
        {
            Symbol = "ETH-PERP.SIM", Kind = ContractKind.Linear, Quantum = new(5, -2), Lot = new(1, -2),
            AnchorTicks = 50_000, OrderLots = 900, Weight = 24, DepthLevels = 40, IsPerpetual = true,
        },
        new()
        {
            Symbol = "BTC-USD.SIM", Kind = ContractKind.Spot, Quantum = new(1, -2), Lot = new(1, -4),
            AnchorTicks = 6_000_000, GapTicks = 40, OrderLots = 600, Weight = 16,
        },
        new()
        {
            Symbol = "BTC-65000-C.SIM", Kind = ContractKind.Inverse, Quantum = new(5, -4), Lot = new(1, -1),
            AnchorTicks = 400, GapTicks = 5, OrderLots = 30, Weight = 5, DepthLevels = 10,
        },
        new()
        {
            Symbol = "SOL-PERP.SIM", Kind = ContractKind.Linear, Quantum = new(1, -2), Lot = new(1, -1),
            AnchorTicks = 15_000, OrderLots = 250, Weight = 14, IsPerpetual = true,
        },
        new()
        {
            Symbol = "ETH-USD.SIM", Kind = ContractKind.Spot, Quantum = new(5, -3), TickQuanta = 2, Lot = new(1, -3),
            AnchorTicks = 250_000, GapTicks = 8, OrderLots = 1500, Weight = 9,
        },
        new()
        {
            Symbol = "XRP-PERP.SIM", Kind = ContractKind.Linear, Quantum = new(1, -4), Lot = new(1, 0),
            AnchorTicks = 20_000, OrderLots = 3000, Weight = 10, IsPerpetual = true,
        },
        new()
        {
            Symbol = "ETH-27MAR26.SIM", Kind = ContractKind.Inverse, Quantum = new(25, -2), Lot = new(1, 0),
            AnchorTicks = 10_200, GapTicks = 2, OrderLots = 5000, Weight = 6,
        },
    ];
}
