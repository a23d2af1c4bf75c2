namespace FlowEngine.Signals;

/// <summary>How one side comes back, and whether its lots were meant (B8b, B11).</summary>
public struct ResilienceLine
{
    /// <summary>ρ of the newest depletion that recovered, 1/s; 0 before the first.</summary>
    public double RecoveryRate;

    /// <summary>Decayed median half-life of recoveries, seconds; 0 before the first, a lower bound at the
    /// limit.</summary>
    public double RecoverySeconds;

    /// <summary>Depletions half recovered since the start.</summary>
    public long Recovered;

    /// <summary>Depletions that were not within the limit, since the start.</summary>
    public long Censored;

    /// <summary>Of lots that left in bulk, the share that traded, by band around the mid; the rest was pulled; 1 where
    /// nothing left.</summary>
    public PerBand ConsumedShare;

    /// <summary>The same over all bands.</summary>
    public double ConsumedOverall;
}

/// <summary>Whether liquidity is good for what it says (B8b, B9, B11), and flow by distance (F2): message
/// <c>resilience</c>.</summary>
public struct ResilienceValues
{
    /// <summary>The bids.</summary>
    public ResilienceLine Bid;

    /// <summary>The asks.</summary>
    public ResilienceLine Ask;

    /// <summary>Maker stress: the lesser of the two below, at least 0 (B9).</summary>
    public double Stress;

    /// <summary>Deviations of the time-weighted spread from what is usual, + is wider.</summary>
    public double SpreadDeviations;

    /// <summary>Deviations of the depth near the mid, + is thinner.</summary>
    public double DepthDeviations;

    /// <summary>Net lots that came to the bids less those that came to the asks since the start, by distance from the
    /// better of the side's bests before and after each event; + is buy; the last bucket takes all beyond
    /// (F2).</summary>
    public PerLevelLots DistanceFlowSums;

    /// <summary>Width of a bucket of these distances, quanta.</summary>
    public long DistanceQuanta;
}
