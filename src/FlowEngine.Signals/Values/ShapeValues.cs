namespace FlowEngine.Signals;

/// <summary>y = Factor × x^Exponent.</summary>
public struct PowerLine
{
    /// <summary>a; 0 where there is no fit.</summary>
    public double Factor;

    /// <summary>b.</summary>
    public double Exponent;

    /// <summary>Share of the variance of ln y that it explains, 0 to 1.</summary>
    public double RSquared;
}

/// <summary>The shape of one side.</summary>
public struct ShapeLine
{
    /// <summary>Σ lots × 2^(-distance from the touch / h), lots (B2).</summary>
    public double DecayedLots;

    /// <summary>Which ticks hold lots, and the gaps (B3). Its tick is <see cref="ShapeValues.DensityTick"/>.</summary>
    public SideDensity Density;

    /// <summary>Lots a quantum of distance from the mid (B7); 0 below two levels or without a mid.</summary>
    public double Slope;

    /// <summary>Half-quanta the mid moves when each sweep size takes this side (M2), <see cref="Optional.Null"/> where
    /// nothing is left.</summary>
    public PerSizeLots Shift2;

    /// <summary>Lots that must go for the best price to move by 1, 5 and 10 ticks (M2).</summary>
    public PerMoveLots LotsToMove;

    /// <summary>Shift in quanta as a power of the size in lots (M2).</summary>
    public PowerLine Curve;
}

/// <summary>The shape of the book (B2, B3, B7, M2): message <c>bookShape</c>.</summary>
public struct ShapeValues
{
    /// <summary>The bids, which sales walk.</summary>
    public ShapeLine Bid;

    /// <summary>The asks, which purchases walk.</summary>
    public ShapeLine Ask;

    /// <summary>(bid - ask) / (bid + ask) of the decayed lots, -1 to 1, + is bid heavy (B2).</summary>
    public double DecayedImbalance;

    /// <summary>The same of lots over their distance from the mid; 0 without a mid.</summary>
    public double DistanceImbalance;

    /// <summary>The same of the occupied ticks (B3).</summary>
    public double DensityImbalance;

    /// <summary>The same of the slopes (B7).</summary>
    public double SlopeImbalance;

    /// <summary>Quanta in which a lot's weight halves (B2).</summary>
    public long HalfDistance;

    /// <summary>Quanta of what counts as a tick in the density (B3).</summary>
    public long DensityTick;
}
