using System.Runtime.CompilerServices;

namespace FlowEngine.Signals;

/// <summary>How many lags, horizons and moves a message of set <c>full</c> has room for.</summary>
public static class CatalogueWidths
{
    /// <summary>Lags of the response function, trades (M6).</summary>
    public const int Lags = 7;

    /// <summary>Horizons of the realised spread (M11).</summary>
    public const int Horizons = 4;

    /// <summary>Moves of the best price that lots are told for (M2).</summary>
    public const int Moves = 3;
}

/// <summary>One value for each lag, shortest first.</summary>
[InlineArray(CatalogueWidths.Lags)]
public struct PerLag
{
    private double _first;
}

/// <summary>One value for each horizon, shortest first.</summary>
[InlineArray(CatalogueWidths.Horizons)]
public struct PerHorizon
{
    private double _first;
}

/// <summary>Lots for each move, smallest first.</summary>
[InlineArray(CatalogueWidths.Moves)]
public struct PerMoveLots
{
    private long _first;
}
