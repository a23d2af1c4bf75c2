namespace FlowEngine.Signals;

/// <summary>Who pushes: message <c>pressure</c>. + is buy except in <see cref="DownTickShare"/>.</summary>
public struct PressureValues
{
    /// <summary>Volume imbalance (B1) over the best level, -1 to 1, + is bid heavy.</summary>
    public double Imbalance1;

    /// <summary>The same over the best 3 populated levels.</summary>
    public double Imbalance3;

    /// <summary>The same over the best 5 populated levels.</summary>
    public double Imbalance5;

    /// <summary>The same over the best 10 populated levels.</summary>
    public double Imbalance10;

    /// <summary>The same over levels within each band around the mid.</summary>
    public PerBand BandImbalance;

    /// <summary>Order flow imbalance (F1) of this event in lots.</summary>
    public long OfiEvent;

    /// <summary>Sum of <see cref="OfiEvent"/> since the start, lots.</summary>
    public long OfiSum;

    /// <summary>Decayed sum of <see cref="OfiEvent"/>, lots.</summary>
    public double OfiDecayed;

    /// <summary><see cref="OfiDecayed"/> over <see cref="AverageDepth"/>, dimensionless.</summary>
    public double OfiNormalised;

    /// <summary>Decayed mean over time of half the lots at both bests.</summary>
    public double AverageDepth;

    /// <summary>Decayed lots bought by aggressors (F5).</summary>
    public double BuyLots;

    /// <summary>Decayed lots sold by aggressors (F5).</summary>
    public double SellLots;

    /// <summary>(bought - sold) / (bought + sold), -1 to 1.</summary>
    public double TradeImbalance;

    /// <summary>Signed lots since 00:00 UTC of venue time (F5).</summary>
    public long CumulativeVolumeDelta;

    /// <summary>Prints since the start.</summary>
    public ulong TradeCount;

    /// <summary>Prints whose sign was inferred, since the start.</summary>
    public ulong InferredCount;

    /// <summary>Decayed lots traded on up-ticks (F6).</summary>
    public double UpTickLots;

    /// <summary>Decayed lots traded on down-ticks (F6).</summary>
    public double DownTickLots;

    /// <summary>Down-tick lots over both, 0 to 1; 0.5 is neutral, + is sell.</summary>
    public double DownTickShare;

    /// <summary>How the newest print got its sign (F4).</summary>
    public SignSource SignSource;
}
