namespace FlowEngine.Signals;

/// <summary>Lots that one side's touch took in (B12).</summary>
public struct AbsorptionLine
{
    /// <summary>Lots traded at the touch since it became that over the most it showed; 0 when the side is
    /// empty.</summary>
    public double Ratio;

    /// <summary>Lots traded at it since it became the touch.</summary>
    public long Lots;

    /// <summary>Whether that is worth telling: three times what was shown, and no small trade.</summary>
    public bool IsTelling;
}

/// <summary>Sweeps through one side (F10).</summary>
public struct SweepTotals
{
    /// <summary>Decayed number.</summary>
    public double Count;

    /// <summary>Decayed lots.</summary>
    public double Lots;
}

/// <summary>Where the price belongs and who just took it there (B5, B6, B12, F10): message <c>fairValue</c>.</summary>
public struct FairValueValues
{
    /// <summary>Microprice in quanta (B5), the weighted mid (B4) where no table fed it; 0 when a side is
    /// empty.</summary>
    public double Microprice;

    /// <summary>Probability that the next move of the mid is up (B6), 0 to 1; 0.5 when a side is empty.</summary>
    public double UpProbability;

    /// <summary>Share of time at a spread of one tick, 0 to 1; below 0.9 the probability means little.</summary>
    public double OneTickShare;

    /// <summary>What the best bid took in.</summary>
    public AbsorptionLine BidAbsorption;

    /// <summary>What the best ask took in.</summary>
    public AbsorptionLine AskAbsorption;

    /// <summary>Sales through at least two bids.</summary>
    public SweepTotals BidSweeps;

    /// <summary>Purchases through at least two asks.</summary>
    public SweepTotals AskSweeps;

    /// <summary>The newest sweep; all 0 before the first.</summary>
    public Sweep LastSweep;

    /// <summary>Sweeps since the start.</summary>
    public long SweepCount;

    /// <summary>Which table fed the microprice; 0 where the weighted mid stood in.</summary>
    public uint MicropriceVersion;

    /// <summary>Which weights fed the probability; 0 for the default ones.</summary>
    public uint QueueVersion;
}
