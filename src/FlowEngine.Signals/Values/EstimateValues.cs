namespace FlowEngine.Signals;

/// <summary>Estimates of a second (F3, F7, F8, M3, M8): message <c>estimates</c>.</summary>
public struct EstimateValues
{
    /// <summary>Normalised flow of each level in the newest whole second (F3).</summary>
    public PerLevel LevelOfi;

    /// <summary>Mean depth of a level in that second, lots.</summary>
    public double MeanDepth;

    /// <summary>Order flow toxicity, 0 to 1; 0 before the first bucket (F7).</summary>
    public double Vpin;

    /// <summary>Lots of its open bucket.</summary>
    public double VpinBucketLots;

    /// <summary>Trades, lots and sold lots a second over three times, and the burst (F8).</summary>
    public IntensityLines Intensity;

    /// <summary>Quanta a lot, with what the fit is worth (M3).</summary>
    public RegressionFit Kyle;

    /// <summary>Σ (1 + t / 1 s)^-1/2 × s × √lots over past trades, + is up: times the instrument's own scale it is the
    /// impact still in the price (M8).</summary>
    public double TransientLoad;

    /// <summary>Version of the weights that the integrated flow of that second was made with; 0 for equal ones
    /// (F3).</summary>
    public uint WeightsVersion;

    /// <summary>Share of its own history that the toxicity is not below, 0 to 1; 0 before the first (F7).</summary>
    public double VpinRank;

    /// <summary>Values in that history: one a bucket.</summary>
    public long VpinRanked;
}
